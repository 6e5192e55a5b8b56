"""Every read of data quality: what is asked, and how sites stand in a snapshot and in the one before."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from daybreak.measure.public import library
from daybreak.people.public import Site, sites
from daybreak.register.folders import NotIntact
from daybreak.register.models import Snapshot
from daybreak.register.quality.needs import Needs, needs_of
from daybreak.register.quality.standing import ByCheck, Standing, standings
from daybreak.register.queries import NoSuchSnapshot, dataset, frozen_snapshots, intact
from daybreak.rulebook.public import Quality

if TYPE_CHECKING:
    from daybreak.register.quality.counting import Counts


@dataclass(frozen=True, slots=True)
class Stood:
    """How one clinic stands in a snapshot, by each check; `before` is the snapshot that it is compared with."""

    site: str
    snapshot: Snapshot
    before: Snapshot | None
    checks: tuple[Standing, ...]

    @property
    def asked(self) -> tuple[Standing, ...]:
        """Return the checks that had something to ask."""
        return tuple(each for each in self.checks if each.asked)

    @property
    def holding(self) -> tuple[Standing, ...]:
        """Return the checks of which enough is well."""
        return tuple(each for each in self.asked if each.enough)

    @property
    def failing(self) -> tuple[Standing, ...]:
        """Return the checks of which not enough is well, the important ones first."""
        found = (each for each in self.asked if not each.enough)
        return tuple(sorted(found, key=lambda each: each.check.severity != "important"))


def asked_of_data() -> Quality:
    """Return what is asked of the data of every site: the shipped definition, in use now."""
    return library().quality("house")


def needed() -> Needs:
    """Return what the checks need from other definitions."""
    return needs_of(asked_of_data(), library())


def clinics() -> list[Site]:
    """Return the sites that make data, by name."""
    return sorted((each for each in sites() if each.kind == "clinic"), key=lambda each: each.name)


def stood(site: str, *, synthetic: bool, snapshot_id: str | None = None) -> Stood:
    """Return how one clinic stands; see `stood_each`."""
    return stood_each([site], synthetic=synthetic, snapshot_id=snapshot_id)[0]


def stood_each(codes: Sequence[str], *, synthetic: bool, snapshot_id: str | None = None) -> list[Stood]:
    """Return how clinics stand in a snapshot of this house, the newest without a name, beside the one before it.

    With an earlier one that is not intact nothing is compared. Raises NoSuchSnapshot where none was frozen or the name
    is of none, and NotIntact.
    """
    quality, (now, before) = asked_of_data(), _two(synthetic, snapshot_id)
    found, earlier = counts_in(now.id), None
    try:
        earlier = counts_in(before.id) if before else None
    except NotIntact:
        before = None
    return [Stood(code, now, before, standings(quality, found, code, earlier=earlier)) for code in codes]


def counts_in(snapshot_id: str) -> ByCheck:
    """Return the counts of each check and site of an intact snapshot; raise NoSuchSnapshot, or NotIntact. What was
    counted before from the same fingerprint by the same definitions is not counted again.
    """
    kinds = ("measures", "facts", "instruments")
    made_by = (asked_of_data().fingerprint, *(each.fingerprint for kind in kinds for each in library().every(kind)))
    return _counted(snapshot_id, intact(snapshot_id), made_by)


@lru_cache(maxsize=16)
def _counted(snapshot_id: str, fingerprint: str, made_by: tuple[str, ...]) -> "dict[str, dict[str, Counts]]":
    from daybreak.register.quality.counting import counted  # here: the engine takes a second to load

    return counted(dataset(snapshot_id).tables, asked_of_data(), needed())


def _two(synthetic: bool, snapshot_id: str | None) -> tuple[Snapshot, Snapshot | None]:
    """Return the snapshot asked for and the one frozen before it; an invented cohort is none of this house's people."""
    found = frozen_snapshots(synthetic=synthetic)
    if not found:
        raise NoSuchSnapshot("No snapshot of the register was frozen yet. The coordinating centre freezes the first.")
    place = next((number for number, each in enumerate(found) if snapshot_id in (None, each.id)), None)
    if place is None:
        raise NoSuchSnapshot(f"There is no snapshot “{snapshot_id}” of this house's people.")
    return found[place], found[place + 1] if place + 1 < len(found) else None
