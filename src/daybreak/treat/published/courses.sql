-- Courses of treatment. One row per course that was not corrected.
SELECT site,              -- the site's code
       key,               -- the course
       patient_key,       -- the patient's token
       protocol,          -- the protocol, as in definitions/protocols
       protocol_version,  -- the version it follows
       fingerprint,       -- the fingerprint of that version
       opened_at          -- when it was opened
FROM treat_course AS here
WHERE NOT EXISTS (SELECT FROM treat_course AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
