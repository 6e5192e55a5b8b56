"""A site's own, stricter version of a shared protocol: only what is stricter or additional stands in its file."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import partial
from operator import attrgetter
from typing import Annotated, Any, TypeVar

from pydantic import Field, model_validator

from daybreak.rulebook.bedside import Limit, Recovery, Sign, Watch
from daybreak.rulebook.course import Duty, FollowUp
from daybreak.rulebook.dosing import Positive
from daybreak.rulebook.facts import FactDefinition
from daybreak.rulebook.form import Definition, Form, Sentence, Sourced, SourceKind, demand
from daybreak.rulebook.gate import TIME_TESTS, Criterion, Whole
from daybreak.rulebook.lines import Path
from daybreak.rulebook.presence import Equipment, TeamRole
from daybreak.rulebook.protocol import STAGES, Protocol, ProtocolExample
from daybreak.rulebook.stricter import looser_criterion, looser_limit, looser_role, looser_sign

_R = TypeVar("_R", Criterion, Limit, Sign, TeamRole)
_C = TypeVar("_C", Criterion, Limit)


class TighterWatch(Form):
    """Signs that are read more often or in addition; limits that call earlier or in addition."""

    signs: tuple[Sign, ...] = ()
    limits: tuple[Limit, ...] = ()


class TighterRecovery(TighterWatch):
    """As before, and a longer observation; the longer observation names its source."""

    minimum_observation_minutes: Whole | None = None
    source: SourceKind | None = None
    reference: Sentence | None = None
    note: str = ""

    @model_validator(mode="after")
    def _sourced(self) -> "TighterRecovery":
        named = self.source is not None and self.reference is not None
        demand(self.minimum_observation_minutes is None or named, "a longer observation names source and reference")
        return self


class Ceiling(Sourced):
    """A ceiling of the dose, in mg."""

    at_most: Positive


class Tightening(Definition):
    """The file of a site that tightens a shared protocol (`tightens = "id/version"`).

    A criterion, sign or limit under an id of the shared protocol replaces it, and must be at least as strict; one
    under another id is added. Nothing can be taken away.
    """

    tightens: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*/[1-9][0-9]*$")]
    facts: tuple[FactDefinition, ...] = ()
    screening: tuple[Criterion, ...] = ()
    before_each_dose: tuple[Criterion, ...] = ()
    before_leaving: tuple[Criterion, ...] = ()
    before_going_on: tuple[Criterion, ...] = ()
    team: tuple[TeamRole, ...] = ()
    equipment: tuple[Equipment, ...] = ()
    dose: Ceiling | None = None
    during: TighterWatch = TighterWatch()
    after: TighterRecovery = TighterRecovery()
    follow_up: tuple[FollowUp, ...] = ()
    duties: tuple[Duty, ...] = ()
    examples: tuple[ProtocolExample, ...] = Field(min_length=1)


class Tightened(Protocol):
    """The protocol that a tightening makes of the shared one: `tightens` names that, `moved` says where each of the
    site's own rules stands in the site's file. Examples of the shared one may be named as a `base`.
    """

    tightens: str
    own_fingerprint: str
    inherited: tuple[ProtocolExample, ...]
    moved: dict[Path, Path]

    def place(self, path: Path) -> Path:
        """Return where a rule stands in the site's own file; what it does not hold stands at `tightens`."""
        for length in range(len(path), 0, -1):
            if path[:length] in self.moved:
                return (*self.moved[path[:length]], *path[length:])
        return path if path[:1] == ("examples",) else ("tightens",)

    def is_own(self, path: Path) -> bool:
        """Whether a rule is the site's own."""
        return path in self.moved


