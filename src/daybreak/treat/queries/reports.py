"""Reports that sessions owe, what the record says for each of their fields, and what was sent."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.identity.public import open_text, person
from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.ledger.public import standing
from daybreak.measure.public import library
from daybreak.people.public import names_of_staff, site_named
from daybreak.rulebook.public import Report, is_owed, report_due
from daybreak.treat.models import Course, Reading, ReportSent, SessionStep
from daybreak.treat.queries.answers import facts_before_dose, facts_before_leaving
from daybreak.treat.queries.events import adverse_events
from daybreak.treat.queries.readings import baseline_of, readings_of
from daybreak.treat.queries.sessions import SessionNow, session_now, sessions_of
from daybreak.treat.queries.stock import lots, movements_of
from daybreak.treat.queries.team import in_charge
from daybreak.treat.rules.reports import Spell, Standing, minutes, nearest, spell, standing_of
from daybreak.treat.rules.steps import Step

Value = str | int | bool | None
MODERATE_MINUTE = timedelta(minutes=40)
SERIOUS_WORDS = {
    "hospital_stay": "hospital stay", "lasting_disability": "disability", "life_threatening": "threat to life",
    "death": "death",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Owed:
    """A report of a session, by when it is owed, and what was sent."""

    now: SessionNow
    report: Report
    due_at: datetime
    sent: ReportSent | None

    def standing(self, at: datetime) -> Standing:
        """Return where it stands at a moment."""
        return standing_of(due_at=self.due_at, is_sent=self.sent is not None, at=at)


def reports_of(scope: Scope, now: SessionNow, *, at: datetime) -> list[Owed]:
    """Return the reports that a session owes; none before its start."""
    if now.started_at is None or not now.protocol.reports:
        return []
    facts = facts_before_dose(scope, now, at=at)
    sent = {row.report: row for row in standing(ReportSent).filter(site=scope.site, session_key=now.session.key)}
    return [
        Owed(now, report, due_at, sent.get(report.id))
        for report in now.protocol.reports
        if (due_at := report_due(report, now.started_at)) is not None
        and (report.id in sent or is_owed(now.protocol, report, facts, at=at) is not Truth.NOT_MET)
    ]


def reports_of_site(scope: Scope, *, at: datetime, unsent: bool = False) -> list[Owed]:
    """Return every report that the site's sessions owe, what is due soonest first and what was sent last.

    With `unsent`, only those of sessions of which not every form was sent: it does not grow with the years.
    """
    held = library()
    asked = {
        row.key: {report.id for report in held.protocol(row.protocol, row.protocol_version).reports}
        for row in standing(Course).filter(site=scope.site)
    }
    begun = SessionStep.objects.filter(
        site=scope.site, step=Step.STARTED, session__course_key__in=[key for key, forms in asked.items() if forms]
    )
    courses = dict(begun.values_list("session_key", "session__course_key"))
    rows = standing(ReportSent).filter(site=scope.site, session_key__in=courses)
    sent = set(rows.values_list("session_key", "report")) if unsent else set()
    keys = sorted(key for key, course in courses.items() if any((key, form) not in sent for form in asked[course]))
    found = [owed for key in keys if (now := session_now(scope, key)) for owed in reports_of(scope, now, at=at)]
    return sorted(found, key=lambda each: (each.sent is not None, each.due_at, each.now.session.key))


def sent_values(scope: Scope, sent: ReportSent) -> dict[str, Value]:
    """Return every value of a report as it was sent."""
    told = json.loads(open_text(scope, sent.patient_key, bytes(sent.content)) or "{}")
    return dict(told)


def values_of(scope: Scope, now: SessionNow, report: Report, *, at: datetime) -> dict[str, Value]:
    """Return what the record says for each field of a report; None where it says nothing: absent is not false."""
    known = _known(scope, now, at)
    facts = {**facts_before_dose(scope, now, at=at), **facts_before_leaving(scope, now, at=at)}
    found: dict[str, Value] = {}
    for field in report.fields:
        value = known.get(field.id)
        fact = facts.get(field.fact) if field.fact else None
        if value is None and fact is not None and isinstance(fact.value, bool | str):
            value = fact.value
        found[field.id] = value
    return found


def _known(scope: Scope, now: SessionNow, at: datetime) -> dict[str, Value]:
    start, site = now.started_at, site_named(scope.site)
    if start is None:
        return {}
    zone = ZoneInfo(site.time_zone)
    left, read = now.moment_of(Step.DISCHARGED), _by_sign(scope, now)
    who = person(scope, now.session.patient_key, at=at)
    earlier = [s for s in sessions_of(scope, now.session.patient_key) if s.started_at and s.started_at < start]
    before = {sign: row.value for sign, row in baseline_of(scope, now).items()}
    charge = in_charge(now)
    return {
        "patient_name": who.full_name,
        "birth_date": who.birth_date.isoformat() if who.birth_date else None,
        "first_treatment": False if any(s.protocol == now.course.protocol for s in earlier) else None,
        "monitoring_clinician": names_of_staff({charge}).get(charge) if charge else None,
        "setting_name": site.name,
        "treatment_date": start.astimezone(zone).date().isoformat(),
        "dose_given": _dose(now, left or at),
        "lot_number": _lot_numbers(scope, now),
        "minutes_monitored": minutes(start, left) if left else None,
        "pressure_before": _pressure(before.get("systolic_pressure"), before.get("diastolic_pressure")),
        "pressure_40": _pressure_at(start, *(nearest(read.get(s, []), start + MODERATE_MINUTE) for s in _PRESSURES)),
        "pressure_end": _pressure_at(start, *(values[-1] if (values := read.get(s)) else None for s in _PRESSURES)),
        "oximetry": True if read.get("oxygen_saturation") else None,
        **_spell("sedation", spell(read.get("sedation", []), usual=_awake(), since=start)),
        **_spell("dissociation", spell(read.get("dissociation", []), usual=Decimal(0), since=start)),
        **_serious(scope, now),
    }


_PRESSURES = ("systolic_pressure", "diastolic_pressure")


def _by_sign(scope: Scope, now: SessionNow) -> dict[str, list[tuple[datetime, Decimal]]]:
    found: dict[str, list[tuple[datetime, Decimal]]] = {}
    row: Reading
    for row in readings_of(scope, now.session.key):
        if now.started_at and row.measured_at >= now.started_at:
            found.setdefault(row.sign, []).append((row.measured_at, row.value))
    return found


def _awake() -> Decimal:
    """The level of the sedation score at which a patient is awake: its highest."""
    score = library().instrument("moaas")
    return Decimal(max(score.values_of(score.items[0].id)))


def _dose(now: SessionNow, at: datetime) -> str | None:
    given = now.given_at(at)
    if given is None:
        return None
    words = f"{given.dose_mg.normalize():f} mg"
    return words if words in ("56 mg", "84 mg") else f"other: {words}"


def _lot_numbers(scope: Scope, now: SessionNow) -> str | None:
    drawn = {row.lot_key for row in movements_of(scope, now.session.key)}
    return ", ".join(lot.number for lot in lots(scope) if lot.key in drawn) or None


def _pressure(high: Decimal | None, low: Decimal | None) -> str | None:
    return None if high is None or low is None else f"{high.normalize():f}/{low.normalize():f} mmHg"


_Read = tuple[datetime, Decimal] | None


def _pressure_at(start: datetime, high: _Read, low: _Read) -> str | None:
    """A pressure with its minute: the last one may have been read long before the end."""
    if high is None or low is None:
        return None
    return f"{_pressure(high[1], low[1])}, at {minutes(start, high[0])} min"


def _spell(name: str, found: Spell) -> dict[str, Value]:
    return {name: found.there, f"{name}_onset": found.began, f"{name}_end": found.gone}


def _serious(scope: Scope, now: SessionNow) -> dict[str, Value]:
    """A serious event that was recorded in the session. That none was recorded is not answered for anybody."""
    found = [e for e in adverse_events(scope, now.session.patient_key, session=now.session.key) if e.serious]
    if not found:
        return {}
    kinds = dict.fromkeys(SERIOUS_WORDS.get(criterion, "other") for event in found for criterion in event.criteria)
    story = "; ".join(f"{e.term.replace('_', ' ')}, grade {e.grade}. {e.note}".strip() for e in found)
    return {"serious_event": True, "serious_kind": ", ".join(kinds) or None, "serious_story": story}


def owed_of(scope: Scope, session: UUID, report: str, *, at: datetime) -> Owed | None:
    """Return one report of a session, or nothing."""
    now = session_now(scope, session)
    found = reports_of(scope, now, at=at) if now else []
    return next((each for each in found if each.report.id == report), None)
