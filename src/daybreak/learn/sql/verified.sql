-- The one way to a certificate for somebody who has nothing but its code: what a stranger needs to believe the paper, and no more.
-- Such a visit has no scope. Instead of opening a site's rows to it, the database answers one question as the owner, about exactly this code.
-- Of a certificate that was issued again the newest is told.
CREATE FUNCTION learn_verified(
    asked_code text, OUT title text, OUT name text, OUT credit_type text, OUT credit numeric, OUT completed_on date,
    OUT provider text, OUT issued_at timestamptz, OUT site text
)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT c.title, c.name, c.credit_type, c.credit, c.completed_on, c.provider, c.issued_at, c.site
    FROM learn_certificate c
    WHERE c.code = asked_code
      AND NOT EXISTS (SELECT FROM learn_certificate n WHERE n.site = c.site AND n.corrects = c.key)
$$;
