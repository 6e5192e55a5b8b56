"""What the entry at the chair offers: each sign with its last value as a ghost, never as a value."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import clock
from daybreak.kernel.scope import Scope
from daybreak.measure.public import answer_sets, fact_definition, library
from daybreak.rulebook.public import Instrument
from daybreak.treat.queries.readings import Row
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.corrections import slip_step
from daybreak.treat.web.entry_forms import Readings, Written
from daybreak.treat.web.presenters import Tile, label, plain, unit_of

SEDATION, EFFECTS = "moaas", "acute_effects"
# A word for each level of the fact “dissociation”, whose ends the vocabulary names.
DISSOCIATION = (
    gettext_lazy("Not at all"),
    gettext_lazy("A little"),
    gettext_lazy("Clearly"),
    gettext_lazy("Strongly"),
    gettext_lazy("Extremely"),
)
# So many whole numbers on either side of the last value can be recorded with one touch.
_NEAR = 3


@dataclass(frozen=True, slots=True)
class Group:
    """Signs that are read together, and the letter that opens them."""

    id: str
    name: str
    letter: str
    signs: tuple[str, ...]


PRESSURES = ("systolic_pressure", "diastolic_pressure", "mean_pressure")
GROUPS = (
    Group("pressure", gettext_lazy("Blood pressure"), "p", PRESSURES),
    Group("heart_rate", gettext_lazy("Heart rate"), "h", ("heart_rate",)),
    Group("oxygen_saturation", gettext_lazy("Oxygen saturation"), "o", ("oxygen_saturation",)),
    Group("respiratory_rate", gettext_lazy("Respiratory rate"), "r", ("respiratory_rate",)),
    Group("sedation", gettext_lazy("Sedation"), "s", ("sedation",)),
    Group("dissociation", gettext_lazy("Dissociation"), "d", ("dissociation",)),
    Group("end_tidal_co2", gettext_lazy("End-tidal CO2"), "c", ("end_tidal_co2",)),
    Group("body_temperature", gettext_lazy("Body temperature"), "t", ("body_temperature",)),
)
# What can be entered at every chair; the rest where the protocol asks for it, or once it has been read here.
ALWAYS = frozenset({"respiratory_rate", "dissociation", "mean_pressure", "end_tidal_co2"})
OPTIONAL = frozenset({"mean_pressure"})
SHORT = {
    "systolic_pressure": gettext_lazy("Systolic"),
    "diastolic_pressure": gettext_lazy("Diastolic"),
    "mean_pressure": gettext_lazy("Mean"),
}


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a sign that has words."""

    value: int
    words: str


