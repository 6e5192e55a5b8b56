-- Patients as tokens, as they stand: no name, no birth date. A record that was merged into another is none.
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
  AND NOT EXISTS (SELECT FROM people_duplicatedecision AS merged
                  WHERE merged.site = p.site AND merged.record_key = p.key AND merged.verdict = 'same'
                    AND NOT EXISTS (SELECT FROM people_duplicatedecision AS n
                                    WHERE n.site = merged.site AND n.corrects = merged.key))
