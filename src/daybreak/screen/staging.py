"""From recorded treatments to a history that every definition of resistance can read. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Protocol as Like
from typing import TypeVar

from daybreak.rulebook.public import CodeList, Electroconvulsive, History, Resistance, Staged, Trial, stage

ANOTHER_DRUG = "another_antidepressant"
FAILED = {"no response": True, "partial response": True, "response": False}


class TrialRow(Like):
    """A recorded antidepressant."""

    drug: str
    dose_mg: Decimal | None
    weeks: Decimal | None
    started_on: date | None
    ended_on: date | None
    outcome: str
    adequate: bool | None
    present_episode: bool | None
    optimised: bool | None
    augmented: bool | None


T = TypeVar("T", bound=TrialRow)


class SeriesRow(Like):
    """A recorded series of electroconvulsive treatments."""

    placement: str
    outcome: str


@dataclass(frozen=True, slots=True)
class StagedBy:
    """What one definition says, beside the definition that says it."""

    definition: Resistance
    answer: Staged


def history_of(
    trials: Iterable[TrialRow],
    series: Iterable[SeriesRow],
    *,
    groups: Mapping[str, str],
    said: Mapping[str, object],
    on: date,
) -> History:
    """Return the history that the rows and the answers `said` (question to answer) make on a day."""
    began = said.get("episode_began_on")
    return History(
        trials=tuple(_trial(row, groups) for row in counted_once(trials)),
        electroconvulsive=tuple(_series(row) for row in series),
        complete=_yes_no(said.get("treatment_history_complete")),
        episode_months=Decimal(months_between(began, on)) if isinstance(began, date) and began <= on else None,
        severity=str(said.get("episode_severity") or ""),
    )


def _trial(row: TrialRow, groups: Mapping[str, str]) -> Trial:
    return Trial(
        drug=row.drug,
        group=groups.get(row.drug, ""),
        adequate=row.adequate,
        failed=FAILED.get(row.outcome),
        present_episode=row.present_episode,
        optimised=row.optimised,
        augmented=row.augmented,
    )


def _series(row: SeriesRow) -> Electroconvulsive:
    return Electroconvulsive(
        failed=FAILED.get(row.outcome), bilateral={"bilateral": True, "unilateral": False}.get(row.placement)
    )


def is_same_trial(one: TrialRow, other: TrialRow) -> bool:
    """Return whether two rows tell of one trial: the same drug, dose and period. Two drugs that are not in the list
    may be two drugs, and what was taken in two episodes was tried twice.
    """
    episodes = {one.present_episode, other.present_episode}
    return one.drug != ANOTHER_DRUG and episodes != {True, False} and _told(one) == _told(other)


def _told(row: TrialRow) -> tuple[object, ...]:
    return (row.drug, row.dose_mg, row.weeks, row.started_on, row.ended_on)


def counted_once(rows: Iterable[T]) -> list[T]:
    """Return the rows without those that only repeat an earlier one: a trial that was typed twice is one trial."""
    kept: list[T] = []
    for row in rows:
        if not any(is_same_trial(row, before) and _judged(row) == _judged(before) for before in kept):
            kept.append(row)
    return kept


def _judged(row: TrialRow) -> tuple[object, ...]:
    return (row.present_episode, row.adequate, row.outcome)


def _yes_no(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def months_between(began: date, on: date) -> int:
    """Return the completed months between two days."""
    return (on.year - began.year) * 12 + on.month - began.month - (on.day < began.day)


def groups_of(drugs: CodeList, groups: CodeList) -> dict[str, str]:
    """Return the class of each drug of a list, by the drug's word, as far as the list of classes has its codes."""
    found = {code.means: groups.means(code.system, code.code) for code in drugs.codes}
    return {drug: group for drug, group in found.items() if group}


# From the widest to the narrowest; a definition that a site adds comes last.
ORDER = ("one_failed_trial", "two_failed_trials", "thase_rush", "mgh_staging", "maudsley", "electroconvulsive_failure")


def staged_by_all(definitions: Iterable[Resistance], history: History) -> list[StagedBy]:
    """Return what every definition says about the history: side by side, since they disagree."""
    place = {name: number for number, name in enumerate(ORDER)}
    ordered = sorted(definitions, key=lambda each: (place.get(each.id, len(ORDER)), each.id))
    return [StagedBy(each, stage(each, history)) for each in ordered]
