"""May it start, may they leave: gather the facts from every lower room and let the rules answer."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.consent.public import ConsentState, asked_by, consents_of
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import Scope
from daybreak.people.public import credentials, site_named, standing_for
from daybreak.rulebook.public import (
    SESSIONS,
    Fact,
    FactDefinition,
    Protocol,
    Stage,
    Verdict,
    day_of_course,
    evaluate,
    items_missing,
)
from daybreak.screen.public import Acceptance, acceptance, facts_of
from daybreak.treat.models import SessionStep
from daybreak.treat.queries.alarms import alarms_are_on, alarms_of
from daybreak.treat.queries.emergency import emergency_is_open
from daybreak.treat.queries.holds import holds_on
from daybreak.treat.queries.order import order_of
from daybreak.treat.queries.readings import last_readings
from daybreak.treat.queries.reviews import undecided
from daybreak.treat.queries.sessions import SessionNow, is_chair_taken, starts_of
from daybreak.treat.queries.team import CREDENTIAL_WORDS, equipment_confirmed, in_charge, readiness
from daybreak.treat.rules.blockers import OBSERVATION, May, Signed, standing_signatures
from daybreak.treat.rules.leaving import LeavingFacts, asks_minutes, may_leave, observed_minutes
from daybreak.treat.rules.order import Prepared, in_the_way
from daybreak.treat.rules.reviews import course_in_the_way
from daybreak.treat.rules.start import StartFacts, may_start
from daybreak.treat.rules.steps import Step
from daybreak.treat.rules.team import equipment_blockers, team_blockers


def today(scope: Scope, at: datetime) -> date:
    """Return the day of the site's calendar."""
    return day_of(at, zone_of(scope))


def zone_of(scope: Scope) -> str:
    """Return the site's time zone."""
    place = site_named(scope.site)
    return place.time_zone if place else "UTC"


def starting(scope: Scope, now: SessionNow, *, at: datetime) -> May:
    """Return whether the scope's actor may start the infusion at `at`, and what is in the way."""
    agreed = _agreed(scope, now, at)
    facts = _before_dose(scope, now, agreed, at)
    verdict = evaluate(now.protocol, "before_each_dose", facts, at=_here(scope, at))
    going_on = _going_on(scope, now, facts, at)
    there = readiness(scope, now, on=today(scope, at))
    return may_start(
        StartFacts(
            state=now.state,
            verdict=verdict,
            standing_missing=_missing(scope, "start an infusion", at),
            consent=agreed.consent.current if agreed.consent else None,
            accepted=agreed.screened.accepted,
            turned=tuple(answer.question for answer in agreed.screened.turned),
            has_order=now.order is not None,
            signers=frozenset(check.signed_by for check in now.time_out or now.pending_time_out),
            starter=scope.actor,
            chair_taken=is_chair_taken(scope, now),
            signed_for=_signed_for(now, "before_each_dose", verdict),
            team=team_blockers(there),
            equipment=equipment_blockers(there),
            in_charge=in_charge(now) is not None,
            going_on=going_on,
            signed_for_going_on=_signed_for(now, "before_going_on", going_on) if going_on else {},
            order_in_the_way=(
                *in_the_way(order_of(scope, now.session.key), _prepared(now), at=at),
                *course_in_the_way(undecided(scope, now.course.key, now.session.key)),
            ),
            sound_heard=_sound_heard(scope, now, at),
            holds=tuple(holds_on(scope, now.protocol)),
        )
    )


def _going_on(scope: Scope, now: SessionNow, facts: Mapping[str, Fact], at: datetime) -> Verdict | None:
    """Whether the course should go on: asked from the second session on, where the protocol asks it."""
    if not now.protocol.before_going_on or not starts_of(scope, now.session.course_key, but=now.session.key):
        return None
    return evaluate(now.protocol, "before_going_on", facts, at=_here(scope, at))


def _prepared(now: SessionNow) -> Prepared | None:
    return Prepared(now.order.signed_key, now.order.weight_used) if now.order else None


def _sound_heard(scope: Scope, now: SessionNow, at: datetime) -> bool | None:
    """Whether a person of the team has heard the alarms' sound for this session; None where alarms are off."""
    if not alarms_are_on(scope, today(scope, at)):
        return None
    return any(check.kind == "sound" for check in now.checks)


