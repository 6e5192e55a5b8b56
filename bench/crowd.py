"""Many people with many sessions in a real database, loaded by COPY past every guard.

Playing them through the application would take days. Each person has a course of ten sessions; a session has its
steps, its order, its team, its readings (three signs, three times) and how well it was watched; most have a score, some
an event or a medicine. What a column is not given here is empty: "" or 0 where the table wants something.
"""

from pathlib import Path

import psycopg

SITES, SESSIONS, READINGS = 10, 10, 9
SUPERUSER = "postgres"
_FILLED = {"bytea": "''::bytea", "jsonb": "'{}'::jsonb", "boolean": "false", "date": "'2026-01-01'::date"}
_FILLED |= {"timestamp with time zone": "'2026-01-01Z'::timestamptz", "uuid": "gen_random_uuid()"}
_PEOPLE = "FROM generate_series({first}, {last}) AS p"
_ALL = f"{_PEOPLE}, generate_series(1, {SESSIONS}) AS s"
_AT = "'2025-01-06 09:00Z'::timestamptz + (p % 300 + 3 * s) * interval '1 day'"
_STEPS = """
    (VALUES (1, 'ready', -5), (2, 'started', 0), (3, 'completed', 40), (4, 'discharged', 150)) AS n (step, word, after)
"""
_SIGNS = """
    (VALUES ('systolic_pressure', 'mm[Hg]'), ('diastolic_pressure', 'mm[Hg]'), ('oxygen_saturation', '%'))
    AS n (word, unit)
"""


def _key(kind: int, number: str) -> str:
    return f"('{kind:02}' || lpad(to_hex({number}), 30, '0'))::uuid"


_PERSON, _COURSE, _SESSION = _key(1, "p::bigint"), _key(2, "p::bigint"), _key(3, f"p::bigint * {SESSIONS} + s")
_OF_PERSON = {"site": f"'bench' || p % {SITES}", "patient_key": _PERSON}
_OF_SESSION = {**_OF_PERSON, "session_key": _SESSION, "key": "gen_random_uuid()"}

