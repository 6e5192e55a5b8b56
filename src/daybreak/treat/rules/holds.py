"""Is a protocol held, and what does that keep from being done?"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.treat.rules.blockers import Blocker


@dataclass(frozen=True, slots=True)
class Held:
    """A hold in force: of which protocol, at which site (empty: at all), why, by whom, since when."""

    key: UUID
    protocol: str
    at_site: str
    reason: str
    signal: str
    signed_by: UUID
    signed_at: datetime


def covers(hold: Held, *, site: str, protocols: Iterable[str]) -> bool:
    """Return whether a hold covers a course at a site. A site's tightened protocol is named with the one it tightens,
    and is held with it.
    """
    return hold.protocol in set(protocols) and hold.at_site in ("", site)


def hold_in_the_way(holds: Iterable[Held]) -> Iterator[Blocker]:
    """Yield what keeps a session of a held protocol from being ordered or started. Nobody at the site can clear it."""
    for hold in holds:
        yield Blocker(
            "The safety board holds this protocol.",
            f"Since {hold.signed_at:%Y-%m-%d}: {hold.reason}",
            ("the safety board",),
            "Cancel the session or wait until the hold is lifted. A session that has begun goes on.",
        )