def leaving(scope: Scope, now: SessionNow, *, at: datetime) -> May:
    """Return whether the scope's actor may let the patient go home at `at`, and what is in the way."""
    verdict = evaluate(now.protocol, "before_leaving", facts_before_leaving(scope, now, at=at), at=_here(scope, at))
    return may_leave(
        LeavingFacts(
            state=now.state,
            verdict=verdict,
            observed_minutes=observed_minutes(since=now.observed_from, at=at),
            minimum_minutes=now.protocol.after.minimum_observation_minutes,
            protocol_asks_minutes=asks_minutes(now.protocol),
            standing_missing=_missing(scope, "discharge", at),
            emergency_open=emergency_is_open(scope, now.session.key),
            open_alarms=sum(each.is_open for each in alarms_of(scope, now.session.key)),
            signed_for=_signed_for(now, "before_leaving", verdict),
        )
    )


def verdict_of(scope: Scope, now: SessionNow, stage: str, *, at: datetime) -> Verdict:
    """Return the protocol's own verdict of a stage of this session."""
    if stage == "before_leaving":
        return evaluate(now.protocol, "before_leaving", facts_before_leaving(scope, now, at=at), at=_here(scope, at))
    return evaluate(now.protocol, "before_each_dose", facts_before_dose(scope, now, at=at), at=_here(scope, at))


