-- Patients as tokens, as they stand: no name, no birth date.
SELECT
    p.site,          -- the clinic
    p.key,           -- the fact
    p.key AS patient_key,
    p.registered_at, -- when the clinic registered the person
    p.sex,
    p.birth_year,    -- may be empty
    p.origin         -- where the record came from
FROM people_patient p
WHERE NOT EXISTS (SELECT FROM people_patient c WHERE c.site = p.site AND c.corrects = p.key)
