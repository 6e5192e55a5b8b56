"""The one write of interop: an import. What it brings goes through the doors of other rooms."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daybreak.interop.fhir.from_definitions import known_codes
from daybreak.interop.fhir.intake import Summary, take_in
from daybreak.interop.knock import Run
from daybreak.interop.rooms import Rooms
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import Site, WrongKindOfRecord, site_named, sites


class UnknownSite(Refusal):
    """There is no clinic of that code to import into."""


@dataclass(frozen=True, slots=True)
class Imported:
    """The account of an import, and how many of its patients are said to have died."""

    summary: Summary
    deceased: int

    def as_json(self) -> dict[str, Any]:
        """Return the account as `daybreak import fhir --json` prints it."""
        return {**self.summary.as_json(), "deceased": self.deceased}


def import_fhir(
    scope: Scope,
    *,
    path: Path,
    synthetic: bool,
    at: datetime,
    progress: Callable[[int, int], None] | None = None,
) -> Imported:
    """Take in the FHIR R4 under `path` at the scope's site; `progress` is told bytes read and bytes in all.

    Each patient is one transaction, and a second run changes nothing. Raises, before anything is read,
    UnknownSite and WrongKindOfRecord; CannotRead and NothingToRead where there is no FHIR; DatabaseLost.
    """
    site = _clinic(scope.site, synthetic=synthetic)
    rooms = Rooms(Run(scope, synthetic, ZoneInfo(site.time_zone), at))
    summary = take_in([path], rooms, progress, known=known_codes(library()), now=at)
    return Imported(summary, rooms.deceased)


def _clinic(code: str, *, synthetic: bool) -> Site:
    site = site_named(code)
    clinics = [each.code for each in sites() if each.kind == "clinic"]
    there_are = f"There are: {', '.join(clinics)}." if clinics else "Add one with “daybreak site add”."
    if site is None:
        raise UnknownSite(f"There is no site “{code}”. {there_are}")
    if site.kind != "clinic":
        raise UnknownSite(f"“{code}” is the coordinating centre and takes no patients. {there_are}")
    if site.synthetic and not synthetic:
        raise WrongKindOfRecord(
            f"“{code}” is a synthetic site and takes no real records. If these are synthetic, say so with --synthetic."
        )
    if synthetic and not site.synthetic:
        raise WrongKindOfRecord(
            f"“{code}” is a real site and takes no synthetic records. Choose a synthetic site for these."
        )
    return site