def facts_before_dose(scope: Scope, now: SessionNow, *, at: datetime) -> dict[str, Fact]:
    """Return what is known: the patient's standing facts, under those of this session."""
    return _before_dose(scope, now, _agreed(scope, now, at), at)


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What was decided and consented to before the session; read once, asked for twice."""

    screened: Acceptance
    consents: Mapping[str, ConsentState]
    asked: str

    @property
    def consent(self) -> ConsentState | None:
        """The consent that the protocol asks for; nothing where there is no such kind."""
        return self.consents.get(self.asked)


def _agreed(scope: Scope, now: SessionNow, at: datetime) -> _Agreed:
    consents = consents_of(scope, now.session.patient_key, at=at)
    screened = acceptance(scope, patient=now.session.patient_key, protocol=now.course.protocol, at=at)
    return _Agreed(screened, consents, asked_by(now.protocol))


def _before_dose(scope: Scope, now: SessionNow, agreed: _Agreed, at: datetime) -> dict[str, Fact]:
    facts = _standing_facts(scope, now, at)
    for name in _own_facts(now.protocol, "before_each_dose"):
        facts.pop(name, None)
    facts |= _reading_facts(scope, now) | _answers(now.steps, Step.READY)
    if now.order and now.order.weight_kg is not None:
        facts["weight"] = Fact(now.order.weight_kg, "kg", now.order.ordered_at, "weighed for this session")
    if len({check.signed_by for check in now.time_out}) > 1:
        signed_at = min(check.signed_at for check in now.time_out)
        facts["time_out_done"] = Fact(True, at=signed_at, source="time-out of this session")
    if in_charge(now) is not None:
        facts["credentials_on_duty"] = _on_duty(scope, now, at)
    if now.protocol.equipment:
        facts.pop("equipment_checked", None)
        facts |= _equipment(now)
    if SESSIONS in now.protocol.facts_by_name:
        facts[SESSIONS] = _sessions_given(scope, now)
    if agreed.screened.accepted is not None:
        facts["screening_decided"] = Fact(agreed.screened.accepted, source="decision of screening")
    if agreed.consent and agreed.consent.current is not None:
        facts["consents_in_force"] = _in_force(agreed.consents.values())
    return facts


def facts_before_leaving(scope: Scope, now: SessionNow, *, at: datetime) -> dict[str, Fact]:
    """Return what is known for leaving: the last checks, the readings, and the minutes observed."""
    facts = _reading_facts(scope, now)
    for check in now.checks:
        if check.kind == "leaving":
            facts |= {
                n: Fact(_plain(v), at=check.signed_at, source="checks before leaving") for n, v in check.items.items()
            }
    minutes = observed_minutes(since=now.observed_from, at=at)
    if minutes is not None:
        # Dated by what it counts from: dated now, it would end every signature given in spite of it.
        facts[OBSERVATION] = Fact(minutes, "min", now.observed_from, f"{now.protocol.after.counted_from} of the dose")
    return facts


def questions(protocol: Protocol, stage: str, *, on_day: int | None = None) -> list[FactDefinition]:
    """Return what the team is asked at a stage, or on a day of the course; the time-out and the equipment have forms of
    their own. From the second day on, what the protocol asks about going on is asked before the dose too.
    """
    here: Stage = "before_leaving" if stage == "before_leaving" else "before_each_dose"
    asked = list(protocol.facts_of(here, on_day=on_day))
    if here == "before_each_dose" and (on_day is None or on_day > 1):
        asked += [fact for fact in protocol.facts_of("before_going_on", on_day=on_day) if fact not in asked]
    elsewhere = {"time_out_done", *(("equipment_checked",) if protocol.equipment else ())}
    return [fact for fact in asked if fact.how == "asked" and fact.id not in elsewhere]


def _equipment(now: SessionNow) -> dict[str, Fact]:
    """That every piece was confirmed, dated by the last; nothing while one is open."""
    seen = equipment_confirmed(now)
    if items_missing(now.protocol.equipment, list(seen)):
        return {}
    last = max(each.at for each in seen.values())
    return {"equipment_checked": Fact(True, at=last, source="equipment of this session")}


def _standing_facts(scope: Scope, now: SessionNow, at: datetime) -> dict[str, Fact]:
    course = now.course
    return facts_of(scope, patient=course.patient_key, protocol=course.protocol, version=course.protocol_version, at=at)


def _own_facts(protocol: Protocol, stage: str) -> set[str]:
    """The facts that only this session can answer: an answer from another day is no answer."""
    measured = {sign.sign for sign in (*protocol.during.signs, *protocol.after.signs)}
    return {fact.id for fact in questions(protocol, stage)} | measured | {"weight", "time_out_done"}


def _reading_facts(scope: Scope, now: SessionNow) -> dict[str, Fact]:
    return {
        reading.sign: Fact(reading.value, reading.unit, reading.measured_at, "reading of this session")
        for reading in last_readings(scope, now.session.key)
    }


def _answers(steps: list[SessionStep], step: Step) -> dict[str, Fact]:
    last = next((s for s in reversed(steps) if s.step == step), None)
    if last is None:
        return {}
    return {
        name: Fact(_plain(value), at=last.done_at, source="asked today")
        for name, value in last.values.get("answers", {}).items()
        if value is not None
    }


def _plain(value: object) -> bool | str:
    return value if isinstance(value, bool) else str(value)


def _missing(scope: Scope, role: str, at: datetime) -> tuple[str, ...]:
    if scope.actor is None:
        return ("nobody is signed in",)
    return standing_for(scope, account=scope.actor, role=role, on=today(scope, at)).missing


# What follows is dated by what it counts from: dated now, it would end every signature given in spite of it.


def _on_duty(scope: Scope, now: SessionNow, at: datetime) -> Fact:
    """The certificates of the physician in charge that are valid today, dated by the day on which one last began or
    ended.
    """
    on, zone = today(scope, at), _zone(scope)
    held = credentials(scope, account=in_charge(now))
    current = {c.kind for c in held if c.issued_on <= on and (c.expires_on is None or on < c.expires_on)}
    changed = [day for c in held for day in (c.issued_on, c.expires_on) if day and day <= on]
    words = tuple(sorted(CREDENTIAL_WORDS.get(kind, kind) for kind in current))
    since = datetime.combine(max(changed), time(), zone) if changed else None
    return Fact(words, at=since, source="credentials at this site")


def _sessions_given(scope: Scope, now: SessionNow) -> Fact:
    """The starts of the course's other sessions, in the site's time, dated by the last of them."""
    starts = starts_of(scope, now.session.course_key, but=now.session.key)
    moments = tuple(each.astimezone(_zone(scope)).isoformat() for each in starts)
    return Fact(moments, at=max(starts, default=None), source="sessions of this course")


def course_day(scope: Scope, now: SessionNow, at: datetime) -> int:
    """Return which day of the course it is, by the site's calendar; the first session is on day 1."""
    return day_of_course(_sessions_given(scope, now), _here(scope, at))


def _in_force(consents: Iterable[ConsentState]) -> Fact:
    """The consents in force, dated by the last thing that anybody did about one."""
    known = list(consents)
    done = [moment for each in known for moment in (each.answered_at, each.granted_at, each.withdrawn_at) if moment]
    signed = tuple(sorted(each.definition for each in known if each.current))
    return Fact(signed, at=max(done, default=None), source="signatures")


def _here(scope: Scope, at: datetime) -> datetime:
    """Return the moment as the site's clock shows it: days of a course are calendar days of the place."""
    return at.astimezone(_zone(scope))


def _zone(scope: Scope) -> ZoneInfo:
    place = site_named(scope.site)
    return ZoneInfo(place.time_zone if place else "UTC")


def _signed_for(now: SessionNow, stage: str, verdict: Verdict) -> Mapping[str, frozenset[UUID]]:
    signed = [
        Signed(each.criterion, each.truth, each.signed_by, each.signed_at)
        for each in now.overrides
        if each.stage == stage and each.fingerprint == verdict.fingerprint
    ]
    return standing_signatures(verdict, signed)
