"""Medicines of a session: what was given, what is known by name, and what the order still asks for."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.measure.public import library
from daybreak.rulebook.public import Code
from daybreak.treat.models import MedicineGiven
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.medicines import OXYGEN, Flowing, Planned, due_at, in_a_day, oxygen_spans

LIST = "session_medicines"
# Names that another list knows become its word, so that what was written by hand is found as data.
KNOWN_BY = (LIST, "effect_dampening", "blood_pressure_raising", "opioids")


@dataclass(frozen=True, slots=True)
class MedicineEntry:
    """A medicine with its name opened, and the key of the row that stands."""

    row: MedicineGiven
    name: str


@dataclass(frozen=True, slots=True)
class PlannedNow:
    """A medicine of the order at one moment: when it is due next, and how much was given in the last 24 hours."""

    plan: Planned
    due_at: datetime | None
    in_a_day: Decimal


def choices() -> list[Code]:
    """Return the medicines of the list, each once, in its order."""
    held = library().codelist(LIST)
    return [held.codes_for(word)[0] for word in held.words]


def names_known() -> dict[str, str]:
    """Return the names of medicines, in small letters, with the word of each."""
    found: dict[str, str] = {}
    for name in reversed(KNOWN_BY):
        held = library().codelist(name)
        own = {code.display.casefold(): code.means if name == LIST else _word(code.display) for code in held.codes}
        found |= own
    return found


def words_known(now: SessionNow) -> list[str]:
    """Return every word under which a medicine of this session can be kept."""
    own = {code.means for code in choices()}
    return sorted(own | set(names_known().values()) | {plan.drug for plan in planned_with(now)})


def _word(display: str) -> str:
    return "_".join(display.casefold().split())[:40]


def medicine(scope: Scope, key: UUID) -> MedicineGiven | None:
    """Return one row as it was told, or nothing."""
    return MedicineGiven.objects.filter(site=scope.site, key=key).first()


def medicine_entry(scope: Scope, key: UUID) -> MedicineEntry | None:
    """Return one row with its name, or nothing."""
    row = medicine(scope, key)
    return MedicineEntry(row, _name(scope, row)) if row else None


def medicines_of(scope: Scope, session: UUID) -> list[MedicineEntry]:
    """Return what was given or taken in a session, oldest first; what was never given is not among it."""
    found = rows(Read(MedicineGiven, {"site": scope.site, "session_key": session, "mark": ""}, by=("given_at", "key")))
    return [MedicineEntry(row, _name(scope, row)) for row in found]


def oxygen_of(entries: list[MedicineEntry], *, until: datetime | None = None) -> list[Flowing]:
    """Return the spans of oxygen among the medicines of a session."""
    told = [(e.row.given_at, e.row.flow, e.row.device) for e in entries if e.row.medicine == OXYGEN]
    return oxygen_spans([(at, flow, device) for at, flow, device in told if flow is not None], until=until)


def planned_with(now: SessionNow) -> list[Planned]:
    """Return the medicines that the order carries beside its own drug."""
    return [Planned.of(line) for line in now.order.co_medication] if now.order else []


def planned_now(now: SessionNow, entries: list[MedicineEntry], *, at: datetime) -> list[PlannedNow]:
    """Return each of them with when it is due next; nothing is due before the start of the dose or after its end."""
    found = []
    for plan in planned_with(now):
        own = [each.row for each in entries if each.row.medicine == plan.drug]
        amounts = [(row.given_at, row.dose) for row in own if row.dose is not None and row.unit == plan.unit]
        start = now.started_at if now.ended_at is None else None
        due = due_at(plan, started_at=start, given_at=[row.given_at for row in own]) if start else None
        found.append(PlannedNow(plan, due, in_a_day(amounts, at=at)))
    return found


def _name(scope: Scope, row: MedicineGiven) -> str:
    if row.name:
        return open_text(scope, row.patient_key, bytes(row.name))
    held = library().codelist(LIST).codes_for(row.medicine)
    return held[0].display if held else row.medicine.replace("_", " ")
