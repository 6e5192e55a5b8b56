-- How many treatments for depression were tried before. One row per patient with at least one recorded; no row means not known.
SELECT site,                                          -- the site's code
       patient_key,                                   -- the patient's token
       count(*) AS recorded,                          -- treatments recorded
       count(*) FILTER (WHERE adequate) AS adequate,  -- those of adequate dose and duration
       count(*) FILTER (WHERE adequate AND outcome IN ('no response', 'partial response')) AS adequate_failed
                                                      -- those of them that failed
FROM screen_pasttreatment AS here
WHERE NOT here.withdrawn
  AND NOT EXISTS (SELECT FROM screen_pasttreatment AS newer WHERE newer.site = here.site AND newer.corrects = here.key)
GROUP BY site, patient_key
