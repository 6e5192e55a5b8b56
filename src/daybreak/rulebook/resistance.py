"""How resistant an illness is by one definition: a history in, an answer with what is missing out.

Every answer lies between what is certain and what is still possible. Where the two meet it is definite; where
they do not, the answer is “unknown” or “not stageable”, with what would settle it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from daybreak.kernel.truth import Truth, all_of, any_of, truth_of
from daybreak.rulebook.staging import Adequacy, Dimension, Electroconvulsive, History, Level, Resistance, Trial

NOT_STAGEABLE = "not stageable"
NO_STAGE = "no stage"
ABBREVIATED = 4
_SAYS = {Truth.MET: "met", Truth.NOT_MET: "not met", Truth.UNKNOWN: "unknown"}
_ALL = "whether every treatment that was tried is recorded"


@dataclass(frozen=True, slots=True)
class Staged:
    """The answer of one definition.

    `word` is met, not met or unknown; or a stage, points, or “not stageable”. `least` is what is certain and
    `most` what is still possible (None: no end is known), counted in stages, points or trials.
    """

    definition: str
    version: int
    fingerprint: str
    word: str
    definite: bool
    least: Decimal
    most: Decimal | None
    grade: str = ""
    missing: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _Span:
    """From what is certain to what is possible; without `most` there is no end."""

    least: Decimal
    most: Decimal | None

    @property
    def is_one(self) -> bool:
        return self.least == self.most


def stage(definition: Resistance, history: History) -> Staged:
    """Return what `definition` says about `history`. Pure, and it never raises for what is not known."""
    return _RULES[definition.rule](definition, history)


def adequacy(definition: Adequacy, *, weeks: Decimal | None, dose_adequate: bool | None, rating: int | None) -> Truth:
    """Return whether a trial was adequate: by its rating where there is one, else by duration and dose."""
    if rating is not None:
        return truth_of(rating >= definition.rating_at_least)
    long_enough = truth_of(None if weeks is None else weeks >= definition.weeks_at_least)
    return all_of((long_enough, truth_of(dose_adequate)))


def _answer(
    definition: Resistance,
    span: _Span,
    *,
    word: str,
    definite: bool,
    missing: Iterable[str],
    reason: str,
    grade: str = "",
) -> Staged:
    return Staged(
        definition.id,
        definition.version,
        definition.fingerprint,
        word,
        definite,
        span.least,
        span.most,
        grade,
        () if definite else tuple(dict.fromkeys(missing)),
        reason,
    )


def _failed(trial: Trial, definition: Resistance) -> Truth:
    """Whether a trial counts as a failed adequate one for the definition."""
    asked = [truth_of(trial.adequate), truth_of(trial.failed)]
    if definition.counts == "present_episode":
        asked.append(truth_of(trial.present_episode))
    return all_of(asked)


def _certain(definition: Resistance, history: History) -> list[Trial]:
    return [trial for trial in history.trials if _failed(trial, definition) is Truth.MET]


def _possible(definition: Resistance, history: History) -> list[Trial]:
    return [trial for trial in history.trials if _failed(trial, definition) is not Truth.NOT_MET]


def _failures(definition: Resistance, history: History) -> _Span:
    possible = len(_possible(definition, history))
    return _Span(Decimal(len(_certain(definition, history))), Decimal(possible) if history.complete is True else None)


def _open(definition: Resistance, history: History) -> list[str]:
    """What would settle which trials count, and whether there are more."""
    asked = {"adequate": "whether it was adequate", "failed": "how it went"}
    if definition.counts == "present_episode":
        asked["present_episode"] = "whether it was in the present episode"
    waiting = [trial for trial in history.trials if _failed(trial, definition) is Truth.UNKNOWN]
    found = [_about(trial, words) for trial in waiting for name, words in asked.items() if getattr(trial, name) is None]
    return found + _unlisted(history)


def _unlisted(history: History) -> list[str]:
    return [] if history.complete is True else [_ALL]


def _about(trial: Trial, words: str) -> str:
    return f"{(trial.drug or 'a treatment').replace('_', ' ').capitalize()}: {words}"


def _count(definition: Resistance, history: History) -> Staged:
    span, needed = _failures(definition, history), definition.at_least or 1
    if span.least >= needed:
        truth = Truth.MET
    else:
        truth = Truth.NOT_MET if span.most is not None and span.most < needed else Truth.UNKNOWN
    return _answer(
        definition,
        span,
        word=_SAYS[truth],
        definite=truth is not Truth.UNKNOWN,
        missing=_open(definition, history),
        reason=f"{_trials(span.least)} failed; at least {needed} needed.",
    )


def _trials(count: Decimal) -> str:
    return f"{count} adequate trial" + ("" if count == 1 else "s")


def _ladder(definition: Resistance, history: History) -> Staged:
    certain, possible = _certain(definition, history), _possible(definition, history)
    open_end = history.complete is not True
    truths = []
    for rung in definition.rungs:
        if rung.groups is not None:
            truths.append(_groups(rung.groups, certain, possible, open_end))
        elif rung.group is not None:
            truths.append(_group(rung.group, certain, possible, open_end))
        else:
            truths.append(_or_open(any_of(_bilateral_failure(each) for each in history.electroconvulsive), open_end))
    least, most = _leading(truths, {Truth.MET}), _leading(truths, {Truth.MET, Truth.UNKNOWN})
    reached = definition.rungs[least - 1].id if least else NO_STAGE
    missing = [*_open(definition, history), *_ladder_lacks(possible, history)]
    return _answer(
        definition,
        _Span(Decimal(least), Decimal(most)),
        word=reached if least == most else NOT_STAGEABLE,
        definite=least == most,
        missing=missing,
        reason=f"{_trials(Decimal(len(certain)))} failed, of {_listed_groups(certain)}."
        + ("" if least == most else f" At least: {reached}."),
    )


def _leading(truths: list[Truth], wanted: set[Truth]) -> int:
    return next((place for place, truth in enumerate(truths) if truth not in wanted), len(truths))


def _or_open(truth: Truth, open_end: bool) -> Truth:
    """A no is only a no once nothing is left out."""
    return Truth.UNKNOWN if truth is Truth.NOT_MET and open_end else truth


def _groups(needed: int, certain: list[Trial], possible: list[Trial], open_end: bool) -> Truth:
    known = {trial.group for trial in certain if trial.group}
    if max(len(known), min(1, len(certain))) >= needed:
        return Truth.MET
    most = len({trial.group for trial in possible if trial.group}) + sum(not trial.group for trial in possible)
    return Truth.UNKNOWN if open_end or most >= needed else Truth.NOT_MET


def _group(wanted: str, certain: list[Trial], possible: list[Trial], open_end: bool) -> Truth:
    if any(trial.group == wanted for trial in certain):
        return Truth.MET
    return Truth.UNKNOWN if open_end or any(trial.group in (wanted, "") for trial in possible) else Truth.NOT_MET


def _bilateral_failure(series: Electroconvulsive) -> Truth:
    return all_of((truth_of(series.failed), truth_of(series.bilateral)))


def _ladder_lacks(possible: list[Trial], history: History) -> list[str]:
    groups = [_about(trial, "its class is not in the list of classes") for trial in possible if not trial.group]
    series = [
        f"Electroconvulsive therapy: {words}"
        for each in history.electroconvulsive
        if _bilateral_failure(each) is Truth.UNKNOWN
        for name, words in (("failed", "how it went"), ("bilateral", "whether it was bilateral"))
        if getattr(each, name) is None
    ]
    return groups + series


def _listed_groups(certain: list[Trial]) -> str:
    known = sorted({_spoken(trial.group) for trial in certain if trial.group})
    return ", ".join(known) or "no known class"


def _spoken(group: str) -> str:
    return group.upper() if len(group) <= ABBREVIATED else group.replace("_", " ")


def _points(definition: Resistance, history: History) -> Staged:
    worth: dict[str, Decimal] = {each.each: each.points for each in definition.points}
    least = sum((_worth(trial, worth, sure=True) for trial in _certain(definition, history)), Decimal(0))
    most = sum((_worth(trial, worth, sure=False) for trial in _possible(definition, history)), Decimal(0))
    once = worth.get("electroconvulsive", Decimal(0)) if history.electroconvulsive else Decimal(0)
    span = _Span(least + once, most + once if history.complete is True else None)
    extras = {"optimised": "whether dose and duration were optimised", "augmented": "whether it was augmented"}
    asked = [
        _about(trial, words)
        for trial in _possible(definition, history)
        for name, words in extras.items()
        if getattr(trial, name) is None
    ]
    return _answer(
        definition,
        span,
        word=_number(span.least) if span.is_one else NOT_STAGEABLE,
        definite=span.is_one,
        missing=[*asked, *_open(definition, history)],
        reason=f"{_trials(Decimal(len(_certain(definition, history))))} failed."
        + ("" if span.is_one else f" At least {_number(span.least)} points."),
    )


def _worth(trial: Trial, worth: dict[str, Decimal], *, sure: bool) -> Decimal:
    """What a failed trial is worth when what is not known is taken for a no (`sure`), or for a yes."""
    found = worth.get("failed_trial", Decimal(0))
    for name, said in (("optimisation", trial.optimised), ("augmentation", trial.augmented)):
        if said is True or (said is None and not sure):
            found += worth.get(name, Decimal(0))
    return found


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _dimensions(definition: Resistance, history: History) -> Staged:
    failures = _failures(definition, history)
    spans = [_levels(dimension, history, failures) for dimension in definition.dimensions]
    span = _Span(sum((s.least for s in spans), Decimal(0)), sum((s.most or s.least for s in spans), Decimal(0)))
    stageable = failures.least >= 1 and span.is_one
    if failures.most == 0:
        reason = "Undefined: no adequate trial has failed."
    else:
        parts = [f"{d.title} {_between(s)}" for d, s in zip(definition.dimensions, spans, strict=True)]
        reason = "Points: " + "; ".join(parts) + "."
    return _answer(
        definition,
        span,
        word=_number(span.least) if stageable else NOT_STAGEABLE,
        definite=stageable,
        missing=_dimension_lacks(definition, history, failures, spans),
        reason=reason,
        grade=_grade(definition, span) if stageable else "",
    )


def _between(span: _Span) -> str:
    return _number(span.least) if span.is_one else f"{_number(span.least)} to {_number(span.most or span.least)}"


def _grade(definition: Resistance, span: _Span) -> str:
    return next((g.id for g in definition.grades if g.lowest <= span.least and (span.most or 0) <= g.highest), "")


def _levels(dimension: Dimension, history: History, failures: _Span) -> _Span:
    whole = _Span(dimension.levels[0].points, dimension.levels[-1].points)
    if dimension.id == "failed_trials":
        most = whole.most if failures.most is None else _counted(dimension, max(failures.most, Decimal(1)))
        return _Span(_counted(dimension, max(failures.least, Decimal(1))), most)
    if dimension.id == "episode_months":
        return whole if history.episode_months is None else _one(_counted(dimension, history.episode_months))
    said: bool | str | None = history.severity or None
    if dimension.id == "augmentation":
        said = _used(any_of(truth_of(trial.augmented) for trial in history.trials), history)
    if dimension.id == "electroconvulsive":
        said = _used(truth_of(bool(history.electroconvulsive)), history)
    level = next((each for each in dimension.levels if said is not None and each.is_ == said), None)
    return _one(level.points) if level else whole


def _used(truth: Truth, history: History) -> bool | None:
    return {Truth.MET: True, Truth.NOT_MET: False}.get(_or_open(truth, history.complete is not True))


def _one(points: Decimal) -> _Span:
    return _Span(points, points)


def _counted(dimension: Dimension, value: Decimal) -> Decimal:
    def holds(level: Level) -> bool:
        return level.at_most is None or value <= level.at_most

    return next(level.points for level in dimension.levels if holds(level))


def _dimension_lacks(definition: Resistance, history: History, failures: _Span, spans: list[_Span]) -> list[str]:
    if failures.most == 0:
        return ["a failed adequate trial"]
    open_ids = {d.id for d, s in zip(definition.dimensions, spans, strict=True) if not s.is_one}
    found = []
    if "episode_months" in open_ids:
        found.append("when the present episode began")
    if "severity" in open_ids:
        found.append("how severe the present episode is")
    if failures.least < 1 or "failed_trials" in open_ids:
        found += _open(definition, history)
    if "augmentation" in open_ids:
        found += [_about(t, "whether it was augmented") for t in history.trials if t.augmented is None]
    return found + (_unlisted(history) if open_ids & {"augmentation", "electroconvulsive"} else [])


def _electroconvulsive(definition: Resistance, history: History) -> Staged:
    truth = any_of(truth_of(each.failed) for each in history.electroconvulsive)
    truth = _or_open(truth, history.complete is not True)
    series = len(history.electroconvulsive)
    unsaid = ["Electroconvulsive therapy: how it went"] * any(s.failed is None for s in history.electroconvulsive)
    return _answer(
        definition,
        _Span(Decimal(truth is Truth.MET), Decimal(truth is not Truth.NOT_MET)),
        word=_SAYS[truth],
        definite=truth is not Truth.UNKNOWN,
        missing=[*unsaid, *_unlisted(history)],
        reason=f"{series or 'No'} series of electroconvulsive therapy recorded.",
    )


_RULES: dict[str, Callable[[Resistance, History], Staged]] = {
    "count": _count,
    "ladder": _ladder,
    "points": _points,
    "dimensions": _dimensions,
    "electroconvulsive_failed": _electroconvulsive,
}
