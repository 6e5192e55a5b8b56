-- Runs of the short open tasks of cognition, exploratory: one row per run, measured and cut into series as rules/cognition.py says (a test holds both together).
WITH run AS (
    SELECT here.*,
           (device_kind, version) <> (lag(device_kind) OVER of_task, lag(version) OVER of_task) AS breaks
    FROM (SELECT r.*, regexp_replace(r.device, '^(Chrome|Firefox|Safari|Edg) [0-9]+', '\1') AS device_kind
          FROM follow_up_taskrun AS r) AS here
    WHERE NOT EXISTS (SELECT FROM follow_up_taskrun AS n WHERE n.site = here.site AND n.corrects = here.key)
    WINDOW of_task AS (PARTITION BY here.site, here.patient_key, here.task ORDER BY here.done_at, here.key)
)
SELECT run.site,                        -- the site's code
       run.key,                         -- the run
       run.patient_key,                 -- the patient's token
       run.task,                        -- which task
       run.version AS task_version,     -- the version of the tasks
       1 + count(*) FILTER (WHERE run.breaks)
           OVER (PARTITION BY run.site, run.patient_key, run.task ORDER BY run.done_at, run.key) AS series,  -- which unbroken series
       told.trials,                     -- how many trials, practice apart
       told.counted,                    -- of these, right answers that count
       CASE WHEN timed THEN told.too_early END AS too_early,  -- no answer, or one too fast to be a reaction
       CASE WHEN timed THEN told.too_late END AS too_late,    -- right answers too slow to be one
       told.wrong,                      -- wrong answers
       CASE WHEN NOT timed THEN told.counted
            WHEN told.counted >= 8 THEN told.median_ms - run.frame_ms / 2 END AS value,  -- the median, half a frame taken off; else how many were right
       CASE WHEN timed THEN 'ms' ELSE '{right}' END AS unit,  -- of the value
       run.frame_ms,                    -- milliseconds between two frames of the display
       run.timer_ms,                    -- the smallest step of the device's clock, in milliseconds
       run.watched_by IS NOT NULL AS watched,  -- whether somebody of the clinic was beside
       true AS exploratory,             -- how reliable these tasks are is not known
       run.done_at                      -- when
FROM run
CROSS JOIN LATERAL (SELECT run.task IN ('simple_reaction', 'choice_reaction') AS timed) AS kind
CROSS JOIN LATERAL (
    SELECT count(*) AS trials,
           count(*) FILTER (WHERE is_right AND (NOT timed OR ms BETWEEN 100 AND 3000)) AS counted,
           count(*) FILTER (WHERE ms IS NULL OR is_right AND ms < 100) AS too_early,
           count(*) FILTER (WHERE is_right AND ms > 3000) AS too_late,
           count(*) FILTER (WHERE NOT is_right AND (NOT timed OR ms IS NOT NULL)) AS wrong,
           percentile_cont(0.5) WITHIN GROUP (ORDER BY ms::float8)
               FILTER (WHERE is_right AND ms BETWEEN 100 AND 3000) AS median_ms
    FROM (SELECT coalesce(trial -> 'right' = 'true', false) AS is_right,
                 CASE WHEN jsonb_typeof(trial -> 'ms') = 'number' THEN (trial -> 'ms')::numeric END AS ms
          FROM jsonb_array_elements(run.trials) AS trial) AS each_trial
) AS told
