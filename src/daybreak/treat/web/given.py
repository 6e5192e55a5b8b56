"""What the pages of a session show of medicines: what was given, what is due by the order, what one touch adds."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.design.public import clock
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.people.public import names_of_staff, staff
from daybreak.rulebook.public import Due
from daybreak.treat.queries.medicines import MedicineEntry, PlannedNow, medicines_of, oxygen_of, planned_now
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.medicines import FLOW_UNIT, GIVEN, OXYGEN, PLANNED, TAKEN
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.frame import zone_of
from daybreak.treat.web.medicine_forms import GiveMedicine, medicine_words, reason_words
from daybreak.treat.web.presenters import plain

# So many whole litres a minute can be set with one touch where none flow yet.
_FIRST_FLOWS = range(1, 7)
_AGAIN = 3


@dataclass(frozen=True, slots=True)
class OneTouch:
    """A medicine that one touch records: its words, what is said about its time, and the fields of its form."""

    words: str
    about: str
    fields: dict[str, str]
    late: bool = False


@dataclass(frozen=True, slots=True)
class MedicineLine:
    """One medicine as the pages show it."""

    key: UUID
    when: str
    words: str
    why: str
    who: str
    at: float


def medicines_shown(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what the pages of a session show of its medicines, and the forms to add to them."""
    zone, entries = zone_of(scope), medicines_of(scope, now.session.key)
    flowing = next((each for each in oxygen_of(entries) if each.until is None), None)
    last = flowing.flow if flowing else None
    near = _FIRST_FLOWS if last is None else range(max(1, int(last) - 2), int(last) + 4)
    return {
        "medicines": lines_of(scope, entries, zone=zone),
        "medicine_form": form_for(scope, now),
        "planned": [_planned(each, at=at, zone=zone) for each in planned_now(now, entries, at=at)],
        "again": _again(entries),
        "flows": [flow for flow in near if last is None or flow != last],
        "oxygen": _flow_words(flowing.flow, flowing.device, clock(flowing.since, zone)) if flowing else "",
        "oxygen_device": flowing.device if flowing else "",
        "oxygen_reason": next((e.row.reason for e in reversed(entries) if e.row.medicine == OXYGEN and flowing), ""),
        "flow_unit": FLOW_UNIT,
    }


def medicines_due(now: SessionNow, entries: list[MedicineEntry], *, at: datetime) -> list[Due]:
    """Return what the order gives beside the dose as it falls due, in the form in which signs fall due."""
    return [
        Due(each.plan.drug, each.due_at, each.due_at + timedelta(minutes=each.plan.grace_minutes))
        for each in planned_now(now, entries, at=at)
        if each.due_at
    ]


def form_for(scope: Scope, now: SessionNow, *args: object, **kwargs: object) -> GiveMedicine:
    """Return the form with the site's people, whoever is signed in first."""
    people = sorted({str(m.account.key): m.account.name for m in staff(scope)}.items(), key=lambda each: each[1])
    return GiveMedicine(now, people, *args, **{"initial": {"given_by": scope.actor, "how": GIVEN}, **kwargs})


def lines_of(scope: Scope, entries: list[MedicineEntry], *, zone: str) -> list[MedicineLine]:
    """Return the medicines of a session as its pages show them, oldest first."""
    names = names_of_staff({each.row.given_by for each in entries if each.row.given_by})
    return [
        MedicineLine(
            each.row.key,
            clock(each.row.given_at, zone),
            medicine_words(each),
            reason_words(each.row.reason),
            names.get(each.row.given_by, "–") if each.row.how != TAKEN else _("the patient"),
            each.row.given_at.timestamp(),
        )
        for each in entries
    ]


def _flow_words(flow: object, device: str, since: str) -> str:
    said = {"flow": f"{flow:f}".rstrip("0").rstrip("."), "unit": FLOW_UNIT, "device": in_words(device), "when": since}
    return _("Oxygen %(flow)s %(unit)s, %(device)s, since %(when)s") % said


def _planned(each: PlannedNow, *, at: datetime, zone: str) -> OneTouch:
    plan = each.plan
    unit = written(plan.unit)
    about, late = [], False
    if each.due_at:
        late = at >= each.due_at
        about.append((_("due since %(when)s") if late else _("due at %(when)s")) % {"when": clock(each.due_at, zone)})
    if plan.at_most_each_day is not None:
        said = {"n": plain(each.in_a_day), "most": plain(plan.at_most_each_day), "unit": unit}
        about.append(_("%(n)s of at most %(most)s %(unit)s in 24 hours") % said)
    much = "" if plan.amount is None else f" {plain(plan.amount)} {unit}"
    fields = {
        "medicine": plan.drug, "dose": "" if plan.amount is None else plain(plan.amount), "unit": plan.unit,
        "route": plan.route, "reason": PLANNED, "how": GIVEN,
    }  # fmt: skip
    return OneTouch(f"{in_words(plan.drug).capitalize()}{much}, {plan.route}", "; ".join(about), fields, late)


def _again(entries: list[MedicineEntry]) -> list[OneTouch]:
    """What was given here last, each once, to be given again with one touch."""
    shown: dict[tuple[object, ...], OneTouch] = {}
    for each in reversed(entries):
        row = each.row
        if row.medicine == OXYGEN or row.dose is None or row.how != GIVEN or row.reason == PLANNED:
            continue
        fields = {
            "medicine": "other" if row.name else row.medicine, "name": each.name if row.name else "",
            "dose": plain(row.dose), "unit": row.unit, "route": row.route, "reason": row.reason, "how": GIVEN,
        }  # fmt: skip
        shown.setdefault((each.name, row.dose, row.unit, row.route), OneTouch(medicine_words(each), "", fields))
    return list(shown.values())[:_AGAIN]
