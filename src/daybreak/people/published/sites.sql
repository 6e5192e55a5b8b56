-- Sites: clinics and the coordinating centre.
SELECT
    code AS site,
    kind,     -- clinic or centre
    synthetic -- for ever one or the other
FROM people_site
