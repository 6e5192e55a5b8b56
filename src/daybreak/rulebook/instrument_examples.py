"""Run the worked examples of an instrument, and say which boundary has none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from daybreak.kernel.truth import Truth
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.instrument import ExpectedScore, Instrument
from daybreak.rulebook.lines import Path
from daybreak.rulebook.scoring import ImpossibleAnswer, Result, score

Wrong = Iterator[tuple[Path, str]]


@dataclass(slots=True)
class _Seen:
    """The values and the raised flags that some example shows."""

    values: set[tuple[str, Decimal]] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)


def instrument_wrongs(instrument: Instrument) -> Wrong:
    """Yield what is wrong with the examples of `instrument`: where, and a sentence."""
    seen = _Seen()
    for index, example in enumerate(instrument.examples):
        given = example.given or dict(zip((item.id for item in instrument.items), example.answers, strict=False))
        for message in (*_unknown_words(instrument, example.expect), *_scored(instrument, given, example.expect, seen)):
            yield ("examples", index), f"example “{example.name}”: {message}"
    yield from _uncovered(instrument, seen)


def _uncovered(instrument: Instrument, seen: _Seen) -> Wrong:
    for index, rule in enumerate(instrument.scores):
        for band in rule.bands:
            if (rule.id, band.at_least) not in seen.values:
                boundary = f"{rule.id} = {band.at_least}"
                yield ("scores", index), f"“{rule.id}” has no worked example at its boundary, {boundary}"
    for index, flag in enumerate(instrument.flags):
        if flag.id not in seen.flags:
            yield ("flags", index), f"“{flag.id}” has no worked example in which it is raised"


def _unknown_words(instrument: Instrument, expect: ExpectedScore) -> Iterator[str]:
    scores, flags = [rule.id for rule in instrument.scores], [flag.id for flag in instrument.flags]
    for name in (*expect.scores, *expect.bands, *expect.unscored):
        if name not in scores:
            yield f"there is no score “{name}”{did_you_mean(name, scores)}"
    for name in (*(expect.flags or ()), *(expect.unknown_flags or ())):
        if name not in flags:
            yield f"there is no flag “{name}”{did_you_mean(name, flags)}"


def _scored(instrument: Instrument, given: Mapping[str, int], expect: ExpectedScore, seen: _Seen) -> Iterator[str]:
    try:
        result = score(instrument, given)
    except ImpossibleAnswer as refusal:
        if tuple(refusal.problems) != expect.refused:
            yield str(refusal)
        return
    if expect.refused:
        yield f"{', '.join(expect.refused)} should have been refused"
    seen.values |= {(each.id, each.value) for each in result.scores if each.value is not None}
    seen.flags |= {flag.id for flag in result.raised}
    yield from _unlike(result, expect)


def _unlike(result: Result, expect: ExpectedScore) -> Iterator[str]:
    for each in result.scores:
        wanted = expect.scores.get(each.id)
        if (wanted is not None or each.id in expect.unscored) and each.value != wanted:
            yield f"{each.id} is {each.value}, not {wanted}"
        band = expect.bands.get(each.id)
        if band is not None and (each.band is None or each.band.name != band):
            yield f"{each.id} lies in {each.band.name if each.band else 'no band'}, not in {band}"
    raised = tuple(flag.id for flag in result.raised)
    if expect.flags is not None and raised != expect.flags:
        yield f"it raises {', '.join(raised) or 'no flag'}"
    unknown = tuple(each.flag.id for each in result.flags if each.raised is Truth.UNKNOWN)
    if expect.unknown_flags is not None and unknown != expect.unknown_flags:
        yield f"it leaves open {', '.join(unknown) or 'no flag'}"
