-- What called for someone, and how soon someone came. One row per task that was not corrected; nothing that was written.
SELECT here.site,           -- the site's code
       here.patient_key,    -- the patient's token
       here.key AS task_key,
       here.kind,           -- what called: the id of a flag of a questionnaire, or a kind of follow-up's own
       here.priority,       -- high, medium, low
       here.raised_at,      -- when
       here.take_by,        -- until when somebody was to take it
       min(step.done_at) FILTER (WHERE step.step = 'taken') AS taken_at,          -- when somebody first did
       min(step.done_at) FILTER (WHERE step.step = 'escalated') AS escalated_at,  -- when it was escalated, if it was
       min(step.done_at) FILTER (WHERE step.step = 'closed') AS closed_at         -- when it was closed
FROM follow_up_task AS here
LEFT JOIN follow_up_taskstep AS step
       ON step.site = here.site AND step.task_key = here.key
      AND NOT EXISTS (SELECT FROM follow_up_taskstep AS n WHERE n.site = step.site AND n.corrects = step.key)
WHERE NOT EXISTS (SELECT FROM follow_up_task AS n WHERE n.site = here.site AND n.corrects = here.key)
GROUP BY here.site, here.patient_key, here.key, here.kind, here.priority, here.raised_at, here.take_by