@dataclass(frozen=True, slots=True)
class Entering:
    """One sign to enter. `last` and `first` (the baseline) are hints; `near` are values for one touch."""

    sign: str
    label: str
    unit: str
    last: str
    when: str
    first: str
    highest: str
    step: str
    optional: bool
    levels: tuple[Level, ...]
    near: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """A group with its signs."""

    id: str
    name: str
    letter: str
    signs: tuple[Entering, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Tiles that open one entry. Without an entry (a sign that nobody types in) they only show."""

    entry: Entry | None
    tiles: tuple[Tile, ...]


@dataclass(frozen=True, slots=True)
class Effect:
    """A side effect of the checklist with what was last said of it."""

    id: str
    words: str
    last: str
    when: str
    levels: tuple[Level, ...]


def signs_to_enter(now: SessionNow, read: Sequence[str] = ()) -> list[str]:
    """Return the signs that can be typed in at a session, in the order of their groups."""
    asked = {sign.sign for sign in (*now.protocol.during.signs, *now.protocol.after.signs)} | set(read) | ALWAYS
    known = [sign for group in GROUPS for sign in group.signs]
    others = sorted(sign for sign in asked if sign not in known)
    held = library()
    return [sign for sign in (*known, *others) if sign in asked and fact_definition(held, sign)]


def entering(
    scope: Scope, now: SessionNow, rows: Sequence[Row], baseline: Mapping[str, Row], *, zone: str
) -> dict[str, object]:
    """Return what the template `enter` needs: the form, its groups and the side effects."""
    last = {row.sign: row for row in rows}
    signs = signs_to_enter(now, list(last))
    return {
        "reading_form": Readings(signs, last={sign: row.value for sign, row in last.items()}),
        "entries": _entries(signs, last, baseline, zone),
        "effects": effects(scope, now, zone=zone),
        "note_form": Written(),
    }


def targets(tiles: Sequence[Tile], entries: Sequence[Entry]) -> list[Target]:
    """Return the tiles by what they open, in the order of the entries; tiles that open nothing come last."""
    left = {tile.sign: tile for tile in tiles}
    found = []
    for entry in entries:
        own = tuple(left.pop(each.sign) for each in entry.signs if each.sign in left)
        if own:
            found.append(Target(entry, own))
    return [*found, *(Target(None, (tile,)) for tile in left.values())]


def _entries(signs: list[str], last: Mapping[str, Row], baseline: Mapping[str, Row], zone: str) -> list[Entry]:
    shown = {sign: _entering(sign, last.get(sign), baseline.get(sign), zone) for sign in signs}
    grouped = [
        Entry(group.id, str(group.name), group.letter, tuple(shown.pop(sign) for sign in group.signs if sign in shown))
        for group in GROUPS
    ]
    return [entry for entry in grouped if entry.signs] + [Entry(s.sign, s.label, "", (s,)) for s in shown.values()]


def _entering(sign: str, last: Row | None, first: Row | None, zone: str) -> Entering:
    held = library()
    definition = fact_definition(held, sign)
    lowest, highest = (definition.lowest, definition.highest) if definition else (None, None)
    step = slip_step(lowest=lowest, highest=highest)
    levels = _levels(sign)
    return Entering(
        sign=sign,
        label=str(SHORT.get(sign, label(sign))),
        unit=unit_of(sign),
        last=plain(last.value) if last else "",
        when=clock(last.measured_at, zone) if last else "",
        first=plain(first.value) if first else "",
        highest=plain(highest) if highest is not None else "",
        step=plain(step) if step is not None else "",
        optional=sign in OPTIONAL,
        levels=levels,
        near=() if levels or sign in PRESSURES else _near(last, lowest, highest),
    )


def _levels(sign: str) -> tuple[Level, ...]:
    if sign == "sedation":
        found = _instrument(SEDATION)
        return tuple(Level(c.value, c.text["en"]) for c in reversed(found.choices_of(found.items[0].id)))
    if sign == "dissociation":
        return tuple(Level(value, str(words)) for value, words in enumerate(DISSOCIATION))
    return ()


def _near(last: Row | None, lowest: Decimal | None, highest: Decimal | None) -> tuple[int, ...]:
    if last is None or lowest is None or highest is None:
        return ()
    top = min(int(last.value) + _NEAR, int(highest))
    return tuple(value for value in range(top - 2 * _NEAR, top + 1) if value >= lowest)


def effects(scope: Scope, now: SessionNow, *, zone: str) -> list[Effect]:
    """Return the checklist of side effects with what was last said of each in this session."""
    found = _instrument(EFFECTS)
    said: dict[str, tuple[int, datetime]] = {}
    for answers in answer_sets(scope, patient=now.session.patient_key, instrument=EFFECTS):
        if answers.session_key == now.session.key:
            said |= {item: (value, answers.answered_at) for item, value in answers.answers.items()}
    shown = []
    for item in found.items:
        levels = tuple(Level(choice.value, choice.text["en"]) for choice in found.choices_of(item.id))
        value, when = said.get(item.id, (None, None))
        words = next((level.words for level in levels if level.value == value), "")
        shown.append(Effect(item.id, item.text["en"], words, clock(when, zone) if when else "", levels))
    return shown


def effect_words(item: str, value: int) -> str:
    """Return a side effect and its severity as they are read; an empty word for what the checklist does not hold."""
    found = _instrument(EFFECTS)
    if item not in {each.id for each in found.items} or value not in found.values_of(item):
        return ""
    level = next(choice.text["en"] for choice in found.choices_of(item) if choice.value == value)
    return _("%(effect)s: %(level)s") % {"effect": found.item(item).text["en"], "level": level.lower()}


def _instrument(name: str) -> Instrument:
    return library().instrument(name)
