-- Long-term checks: scores of bladder, craving, memory, alcohol and the MoCA, and tests of the urine and the liver. One row per check as it stands.
SELECT site,                       -- the site's code
       key,                        -- the check
       patient_key,                -- the patient's token
       CASE WHEN instrument = 'audit_c' THEN 'alcohol' WHEN instrument = 'moca' THEN 'moca' ELSE name END AS checked,  -- what
       value,                      -- the score
       NULL::text AS finding,      -- of a test without an amount, what was found
       answered_at AS checked_at   -- when
FROM measure_score AS here
WHERE NOT retracted
  AND (instrument, name) IN (('long_term_effects', 'bladder'), ('long_term_effects', 'craving'),
                             ('long_term_effects', 'cognition'), ('audit_c', 'total'), ('moca', 'total'))
  AND NOT EXISTS (SELECT FROM measure_score AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
UNION ALL
SELECT site, key, patient_key, test, value, nullif(finding, ''), collected_at
FROM measure_labresult AS here
WHERE NOT retracted
  AND (test LIKE 'lab_urine_%'
       OR test IN ('lab_alt', 'lab_ast', 'lab_alkaline_phosphatase', 'lab_gamma_gt', 'lab_bilirubin'))
  AND NOT EXISTS (SELECT FROM measure_labresult AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
