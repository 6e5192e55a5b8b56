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
    from the one told last by so few people that the difference would be a small group; the earlier one stands.
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
    """Raise TooSoon where subtracting what was told last would leave nothing but 1 to 10 people."""
    last = (
        PublicTable.objects.filter(table=wanted.id, refused="", snapshot__synthetic=synthetic)
        .order_by("-made_at", "-id").first()
    )  # fmt: skip
    before = {} if last is None else groups_of(last)
    for group, number in told.items():
        earlier = before.get(group)
        if number is not None and earlier is not None and is_small_difference(number, earlier, policy):
            raise TooSoon(
                f"This table is not told again yet: since {last.made_at:%d %B %Y} a number in it has changed by fewer "
                f"than {policy.cells.fewest} people, and subtracting one from the other would tell of them. It stands."
            )


def is_small_difference(number: int, earlier: int, policy: Disclosure) -> bool:
    """Return whether the true difference behind two rounded numbers can only be one of 1 to `fewest` - 1 people."""
    apart, loose = abs(number - earlier), policy.rounding.to - 1
    return apart - loose >= 1 and apart + loose < policy.cells.fewest


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