def loosened(
    mine: Tightening | Protocol, shared: Protocol, facts: dict[str, FactDefinition]
) -> Iterator[tuple[Path, str]]:
    """Yield each rule of `mine` that is looser than the shared one of its id: where it stands, and a sentence.

    `mine` tightens the shared protocol, or is a site's own for the same drug by the same route. Such an own one has not
    the shared rules beside its own: there a criterion or a limit under a new id stands for a shared one that asks the
    same.
    """
    refusal = partial(_refusal, shared)
    for stage in STAGES:
        criteria = (
            shared.criteria(stage),
            mine.criteria(stage) if isinstance(mine, Protocol) else getattr(mine, stage),
        )
        for index, old, new in _counterparts(mine, *criteria, asked=_asked, looser=partial(_looser, facts)):
            for words in looser_criterion(old, new, facts):
                yield _place(mine, stage, index), refusal(old.id, words)
    for name, old_watch, new_watch in (("during", shared.during, mine.during), ("after", shared.after, mine.after)):
        yield from _looser_watch(mine, name, refusal, old_watch, new_watch)
    for index, role in enumerate(mine.team):
        asked = next((each for each in shared.team if each.id == role.id), None)
        for words in looser_role(asked, role) if asked else ():
            yield ("team", index), refusal(role.id, words)
    ceiling = shared.dose.at_most
    highest = mine.dose.at_most if mine.dose else None
    if ceiling is not None and highest is not None and highest > ceiling:
        yield ("dose", "at_most"), refusal("dose", f"at most {highest} mg is above {ceiling} mg")
    minutes, least = mine.after.minimum_observation_minutes, shared.after.minimum_observation_minutes
    if minutes is not None and least is not None and minutes < least:
        words = f"{minutes} minutes of observation are fewer than {least}"
        yield ("after", "minimum_observation_minutes"), refusal("minimum_observation_minutes", words)


def tightened(mine: Tightening, shared: Protocol) -> Tightened:
    """Return the shared protocol with the stricter and additional rules of `mine`."""
    moved: dict[Path, Path] = {}
    found: dict[str, Any] = {name: getattr(shared, name) for name in Protocol.model_fields}
    found |= {name: getattr(mine, name) for name in Definition.model_fields}
    for stage in STAGES:
        found[stage] = _laid_over(getattr(shared, stage), getattr(mine, stage), (stage,), moved)
    found["team"] = _laid_over(shared.team, mine.team, ("team",), moved)
    found["during"] = shared.during.model_copy(update=_watch("during", shared.during, mine.during, moved))
    found["after"] = _after(shared.after, mine.after, moved)
    if mine.dose:
        found["dose"] = shared.dose.model_copy(update={"at_most": mine.dose.at_most})
        moved["dose",] = ("dose",)
    for name in ("facts", "equipment", "follow_up", "duties"):
        found[name] = _added(getattr(shared, name), getattr(mine, name), (name,), moved)
    found["examples"] = mine.examples
    found["provenance"] = _provenance(mine, shared)
    whole = hashlib.sha256(f"{mine.fingerprint} {shared.fingerprint}".encode()).hexdigest()
    return Tightened.model_construct(
        **{**found, "fingerprint": whole},
        tightens=mine.tightens,
        own_fingerprint=mine.fingerprint,
        inherited=shared.examples,
        moved=moved,
    )


def _refusal(shared: Protocol, name: str, words: str) -> str:
    return f"“{name}” would loosen the shared gate of {shared.id}/{shared.version}: {words}"


def _counterparts(
    mine: Tightening | Protocol,
    old: Sequence[_C],
    new: Sequence[_C],
    *,
    asked: Callable[[_C], Hashable],
    looser: Callable[[_C, _C], bool],
) -> Iterator[tuple[int, _C, _C]]:
    """Yield the place of a new rule, the shared one that it is measured by, and the new one.

    That is the shared one of its id. In a site's own protocol it is also one whose id is gone and that asks the same,
    where none of those that ask the same is as strict.
    """
    ids, shared_ids = {each.id for each in new}, {each.id: each for each in old}
    for index, rule in enumerate(new):
        if rule.id in shared_ids:
            yield index, shared_ids[rule.id], rule
    for before in old if isinstance(mine, Protocol) else ():
        alike = [(index, rule) for index, rule in enumerate(new) if asked(rule) == asked(before)]
        if before.id not in ids and alike and all(looser(before, rule) for _, rule in alike):
            yield alike[0][0], before, alike[0][1]


