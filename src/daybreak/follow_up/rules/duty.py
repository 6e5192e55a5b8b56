"""Who gets a message about a task: who is on duty first, then the next; in a gap of the roster, whoever may take it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

OnDuty = Sequence[tuple[int, UUID]]


def to_tell(
    *, asked: Sequence[str], chain: Sequence[str], on_duty: OnDuty, holders: Mapping[str, Sequence[UUID]]
) -> list[UUID]:
    """Return the accounts that have been told by now, in the order in which they are told.

    `asked` are the roles asked so far, the first of the `chain` of roles from the start. `on_duty` holds (rank,
    account): as many ranks are told as roles were asked, and beside them everybody who holds a role that was asked
    later. Where nobody is on duty the holders of the first role are told at once; where there is none of those either,
    the holders of the next role of the chain: a call that nobody hears of would be lost.
    """
    ranks = sorted({rank for rank, _ in on_duty})[: len(asked)]
    told = [account for rank, account in sorted(on_duty) if rank in ranks]
    roles = list(asked[1:]) if on_duty else list(asked)
    told += [account for role in roles for account in holders.get(role, ())]
    if not told:
        told = next((list(holders[role]) for role in chain if holders.get(role)), [])
    return list(dict.fromkeys(told))
