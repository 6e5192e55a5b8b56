"""Whether one rule is at least as strict as another: a site may tighten a shared rule, never loosen it."""

from collections.abc import Iterator
from typing import get_args

from daybreak.rulebook.bedside import Limit, Priority, Sign
from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.gate import AGES, TIME_TESTS, Criterion, Gate, Otherwise, Who
from daybreak.rulebook.presence import TeamRole
from daybreak.rulebook.regions import Interval, both, outside, region_of, whole_of

_RESPONSES: tuple[str, ...] = get_args(Otherwise)
_WHO: tuple[str, ...] = get_args(Who)
_PRIORITIES: tuple[str, ...] = get_args(Priority)
_THEN: tuple[str | None, ...] = (None, "inform", "review", "stop")
_EVERY_COUNT = (Interval(),)


def looser_criterion(old: Criterion, new: Criterion, fact_of: dict[str, FactDefinition]) -> Iterator[str]:
    """Yield, in words, each way in which `new` is looser than `old`."""
    if _RESPONSES.index(new.otherwise) < _RESPONSES.index(old.otherwise):
        yield f"“{new.otherwise}” asks for less than “{old.otherwise}”"
    if _WHO.index(new.override) < _WHO.index(old.override):
        yield f"override “{new.override}” lets more people go on than “{old.override}”"
    if not _covers(new.period, old.period):
        yield "it applies to a smaller part of the course"
    if new.group != old.group:
        yield f"its gates are joined by “{new.group}”, not by “{old.group}”"
    elif not _as_strict(old, new, fact_of):
        yield "its gate lets more pass"


def looser_limit(old: Limit, new: Limit) -> Iterator[str]:
    """Yield, in words, each way in which an alarm limit calls for somebody later or less urgently."""
    if (new.sign, new.test, new.unit) != (old.sign, old.test, old.unit):
        yield "it looks at another sign, test or unit"
        return
    was, now = getattr(old, old.test), getattr(new, new.test)
    if was is not None and (now is None or (now < was if old.test in ("below", "at_most") else now > was)):
        yield f"{new.test} {now} calls later than {old.test} {was}"
    if _PRIORITIES.index(new.priority) > _PRIORITIES.index(old.priority):
        yield f"priority “{new.priority}” is lower than “{old.priority}”"
    if _THEN.index(new.then) < _THEN.index(old.then):
        yield f"then “{new.then}” asks for less than “{old.then}”"


def looser_sign(old: Sign, new: Sign) -> Iterator[str]:
    """Yield, in words, each way in which a sign is read more rarely, or is missed later."""
    every = new.every_minutes
    if old.every_minutes is not None and (every is None or every > old.every_minutes):
        yield f"it is read more rarely than every {old.every_minutes} minutes"
    if every is None and set(old.at_minutes) - set(new.at_minutes):
        yield "a reading is left out"
    if new.grace_minutes > old.grace_minutes:
        yield f"{new.grace_minutes} minutes of grace are more than {old.grace_minutes}"
    if old.missing_priority is not None and _rank(new.missing_priority) > _rank(old.missing_priority):
        yield f"missing, it calls less urgently than “{old.missing_priority}”"


def _rank(priority: Priority | None) -> int:
    return len(_PRIORITIES) if priority is None else _PRIORITIES.index(priority)


def looser_role(old: TeamRole, new: TeamRole) -> Iterator[str]:
    """Yield, in words, each way in which a role of the team asks for less."""
    if new.at_least < old.at_least:
        yield f"at least {new.at_least} are fewer than {old.at_least}"
    if left_out := [each for each in old.certified_in if each not in new.certified_in]:
        yield f"it does not ask for {', '.join(left_out)}"
    if old.alone_after is not None and (new.alone_after is None or new.alone_after < old.alone_after):
        yield f"people work alone before {old.alone_after} sessions"


def _covers(wide: tuple[int, int | None] | None, narrow: tuple[int, int | None] | None) -> bool:
    if wide is None:
        return True
    if narrow is None:
        return False
    return wide[0] <= narrow[0] and (wide[1] is None or (narrow[1] is not None and narrow[1] <= wide[1]))


def _as_strict(old: Criterion, new: Criterion, fact_of: dict[str, FactDefinition]) -> bool:
    """Whether every answer that meets the gates of `new` meets those of `old`."""
    if old.group == "any":
        return all(any(_implies(n, o, fact_of) for o in old.gates) for n in new.gates)
    if old.group == "none":
        return all(any(_implies(o, n, fact_of) for n in new.gates) for o in old.gates)
    return all(any(_implies(n, o, fact_of) for n in new.gates) for o in old.gates)


def _implies(one: Gate, other: Gate, fact_of: dict[str, FactDefinition]) -> bool:
    """Whether what meets `one` always meets `other`."""
    if (one.ask, one.unit, one.count_of) != (other.ask, other.unit, other.count_of) or one.blanks or other.blanks:
        return False
    return _as_fresh(one, other) and _within(one, other, fact_of[one.ask])


def _as_fresh(one: Gate, other: Gate) -> bool:
    for name in AGES:
        allowed, age = getattr(other, name), getattr(one, name)
        if allowed is not None and (age is None or age > allowed):
            return False
    return True


def _within(one: Gate, other: Gate, fact: FactDefinition) -> bool:
    if other.test == "within":
        return True
    if one.test in TIME_TESTS or other.test in TIME_TESTS:
        return one.test == other.test and _as_far_apart(one, other)
    mine, wanted = region_of(one, fact), region_of(other, fact)
    if mine is None or wanted is None:
        return (one.test, one.consented_to, one.certified_in) == (other.test, other.consented_to, other.certified_in)
    whole = _EVERY_COUNT if one.count_of else whole_of(fact)
    return not both(mine, outside(wanted, whole))


def _as_far_apart(one: Gate, other: Gate) -> bool:
    if one.test == "in_days":
        as_few = one.at_most is not None and other.at_most is not None and one.at_most <= other.at_most
        return as_few and (one.in_days or 0) >= (other.in_days or 0)
    if one.test == "on_days":
        return set(one.on_days or ()) <= set(other.on_days or ())
    return int(getattr(one, one.test)) >= int(getattr(other, one.test))
