-- Where each patient's consent to the registry stands. One row per patient who was asked; the newest answer counts. Nothing is asked of
-- a record that was merged into another: what may still stand there is nobody's consent.
WITH standing AS NOT MATERIALIZED (
    SELECT * FROM consent_signature AS here
    WHERE consent = 'registry'
      AND NOT EXISTS (SELECT FROM consent_signature AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
), answer AS (
    SELECT DISTINCT ON (site, patient_key) *
    FROM standing WHERE signer = 'patient'
    ORDER BY site, patient_key, signed_at DESC, key DESC
)
SELECT answer.site,         -- the site's code
       answer.patient_key,  -- the patient's token
       answer.definition,   -- the consent, as in definitions/consents
       answer.version,      -- the version of the text that was answered
       answer.fingerprint,  -- the fingerprint of that version
       CASE WHEN answer.answer = 'agreed' AND (NOT answer.needs ? 'clinician' OR beside.signed_at IS NOT NULL)
                 AND NOT EXISTS (SELECT FROM consent_renewal AS r
                                 WHERE r.definition = answer.definition AND r.version > answer.version)
            THEN greatest(answer.signed_at, CASE WHEN answer.needs ? 'clinician' THEN beside.signed_at END)
       END AS granted_at,   -- when every signature was there; null where it was declined, one is missing, or a newer text asks anew
       ended.withdrawn_at   -- when it was withdrawn; null where it was not
FROM answer
LEFT JOIN LATERAL (
    SELECT min(c.signed_at) AS signed_at
    FROM standing AS c
    WHERE c.site = answer.site AND c.patient_key = answer.patient_key AND c.signer = 'clinician'
      AND c.answer = 'agreed' AND c.fingerprint = answer.fingerprint AND c.signed_at >= answer.signed_at
) AS beside ON true
LEFT JOIN LATERAL (
    SELECT min(w.withdrawn_at) AS withdrawn_at
    FROM consent_withdrawal AS w
    WHERE w.site = answer.site AND w.patient_key = answer.patient_key AND w.consent = 'registry'
      AND w.withdrawn_at >= answer.signed_at
      AND NOT EXISTS (SELECT FROM consent_withdrawal AS newer WHERE newer.site = w.site AND newer.corrects = w.key)
) AS ended ON true
WHERE NOT EXISTS (SELECT FROM people_duplicatedecision AS merged
                  WHERE merged.site = answer.site AND merged.record_key = answer.patient_key AND merged.verdict = 'same'
                    AND NOT EXISTS (SELECT FROM people_duplicatedecision AS n
                                    WHERE n.site = merged.site AND n.corrects = merged.key))
