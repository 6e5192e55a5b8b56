"""A house in a database of its own, whose facts are committed: the freeze connects by itself and sees nothing
else.

People and names are made by actions. What the clinical rooms publish is stood in for by tables of the same
columns, so that a test can freeze any row; that the rooms publish these columns is tested on the real views.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connections
from django.test import Client
from psycopg import sql

from daybreak.kernel.keys import new_key
from tests.world.databases import a_database
from tests.world.people import World, make_world

STAND_INS = {
    "consent_registry": "site text, patient_key uuid, definition text DEFAULT 'registry', version int,"
    " fingerprint text DEFAULT 'd', granted_at timestamptz, withdrawn_at timestamptz",
    "measure_scores": "site text, patient_key uuid, instrument text, version int, fingerprint text, name "
    "text, value numeric,"
    " band text, prorated boolean, answered_at timestamptz, key uuid DEFAULT gen_random_uuid(),"
    " entered_by_staff boolean DEFAULT true",
    "treat_courses": "site text, key uuid, patient_key uuid, protocol text, protocol_version int, "
    "fingerprint text,"
    " opened_at timestamptz",
    "treat_sessions": "site text, key uuid, patient_key uuid, course_key uuid, number int, state text, "
    "started_at timestamptz,"
    " ended_at timestamptz, ending text, stop_reason text, medicines_today text, route text, dose_mg numeric, weight_kg numeric",
    "treat_readings": "site text, patient_key uuid, session_key uuid, sign text, unit text, readings int, "
    "baseline numeric, lowest numeric,"
    " highest numeric",
    "treat_doses": "site text, patient_key uuid, session_key uuid, position int, step text, reason text, "
    "rate_ml_per_hour numeric, part_mg numeric, place text, given_mg numeric, running_seconds numeric, "
    "ordered_mg numeric, concentration_mg_per_ml numeric, done_at timestamptz",
    "treat_vital_signs": "site text, patient_key uuid, session_key uuid, sign text, value numeric, unit text, "
    "from_device boolean, measured_at timestamptz",
    "screen_treatment_trials": "site text, key uuid, patient_key uuid, kind text, drug text, dose_mg numeric, "
    "weeks numeric, placement text, treatments int, outcome text, adequate boolean, adequacy_by text, definition text, "
    "version int, fingerprint text, present_episode boolean, optimised boolean, augmented boolean, said_by text, "
    "started_on date, ended_on date",
    "treat_medicines": "site text, key uuid, patient_key uuid, session_key uuid, medicine text, how text, dose numeric, "
    "unit text, route text, flow numeric, device text, reason text, given_at timestamptz, ended_at timestamptz",
    "treat_adverse_events": "site text, patient_key uuid, session_key uuid, term text, grade int, serious "
    "boolean, relation text,"
    " death boolean DEFAULT false, life_threatening boolean DEFAULT false, hospital_stay boolean DEFAULT false,"
    " lasting_disability boolean DEFAULT false, birth_defect boolean DEFAULT false,"
    " important_medical_event boolean DEFAULT false, course text DEFAULT 'recovered', measure text DEFAULT 'none',"
    " began_at timestamptz, ended_at timestamptz",
}


class House:
    """The house, and short words for what happens in it."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.now = world.now

    def sql(self, statement: str, *values: object) -> list[tuple]:
        """Run a statement as the owner."""
        with connections["owner"].cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []

    def add(self, table: str, **row: object) -> None:
        """Add a row to what a room publishes."""
        statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
            sql.Identifier("stand_in", table),
            sql.SQL(", ").join(map(sql.Identifier, row)),
            sql.SQL(", ").join([sql.Placeholder()] * len(row)),
        )
        self.sql(statement.as_string(None), *row.values())

    def person(self, site: str = "dawn", *, consents: bool = True, withdrawn: bool = False, **who: object) -> UUID:
        """Admit a person, with the registry consent as it stands."""
        key = self.world.patient(site, **who)
        if consents:
            ended = self.now if withdrawn else None
            self.add(
                "consent_registry",
                site=site,
                patient_key=key,
                version=1,
                granted_at=self.now - timedelta(days=90),
                withdrawn_at=ended,
            )
        return key

    def course(self, patient: UUID, site: str = "dawn", *, opened_at: datetime) -> UUID:
        """Open a course."""
        key = new_key()
        self.add(
            "treat_courses",
            site=site,
            key=key,
            patient_key=patient,
            protocol="ketamine_iv_40min",
            protocol_version=1,
            fingerprint="c" * 64,
            opened_at=opened_at,
        )
        return key

    def session(
        self, patient: UUID, course: UUID, site: str = "dawn", *, number: int, started_at: datetime | None
    ) -> UUID:
        """Hold a session, or plan one that was not started."""
        key = new_key()
        self.add(
            "treat_sessions",
            site=site,
            key=key,
            patient_key=patient,
            course_key=course,
            number=number,
            state="closed" if started_at else "planned",
            started_at=started_at,
            ended_at=started_at + timedelta(minutes=40) if started_at else None,
            dose_mg=35.5 if started_at else None,
            weight_kg=71 if started_at else None,
        )
        return key

    def score(self, patient: UUID, value: int, site: str = "dawn", *, at: datetime, name: str = "total") -> None:
        """Answer a PHQ-9."""
        self.add(
            "measure_scores",
            site=site,
            patient_key=patient,
            instrument="phq9",
            version=1,
            fingerprint="b" * 64,
            name=name,
            value=value,
            band="moderate",
            prorated=False,
            answered_at=at,
        )

    def event(
        self,
        patient: UUID,
        session: UUID,
        site: str = "dawn",
        *,
        term: str,
        at: datetime,
        serious: bool = False,
    ) -> None:
        """Note an adverse event."""
        self.add(
            "treat_adverse_events",
            site=site,
            patient_key=patient,
            session_key=session,
            term=term,
            grade=1,
            serious=serious,
            relation="probable",
            began_at=at,
        )

    def sign_in(self, role: str, site: str) -> Client:
        """Return a browser of the holder of a role at a site."""
        client = Client()
        client.force_login(self.world.staff[site, role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client


@contextmanager
def a_house() -> Iterator[House]:
    """Make the house in a database of its own."""
    with a_database("register_house"):
        house = House(make_world())
        house.sql("CREATE SCHEMA stand_in")
        for name, columns in STAND_INS.items():
            house.sql(f"CREATE TABLE stand_in.{name} ({columns})")
            house.sql(f"DROP VIEW IF EXISTS published.{name} CASCADE")
            house.sql(f"CREATE VIEW published.{name} AS TABLE stand_in.{name}")
            house.sql(f"GRANT SELECT ON published.{name} TO daybreak_freeze")
        yield house
