"""How much ketamine was used when, and how exposure grew, of one site or of all: reduced, with nothing estimated."""

from dataclasses import dataclass

from daybreak.register.public import FEWEST, Dataset, disclosure_policy
from daybreak.watch.reductions.calendar import calendar_counts
from daybreak.watch.reductions.narrowing import of_site
from daybreak.watch.reductions.strips import Strip, exposure_strips
from daybreak.watch.surveillance.counts import CalendarCounts

# Two years of the policy's steps of days; what comes later counts in the last.
PERIODS = 26


@dataclass(frozen=True, slots=True)
class Use:
    """Sessions by week, and the strips of exposure in steps of so many days; no calendar where nobody was treated."""

    calendar: CalendarCounts | None
    strips: tuple[Strip, ...]
    days: int
    periods: int


def used(snapshot_id: str, site: str | None) -> Use:
    """Return the use of an intact snapshot."""
    from daybreak.register.public import dataset

    return of_dataset(dataset(snapshot_id), site)


def of_dataset(frozen: Dataset, site: str | None) -> Use:
    """Return the use of frozen tables; strips are of as many people as the disclosure policy asks for."""
    tables, days = of_site(frozen.tables, site), disclosure_policy().grid.days
    strips = exposure_strips(tables, fewest_people=FEWEST, days=days, periods=PERIODS)
    return Use(calendar_counts(tables), strips, days, PERIODS)
