-- Adverse events. One row per event as it stands: a later state corrects an earlier one.
SELECT site,         -- the site's code
       key,          -- the event
       patient_key,  -- the patient's token
       session_key,  -- the session it was reported from, if any
       term,         -- what happened, a word of a closed list
       grade,        -- 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death
       serious,      -- whether it was serious
       relation,     -- how it relates to the treatment
       began_at,     -- when it began
       ended_at      -- when it ended, empty while it goes on
FROM treat_adverseevent AS here
WHERE NOT EXISTS (SELECT FROM treat_adverseevent AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
