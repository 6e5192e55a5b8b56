"""Takes a patient to any point of a session by calling the rooms' own actions."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.consent.public import asked_by, sign, text_of
from daybreak.identity.public import person
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import library, record_answers, record_no_known_allergies
from daybreak.rulebook.public import STAGES, NoDose, Protocol
from daybreak.screen.public import decide, record_finding, record_past_treatment, refer
from daybreak.treat import public as treat
from daybreak.treat.queries.dosing import amounts_offered
from tests.world.people import TODAY, World

PROTOCOL = "ketamine_iv_40min"
CHAIR = "chair 1"
BASELINE = {
    "systolic_pressure": (Decimal(124), "mm[Hg]"),
    "diastolic_pressure": (Decimal(78), "mm[Hg]"),
    "heart_rate": (Decimal(72), "/min"),
    "oxygen_saturation": (Decimal(98), "%"),
    "sedation": (Decimal(5), "{score}"),
}
ALL_CONFIRMED = dict.fromkeys(treat.TIME_OUT_ITEMS, True)


@dataclass
class Stage:
    """A session and the clock of its test; each method takes the next step a minute later."""

    world: World
    patient: UUID
    session: UUID
    now: datetime
    site: str = "dawn"
    chair: str = CHAIR

    def scope(self, role: str = "nurse") -> Scope:
        """Return the scope of a member of the team."""
        return self.world.scope(role, self.site, "a session")

    def at(self, minutes: float = 1) -> datetime:
        """Move the clock on and return it."""
        self.now += timedelta(minutes=minutes)
        return self.now

    def look(self) -> treat.SessionNow:
        """Return the session as it stands."""
        with scoped(self.scope()) as scope:
            found = treat.session_now(scope, self.session)
        assert found is not None
        return found

    def check_in(self) -> "Stage":
        with scoped(self.scope()) as scope:
            treat.check_in(scope, key=new_key(), session=self.session, at=self.at())
        return self

    def weigh(self, weight: Decimal = Decimal(70), unit: str = "kg") -> "Stage":
        with scoped(self.scope()) as scope:
            treat.weigh(
                scope,
                key=new_key(),
                session=self.session,
                weight=weight,
                unit=unit,
                concentration_mg_per_ml=Decimal(1),
                at=self.at(),
                height_cm=Decimal(172),
            )
        return self

    def choose(self, chosen: Decimal | None = None, **hand: object) -> "Stage":
        """Choose a fixed dose; a clinician has ordered it, where the protocol offers it."""
        with scoped(self.scope("clinician")) as scope:
            if chosen in _offered(scope, self.session, self.now):
                order(scope, self.session, self.at(0), str(chosen))
        return self._do(treat.choose_dose, chosen=chosen, **hand)

    def _do(self, action: object, **more: object) -> "Stage":
        self.step(action, **more)
        return self

    def read(self, at: datetime | None = None, **values: object) -> list[treat.Outcome]:
        """Type readings in: those named (`systolic_pressure=185`), or a usual one of each sign."""
        chosen = values or {sign: value for sign, (value, _) in BASELINE.items()}
        moment = at or self.at(0)
        new = [
            treat.NewReading(new_key(), sign, Decimal(str(value)), BASELINE[sign][1], moment, self.session)
            for sign, value in chosen.items()
        ]
        with scoped(self.scope()) as scope:
            return treat.record_readings(scope, new, at=moment)

    def gathered(self, *team: tuple[str, str]) -> "Stage":
        """Name the team (role at the site, role in the session), and confirm every piece of equipment."""
        for role, part in team or (("clinician", "physician_in_charge"), ("nurse", "nurse")):
            account = self.world.staff[self.site, role].key
            self.step(treat.name_member, account=account, role=part, minutes=0)
        items = [item.id for item in self.look().protocol.equipment]
        if items:
            self.step(treat.confirm_equipment, items=items, minutes=0)
        return self

    def ready(self, **answers: object) -> "Stage":
        asked = treat.questions(self.look().protocol, "before_each_dose")
        given = {
            q.id: True if q.kind == "yes_no" else _good_answer(self.look().protocol, q.id) for q in asked
        } | answers
        with scoped(self.scope()) as scope:
            treat.note_readiness(scope, key=new_key(), session=self.session, answers=given, at=self.at())
        return self

    def time_out(self, *roles: str) -> "Stage":
        for role in roles or ("nurse", "clinician"):
            order = self.look().order
            with scoped(self.scope(role)) as scope:
                treat.sign_time_out(
                    scope,
                    key=new_key(),
                    session=self.session,
                    items=dict.fromkeys(treat.time_out_items(self.look().manner), True),
                    order=order.key,
                    at=self.at(),
                )
        return self

    def prepared(self) -> "Stage":
        self.check_in().weigh().gathered().read()
        self.hear()
        return self.ready().time_out()

    def hear(self) -> "Stage":
        """A person hears the alarms' sound at the chair."""
        with scoped(self.scope()) as scope:
            treat.confirm_sound(scope, key=new_key(), session=self.session, at=self.at(0))
        return self

    def started(self) -> "Stage":
        self.prepared()
        with scoped(self.scope("clinician")) as scope:
            treat.start(scope, key=new_key(), session=self.session, at=self.at())
        return self

    def step(self, action: object, by: str = "nurse", /, minutes: float = 1, **more: object) -> object:
        """Take a step of the run, as the holder of a role at the site."""
        with scoped(self.scope(by)) as scope:
            return action(scope, key=new_key(), session=self.session, at=self.at(minutes), **more)