# Of each table: its rows, and what is in them.
TABLES: dict[str, tuple[str, dict[str, str]]] = {
    "people_patient": (
        _PEOPLE,
        {
            **_OF_PERSON, "key": _PERSON, "sex": "CASE WHEN p % 3 = 0 THEN 'male' ELSE 'female' END",
            "birth_year": "1940 + p % 65", "registered_at": "'2024-12-01Z'::timestamptz", "origin": "'here'",
        },
    ),
    "consent_signature": (
        f"{_PEOPLE}, (VALUES ('patient'), ('clinician')) AS n (signer)",
        {
            **_OF_PERSON, "key": "gen_random_uuid()", "consent": "'registry'", "definition": "'registry'",
            "version": "1000", "signer": "n.signer", "answer": "'agreed'",
            "needs": """'["patient", "clinician"]'::jsonb""",
            "signed_by": "CASE WHEN n.signer = 'clinician' THEN gen_random_uuid() END",
            "signed_at": "'2025-01-01Z'::timestamptz",
        },
    ),
    "treat_course": (
        _PEOPLE,
        {
            **_OF_PERSON, "key": _COURSE, "protocol": "'ketamine_iv_40min'", "protocol_version": "5",
            "opened_at": "'2025-01-02Z'::timestamptz",
        },
    ),
    "treat_session": (
        _ALL,
        {**_OF_PERSON, "key": _SESSION, "course_key": _COURSE, "number": "s", "planned_for": _AT},
    ),
    "treat_sessionstep": (
        f"{_ALL}, {_STEPS}",
        {
            **_OF_SESSION, "position": "n.step", "step": "n.word", "done_at": f"{_AT} + n.after * interval '1 minute'",
            "values": """CASE WHEN n.step = 3 THEN '{"given_mg": "35.5"}' ELSE '{}' END::jsonb""",
        },
    ),
    "treat_doseorder": (
        _ALL,
        {
            **_OF_SESSION, "protocol": "'ketamine_iv_40min'", "protocol_version": "5", "weight_kg": "71",
            "dose_mg": "35.5", "route": "'intravenous'", "ordered_at": f"{_AT} - interval '1 hour'",
        },
    ),
    "treat_sessionquality": (_ALL, {**_OF_SESSION, "asked": "27", "in_time": "25", "late": "1", "missed": "1"}),
    "treat_teammember": (
        f"{_ALL}, (VALUES (1, 'nurse'), (2, 'physician_in_charge')) AS n (who, role)",
        {**_OF_SESSION, "account_key": _key(9, f"(p % {SITES}) * 2 + n.who"), "role": "n.role", "present": "true"},
    ),
    "measure_score": (
        _ALL,
        {
            **_OF_PERSON, "key": "gen_random_uuid()", "instrument": "'phq9'", "version": "1", "name": "'total'",
            "value": "(p * 7 + s * 3) % 28", "band": "'moderate'", "answered_at": f"{_AT} - interval '2 hours'",
        },
    ),
    "treat_adverseevent": (
        f"{_ALL} WHERE (p + s) % 4 = 0",
        {
            **_OF_SESSION, "term": "'nausea'", "grade": "1", "relation": "'probable'", "course": "'recovered'",
            "measure": "'none'", "criteria": "'[]'::jsonb", "began_at": f"{_AT} + interval '20 minutes'",
        },
    ),
    "treat_medicinegiven": (
        f"{_ALL} WHERE (p + s) % 10 = 0",
        {
            **_OF_SESSION, "medicine": "'ondansetron'", "how": "'given'", "dose": "4", "unit": "'mg'",
            "route": "'intravenous'", "given_at": f"{_AT} + interval '25 minutes'",
        },
    ),
    "treat_reading": (
        f"{_ALL}, {_SIGNS}, generate_series(-1, {READINGS // 3 - 2}) AS t",
        {
            **_OF_SESSION, "sign": "n.word", "unit": "n.unit", "value": "97 + (p + 5 * s + 3 * t) % 30",
            "measured_at": f"{_AT} + t * interval '15 minutes'",
        },
    ),
}  # fmt: skip
_SITES = """
    INSERT INTO people_site (code, name, kind, synthetic, time_zone, crisis_line, telephone, emergency_line,
        hours, opened_at)
    SELECT 'bench' || n, 'Bench ' || n, 'clinic', true, 'UTC', '', '', '', '', '2024-01-01Z'
    FROM generate_series(0, {last}) AS n ON CONFLICT DO NOTHING
"""


def load(home: Path, *, first: int, last: int) -> None:
    """Add the people of these numbers, the last one too."""
    from daybreak.config.cluster import address

    with psycopg.connect(address(home / "postgres", SUPERUSER)) as writing, psycopg.connect(writing.info.dsn) as making:
        writing.execute("SET session_replication_role = replica")
        writing.execute(_SITES.format(last=SITES - 1))
        for table, (rows, given) in TABLES.items():
            columns = _columns(writing, table, given)
            names = ", ".join(f'"{name}"' for name in columns)
            made = f"SELECT {', '.join(columns.values())} {rows.format(first=first, last=last)}"
            with (
                making.cursor().copy(f"COPY ({made}) TO STDOUT") as out,
                writing.cursor().copy(f'COPY "{table}" ({names}) FROM STDIN') as into,
            ):
                for piece in out:
                    into.write(piece)


def _columns(connection: psycopg.Connection, table: str, given: dict[str, str]) -> dict[str, str]:
    """Return what stands in each column that is given or may not be empty."""
    there = connection.execute(
        "SELECT attname::text, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = %s::regclass"
        " AND attnum > 0 AND NOT attisdropped AND attidentity = '' AND attgenerated = ''"
        " AND (attnotnull OR attname = ANY(%s))",
        [table, list(given)],
    ).fetchall()
    return {name: given.get(name) or _filled(kind) for name, kind in there}


def _filled(kind: str) -> str:
    return _FILLED.get(kind) or ("''" if "char" in kind or kind == "text" else "0")
