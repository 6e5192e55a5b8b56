"""What the advice on the next interval rests on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from daybreak.rulebook.public import AdviceRule, Continuation, CourseFacts, CourseSoFar, advised, outcomes_now


@dataclass(frozen=True, slots=True)
class Advice:
    """The rule that applies to the next session, with what it rests on, and the definition it comes from."""

    rule: AdviceRule
    facts: CourseFacts
    definition: Continuation


def advice_for(
    continuation: Continuation,
    *,
    given: Sequence[datetime],
    next_at: datetime,
    so_far: CourseSoFar | None,
    zone: str,
) -> Advice:
    """Return what is advised about a session at `next_at` after those that were `given` (their starts).

    Days are calendar days of the site's zone; day 1 is the first session's.
    """
    days = [moment.astimezone(ZoneInfo(zone)).date() for moment in sorted(given) if moment < next_at]
    on = next_at.astimezone(ZoneInfo(zone)).date()
    facts = CourseFacts(
        day=(on - days[0]).days + 1 if days else 1,
        sessions=len(days),
        last_interval_days=(on - days[-1]).days if days else None,
        outcomes=outcomes_now(so_far),
    )
    return Advice(advised(continuation, facts), facts, continuation)
