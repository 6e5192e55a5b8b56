-- The one way to a patient's own page for somebody who has nothing but its address: which page and patient belong to exactly this
-- hash at this site? A page that was closed is not found. What it opens needs the PIN besides.
CREATE FUNCTION follow_up_own_page_of(asked_site text, asked_hash bytea, OUT page_key uuid, OUT patient_key uuid)
RETURNS SETOF record
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp
AS $$
    SELECT p.key, p.patient_key FROM follow_up_ownpage p
    WHERE p.site = asked_site AND p.token_hash = asked_hash
      AND NOT EXISTS (SELECT FROM follow_up_ownpageended e WHERE e.site = p.site AND e.page_key = p.key)
$$;
