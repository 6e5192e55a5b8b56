-- Vital signs and body measures outside sessions. One row per measurement that was not corrected.
SELECT site,         -- the site's code
       patient_key,  -- the patient's token
       sign,         -- what was measured, as in definitions/codelists/vital_signs
       value,        -- the value in the house's unit
       unit,         -- that unit (UCUM)
       measured_at   -- when it was measured
FROM measure_measurement AS here
WHERE NOT retracted AND NOT EXISTS (SELECT FROM measure_measurement AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
