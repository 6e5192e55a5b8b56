"""Score a questionnaire from its definition.

A missing answer stays missing; an impossible one is refused with a sentence.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth, truth_of
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.instrument import Band, Condition, CutOffs, Flag, Instrument, Score

Answers = Mapping[str, int]


class ImpossibleAnswer(Refusal):
    """Answers that the instrument does not offer; `.problems` maps each item to its sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class Scored:
    """One score.

    `value` is None where too many answers are missing, and exact to three decimal places. `missing` names the items
    (or scores) that it lacks; `prorated` says that it was made without them.
    """

    id: str
    title: str
    value: Decimal | None
    band: Band | None
    missing: tuple[str, ...]
    prorated: bool
    code: str


@dataclass(frozen=True, slots=True)
class RaisedFlag:
    """A flag and whether the answer raises it; UNKNOWN where the item was not answered."""

    flag: Flag
    raised: Truth


@dataclass(frozen=True, slots=True)
class Result:
    """Every score and flag of one set of answers, with the definition and the cut-offs that held then."""

    instrument: str
    version: int
    fingerprint: str
    scores: tuple[Scored, ...]
    flags: tuple[RaisedFlag, ...]
    cut_offs: tuple[CutOffs, ...]

    def score(self, score_id: str) -> Scored:
        """Return the score `score_id`."""
        return next(score for score in self.scores if score.id == score_id)

    @property
    def raised(self) -> tuple[Flag, ...]:
        """The flags that are raised."""
        return tuple(each.flag for each in self.flags if each.raised is Truth.MET)


def problems_with(instrument: Instrument, answers: Answers) -> dict[str, str]:
    """Return item to sentence for every answer that the instrument does not offer.

    Empty where all can be right.
    """
    known = [item.id for item in instrument.items]
    found = {}
    for name, value in answers.items():
        if name not in known:
            found[name] = f"{instrument.title} has no item “{name}”{did_you_mean(name, known)}."
        elif isinstance(value, bool) or value not in instrument.values_of(name):
            offered = ", ".join(map(str, instrument.values_of(name)))
            found[name] = f"{instrument.title}, “{name}”: {value} is not one of the answers {offered}."
    return found


def score(instrument: Instrument, answers: Answers) -> Result:
    """Score `answers` (item to value.

    Absent means not answered); raise ImpossibleAnswer for an answer that is not offered.
    """
    if problems := problems_with(instrument, answers):
        raise ImpossibleAnswer(problems)
    counted = {**_not_asked(instrument, answers), **answers}
    scored: dict[str, tuple[Scored, Fraction | None]] = {}
    for rule in instrument.scores:
        scored[rule.id] = _scored(rule, _parts(instrument, rule, counted, scored))
    return Result(
        instrument=instrument.id,
        version=instrument.version,
        fingerprint=instrument.fingerprint,
        scores=tuple(each for each, _ in scored.values()),
        flags=tuple(_raised(flag, counted) for flag in instrument.flags),
        cut_offs=instrument.cut_offs,
    )


def unanswered(instrument: Instrument, answers: Answers) -> tuple[str, ...]:
    """Return the items that need an answer and have none, in order.

    An item that is asked only sometimes needs one once its condition is met.
    """
    return tuple(
        item.id for item in instrument.items if item.id not in answers and is_needed(instrument, item.id, answers)
    )


def is_needed(instrument: Instrument, item_id: str, answers: Answers) -> bool:
    """Say whether the item must be answered, given the other answers."""
    item = instrument.item(item_id)
    if item.optional:
        return False
    return item.asked_when is None or _holds(item.asked_when, answers) is Truth.MET


def band_of(rule: Score, value: Decimal) -> Band | None:
    """Return the band that `value` lies in; None where the score has no bands."""
    return next((band for band in reversed(rule.bands) if value >= band.at_least), None)


def _not_asked(instrument: Instrument, answers: Answers) -> dict[str, int]:
    """Return the items that were not asked, each with its lowest answer, which is what they count."""
    conditional = [(item.id, item.asked_when) for item in instrument.items if item.asked_when]
    closed = [name for name, condition in conditional if _holds(condition, answers) is Truth.NOT_MET]
    return {name: min(instrument.values_of(name)) for name in closed}


def _holds(condition: Condition, answers: Answers) -> Truth:
    return _any(condition.any_of, answers, lambda value: value >= condition.at_least)


def _any(items: Sequence[str], answers: Answers, holds: Callable[[int], bool]) -> Truth:
    """MET once one answer holds; NOT_MET only when all are there and none does."""
    if any(holds(answers[item]) for item in items if item in answers):
        return Truth.MET
    return truth_of(False if all(item in answers for item in items) else None)


def _raised(flag: Flag, answers: Answers) -> RaisedFlag:
    return RaisedFlag(flag, _any(flag.items, answers, flag.is_raised_by))


def _parts(
    instrument: Instrument, rule: Score, answers: Answers, scored: Mapping[str, tuple[Scored, Fraction | None]]
) -> dict[str, Fraction | None]:
    """Return what each part of the score counts, None where it is missing."""
    if rule.of:
        return {name: scored[name][1] for name in rule.of}
    return {
        item: Fraction(instrument.counts(rule, item, answers[item])) if item in answers else None for item in rule.items
    }


def _scored(rule: Score, parts: Mapping[str, Fraction | None]) -> tuple[Scored, Fraction | None]:
    missing = tuple(name for name, counted in parts.items() if counted is None)
    there = [counted for counted in parts.values() if counted is not None]
    exact = _exact(rule, there, len(parts))
    if exact is not None and rule.capped:
        exact = min(exact, Fraction(rule.highest))
    value = None if exact is None else _decimal(exact)
    band = None if value is None else band_of(rule, value)
    return Scored(rule.id, rule.title, value, band, missing, value is not None and bool(missing), rule.code), exact


def _exact(rule: Score, there: Sequence[Fraction], of: int) -> Fraction | None:
    if rule.rule == "maximum" and there and max(there) == Fraction(rule.highest):
        return max(there)  # nothing that is missing could change it
    if not there or of - len(there) > rule.missing_at_most:
        return None
    return _RULES[rule.rule](there, of)


def _decimal(exact: Fraction) -> Decimal:
    if exact.denominator == 1:
        return Decimal(exact.numerator)
    divided = Decimal(exact.numerator) / Decimal(exact.denominator)
    return divided.quantize(Decimal("0.001"), ROUND_HALF_EVEN)


def _sum(there: Sequence[Fraction], of: int) -> Fraction:
    return sum(there, Fraction(0))


def _prorated_sum(there: Sequence[Fraction], of: int) -> Fraction:
    return _sum(there, of) * of / len(there)


def _mean(there: Sequence[Fraction], of: int) -> Fraction:
    return _sum(there, of) / len(there)


def _maximum(there: Sequence[Fraction], of: int) -> Fraction:
    return max(there)


# The closed vocabulary: a definition may choose among these and nothing else.
_RULES = {"sum": _sum, "prorated_sum": _prorated_sum, "mean": _mean, "maximum": _maximum}
