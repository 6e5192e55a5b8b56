"""What changed between a frozen decision and now: criteria that turned, facts that are new, other or gone. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

Frozen = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Turned:
    """A criterion whose answer is another one; `before` or `after` is empty where it was not asked."""

    id: str
    question: str
    before: str
    after: str
    reason: str


@dataclass(frozen=True, slots=True)
class OtherFact:
    """A fact with another value; None where there was, or is, none."""

    name: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Changes:
    """All that changed; false where nothing did."""

    criteria: tuple[Turned, ...]
    facts: tuple[OtherFact, ...]
    other_version: tuple[int, int] | None

    def __bool__(self) -> bool:
        return bool(self.criteria or self.facts or self.other_version)


def changes_between(
    before: tuple[Iterable[Frozen], Mapping[str, Frozen], int],
    after: tuple[Iterable[Frozen], Mapping[str, Frozen], int],
) -> Changes:
    """Return what differs between two screenings, each its answers, its facts and the protocol's version, as frozen.

    A fact that was only recorded again with the same value did not change.
    """
    then, now = ({str(answer["id"]): answer for answer in answers} for answers, _, _ in (before, after))
    turned = [
        Turned(
            name,
            _word(now, then, name, "question"),
            _truth(then, name),
            _truth(now, name),
            _word(now, then, name, "reason"),
        )
        for name in dict.fromkeys([*then, *now])
        if _truth(then, name) != _truth(now, name)
    ]
    facts = [
        OtherFact(name, _value(before[1], name), _value(after[1], name))
        for name in sorted({*before[1], *after[1]})
        if _value(before[1], name) != _value(after[1], name)
    ]
    other = (before[2], after[2]) if before[2] != after[2] else None
    return Changes(tuple(turned), tuple(facts), other)


def _truth(answers: Mapping[str, Frozen], name: str) -> str:
    return str(answers[name]["truth"]) if name in answers else ""


def _word(first: Mapping[str, Frozen], second: Mapping[str, Frozen], name: str, key: str) -> str:
    return str((first.get(name) or second.get(name) or {}).get(key, ""))


def _value(facts: Mapping[str, Frozen], name: str) -> object:
    return facts[name]["value"] if name in facts else None
