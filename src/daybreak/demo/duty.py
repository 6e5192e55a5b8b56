"""Who is on duty at a synthetic clinic in the next week: by day and by night, and in one night nobody."""

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import Scope
from daybreak.people.public import enter_turn, site_named

DAYS = 8
MORNING, EVENING, NIGHT = time(8), time(17), time(20)
NOBODY_ON = 4
NUMBER = "555-0150"


def fill_roster(scope: Scope, *, clinicians: list[UUID], coordinator: UUID, at: datetime) -> None:
    """Put the clinicians on duty in turns, and the coordinator second by day; one night is left open."""
    zone = site_named(scope.site).time_zone
    for ahead in range(-1, DAYS):
        day = day_of(at, zone) + timedelta(days=ahead)
        first, by_night = clinicians[ahead % len(clinicians)], clinicians[(ahead + 1) % len(clinicians)]
        turns = [
            (first, 1, day, MORNING, day, NIGHT),
            (coordinator, 2, day, MORNING, day, EVENING),
            (by_night, 1, day, NIGHT, day + timedelta(days=1), MORNING),
        ]
        for account, rank, from_day, begins, until_day, ends in turns[: 2 if ahead == NOBODY_ON else 3]:
            from_at = datetime.combine(from_day, begins, tzinfo=ZoneInfo(zone))
            until_at = datetime.combine(until_day, ends, tzinfo=ZoneInfo(zone))
            if until_at > at:
                enter_turn(
                    scope, key=new_key(at=at), account=account, rank=rank, telephone=NUMBER, from_at=from_at,
                    until_at=until_at, at=at,
                )  # fmt: skip