def _place(mine: Tightening | Protocol, stage: str, index: int) -> Path:
    """Return where a criterion stands in its file; those of the schedule come after those of the stage."""
    beyond = index - len(getattr(mine, stage))
    if beyond < 0 or not isinstance(mine, Protocol):
        return stage, index
    return "schedule", [number for number, phase in enumerate(mine.schedule) if phase.criterion is not None][beyond]


def _asked(criterion: Criterion) -> Hashable:
    return frozenset((gate.ask, gate.unit, gate.test in TIME_TESTS) for gate in criterion.gates)


def _looser(facts: dict[str, FactDefinition], old: Criterion, new: Criterion) -> bool:
    return any(looser_criterion(old, new, facts))


def _looser_watch(
    mine: Tightening | Protocol,
    name: str,
    refusal: Callable[[str, str], str],
    old: Watch,
    new: TighterWatch | Watch,
) -> Iterator[tuple[Path, str]]:
    limits = (old.limits, new.limits)
    asked, looser = attrgetter("sign", "test", "unit"), lambda old, new: any(looser_limit(old, new))
    for index, before, limit in _counterparts(mine, *limits, asked=asked, looser=looser):
        for words in looser_limit(before, limit):
            yield (name, "limits", index), refusal(before.id, words)
    for index, sign in enumerate(new.signs):
        read = next((each for each in old.signs if each.sign == sign.sign), None)
        for words in looser_sign(read, sign) if read else ():
            yield (name, "signs", index), refusal(sign.sign, words)


def _name(rule: Criterion | Limit | Sign | TeamRole) -> str:
    return rule.sign if isinstance(rule, Sign) else rule.id


def _laid_over(old: Sequence[_R], new: Sequence[_R], path: Path, moved: dict[Path, Path]) -> tuple[_R, ...]:
    mine: dict[str, tuple[int, _R]] = {_name(rule): (index, rule) for index, rule in enumerate(new)}
    names = dict.fromkeys([*map(_name, old), *mine])
    for position, name in enumerate(names):
        if name in mine:
            moved[(*path, position)] = (*path, mine[name][0])
    before = {_name(rule): rule for rule in old}
    return tuple(mine[name][1] if name in mine else before[name] for name in names)


def _watch(name: str, old: Watch, new: TighterWatch, moved: dict[Path, Path]) -> dict[str, Any]:
    return {
        "signs": _laid_over(old.signs, new.signs, (name, "signs"), moved),
        "limits": _laid_over(old.limits, new.limits, (name, "limits"), moved),
    }


def _after(old: Recovery, new: TighterRecovery, moved: dict[Path, Path]) -> Recovery:
    update = _watch("after", old, new, moved)
    if new.minimum_observation_minutes is not None:
        update |= {"minimum_observation_minutes": new.minimum_observation_minutes, "blanks": ()}
        update |= {"source": new.source, "reference": new.reference, "note": new.note, "verified": True}
    return old.model_copy(update=update)


def _added(old: Sequence[Form], new: Sequence[Form], path: Path, moved: dict[Path, Path]) -> tuple[Form, ...]:
    moved.update({(*path, len(old) + index): (*path, index) for index in range(len(new))})
    return (*old, *new)


def _provenance(mine: Tightening, shared: Protocol) -> object:
    known = {reference.id for reference in mine.provenance.references}
    more = (reference for reference in shared.provenance.references if reference.id not in known)
    return mine.provenance.model_copy(update={"references": (*mine.provenance.references, *more)})
