-- Scores of questionnaires. One row per score that was not corrected.
SELECT site,         -- the site's code
       key,          -- the score
       patient_key,  -- the patient's token
       instrument,   -- the questionnaire, as in definitions/instruments
       version,      -- the version of its definition
       fingerprint,  -- the fingerprint of that version
       name,         -- which of its scores
       value,        -- the score
       band,         -- its severity band, empty where it has none
       prorated,     -- whether missing items were scaled over
       answered_at,  -- when it was answered
       recorded_by IS NOT NULL AS entered_by_staff  -- whether staff entered it; else a patient did, by a link
FROM measure_score AS here
WHERE NOT retracted AND NOT EXISTS (SELECT FROM measure_score AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
