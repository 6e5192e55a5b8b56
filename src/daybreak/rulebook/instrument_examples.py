"""Run the worked examples of an instrument, and say which boundary has none."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from daybreak.rulebook.instrument import ExpectedScore, Instrument
from daybreak.rulebook.lines import Path
from daybreak.rulebook.scoring import ImpossibleAnswer, score

Wrong = Iterator[tuple[Path, str]]


def instrument_wrongs(instrument: Instrument) -> Wrong:
    """Yield what is wrong with the examples of `instrument`: where, and a sentence."""
    seen: set[tuple[str, Decimal]] = set()
    for index, example in enumerate(instrument.examples):
        given = example.given or dict(zip((item.id for item in instrument.items), example.answers, strict=False))
        for message in _scored(instrument, given, example.expect, seen):
            yield ("examples", index), f"example “{example.name}”: {message}"
    for index, rule in enumerate(instrument.scores):
        for band in rule.bands:
            if (rule.id, band.at_least) not in seen:
                yield (
                    ("scores", index),
                    f"“{rule.id}” has no worked example at its boundary, {rule.id} = {band.at_least}",
                )


def _scored(
    instrument: Instrument, given: Mapping[str, int], expect: ExpectedScore, seen: set[tuple[str, Decimal]]
) -> Iterator[str]:
    try:
        result = score(instrument, given)
    except ImpossibleAnswer as refusal:
        if tuple(refusal.problems) != expect.refused:
            yield str(refusal)
        return
    if expect.refused:
        yield f"{', '.join(expect.refused)} should have been refused"
    for each in result.scores:
        if each.value is not None:
            seen.add((each.id, each.value))
        wanted = expect.scores.get(each.id)
        if (wanted is not None or each.id in expect.unscored) and each.value != wanted:
            yield f"{each.id} is {each.value}, not {wanted}"
        band = expect.bands.get(each.id)
        if band is not None and (each.band is None or each.band.name != band):
            yield f"{each.id} lies in {each.band.name if each.band else 'no band'}, not in {band}"
    raised = tuple(flag.id for flag in result.raised)
    if expect.flags is not None and raised != expect.flags:
        yield f"it raises {', '.join(raised) or 'no flag'}"
