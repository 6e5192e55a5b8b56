-- The one way to an invitation for somebody who has nothing but its link, and whether that link was withdrawn since.
-- A visit by link has no scope yet. Instead of opening a site's rows to it, the database answers one question as the owner: which
-- invitation and patient belong to exactly this hash at this site? Without the secret there is nothing to ask.
CREATE FUNCTION follow_up_opened_by(
    asked_site text, asked_hash bytea, OUT invitation_key uuid, OUT patient_key uuid, OUT is_withdrawn boolean
)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT l.invitation_key, l.patient_key, EXISTS (
        SELECT FROM follow_up_linkswithdrawn w
        WHERE w.site = l.site AND w.invitation_key = l.invitation_key AND w.withdrawn_at >= l.issued_at
    )
    FROM follow_up_link l
    WHERE l.site = asked_site AND l.token_hash = asked_hash
$$;
