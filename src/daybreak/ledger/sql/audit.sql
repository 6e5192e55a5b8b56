DROP FUNCTION IF EXISTS ledger_write(text, text, text, bigint, bigint, bytea, jsonb);

-- The functions behind the ledger's triggers. They run as the owner, so the application needs no right on the ledger itself.
-- What may change is hashed as jsonb without nulls, in UTC; an append-only row in its binary form, over the columns its entry names.
-- So a nullable column may be added later without breaking an old digest.

CREATE SEQUENCE IF NOT EXISTS ledger_batch;

CREATE OR REPLACE FUNCTION ledger_current_batch() RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('ledger.batch', true), '')::bigint $$;

CREATE OR REPLACE FUNCTION ledger_current_actor() RETURNS uuid
LANGUAGE sql STABLE AS $$ SELECT nullif(current_setting('app.actor', true), '')::uuid $$;

CREATE OR REPLACE FUNCTION ledger_row_digest(content jsonb) RETURNS bytea
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT sha256(convert_to(jsonb_strip_nulls(content)::text, 'UTF8')) $$;

CREATE OR REPLACE FUNCTION ledger_open_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('ledger.batch', nextval('ledger_batch')::text, true);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_refuse() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% on % is refused: history is added to, never edited', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END $$;

-- Transaction ids begin anew in another cluster, after a dump and restore. So each entry names the cluster that counted them.
CREATE OR REPLACE FUNCTION ledger_epoch() RETURNS bigint
LANGUAGE sql STABLE AS $$ SELECT system_identifier FROM pg_control_system() $$;

CREATE OR REPLACE FUNCTION ledger_write(
    relation text, operation text, site text, batch bigint, row_count bigint, digest bytea, content jsonb,
    columns text[] DEFAULT NULL, places bytea DEFAULT NULL
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ledger_entry (at, epoch, xact, relation, operation, site, actor, purpose, role, batch, row_count, digest, content,
                              columns, places)
    VALUES (clock_timestamp(), ledger_epoch(), pg_current_xact_id()::text::bigint, relation, operation, coalesce(site, ''),
            coalesce(current_setting('app.actor', true), ''), coalesce(current_setting('app.purpose', true), ''),
            session_user, batch, row_count, digest, content, columns, places)
$$;

-- For append-only tables: the batch's digest, not a second copy of the rows. TG_ARGV[0] is the table that a partition belongs to.
-- A row is hashed in its binary form, which costs a fifth of its JSON; the entry names the columns that were there, and keeps the
-- first 8 bytes of each row's digest, so that a changed row is found in its batch.
CREATE OR REPLACE FUNCTION ledger_note_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    own bigint := ledger_current_batch();
    found record;
BEGIN
    SELECT min(h.site) AS site, count(*) AS rows, count(*) FILTER (WHERE h.batch IS DISTINCT FROM own) AS strange,
           sha256(string_agg(h.digest, ''::bytea ORDER BY h.digest)) AS digest,
           string_agg(substring(h.digest FOR 8), ''::bytea ORDER BY h.digest) AS places
    INTO found FROM (SELECT r.site, r.batch, sha256(record_send(r)) AS digest FROM new_rows r) h;
    IF found.strange > 0 THEN
        RAISE EXCEPTION 'a row of % names a batch that is not its own', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF found.rows > 0 THEN
        PERFORM ledger_write(TG_ARGV[0], TG_OP, found.site, own, found.rows, found.digest, NULL, ledger_columns(TG_RELID), found.places);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_columns(relation oid) RETURNS text[]
LANGUAGE sql STABLE AS $$
    SELECT ARRAY(SELECT attname::text FROM pg_attribute WHERE attrelid = relation AND attnum > 0 AND NOT attisdropped ORDER BY attnum)
$$;

-- For tables that may change: each row's key, its digest before and after, and its content without the columns kept secret.
-- TG_ARGV: table, key columns (comma separated), columns kept secret (comma separated).
CREATE OR REPLACE FUNCTION ledger_note_change() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    before jsonb := '[]';
    after jsonb := '[]';
    changes jsonb;
BEGIN
    IF TG_OP <> 'INSERT' THEN SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO before FROM old_rows r; END IF;
    IF TG_OP <> 'DELETE' THEN SELECT coalesce(jsonb_agg(to_jsonb(r)), '[]') INTO after FROM new_rows r; END IF;
    changes := ledger_changes(before, after, string_to_array(TG_ARGV[1], ','), string_to_array(TG_ARGV[2], ','));
    IF jsonb_array_length(changes) > 0 THEN
        PERFORM ledger_write(TG_ARGV[0], TG_OP, changes -> 0 -> 'row' ->> 'site', NULL, jsonb_array_length(changes),
                             sha256(convert_to(changes::text, 'UTF8')), changes);
    END IF;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION ledger_key(content jsonb, key_columns text[]) RETURNS text
LANGUAGE sql IMMUTABLE AS $$ SELECT string_agg(content ->> k, '/' ORDER BY n) FROM unnest(key_columns) WITH ORDINALITY u(k, n) $$;

CREATE OR REPLACE FUNCTION ledger_changes(before jsonb, after jsonb, key_columns text[], secret text[]) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(jsonb_agg(jsonb_build_object(
        'key', key,
        'was', encode(ledger_row_digest(b.content), 'hex'),
        'now', encode(ledger_row_digest(a.content), 'hex'),
        'row', coalesce(a.content, b.content) - secret) ORDER BY key), '[]')
    FROM (SELECT ledger_key(value, key_columns) AS key, value AS content FROM jsonb_array_elements(before)) b
    FULL JOIN (SELECT ledger_key(value, key_columns) AS key, value AS content FROM jsonb_array_elements(after)) a USING (key)
    WHERE a.content IS DISTINCT FROM b.content
$$;

CREATE OR REPLACE FUNCTION ledger_note_truncate() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM ledger_write(TG_ARGV[0], 'TRUNCATE', '', NULL, 0, '\x'::bytea, NULL);
    RETURN NULL;
END $$;

-- The chain. A transaction below the horizon has ended, so its entries are complete; they are sealed once, in order of id.
CREATE OR REPLACE FUNCTION ledger_entries_digest(of_epoch bigint, from_xact bigint, upto_xact bigint, OUT entries bigint, OUT digest bytea)
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT count(*), sha256(coalesce(string_agg(ledger_row_digest(to_jsonb(e)), ''::bytea ORDER BY e.id), ''::bytea))
    FROM ledger_entry e WHERE e.epoch = of_epoch AND e.xact >= from_xact AND e.xact < upto_xact
$$;

CREATE OR REPLACE FUNCTION ledger_chain(
    previous bytea, number bigint, epoch bigint, from_xact bigint, upto_xact bigint, entries_digest bytea
) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous || convert_to(concat_ws('/', number, epoch, from_xact, upto_xact, ''), 'UTF8') || entries_digest)
$$;

