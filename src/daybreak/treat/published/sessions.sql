-- Sessions. One row per session that was not corrected; moments are empty where the step was not taken.
SELECT here.site,                                       -- the site's code
       here.key,                                        -- the session
       here.patient_key,                                -- the patient's token
       here.course_key,                                 -- its course
       course.protocol,                                 -- the protocol, as in definitions/protocols
       course.protocol_version,                         -- its version
       here.number,                                     -- counted in its course from 1
       coalesce(moved.planned_for, here.planned_for) AS planned_for,  -- when it was planned for, after its last move
       done.started_at,                                 -- when the dose was started
       done.ended_at,                                   -- when it was completed or stopped
       done.discharged_at,                              -- when the patient left
       CASE WHEN done.last_step IN ('started', 'given', 'resumed', 'rate_changed', 'rate_raised') THEN 'running'
            WHEN done.last_step = 'syringe_changed' THEN 'paused'
            ELSE coalesce(done.last_step, 'planned') END AS state,  -- the last state it reached
       CASE WHEN done.completed THEN 'completed' WHEN done.stopped THEN 'stopped' END AS ending,  -- how the dose ended
       done.stop_reason,                                -- why it was stopped, a word of a closed list
       done.medicines_today,                            -- whether that day's medicines were taken as agreed
       ordered.route,                                   -- how it is given
       ordered.dose_mg AS ordered_mg,                   -- the dose that was ordered
       done.given_mg AS dose_mg,                        -- the dose that was given, by what was done
       ordered.weight_kg,                               -- the weight of that day
       extract(epoch FROM done.ended_at - done.started_at) / 60 AS minutes  -- from start to end, pauses included
FROM treat_session AS here
JOIN treat_course AS course ON course.site = here.site AND course.key = here.course_key
LEFT JOIN LATERAL (
    SELECT min(step.done_at) FILTER (WHERE step.step = 'started') AS started_at,
           max(step.done_at) FILTER (WHERE step.step IN ('completed', 'stopped')) AS ended_at,
           max(step.done_at) FILTER (WHERE step.step = 'discharged') AS discharged_at,
           bool_or(step.step = 'completed') AS completed,
           bool_or(step.step = 'stopped') AS stopped,
           max(step.reason) FILTER (WHERE step.step = 'stopped') AS stop_reason,
           max((step.values ->> 'given_mg')::numeric) FILTER (WHERE step.step IN ('completed', 'stopped')) AS given_mg,
           (array_agg(step.values -> 'answers' ->> 'medicines_today' ORDER BY step.done_at DESC, step.position DESC)
               FILTER (WHERE step.step = 'ready'))[1] AS medicines_today,
           (array_agg(step.step ORDER BY step.done_at DESC, step.position DESC))[1] AS last_step
    FROM treat_sessionstep AS step
    WHERE step.site = here.site AND step.session_key = here.key
      AND NOT EXISTS (SELECT FROM treat_sessionstep AS newer WHERE newer.site = step.site AND newer.corrects = step.key)
) AS done ON true
LEFT JOIN LATERAL (
    SELECT dose.route, dose.dose_mg, dose.weight_kg
    FROM treat_doseorder AS dose
    WHERE dose.site = here.site AND dose.session_key = here.key
      AND NOT EXISTS (SELECT FROM treat_doseorder AS newer WHERE newer.site = dose.site AND newer.corrects = dose.key)
    ORDER BY dose.ordered_at DESC, dose.key DESC
    LIMIT 1
) AS ordered ON true
LEFT JOIN LATERAL (
    SELECT move.planned_for FROM treat_move AS move
    WHERE move.site = here.site AND move.session_key = here.key
    ORDER BY move.position DESC
    LIMIT 1
) AS moved ON true
WHERE NOT EXISTS (SELECT FROM treat_session AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
