-- Adverse events. One row per event as it stands: a later state corrects an earlier one.
SELECT site,         -- the site's code
       key,          -- the event
       patient_key,  -- the patient's token
       session_key,  -- the session it was reported from, if any
       term,         -- what happened, a word of a closed list
       grade,        -- 1 mild, 2 moderate, 3 severe, 4 life-threatening, 5 death
       serious,      -- whether it was serious
       relation,     -- how it relates to the treatment
       criteria ? 'death' AS death,                                      -- serious because the person died of it
       criteria ? 'life_threatening' AS life_threatening,                -- because life was in danger
       criteria ? 'hospital_stay' AS hospital_stay,                      -- because of a stay in hospital
       criteria ? 'lasting_disability' AS lasting_disability,            -- because of a lasting disability
       criteria ? 'birth_defect' AS birth_defect,                        -- because of a birth defect
       criteria ? 'important_medical_event' AS important_medical_event,  -- because it was important otherwise
       course,       -- how it went on, as last known
       measure,      -- what was done with the treatment
       began_at,     -- when it began
       ended_at      -- when it ended, empty while it goes on
FROM treat_adverseevent AS here
WHERE NOT EXISTS (SELECT FROM treat_adverseevent AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
