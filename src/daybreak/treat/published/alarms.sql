-- Alarms, counted: one row per session, limit or trouble, and priority. Hours of infusion stand in the sessions.
SELECT here.site,                                      -- the site's code
       here.session_key,                               -- the session
       here.patient_key,                               -- the patient's token
       here.kind,                                      -- limit, missing, stream or path
       here.limit_id,                                  -- the limit of the protocol, or the trouble
       here.priority,                                  -- high, medium or low
       count(*) AS alarms,                             -- how often it called
       count(seen.done_at) AS acknowledged,            -- how many calls a named person acknowledged
       count(*) FILTER (WHERE seen.act <> 'false_alarm') AS acted_on,  -- … and said that something was done
       count(*) FILTER (WHERE seen.act = 'false_alarm') AS false_alarms,  -- … and said that nothing called for it
       count(*) FILTER (WHERE what.ended AND seen.done_at IS NULL) AS ended,  -- what was missing came back by itself
       count(*) FILTER (WHERE what.paused) AS paused,  -- how many had their sound paused
       count(*) FILTER (WHERE what.passed_on) AS passed_on,  -- how many were passed on, since nobody had taken them
       sum(extract(epoch FROM seen.done_at - here.raised_at)) AS seconds,  -- all waits for somebody together
       max(extract(epoch FROM seen.done_at - here.raised_at)) AS slowest_seconds  -- the longest wait for that
FROM treat_alarm AS here
LEFT JOIN LATERAL (
    SELECT step.done_at, step.act
    FROM treat_alarmstep AS step
    WHERE step.site = here.site AND step.alarm_key = here.key AND step.step = 'acknowledged'
    ORDER BY step.done_at, step.key LIMIT 1
) AS seen ON true
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(step.step = 'ended'), false) AS ended,
           coalesce(bool_or(step.step = 'paused'), false) AS paused,
           coalesce(bool_or(step.step = 'escalated'), false) AS passed_on
    FROM treat_alarmstep AS step
    WHERE step.site = here.site AND step.alarm_key = here.key
) AS what
WHERE NOT EXISTS (SELECT FROM treat_alarm AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
GROUP BY here.site, here.session_key, here.patient_key, here.kind, here.limit_id, here.priority
