-- Alarms, counted: one row per session, limit and priority.
SELECT here.site,                                      -- the site's code
       here.session_key,                               -- the session
       here.patient_key,                               -- the patient's token
       here.limit_id,                                  -- the limit of the protocol
       here.priority,                                  -- high, medium or low
       count(*) AS alarms,                             -- how often it called
       count(seen.done_at) AS acknowledged,            -- how many calls a named person acknowledged
       max(extract(epoch FROM seen.done_at - here.raised_at)) AS slowest_seconds  -- the longest wait for that
FROM treat_alarm AS here
LEFT JOIN LATERAL (
    SELECT min(step.done_at) AS done_at
    FROM treat_alarmstep AS step
    WHERE step.site = here.site AND step.alarm_key = here.key AND step.step = 'acknowledged'
) AS seen ON true
WHERE NOT EXISTS (SELECT FROM treat_alarm AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
GROUP BY here.site, here.session_key, here.patient_key, here.limit_id, here.priority
