"""Which numbers of a table are told: none of a small group, and none that would reveal one. Pure.

First every small group is suppressed. A line of which only one number is missing gives it back by subtraction, and
one whose missing numbers add up to a small group gives that away: another number of the line is suppressed until it
does neither. Then everything that was told before and would be told now is taken together, and where it still gives a
small group away, more is suppressed, or the table is refused.
"""

from collections.abc import Mapping, Sequence

from daybreak.kernel.refusal import Refusal
from daybreak.register.disclosing.auditing import Known, given_away
from daybreak.register.disclosing.groups import Asked, Dimension, Group, Told
from daybreak.rulebook.public import Disclosure, rounded

Counts = Mapping[Group, int]


class WouldReveal(Refusal):
    """A table that may not be told beside those that were."""


def told_table(
    asked: Asked,
    counts: Counts,
    policy: Disclosure,
    *,
    dimensions: Sequence[Dimension] = (),
    before: Known | None = None,
) -> dict[Group, int | None]:
    """Return the numbers of a table that may be told, unrounded; None for those that are suppressed.

    `counts` gives the number of every group that `dimensions` make (those of the table, where none are given), and
    `before` what was told of the same people, unrounded. Raises WouldReveal where nothing of the table can be told
    without giving a small group away.
    """
    fewest, earlier = policy.cells.fewest, dict(before or {})
    wanted = tuple(dimensions) or asked.dimensions
    shown: dict[Group, int | None] = {
        group: None if 0 < counts[group] < fewest else counts[group] for group in asked.groups()
    }
    while True:
        _complete(asked, shown, counts, fewest)
        known = earlier | {group: number for group, number in shown.items() if number is not None}
        revealed = given_away(wanted, known, counts, fewest=fewest)
        if revealed is None:
            break
        if not _hide_one_more(shown, earlier, revealed):
            raise WouldReveal(
                "This table is not told: taken together with the tables that were told before, it would give away a "
                f"group of fewer than {fewest} people."
            )
    return shown


def as_told(table: Told, policy: Disclosure) -> dict[Group, int | None]:
    """Return a table as it is told: rounded."""
    return {group: None if number is None else rounded(policy, number) for group, number in table.items()}


def _complete(asked: Asked, shown: dict[Group, int | None], counts: Counts, fewest: int) -> None:
    """Suppress more until no line gives anything small back, whatever the other lines say."""
    changed = True
    while changed:
        changed = False
        for total, parts in asked.lines():
            missing = [group for group in parts if shown[group] is None]
            if not missing or shown[total] is None:
                continue
            if len(missing) > 1 and sum(counts[group] for group in missing) >= fewest:
                continue
            there = [group for group in parts if shown[group] is not None]
            least = min(there, key=lambda group: (counts[group] == 0, counts[group], sorted(group)), default=total)
            shown[least] = None
            changed = True


def _hide_one_more(shown: dict[Group, int | None], earlier: Known, revealed: Group) -> bool:
    """Suppress the smallest number of the table that has most to do with the group given away; False where all that is
    told of the table was told before.
    """
    there = [group for group, number in shown.items() if number is not None and group not in earlier]
    if not there:
        return False
    nearest = min(there, key=lambda group: (-len(group & revealed), shown[group] or 0, sorted(group)))
    shown[nearest] = None
    return True
