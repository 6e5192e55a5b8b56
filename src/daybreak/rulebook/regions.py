"""Which answers meet a gate: the numbers or the words that do, so that gates can be compared."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.gate import Gate


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `low` to `high` (None: without end), each end in it or not."""

    low: Decimal | None = None
    high: Decimal | None = None
    low_in: bool = True
    high_in: bool = True

    @property
    def is_empty(self) -> bool:
        """Whether no number lies in it."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_in and self.high_in))


Intervals = tuple[Interval, ...]
Words = frozenset[bool | str]
Region = Intervals | Words


def region_of(gate: Gate, fact: FactDefinition) -> Region | None:
    """Return the answers that meet `gate`; None for a test whose answers cannot be listed, or a blank."""
    if gate.blanks:
        return None
    if gate.test == "is_" and gate.is_ is not None:
        return frozenset({gate.is_})
    if gate.test == "one_of":
        return frozenset(gate.one_of or ())
    if gate.test in ("below", "at_most", "at_least", "between", "count_of"):
        return _held(_interval(gate), whole_of(fact) if gate.test != "count_of" else (Interval(low=Decimal(0)),))
    return None


def whole_of(fact: FactDefinition) -> Region:
    """Return every answer that the fact can have."""
    if fact.kind == "yes_no":
        return frozenset({True, False})
    if fact.kind == "choice":
        return frozenset(fact.choices)
    return (Interval(fact.lowest, fact.highest),)


def both(one: Region, other: Region) -> Region:
    """Return the answers that are in both."""
    if isinstance(one, frozenset) and isinstance(other, frozenset):
        return one & other
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        return frozenset()
    met = (_meet(a, b) for a in one for b in other)
    return tuple(each for each in met if not each.is_empty)


def outside(region: Region, whole: Region) -> Region:
    """Return the answers of `whole` that are not in `region`."""
    if isinstance(region, frozenset):
        return whole - region if isinstance(whole, frozenset) else whole
    left = whole
    for each in region:
        left = both(left, tuple(_around(each)))
    return left


def _interval(gate: Gate) -> Interval:
    if gate.between is not None:
        return Interval(gate.between[0], gate.between[1])
    if gate.at_least is not None:
        return Interval(low=gate.at_least)
    return Interval(high=gate.at_most) if gate.below is None else Interval(high=gate.below, high_in=False)


def _held(interval: Interval, whole: Region) -> Region:
    return both((interval,), whole)


def _around(interval: Interval) -> Iterable[Interval]:
    if interval.low is not None:
        yield Interval(high=interval.low, high_in=not interval.low_in)
    if interval.high is not None:
        yield Interval(low=interval.high, low_in=not interval.high_in)


def _meet(one: Interval, other: Interval) -> Interval:
    low, low_in = _tighter(one.low, one.low_in, other.low, other.low_in, highest=True)
    high, high_in = _tighter(one.high, one.high_in, other.high, other.high_in, highest=False)
    return Interval(low, high, low_in, high_in)


def _tighter(
    one: Decimal | None, one_in: bool, other: Decimal | None, other_in: bool, *, highest: bool
) -> tuple[Decimal | None, bool]:
    if one is None or other is None:
        return (other, other_in) if one is None else (one, one_in)
    if one == other:
        return one, one_in and other_in
    return (one, one_in) if (one > other) is highest else (other, other_in)