def _good_answer(protocol: Protocol, question: str) -> bool | str | None:
    """Return an answer that meets the first criterion that asks the question."""
    gates = [g for stage in STAGES for each in protocol.criteria(stage) for g in each.gates if g.ask == question]
    return next((g.is_ if g.is_ is not None else g.one_of[0] for g in gates if g.is_ is not None or g.one_of), None)


def accepted_patient(
    world: World, site: str = "dawn", *, family: str = "Sommer", accept: bool = True, protocol: str = PROTOCOL
) -> UUID:
    """Return a patient who is scored, answered for, accepted, and has consented to the treatment."""
    moment, patient = world.now - timedelta(hours=6), world.patient(site, family=family)
    with scoped(world.scope("clinician", site)) as scope:
        _history(scope, patient, moment, protocol)
        if accept:
            decide(scope, key=new_key(), patient=patient, decision="accept", reason="As discussed.", at=moment)
            consent_to_treatment(scope, patient, moment, protocol)
    return patient


def _history(scope: Scope, patient: UUID, moment: datetime, protocol: str) -> None:
    items = {item.id: 2 for item in library().instrument("phq9").items}
    record_answers(
        scope,
        key=new_key(),
        patient=patient,
        instrument="phq9",
        answers=items,
        answered_at=moment,
        by="patient",
    )
    record_no_known_allergies(scope, key=new_key(), patient=patient, noted_at=moment)
    refer(scope, key=new_key(), patient=patient, protocol=protocol, reason="Two treatments failed.", at=moment)
    for drug in ("sertraline", "venlafaxine"):
        record_past_treatment(
            scope, key=new_key(), patient=patient, drug=drug, drug_code="", dose=Decimal(100), weeks=Decimal(8),
            adequate=True, outcome="no response", noted_at=moment,
        )  # fmt: skip
    for criterion in library().protocol(protocol).screening:
        for gate in criterion.gates:
            answer = gate.is_ if gate.is_ is not None else gate.one_of[0] if gate.one_of else None
            if answer is not None and gate.ask != "allergies_known":
                record_finding(scope, key=new_key(), patient=patient, question=gate.ask, value=answer, noted_at=moment)


def consent_to_treatment(scope: Scope, patient: UUID, moment: datetime, protocol: str = PROTOCOL) -> None:
    """Sign the consent to the treatment as the patient and as the clinician."""
    kind = asked_by(library().protocol(protocol))
    right = {check.id: check.right for check in text_of(kind).checks}
    own = person(scope, patient, at=moment).full_name
    for signer, minutes in (("patient", 0), ("clinician", 1)):
        sign(
            scope, key=new_key(), patient=patient, consent=kind, name=own, signer=signer, shown_seconds=90,
            understood=right, at=moment + timedelta(minutes=minutes),
        )  # fmt: skip


def planned(
    world: World,
    site: str = "dawn",
    *,
    patient: UUID | None = None,
    chair: str = CHAIR,
    hours_ago: float = 5,
    protocol: str = PROTOCOL,
) -> Stage:
    """Plan the first session of a course; the clock stands `hours_ago` before now."""
    person = patient or accepted_patient(world, site, protocol=protocol)
    moment = world.now - timedelta(hours=hours_ago)
    for role in ("nurse", "clinician"):
        for kind in ("course", "acls", "schedule_iii"):
            world.credential(role, kind, site=site)
    set_up(world, site, chair=chair)
    with scoped(world.scope("clinician", site)) as scope:
        course = treat.open_course(scope, key=new_key(), patient=person, protocol=protocol, at=moment)
        session = treat.plan_session(
            scope, key=new_key(), course=course.key, planned_for=moment, chair=chair, at=moment
        )
        for amount in _offered(scope, session.key, moment)[:1]:
            order(scope, session.key, moment, str(amount))
    return Stage(world, person, session.key, moment, site, chair)


def _offered(scope: Scope, session: UUID, moment: datetime) -> tuple[Decimal, ...]:
    """Return what the protocol offers for a session; nothing where that is not known yet."""
    now = treat.session_now(scope, session)
    try:
        return amounts_offered(scope, now, at=moment).amounts if now else ()
    except NoDose:
        return ()


def order(scope: Scope, session: UUID, moment: datetime, amount: str = "0.5", **more: object) -> UUID:
    """Sign an order for a session; return its key."""
    signed = treat.sign_order(
        scope, key=new_key(), session=session, amount=Decimal(amount), valid_until=moment + timedelta(days=2),
        at=moment, **more,
    )  # fmt: skip
    return signed.key


def set_up(world: World, site: str = "dawn", *, chair: str = CHAIR, minutes: int = 30) -> UUID:
    """Set up a chair, where the site has none of that name yet; return its key."""
    with scoped(world.scope("site lead", site)) as scope:
        found = treat.chair_named(scope, chair) or treat.set_up_chair(
            scope,
            key=new_key(),
            name=chair,
            treatment_room="Room 1",
            set_up_minutes=minutes,
            at=world.now - timedelta(days=30),
        )
        return found.chair_key


def turn_alarms_on(world: World, site: str = "dawn") -> None:
    """Record the site's own assessment."""
    with scoped(world.scope("site lead", site)) as scope:
        treat.record_assessment(
            scope,
            key=new_key(),
            conclusion="alarms on",
            reference="Assessment 7, for the tests",
            decided_on=TODAY - timedelta(days=10),
            review_on=TODAY + timedelta(days=355),
            at=world.now,
        )
