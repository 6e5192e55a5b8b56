-- What patients were asked, and whether they answered: for missingness. One row per invitation that was not corrected.
SELECT here.site,           -- the site's code
       here.patient_key,    -- the patient's token
       here.key AS invitation_key,
       here.course_key,     -- the course it belongs to; empty where it was asked by hand outside one
       here.session_key,    -- the session it hangs on; empty where it was asked by hand
       here.instrument,     -- the questionnaire, as in definitions/instruments
       here.version,        -- the version of its definition
       here.rule,           -- the rule of the protocol's schedule; empty where it was asked by hand
       here.opens_at,       -- from when it could be answered
       here.due_at,         -- when it was due
       here.closes_at,      -- until when, not included
       answered.answered_at,    -- when it was answered; empty where it was not
       off.called_off_at        -- when it was called off; empty where it was not
FROM follow_up_invitation AS here
LEFT JOIN follow_up_answered AS answered
       ON answered.site = here.site AND answered.invitation_key = here.key
      AND NOT EXISTS (SELECT FROM follow_up_answered AS n WHERE n.site = answered.site AND n.corrects = answered.key)
LEFT JOIN follow_up_calledoff AS off
       ON off.site = here.site AND off.invitation_key = here.key
      AND NOT EXISTS (SELECT FROM follow_up_calledoff AS n WHERE n.site = off.site AND n.corrects = off.key)
WHERE NOT EXISTS (SELECT FROM follow_up_invitation AS n WHERE n.site = here.site AND n.corrects = here.key)
