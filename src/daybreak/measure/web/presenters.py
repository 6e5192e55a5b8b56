"""Facts of measure as words on a page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _

from daybreak.measure.queries import Measurement, Score
from daybreak.rulebook.public import Instrument, Library

UNIT_WORDS = {
    "mm[Hg]": "mmHg",
    "/min": "/min",
    "kg": "kg",
    "cm": "cm",
    "%": "%",
    "kg/m2": "kg/m²",
    "Cel": "°C",
}


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score as it is read."""

    answered_at: datetime
    value: str
    of: str
    band: str
    by: str


@dataclass(frozen=True, slots=True)
class History:
    """All scores of one instrument, newest first; `change` says how the last one moved since the first."""

    id: str
    title: str
    rows: list[ScoreRow]
    change: str


@dataclass(frozen=True, slots=True)
class SignRow:
    """What was measured at one moment."""

    measured_at: datetime
    what: str
    value: str


def histories(held: Library, scores: Iterable[Score]) -> list[History]:
    """Return one history for each active instrument, with those that were never taken."""
    rows = list(scores)
    active = [i for i in held.active("instruments") if isinstance(i, Instrument)]
    return [_history(i, [s for s in rows if s.instrument == i.id and s.name == i.scores[0].id]) for i in active]


def _history(instrument: Instrument, scores: list[Score]) -> History:
    highest = plain(instrument.scores[0].highest)
    rows = [ScoreRow(s.answered_at, plain(s.value), highest, _band(instrument, s), _by(s.by)) for s in reversed(scores)]
    return History(instrument.id, instrument.title, rows, _change(scores))


def _change(scores: list[Score]) -> str:
    if len(scores) < 2:
        return ""
    first, last = scores[0].value, scores[-1].value
    if first == last:
        return _("As at the first time.")
    words = (
        _("%(points)s points lower than the first time.")
        if last < first
        else _("%(points)s points higher than the first time.")
    )
    return words % {"points": plain(abs(last - first))}


def _band(instrument: Instrument, score: Score) -> str:
    bands = instrument.scores[0].bands
    return next((band.text["en"] for band in bands if band.name == score.band), score.band)


def _by(by: str) -> str:
    return _("the patient") if by == "patient" else _("with staff")


def sign_rows(measurements: Iterable[Measurement]) -> list[SignRow]:
    """Return measurements newest first, systolic and diastolic pressure of one moment as one row."""
    rows: list[SignRow] = []
    by_moment: dict[datetime, dict[str, Measurement]] = {}
    for each in measurements:
        by_moment.setdefault(each.measured_at, {})[each.sign] = each
    for moment, signs in sorted(by_moment.items(), reverse=True):
        high, low = signs.pop("systolic_pressure", None), signs.pop("diastolic_pressure", None)
        if high and low:
            rows.append(SignRow(moment, _("Blood pressure"), f"{plain(high.value)}/{plain(low.value)} mmHg"))
        singles = [each for each in (high, low) if each and not (high and low)]
        rows += [SignRow(moment, sign_word(each.sign), _with_unit(each)) for each in (*singles, *signs.values())]
    return rows


def sign_word(sign: str) -> str:
    """Return a sign's name as it is read."""
    return sign.replace("_", " ").capitalize()


def _with_unit(row: Measurement) -> str:
    said = f"{plain(row.value)} {UNIT_WORDS.get(row.unit, row.unit)}"
    if row.given_unit == row.unit:
        return said
    given = UNIT_WORDS.get(row.given_unit, row.given_unit.removeprefix("[").removesuffix("_av]"))
    return _("%(said)s (given as %(given)s)") % {"said": said, "given": f"{plain(row.given_value)} {given}"}


def plain(value: Decimal) -> str:
    """Return a number without idle zeros, with at most one decimal place."""
    return f"{round(value, 1).normalize():f}"
