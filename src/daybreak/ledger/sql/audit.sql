-- The functions behind the ledger's triggers. They run as the owner, so the application needs no right on the ledger itself.
-- Rows are hashed as jsonb without nulls, in UTC: a nullable column may be added later without breaking an old digest.

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

CREATE OR REPLACE FUNCTION ledger_write(
    relation text, operation text, site text, batch bigint, row_count bigint, digest bytea, content jsonb
) RETURNS void LANGUAGE sql AS $$
    INSERT INTO ledger_entry (at, xact, relation, operation, site, actor, purpose, role, batch, row_count, digest, content)
    VALUES (clock_timestamp(), pg_current_xact_id()::text::bigint, relation, operation, coalesce(site, ''),
            coalesce(current_setting('app.actor', true), ''), coalesce(current_setting('app.purpose', true), ''),
            session_user, batch, row_count, digest, content)
$$;

-- For append-only tables: the batch's digest, not a second copy of the rows. TG_ARGV[0] is the table that a partition belongs to.
CREATE OR REPLACE FUNCTION ledger_note_batch() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows WHERE batch IS DISTINCT FROM ledger_current_batch()) THEN
        RAISE EXCEPTION 'a row of % names a batch that is not its own', TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM ledger_write(TG_ARGV[0], TG_OP, min(site), batch, count(*), sha256(string_agg(digest, ''::bytea ORDER BY digest)), NULL)
    FROM (SELECT r.site, r.batch, ledger_row_digest(to_jsonb(r)) AS digest FROM new_rows r) hashed
    GROUP BY batch;
    RETURN NULL;
END $$;

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
CREATE OR REPLACE FUNCTION ledger_entries_digest(from_xact bigint, upto_xact bigint, OUT entries bigint, OUT digest bytea)
LANGUAGE sql STABLE SET timezone = 'UTC' AS $$
    SELECT count(*), sha256(coalesce(string_agg(ledger_row_digest(to_jsonb(e)), ''::bytea ORDER BY e.id), ''::bytea))
    FROM ledger_entry e WHERE e.xact >= from_xact AND e.xact < upto_xact
$$;

CREATE OR REPLACE FUNCTION ledger_chain(previous bytea, number bigint, from_xact bigint, upto_xact bigint, entries_digest bytea)
RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT sha256(previous || convert_to(number || '/' || from_xact || '/' || upto_xact || '/', 'UTF8') || entries_digest)
$$;

CREATE OR REPLACE FUNCTION ledger_seal_committed() RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    last ledger_seal;
    horizon bigint;
    found record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('ledger_seal'));
    SELECT * INTO last FROM ledger_seal ORDER BY number DESC LIMIT 1;
    horizon := pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
    SELECT * INTO found FROM ledger_entries_digest(coalesce(last.upto_xact, 0), horizon);
    IF found.entries = 0 THEN RETURN coalesce(last.number, 0); END IF;
    INSERT INTO ledger_seal (number, from_xact, upto_xact, entries, digest, sealed_at)
    VALUES (coalesce(last.number, 0) + 1, coalesce(last.upto_xact, 0), horizon, found.entries,
            ledger_chain(coalesce(last.digest, ''::bytea), coalesce(last.number, 0) + 1, coalesce(last.upto_xact, 0), horizon, found.digest),
            clock_timestamp());
    RETURN coalesce(last.number, 0) + 1;
END $$;
