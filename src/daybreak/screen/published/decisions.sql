-- Decisions whether a patient is treated. One row per decision that was not corrected; no words, no names.
SELECT site,                                          -- the site's code
       patient_key,                                   -- the patient's token
       protocol,                                      -- the protocol that was asked
       version,                                       -- the version of its definition
       verdict,                                       -- what the protocol asked for
       decision,                                      -- what the clinician decided: accept, postpone or decline
       jsonb_array_length(overridden) AS overridden,  -- how many criteria were set aside
       decided_at                                     -- when
FROM screen_decision AS here
WHERE NOT EXISTS (SELECT FROM screen_decision AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
