-- Why a person's line ends: one row per patient whose observation has ended, by a death (with how it came about, where that is known) or by what was noted last.
WITH died AS (
    SELECT DISTINCT ON (d.site, d.patient_key) d.site, d.patient_key, d.key, d.noted_at, d.source,
           CASE WHEN d.precision IN ('', 'day') THEN d.died_on END AS died_on
    FROM people_death AS d
    WHERE NOT d.taken_back
      AND NOT EXISTS (SELECT FROM people_death AS n WHERE n.site = d.site AND n.corrects = d.key)
    ORDER BY d.site, d.patient_key, d.noted_at DESC
)
SELECT here.site,                                                          -- the site's code
       here.key AS patient_key,                                            -- the patient's token
       CASE WHEN died.noted_at IS NOT NULL THEN 'died' ELSE changes.kind END AS kind,    -- why it ended
       CASE WHEN died.noted_at IS NOT NULL THEN died.died_on ELSE changes.on_day END AS ended_at,  -- on which day, if that is known
       coalesce(nullif(CASE WHEN died.noted_at IS NULL THEN changes.source ELSE died.source END, ''), 'record') AS source,  -- who said so
       (SELECT count(*) FROM follow_up_attempt AS a
         WHERE a.site = here.site AND a.patient_key = here.key
           AND NOT EXISTS (SELECT FROM follow_up_attempt AS n WHERE n.site = a.site AND n.corrects = a.key)) AS attempts,  -- tries to reach them
       cause.manner                                                        -- how a death came about; empty where that is not known
FROM people_patient AS here
LEFT JOIN LATERAL (
    SELECT o.kind, o.on_day, o.source
    FROM follow_up_observation AS o
    WHERE o.site = here.site AND o.patient_key = here.key
      AND NOT EXISTS (SELECT FROM follow_up_observation AS n WHERE n.site = o.site AND n.corrects = o.key)
    ORDER BY o.on_day DESC, o.noted_at DESC
    LIMIT 1
) AS changes ON true
LEFT JOIN died ON died.site = here.site AND died.patient_key = here.key
LEFT JOIN screen_causeofdeath AS cause
       ON cause.site = died.site AND cause.death_key = died.key
      AND NOT EXISTS (SELECT FROM screen_causeofdeath AS n WHERE n.site = cause.site AND n.corrects = cause.key)
WHERE NOT EXISTS (SELECT FROM people_patient AS n WHERE n.site = here.site AND n.corrects = here.key)
  AND (died.noted_at IS NOT NULL OR coalesce(changes.kind, 'returned') <> 'returned')
