-- What was tried for depression before: one row per antidepressant and per series of electroconvulsive treatments that stands. What
-- is empty nobody knows.
SELECT site,                                      -- the site's code
       key,                                       -- the trial
       patient_key,                               -- the patient's token
       'antidepressant' AS kind,                  -- an antidepressant, or electroconvulsive treatment
       drug,                                      -- the drug, as in definitions/codelists/antidepressants
       dose_mg,                                   -- its dose a day
       weeks,                                     -- for how long
       NULL::text AS placement,                   -- of electroconvulsive treatment, where the electrodes were
       NULL::int AS treatments,                   -- … and how many treatments there were
       outcome,                                   -- what it did
       adequate,                                  -- whether dose and duration were enough to judge it
       nullif(adequacy_by, '') AS adequacy_by,    -- whether a person or a definition said so
       nullif(definition, '') AS definition,      -- the definition, as in definitions/adequacy
       version,                                   -- its version
       nullif(fingerprint, '') AS fingerprint,    -- the fingerprint of that version
       present_episode,                           -- in the present episode; else in an earlier one
       optimised,                                 -- whether the dose was raised as far as it goes
       augmented,                                 -- whether something was added to it
       nullif(said_by, '') AS said_by,            -- from whom it is known
       started_on,                                -- when it began
       ended_on                                   -- when it ended
FROM screen_pasttreatment AS here
WHERE NOT withdrawn
  AND NOT EXISTS (SELECT FROM screen_pasttreatment AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
UNION ALL
SELECT site, key, patient_key, 'electroconvulsive', NULL, NULL, NULL, placement, treatments, outcome, NULL, NULL, NULL, NULL, NULL,
       NULL, NULL, NULL, nullif(said_by, ''), started_on, ended_on
FROM screen_electroconvulsiveseries AS here
WHERE NOT withdrawn
  AND NOT EXISTS (SELECT FROM screen_electroconvulsiveseries AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
