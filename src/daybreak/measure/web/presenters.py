"""Facts of measure as words on a page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.kernel.units import written
from daybreak.measure.queries import LabResult, Measurement, Score
from daybreak.measure.rules import words_of
from daybreak.measure.web.questionnaire_forms import RATERS, look_back_words
from daybreak.rulebook.public import FactDefinition, Instrument


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """One score as it is read; `of` is the highest it can be."""

    answered_at: datetime
    value: str
    of: str
    band: str


@dataclass(frozen=True, slots=True)
class Card:
    """An instrument that was taken: its newest score, how it moved since the first, and how often it was taken."""

    id: str
    title: str
    newest: ScoreRow
    change: str
    count: int
    is_in_use: bool
    is_by_number: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """Everything one set of answers, or one total, gave. `entry` is what can be put right."""

    entry: UUID
    is_total: bool
    answered_at: datetime
    values: tuple[str, ...]
    band: str
    rated: str
    window: str
    cut_offs: str


@dataclass(frozen=True, slots=True)
class CutOffRow:
    """One cut-off in words, with its source."""

    words: str
    source: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class SignRow:
    """What was measured at one moment. `entries` are the facts behind it, each with its name."""

    measured_at: datetime
    what: str
    value: str
    entries: tuple[tuple[str, UUID], ...]


@dataclass(frozen=True, slots=True)
class LabRow:
    """One laboratory result as it is read; `place` says where it lies against its reference range."""

    key: UUID
    collected_at: datetime
    test: str
    value: str
    range: str
    place: str


def taken(known: Sequence[Instrument], every: Sequence[Score]) -> list[Card]:
    """Return a card for each instrument that has a score, the one taken last first."""
    by_id = {each.id: each for each in known}
    cards = []
    for name in dict.fromkeys(row.instrument for row in reversed(every)):
        instrument = by_id.get(name)
        of_it = [row for row in every if row.instrument == name]
        leading = instrument.scores[0].id if instrument else of_it[-1].name
        rows = [row for row in of_it if row.name == leading] or of_it
        last = rows[-1]
        newest = ScoreRow(last.answered_at, plain(last.value), _highest(instrument, last), _band(instrument, last))
        title = instrument.title if instrument else name
        by_number = instrument is not None and instrument.wording == "licensed"
        cards.append(Card(name, title, newest, _change(rows), len(rows), instrument is not None, by_number))
    return cards


def never_taken(known: Sequence[Instrument], every: Sequence[Score]) -> list[tuple[str, list[Instrument]]]:
    """Return the instruments without a score, grouped by who rates; those without wording come last."""
    seen = {row.instrument for row in every}
    by_rater = {
        "patient": _("The patient answers"),
        "clinician": _("A clinician rates"),
        "nurse": _("A nurse rates"),
        "": _("By number: your own form holds the words"),
    }
    groups: dict[str, list[Instrument]] = {rater: [] for rater in by_rater}
    for each in known:
        if each.id not in seen:
            has_words = each.wording == "shipped" or each.licence_record is not None
            groups[each.rater if has_words else ""].append(each)
    return [(by_rater[rater], instruments) for rater, instruments in groups.items() if instruments]


def history_rows(instrument: Instrument, every: Sequence[Score]) -> list[HistoryRow]:
    """Return one row for each set of answers or total, newest first, with the scores in the instrument's order."""
    by_entry: dict[UUID, list[Score]] = {}
    for row in every:
        by_entry.setdefault(row.answers_key or row.key, []).append(row)
    return [_history_row(instrument, entry, rows) for entry, rows in reversed(by_entry.items())]


def _history_row(instrument: Instrument, entry: UUID, rows: list[Score]) -> HistoryRow:
    found = {row.name: row for row in rows}
    first = found.get(instrument.scores[0].id, rows[0])
    values = tuple(plain(found[rule.id].value) if rule.id in found else "–" for rule in instrument.scores)
    window = "" if first.look_back_days is None else look_back_words(first.look_back_days)
    cut_offs = ", ".join(dict.fromkeys(words for cut in first.cut_offs for words in _cut_off_words(cut)))
    return HistoryRow(
        entry=entry,
        is_total=first.answers_key is None,
        answered_at=first.answered_at,
        values=values,
        band=_band(instrument, first),
        rated=_rated(first),
        window=window,
        cut_offs=cut_offs,
    )


def _rated(row: Score) -> str:
    if row.rater:
        who = str(dict(RATERS)[row.rater])
        return _("%(who)s, alone") % {"who": who} if row.by == "patient" and row.rater == "patient" else who
    return _("the patient") if row.by == "patient" else _("with staff")


def cut_off_rows(instrument: Instrument) -> list[CutOffRow]:
    """Return the instrument's cut-offs in words, with their sources."""
    titles = {reference.id: reference.title for reference in instrument.provenance.references}
    said = [(", ".join(_cut_off_words(cut.model_dump())), cut) for cut in instrument.cut_offs]
    return [CutOffRow(words, titles[cut.reference], cut.verified) for words, cut in said]


