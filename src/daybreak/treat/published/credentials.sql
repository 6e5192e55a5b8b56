-- Which credentials the people present in each role of a session held on its day, counted; no member of staff is in it. A role in
-- which nobody held any has one row without a credential.
WITH newest AS (
    SELECT DISTINCT ON (t.site, t.session_key, t.account_key, t.role) t.*
    FROM treat_teammember AS t
    WHERE NOT EXISTS (SELECT FROM treat_teammember AS n WHERE n.site = t.site AND n.corrects = t.key)
    ORDER BY t.site, t.session_key, t.account_key, t.role, t.noted_at DESC, t.key DESC
), team AS (
    SELECT newest.site, newest.session_key, newest.patient_key, newest.role, newest.account_key,
           count(*) OVER (PARTITION BY newest.site, newest.session_key, newest.role) AS present,
           (began.at AT TIME ZONE place.time_zone)::date AS on_day
    FROM newest
    JOIN people_site AS place ON place.code = newest.site
    CROSS JOIN LATERAL (
        SELECT min(step.done_at) AS at
        FROM treat_sessionstep AS step
        WHERE step.site = newest.site AND step.session_key = newest.session_key AND step.step = 'started'
          AND NOT EXISTS (SELECT FROM treat_sessionstep AS n WHERE n.site = step.site AND n.corrects = step.key)
    ) AS began
    WHERE newest.present AND began.at IS NOT NULL
), held AS (
    SELECT team.*, c.kind,
           count(c.kind) OVER (PARTITION BY team.site, team.session_key, team.role) AS of_role
    FROM team
    LEFT JOIN LATERAL (
        SELECT DISTINCT c.kind
        FROM people_credential AS c
        WHERE c.site = team.site AND c.account_key = team.account_key
          AND c.issued_on <= team.on_day AND (c.expires_on IS NULL OR c.expires_on > team.on_day)
          AND NOT EXISTS (SELECT FROM people_credential AS n WHERE n.site = c.site AND n.corrects = c.key)
    ) AS c ON true
)
SELECT site,                       -- the site's code
       session_key,                -- the session
       patient_key,                -- the patient's token
       role,                       -- the role in the session
       kind AS credential,         -- the credential; empty where nobody in the role held any
       present,                    -- people in the role
       count(kind) AS holding      -- those of them who held it on that day
FROM held
WHERE kind IS NOT NULL OR of_role = 0
GROUP BY site, session_key, patient_key, role, kind, present