-- The clusters that entries came from, found by stepping through the index.
CREATE OR REPLACE FUNCTION ledger_epochs() RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
    WITH RECURSIVE met AS (
        SELECT min(epoch) AS epoch FROM ledger_entry
        UNION ALL
        SELECT (SELECT min(e.epoch) FROM ledger_entry e WHERE e.epoch > met.epoch) FROM met WHERE met.epoch IS NOT NULL
    )
    SELECT epoch FROM met WHERE epoch IS NOT NULL
$$;

CREATE OR REPLACE FUNCTION ledger_seal_below(of_epoch bigint, horizon bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    last ledger_seal;
    since bigint;
    found record;
BEGIN
    SELECT coalesce(max(upto_xact), 0) INTO since FROM ledger_seal WHERE epoch = of_epoch;
    SELECT * INTO found FROM ledger_entries_digest(of_epoch, since, horizon);
    IF found.entries = 0 THEN RETURN; END IF;
    SELECT * INTO last FROM ledger_seal ORDER BY number DESC LIMIT 1;
    INSERT INTO ledger_seal (number, epoch, from_xact, upto_xact, entries, digest, sealed_at)
    VALUES (coalesce(last.number, 0) + 1, of_epoch, since, horizon, found.entries,
            ledger_chain(coalesce(last.digest, ''::bytea), coalesce(last.number, 0) + 1, of_epoch, since, horizon, found.digest),
            clock_timestamp());
END $$;

-- What came from another cluster came in a dump, and a dump holds whole transactions only: it is complete up to its last one.
CREATE OR REPLACE FUNCTION ledger_seal_committed() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    here bigint := ledger_epoch();
    other bigint;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_seal'));
    FOR other IN SELECT epoch FROM ledger_epochs() AS epoch WHERE epoch <> here LOOP
        PERFORM ledger_seal_below(other, (SELECT max(xact) + 1 FROM ledger_entry WHERE epoch = other));
    END LOOP;
    PERFORM ledger_seal_below(here, pg_snapshot_xmin(pg_current_snapshot())::text::bigint);
    RETURN (SELECT coalesce(max(number), 0) FROM ledger_seal);
END $$;
