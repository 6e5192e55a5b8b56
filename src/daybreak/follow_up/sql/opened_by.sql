-- The one way to an invitation for somebody who has nothing but its link.
-- A visit by link has no scope yet. Instead of opening a site's rows to it, the database answers one question as the owner: which
-- invitation and patient belong to exactly this hash at this site? Without the secret there is nothing to ask.
CREATE FUNCTION follow_up_opened_by(asked_site text, asked_hash bytea, OUT invitation_key uuid, OUT patient_key uuid)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT l.invitation_key, l.patient_key FROM follow_up_link l
    WHERE l.site = asked_site AND l.token_hash = asked_hash
$$
