"""The tables that are told to anybody, made at a freeze: suppressed, checked against what was told before, rounded."""

from datetime import datetime

from daybreak.kernel.refusal import Refusal
from daybreak.ledger.public import one_step
from daybreak.register.disclosing.auditing import CannotCheck
from daybreak.register.disclosing.counting import counts_of, dimensions_of, people_by
from daybreak.register.disclosing.groups import Asked, Group, Told
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.disclosing.suppression import WouldReveal, as_told, told_table
from daybreak.register.folders import Dataset
from daybreak.register.models import PublicTable, Snapshot
from daybreak.rulebook.public import Disclosure, ToldTable

Cells = list[list[object]]


class TooSoon(Refusal):
    """A table whose difference from an earlier one would tell of a small group."""


@one_step()
def publish_tables(snapshot: Snapshot, frozen: Dataset, *, at: datetime) -> list[PublicTable]:
    """Make the policy's tables of a snapshot and record each as it is told, or in a sentence why it is not.

    Tables of one snapshot are checked together. A table of a later snapshot is not told while a number in it differs
    from one that was told before, ever, by so few people that the difference could be a small group; the one told last
    stands.
    """
    policy = disclosure_policy()
    dimensions = dimensions_of(policy)
    counts = counts_of(people_by(frozen, policy), dimensions)
    known: dict[Group, int] = {}
    made = []
    for wanted in policy.tables:
        asked = Asked(tuple(each for name in wanted.by for each in dimensions if each.name == name))
        used = tuple(each for each in dimensions if any(each.name in table.by for table in policy.tables))
        try:
            exact = told_table(asked, _within(counts, used), policy, dimensions=used, before=known)
            told = as_told(exact, policy)
            _demand_apart(wanted, told, policy, synthetic=snapshot.synthetic)
        except (CannotCheck, WouldReveal, TooSoon) as no:
            made.append(_recorded(snapshot, wanted, policy, {}, str(no), at))
        else:
            known |= {group: number for group, number in exact.items() if number is not None}
            made.append(_recorded(snapshot, wanted, policy, told, "", at))
    return made


def _within(counts: dict[Group, int], used: tuple) -> dict[Group, int]:
    names = {each.name for each in used}
    return {group: number for group, number in counts.items() if {name for name, _ in group} <= names}


def _demand_apart(wanted: ToldTable, told: Told, policy: Disclosure, *, synthetic: bool) -> None:
    """Raise TooSoon where subtracting what was told before, at any time, could leave 1 to 10 people."""
    for before in PublicTable.objects.filter(table=wanted.id, refused="", snapshot__synthetic=synthetic).order_by("id"):
        earlier = groups_of(before)
        for group, number in told.items():
            known = earlier.get(group)
            if number is not None and known is not None and could_be_small(number, known, policy):
                raise TooSoon(
                    f"This table is not told again yet: a number in it lies so near to one that was told on "
                    f"{before.made_at:%d %B %Y} that the difference could be fewer than {policy.cells.fewest} people. "
                    "What was told last stands."
                )


def could_be_small(number: int, earlier: int, policy: Disclosure) -> bool:
    """Return whether the true difference behind two rounded numbers of people can be seen and be one of 1 to
    `fewest` - 1 people. Two numbers that are told alike show none.
    """
    apart, loose = abs(number - earlier), policy.rounding.to - 1
    return 0 < apart < policy.cells.fewest + loose


def groups_of(table: PublicTable) -> dict[Group, int | None]:
    """Return the numbers of a table that was told, by their groups."""
    return {frozenset((name, category) for name, category in group): number for group, number in table.cells}


def _recorded(
    snapshot: Snapshot, wanted: ToldTable, policy: Disclosure, told: Told, refused: str, at: datetime
) -> PublicTable:
    cells: Cells = [[sorted(map(list, group)), number] for group, number in told.items()]
    return PublicTable.objects.create(
        snapshot=snapshot, table=wanted.id, policy_version=policy.version, policy_fingerprint=policy.fingerprint,
        cells=cells, refused=refused, made_at=at,
    )  # fmt: skip
