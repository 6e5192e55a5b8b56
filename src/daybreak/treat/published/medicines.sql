-- Medicines given or taken in sessions beside the session's own drug. One row per medicine as it stands; oxygen holds until its
-- next row, or until the patient left. What was never given is not here, nor any name that was written by hand.
SELECT here.site,         -- the site's code
       here.key,          -- the medicine
       here.patient_key,  -- the patient's token
       here.session_key,  -- the session
       here.medicine,     -- a word of the code list session_medicines or of another list that knows it; else other
       here.how,          -- given by the team, or taken by the patient
       here.dose,         -- how much, empty where it is not known and for oxygen
       nullif(here.unit, '') AS unit,      -- in which unit
       nullif(here.route, '') AS route,    -- by which way
       here.flow,         -- of oxygen, litres a minute
       nullif(here.device, '') AS device,  -- of oxygen, through what
       nullif(here.reason, '') AS reason,  -- why, a word of a closed list
       here.given_at,     -- when
       CASE WHEN here.flow IS NOT NULL THEN coalesce(
           lead(here.given_at) OVER (PARTITION BY here.site, here.session_key, here.medicine ORDER BY here.given_at, here.key),
           (SELECT max(step.done_at) FROM treat_sessionstep AS step
            WHERE step.site = here.site AND step.session_key = here.session_key AND step.step = 'discharged')
       ) END AS ended_at  -- of oxygen, until when
FROM treat_medicinegiven AS here
WHERE NOT EXISTS (SELECT FROM treat_medicinegiven AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
  AND here.mark = ''
