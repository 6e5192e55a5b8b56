-- Each reading of a session as it stands; what was corrected or marked as an artefact is not here, nor which device it came from.
SELECT here.site,                                    -- the site's code
       here.session_key,                             -- the session
       here.patient_key,                             -- the patient's token
       here.sign,                                    -- what was read, as in definitions/codelists/vital_signs
       here.value,                                   -- the value
       here.unit,                                    -- in which unit (UCUM)
       here.device_key IS NOT NULL AS from_device,   -- sent by a device; else typed
       here.measured_at                              -- when it was read
FROM treat_reading AS here
WHERE NOT EXISTS (SELECT FROM treat_reading AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
  AND here.mark = ''
