"""Score a questionnaire from its definition.

A missing answer stays missing; an impossible one is refused with a sentence.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth, truth_of
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.instrument import Band, CutOffs, Flag, Instrument, Score

Answers = Mapping[str, int]


class ImpossibleAnswer(Refusal):
    """Answers that the instrument does not offer; `.problems` maps each item to its sentence."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__(" ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class Scored:
    """One score.

    `value` is None where too many answers are missing. `prorated` says that missing items were scaled
    over.
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
        elif isinstance(value, bool) or value not in [choice.value for choice in instrument.choices_of(name)]:
            offered = ", ".join(str(choice.value) for choice in instrument.choices_of(name))
            found[name] = f"{instrument.title}, “{name}”: {value} is not one of the answers {offered}."
    return found


def score(instrument: Instrument, answers: Answers) -> Result:
    """Score `answers` (item to value.

    Absent means not answered); raise ImpossibleAnswer for an answer that is not offered.
    """
    if problems := problems_with(instrument, answers):
        raise ImpossibleAnswer(problems)
    return Result(
        instrument=instrument.id,
        version=instrument.version,
        fingerprint=instrument.fingerprint,
        scores=tuple(_scored(instrument, rule, answers) for rule in instrument.scores),
        flags=tuple(_raised(flag, answers) for flag in instrument.flags),
        cut_offs=instrument.cut_offs,
    )


def band_of(rule: Score, value: Decimal) -> Band | None:
    """Return the band that `value` lies in; None where the score has no bands."""
    return next((band for band in reversed(rule.bands) if value >= band.at_least), None)


def _scored(instrument: Instrument, rule: Score, answers: Answers) -> Scored:
    missing = tuple(item for item in rule.items if item not in answers)
    value = _RULES[rule.rule](instrument, rule, answers) if len(missing) <= rule.missing_at_most else None
    band = band_of(rule, value) if value is not None else None
    return Scored(rule.id, rule.title, value, band, missing, value is not None and bool(missing), rule.code)


def _raised(flag: Flag, answers: Answers) -> RaisedFlag:
    return RaisedFlag(flag, truth_of(answers[flag.item] >= flag.at_least if flag.item in answers else None))


def _sum(instrument: Instrument, rule: Score, answers: Answers) -> Decimal:
    return Decimal(sum(_keyed(instrument, rule, item, answers[item]) for item in rule.items if item in answers))


def _prorated_sum(instrument: Instrument, rule: Score, answers: Answers) -> Decimal | None:
    answered = sum(item in answers for item in rule.items)
    return _sum(instrument, rule, answers) * len(rule.items) / answered if answered else None


def _keyed(instrument: Instrument, rule: Score, item: str, value: int) -> int:
    """The value as the score counts it: a reversed item counts from the other end of its choices."""
    if item not in rule.reverse:
        return value
    offered = [choice.value for choice in instrument.choices_of(item)]
    return min(offered) + max(offered) - value


# The closed vocabulary: a definition may choose among these and nothing else.
_RULES = {"sum": _sum, "prorated_sum": _prorated_sum}
