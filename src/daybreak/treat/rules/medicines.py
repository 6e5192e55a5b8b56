"""Medicines in a session beside its own drug: what can be right, how long oxygen flowed, and what is due by the order.

A row of oxygen states the flow from its moment on, until the next one; a flow of zero ends it. Rows therefore merge by
time alone, in whatever order devices tell of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from daybreak.rulebook.public import ROUTES, Fact, FactDefinition, trouble_with
from daybreak.treat.rules.steps import State

OXYGEN, OTHER = "oxygen", "other"
GIVEN, TAKEN = "given", "taken"
HOW = (GIVEN, TAKEN)
UNITS = ("mg", "ug", "g", "mL")
FLOW_UNIT = "L/min"
OXYGEN_DEVICES = ("nasal_cannula", "simple_mask", "reservoir_mask", "venturi_mask", "bag_mask")
PLANNED = "planned"
REASONS_GIVEN = (
    PLANNED,
    "nausea",
    "high_pressure",
    "low_pressure",
    "slow_pulse",
    "low_saturation",
    "agitation",
    "anxiety",
    "pain",
    "allergic_reaction",
    "emergency",
    "usual_medicine",
    "other",
)
OXYGEN_REASONS = ("low_saturation", PLANNED, "emergency", "other")
NEVER_GIVEN = "never_given"
# What was taken before the session belongs to it from the day before on.
DAY = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class NewMedicine:
    """A medicine as it is told: by a word of the code list, or as “other” by its name.

    `how` says whether the team gave it or the patient took it. Oxygen has a flow in L/min and a device instead of a
    dose and a route.
    """

    medicine: str
    name: str = ""
    how: str = GIVEN
    dose: Decimal | None = None
    unit: str = ""
    route: str = ""
    flow: Decimal | None = None
    device: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What is not right about a medicine as it is told: the field, and a sentence."""

    field: str
    why: str


def trouble(new: NewMedicine, *, known: Sequence[str], flow: FactDefinition | None) -> Trouble | None:
    """Return why this cannot be written down; nothing where it can."""
    if new.medicine not in (*known, OTHER):
        return Trouble("medicine", "Choose the medicine, or write its name.")
    if new.medicine == OTHER and not new.name.strip():
        return Trouble("name", "Say which medicine it was.")
    if new.how not in HOW:
        return Trouble("how", "Say whether it was given here or taken by the patient.")
    found = _flow_trouble(new, flow) if new.medicine == OXYGEN else _dose_trouble(new)
    ends = new.medicine == OXYGEN and new.flow == 0
    if found is None and not ends and new.reason not in REASONS_GIVEN:
        return Trouble("reason", "Say why it was given.")
    return found


def _dose_trouble(new: NewMedicine) -> Trouble | None:
    if new.dose is None and new.how == GIVEN:
        return Trouble("dose", "Say how much was given.")
    if new.dose is not None and not (new.dose.is_finite() and 0 < new.dose < 100_000 and round(new.dose, 3) > 0):
        return Trouble("dose", "The amount must be a number above zero.")
    if new.dose is not None and new.unit not in UNITS:
        return Trouble("unit", "Say the unit of the amount.")
    if new.route not in ROUTES:
        return Trouble("route", "Say by which way it was given.")
    return None


def _flow_trouble(new: NewMedicine, definition: FactDefinition | None) -> Trouble | None:
    if new.flow is None:
        return Trouble("flow", "Say how many litres a minute flow.")
    found = trouble_with(definition, Fact(new.flow, FLOW_UNIT)) if definition else None
    if found:
        return Trouble("flow", found)
    if new.flow and new.device not in OXYGEN_DEVICES:
        return Trouble("device", "Say through which device the oxygen flows.")
    return None


