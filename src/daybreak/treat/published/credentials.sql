-- Which credentials the people present in each role of a session held on its day, counted; no member of staff is in it. A role in
-- which nobody held any has one row without a credential.
WITH began AS (
    SELECT step.site, step.session_key, min(step.done_at) AS at
    FROM treat_sessionstep AS step
    WHERE step.step = 'started'
      AND NOT EXISTS (SELECT FROM treat_sessionstep AS n WHERE n.site = step.site AND n.corrects = step.key)
    GROUP BY step.site, step.session_key
), newest AS (
    SELECT DISTINCT ON (t.site, t.session_key, t.account_key, t.role) t.*
    FROM treat_teammember AS t
    WHERE NOT EXISTS (SELECT FROM treat_teammember AS n WHERE n.site = t.site AND n.corrects = t.key)
    ORDER BY t.site, t.session_key, t.account_key, t.role, t.noted_at DESC, t.key DESC
), team AS (
    SELECT newest.site, newest.session_key, newest.patient_key, newest.role, newest.account_key,
           (began.at AT TIME ZONE place.time_zone)::date AS on_day
    FROM newest
    JOIN began USING (site, session_key)
    JOIN people_site AS place ON place.code = newest.site
    WHERE newest.present
), held AS (
    SELECT DISTINCT team.site, team.session_key, team.role, team.account_key, c.kind
    FROM team
    JOIN people_credential AS c ON c.site = team.site AND c.account_key = team.account_key
                               AND c.issued_on <= team.on_day AND (c.expires_on IS NULL OR c.expires_on > team.on_day)
    WHERE NOT EXISTS (SELECT FROM people_credential AS n WHERE n.site = c.site AND n.corrects = c.key)
)
SELECT team.site,                                          -- the site's code
       team.session_key,                                   -- the session
       team.patient_key,                                   -- the patient's token
       team.role,                                          -- the role in the session
       held.kind AS credential,                            -- the credential; empty where nobody in the role held any
       (SELECT count(DISTINCT t.account_key) FROM team AS t
         WHERE t.site = team.site AND t.session_key = team.session_key AND t.role = team.role) AS present,  -- people in the role
       count(DISTINCT held.account_key) AS holding         -- those of them who held it on that day
FROM team
LEFT JOIN held ON held.site = team.site AND held.session_key = team.session_key AND held.role = team.role
GROUP BY team.site, team.session_key, team.patient_key, team.role, held.kind
