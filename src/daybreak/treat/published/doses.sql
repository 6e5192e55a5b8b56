-- How each dose was given: one row per step that began, changed or ended it. Nothing that was written by hand.
SELECT step.site,                                    -- the site's code
       step.session_key,                             -- the session
       step.patient_key,                             -- the patient's token
       step.position,                                -- counted among all steps of the session
       step.step,                                    -- what was done
       nullif(step.reason, '') AS reason,            -- why, a word of a closed list
       (step.values ->> 'rate_ml_per_hour')::numeric AS rate_ml_per_hour,  -- of a pump, how fast it ran from then on
       (step.values ->> 'part_mg')::numeric AS part_mg,                    -- of a dose in parts, how much this part was
       step.values ->> 'where' AS place,             -- where on the body
       (step.values ->> 'given_mg')::numeric AS given_mg,                  -- at its end, how much was given in all
       (step.values ->> 'running_seconds')::numeric AS running_seconds,    -- at its end, how long it ran, without pauses
       ordered.dose_mg AS ordered_mg,                -- at its start, how much was ordered
       ordered.concentration_mg_per_ml,              -- at its start, how much the syringe held in a millilitre
       step.done_at                                  -- when
FROM treat_sessionstep AS step
LEFT JOIN treat_doseorder AS ordered
       ON ordered.site = step.site AND ordered.key = nullif(step.values ->> 'order', '')::uuid
WHERE step.step IN ('started', 'given', 'paused', 'resumed', 'rate_changed', 'rate_raised', 'syringe_changed', 'completed', 'stopped')
  AND NOT EXISTS (SELECT FROM treat_sessionstep AS newer WHERE newer.site = step.site AND newer.corrects = step.key)
