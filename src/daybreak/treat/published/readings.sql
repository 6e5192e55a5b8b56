-- Readings in sessions, summed up: one row per session and sign. Readings in another unit than the sign's usual one stand apart;
-- what was corrected or marked as an artefact is not counted.
SELECT here.site,                                     -- the site's code
       here.session_key,                              -- the session
       here.patient_key,                              -- the patient's token
       here.sign,                                     -- what was read
       here.unit,                                     -- in which unit (UCUM)
       count(*) AS readings,                          -- how many readings there are
       (array_agg(here.value ORDER BY here.measured_at DESC) FILTER (WHERE here.measured_at < began.at))[1] AS baseline,  -- the last before the start
       min(here.value) FILTER (WHERE here.measured_at >= began.at) AS lowest,   -- the lowest since the start
       max(here.value) FILTER (WHERE here.measured_at >= began.at) AS highest,  -- the highest since the start
       max(here.value) FILTER (WHERE here.measured_at >= began.at)
           - (array_agg(here.value ORDER BY here.measured_at DESC) FILTER (WHERE here.measured_at < began.at))[1] AS rise  -- highest less baseline
FROM treat_reading AS here
LEFT JOIN LATERAL (
    SELECT min(step.done_at) AS at
    FROM treat_sessionstep AS step
    WHERE step.site = here.site AND step.session_key = here.session_key AND step.step = 'started'
) AS began ON true
WHERE NOT EXISTS (SELECT FROM treat_reading AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
  AND here.mark = ''
GROUP BY here.site, here.session_key, here.patient_key, here.sign, here.unit, began.at