def _cut_off_words(cut: Mapping[str, object]) -> list[str]:
    words = {
        "response_fall_percent": _("response: a fall of %(level)s %% or more"),
        "response_at_most": _("response: at most %(level)s"),
        "remission_below": _("remission: below %(level)s"),
        "remission_at_most": _("remission: at most %(level)s"),
    }
    return [said % {"level": cut[name]} for name, said in words.items() if cut.get(name) is not None]


def newest_words(instrument: Instrument, rows: Sequence[Score]) -> str:
    """Return what was just stored, as a sentence."""
    first = next((row for row in rows if row.name == instrument.scores[0].id), None)
    if first is None:
        return _("%(title)s is stored. Too many answers are missing for a total.") % {"title": instrument.title}
    said = {"title": instrument.title, "value": plain(first.value), "of": _highest(instrument, first)}
    band = _band(instrument, first)
    return (_("%(title)s is stored: %(value)s of %(of)s.") % said) + (f" {band}." if band else "")


def lab_rows(tests: Iterable[FactDefinition], results: Iterable[LabResult]) -> list[LabRow]:
    """Return laboratory results as they are read, newest first."""
    named = {test.id: test.question for test in tests}
    return [_lab_row(named.get(row.test, row.test), row) for row in reversed(list(results))]


def _lab_row(test: str, row: LabResult) -> LabRow:
    if row.given_value is None:
        return LabRow(row.key, row.collected_at, test, _(row.finding), "", "")
    said = f"{row.comparator}{words_of(row.given_value, row.given_unit)}"
    if row.value is not None and row.given_unit != row.unit:
        said = _("%(said)s (%(here)s)") % {"said": said, "here": words_of(row.value, row.unit)}
    ends = [words_of(end, "") if end is not None else "" for end in (row.low, row.high)]
    bounds = f"{ends[0]}–{ends[1]}" if all(ends) else (f"≥ {ends[0]}" if ends[0] else f"≤ {ends[1]}" if ends[1] else "")
    return LabRow(row.key, row.collected_at, test, said, bounds, _place(row))


def _place(row: LabResult) -> str:
    if row.given_value is None or row.comparator:
        return ""
    if row.low is not None and row.given_value < row.low:
        return _("below its range")
    if row.high is not None and row.given_value > row.high:
        return _("above its range")
    return ""


def _highest(instrument: Instrument | None, row: Score) -> str:
    rule = next((rule for rule in instrument.scores if rule.id == row.name), None) if instrument else None
    return plain(rule.highest) if rule else "?"


def _band(instrument: Instrument | None, row: Score) -> str:
    rule = next((rule for rule in instrument.scores if rule.id == row.name), None) if instrument else None
    return next((band.text["en"] for band in rule.bands if band.name == row.band), row.band) if rule else row.band


def _change(rows: Sequence[Score]) -> str:
    if len(rows) < 2:
        return ""
    first, last = rows[0].value, rows[-1].value
    if first == last:
        return _("As at the first time.")
    words = (
        _("%(points)s points lower than the first time.")
        if last < first
        else _("%(points)s points higher than the first time.")
    )
    return words % {"points": plain(abs(last - first))}


def sign_rows(measurements: Iterable[Measurement]) -> list[SignRow]:
    """Return measurements newest first, systolic and diastolic pressure of one moment as one row."""
    rows: list[SignRow] = []
    by_moment: dict[datetime, dict[str, Measurement]] = {}
    for each in measurements:
        by_moment.setdefault(each.measured_at, {})[each.sign] = each
    for moment, signs in sorted(by_moment.items(), reverse=True):
        high, low = signs.pop("systolic_pressure", None), signs.pop("diastolic_pressure", None)
        if high and low:
            pair = tuple((sign_word(each.sign), each.key) for each in (high, low))
            rows.append(SignRow(moment, _("Blood pressure"), f"{plain(high.value)}/{plain(low.value)} mmHg", pair))
        singles = [each for each in (high, low) if each and not (high and low)]
        rows += [
            SignRow(moment, sign_word(each.sign), _with_unit(each), ((sign_word(each.sign), each.key),))
            for each in (*singles, *signs.values())
        ]
    return rows


def sign_word(sign: str) -> str:
    """Return a sign's name as it is read."""
    return sign.replace("_", " ").capitalize()


def _with_unit(row: Measurement) -> str:
    said = f"{plain(row.value)} {written(row.unit)}"
    if row.given_unit == row.unit:
        return said
    given = written(row.given_unit)
    return _("%(said)s (given as %(given)s)") % {"said": said, "given": f"{plain(row.given_value)} {given}"}


def plain(value: Decimal) -> str:
    """Return a number without idle zeros, with at most one decimal place."""
    return f"{round(value, 1).normalize():f}"