def time_trouble(
    at: datetime, *, state: State, checked_in_at: datetime | None, left_at: datetime | None, how: str
) -> str:
    """Return why nothing can have been given then, as a sentence; an empty one where it can."""
    if checked_in_at is None or state is State.CANCELLED:
        return "The patient is not checked in: nothing is given in this session."
    if at < checked_in_at and how == GIVEN:
        return "This is before the patient was checked in. If the patient took it at home, say so."
    if at < checked_in_at - DAY:
        return "This is more than a day before the session: it belongs to the patient's medicines."
    if left_at is not None and at > left_at:
        return "The patient had left by then."
    return ""


def word_for(name: str, names: Mapping[str, str]) -> str:
    """Return the word that a name written by hand stands for, by whole words of it; “other” where none is known.

    `names` maps a name in small letters to its word.
    """
    said = " ".join(name.casefold().split())
    if said in names:
        return names[said]
    found = {names[part] for part in said.replace(",", " ").split() if part in names}
    return found.pop() if len(found) == 1 else OTHER


@dataclass(frozen=True, slots=True)
class Flowing:
    """Oxygen at one flow for a half-open span; without an end it still flows."""

    since: datetime
    until: datetime | None
    flow: Decimal
    device: str


def oxygen_spans(rows: Iterable[tuple[datetime, Decimal, str]], *, until: datetime | None = None) -> list[Flowing]:
    """Return the spans in which oxygen flowed, by rows of (moment, L/min, device) in any order; the last one is open,
    or ends `until`.
    """
    told = sorted(rows, key=lambda row: row[0])
    ends = [*((one, other[0]) for one, other in pairwise(told)), *((row, until) for row in told[-1:])]
    return [Flowing(at, end, flow, device) for (at, flow, device), end in ends if flow]


@dataclass(frozen=True, slots=True)
class Planned:
    """A medicine that goes with the dose, as the order carries it. `amount` None says that the order names none."""

    id: str
    drug: str
    route: str
    text: str
    amount: Decimal | None = None
    unit: str = ""
    first_hours: int | None = None
    every_hours: int | None = None
    grace_minutes: int = 0
    at_most_each_day: Decimal | None = None

    @classmethod
    def of(cls, line: Mapping[str, object]) -> "Planned":
        """Return a line from what is stored."""
        amount, most, first, every = (line.get(n) for n in ("amount", "at_most_each_day", "first_hours", "every_hours"))
        return cls(
            id=str(line["id"]),
            drug=str(line["drug"]),
            route=str(line["route"]),
            text=str(line["text"]),
            amount=None if amount is None else Decimal(str(amount)),
            unit=str(line["unit"]),
            first_hours=None if first is None else int(str(first)),
            every_hours=None if every is None else int(str(every)),
            grace_minutes=int(str(line.get("grace_minutes", 0))),
            at_most_each_day=None if most is None else Decimal(str(most)),
        )

    def stored(self) -> dict[str, object]:
        """Return the line as an order keeps it."""
        return {
            "id": self.id,
            "drug": self.drug,
            "route": self.route,
            "text": self.text,
            "amount": None if self.amount is None else str(self.amount),
            "unit": self.unit,
            "first_hours": self.first_hours,
            "every_hours": self.every_hours,
            "grace_minutes": self.grace_minutes,
            "at_most_each_day": None if self.at_most_each_day is None else str(self.at_most_each_day),
        }


def due_at(plan: Planned, *, started_at: datetime, given_at: Sequence[datetime]) -> datetime | None:
    """Return when the medicine is next due; None where the order names no time, or a single time was kept."""
    if plan.first_hours is None:
        return None
    since = [moment for moment in given_at if moment >= started_at]
    if not since:
        return started_at + timedelta(hours=plan.first_hours)
    return None if plan.every_hours is None else max(since) + timedelta(hours=plan.every_hours)


def in_a_day(given: Iterable[tuple[datetime, Decimal]], *, at: datetime) -> Decimal:
    """Return how much was given in the 24 hours up to and including `at`."""
    return sum((amount for moment, amount in given if at - DAY < moment <= at), Decimal(0))
