"""Reports that are told to anybody, line by line: each line is checked against every report of its kind that was told
before, of the same people.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from daybreak.ledger.public import one_step
from daybreak.register.disclosing.actions import could_be_small
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.manifest import INVENTED
from daybreak.register.models import PublicTable
from daybreak.register.queries import snapshot
from daybreak.rulebook.public import Disclosure, rounded

Part = tuple[int, int]
"""A number, and of how many people it is at least."""
Line = Sequence[Part] | None
"""The numbers of a line; None where they are too few to be told."""


@dataclass(frozen=True, slots=True)
class ToldLine:
    """A line as it is told: its rounded numbers, None where they are too few; and of when the snapshot is that they
    come from, which is an earlier one where too little has changed since.
    """

    numbers: tuple[int, ...] | None
    frozen_at: datetime


@one_step()
def tell_lines(snapshot_id: str, report: str, lines: Mapping[str, Line], *, at: datetime) -> dict[str, ToldLine]:
    """Tell the lines of a report to anybody and keep them as they are told; the same snapshot tells the same for ever.

    A line stays as it was told last where a number in it differs from one that was told before, in whichever report, by
    so few people that the difference could be a small group. Raises NoSuchSnapshot.
    """
    about, policy = snapshot(snapshot_id), disclosure_policy()
    kept = PublicTable.objects.filter(snapshot=about, table=report).first()
    if kept is None:
        before = [_lines_of(each) for each in _earlier(report, about.synthetic) if not about.invented]
        told = {name: _rounded(line, policy) for name, line in lines.items()}
        cells = [
            [name, line] for name, line in told.items()
            if all(_is_apart(line, each[name], policy) for each in before if name in each)
        ]  # fmt: skip
        kept = PublicTable.objects.create(
            snapshot=about, table=report, policy_version=policy.version, policy_fingerprint=policy.fingerprint,
            cells=cells, made_at=at,
        )  # fmt: skip
    history = [kept, *_earlier(report, about.synthetic).filter(id__lt=kept.id)]
    return {name: _as_told(name, history) for name in lines}


def _earlier(report: str, synthetic: bool) -> QuerySet[PublicTable]:
    """Return the reports of one kind of this house's people, told last first; an invented cohort holds none of them."""
    ours = Q(table=report, snapshot__synthetic=synthetic) & ~Q(snapshot__id__startswith=INVENTED)
    return PublicTable.objects.filter(ours).select_related("snapshot").order_by("-id")


def _rounded(line: Line, policy: Disclosure) -> list[list[int]] | None:
    if line is None:
        return None
    return [[rounded(policy, number), rounded(policy, people)] for number, people in line]


def _is_apart(line: list[list[int]] | None, earlier: list[list[int]] | None, policy: Disclosure) -> bool:
    """Return whether what is told of a line can stand beside what was told of it before: each number is the same, or
    enough people lie between the two.
    """
    if line is None or earlier is None:
        return True
    pairs = zip(line, earlier, strict=True)
    return all(
        now == then or (people != of and not could_be_small(people, of, policy)) for (now, people), (then, of) in pairs
    )


def _lines_of(table: PublicTable) -> dict[str, list[list[int]] | None]:
    return dict(table.cells)


def _as_told(name: str, history: Sequence[PublicTable]) -> ToldLine:
    told = next((each for each in history if name in _lines_of(each)), history[0])
    line = _lines_of(told).get(name)
    return ToldLine(None if line is None else tuple(number for number, _ in line), told.snapshot.created_at)
