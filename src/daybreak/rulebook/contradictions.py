"""Criteria that can never be met: alone, or two of them on the same fact in the same stage."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.gate import Criterion, Gate
from daybreak.rulebook.lines import Path
from daybreak.rulebook.protocol import STAGES, Protocol, Stage
from daybreak.rulebook.regions import Region, both, outside, region_of, whole_of


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What one criterion wants of one fact."""

    criterion: str
    region: Region


def contradictions(protocol: Protocol, facts: Mapping[str, FactDefinition]) -> Iterator[tuple[Path, str]]:
    """Yield each criterion that no answer can meet: where it stands, and a sentence."""
    for stage in STAGES:
        before: dict[tuple[str, str], list[_Wanted]] = {}
        for index, criterion in enumerate(getattr(protocol, stage)):
            for message in _alone(criterion, facts):
                yield (stage, index), message
            for message in _together(criterion, facts, before):
                yield (stage, index), message


def place_of(protocol: Protocol, stage: Stage, criterion: Criterion) -> Path:
    """Return where a criterion stands in its file; those of the schedule stand there."""
    for name in (stage, "schedule"):
        for index, each in enumerate(getattr(protocol, name)):
            if each.id == criterion.id:
                return (name, index)
    return (stage,)


def _alone(criterion: Criterion, facts: Mapping[str, FactDefinition]) -> Iterator[str]:
    for gate in criterion.gates:
        fact = facts.get(gate.ask)
        region = None if fact is None else region_of(gate, fact)
        if region is not None and not region:
            yield f"“{criterion.id}” can never be met: no answer to “{gate.ask}” does"


def _together(
    criterion: Criterion, facts: Mapping[str, FactDefinition], before: dict[tuple[str, str], list[_Wanted]]
) -> Iterator[str]:
    """Compare what must hold always: not what only informs, not what holds in a part of the course."""
    if criterion.otherwise == "inform" or criterion.period is not None or criterion.group == "any":
        return
    for gate in criterion.gates:
        fact = facts.get(gate.ask)
        region = None if fact is None else _wanted(criterion, gate, fact)
        if not region:
            continue
        same = before.setdefault((gate.ask, gate.count_of or ""), [])
        if other := next((each for each in same if not both(each.region, region)), None):
            who = "its gates" if other.criterion == criterion.id else f"“{other.criterion}” and “{criterion.id}”"
            yield f"{who} can never both be met: no answer to “{gate.ask}” does"
        same.append(_Wanted(criterion.id, region))


def _wanted(criterion: Criterion, gate: Gate, fact: FactDefinition) -> Region | None:
    region = region_of(gate, fact)
    if criterion.group == "none" and region is not None:
        return outside(region, whole_of(fact))
    return region
