-- How well each session was watched, as counted when the patient left. One row per session that was discharged.
SELECT here.site,                  -- the site's code
       here.session_key,           -- the session
       here.patient_key,           -- the patient's token
       here.asked,                 -- readings that the protocol asked for
       here.in_time,               -- of these, read within the grace
       here.late,                  -- read later
       here.missed,                -- not read at all
       here.longest_gap_seconds,   -- the longest stretch without a reading of some sign
       here.crossed,               -- how often a limit was crossed
       here.acted_on               -- of these, with an act of the team before it was over
FROM treat_sessionquality AS here
WHERE NOT EXISTS (SELECT FROM treat_sessionquality AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
