"""What stands in the way, why, and who can clear it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import Answer, Verdict

WHO_OVERRIDES = {
    "clinician": "a clinician, by signing for it",
    "two_clinicians": "two clinicians, by signing for it",
}
OBSERVATION = "observation_minutes"
"""The fact that only waiting changes."""
_NEEDED = {"clinician": 1, "two_clinicians": 2}


@dataclass(frozen=True, slots=True)
class Blocker:
    """One thing in the way. `criterion` and its `stage` are set where a clinician may go on in spite of it; `truth` is
    not_met or unknown; `about` names the facts that would clear it.
    """

    what: str
    why: str
    who: tuple[str, ...]
    advice: str = ""
    criterion: str = ""
    truth: str = ""
    stage: str = ""
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class May:
    """The answer: yes, or what is in the way. `notices` do not block; `overridden` was signed for."""

    blockers: tuple[Blocker, ...]
    notices: tuple[Blocker, ...] = ()
    overridden: tuple[Blocker, ...] = ()

    @property
    def allowed(self) -> bool:
        """Whether nothing is in the way."""
        return not self.blockers

    def sentence(self) -> str:
        """Return every blocker in one line, for a refusal."""
        return " ".join(f"{b.what} {b.why} (Cleared by: {' or '.join(b.who)}.)" for b in self.blockers)


def of_verdict(
    verdict: Verdict, *, signed_for: Mapping[str, frozenset[UUID]], covered: frozenset[str] = frozenset()
) -> May:
    """Return what the protocol's criteria put in the way.

    `signed_for` maps a criterion to the clinicians who signed for going on in spite of it. A criterion about the
    facts in `covered`
    is left out, because the room names the same thing itself.
    """
    blocking, notices, overridden = [], [], []
    for answer in verdict.criteria:
        if answer.truth is Truth.MET or (_names(answer) and _names(answer) <= covered):
            continue
        blocker = _blocker(answer, verdict.stage)
        if not answer.blocks:
            notices.append(blocker)
        elif len(signed_for.get(answer.id, ())) >= _NEEDED.get(answer.override, 10**6):
            overridden.append(blocker)
        else:
            blocking.append(blocker)
    return May(tuple(blocking), tuple(notices), tuple(overridden))


def _names(answer: Answer) -> set[str]:
    return {used.name for used in answer.used} | {missing.name for missing in answer.missing}


def _blocker(answer: Answer, stage: str) -> Blocker:
    supply = [role for missing in answer.missing for role in missing.who_can_supply if role != "system"]
    override = [WHO_OVERRIDES[answer.override]] if answer.override in WHO_OVERRIDES and answer.blocks else []
    waiting = ["time"] if _names(answer) == {OBSERVATION} else []
    who = tuple(dict.fromkeys([*supply, *waiting, *override])) or ("nobody today",)
    may_sign = answer.override if answer.override in WHO_OVERRIDES and answer.blocks else ""
    return Blocker(
        what=answer.question,
        why=answer.reason,
        who=who,
        advice=answer.advice,
        criterion=answer.id if may_sign else "",
        truth=str(answer.truth),
        stage=stage,
        about=tuple(each.name for each in answer.missing or answer.used),
    )


@dataclass(frozen=True, slots=True)
class Signed:
    """A clinician's signature for going on in spite of a criterion that was not met, or unknown, at that moment."""

    criterion: str
    truth: str
    by: UUID
    at: datetime


def standing_signatures(verdict: Verdict, signed: Iterable[Signed]) -> dict[str, frozenset[UUID]]:
    """Return who stands behind which criterion now. A signature ends when the truth changes or a fact newer than it
    comes in.
    """
    answers = {answer.id: answer for answer in verdict.criteria}
    found: dict[str, set[UUID]] = defaultdict(set)
    for each in signed:
        answer = answers.get(each.criterion)
        if answer is None or answer.truth != each.truth:
            continue
        if all(used.at is None or used.at <= each.at for used in answer.used):
            found[each.criterion].add(each.by)
    return {criterion: frozenset(people) for criterion, people in found.items()}
