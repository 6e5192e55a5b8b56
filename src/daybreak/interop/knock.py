"""What every knock at a room's door shares: for which site, when, under which keys, and how a no becomes an
outcome.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import DataError, Error, IntegrityError

from daybreak.interop.fhir.intake import DIFFERENT, Outcome, refused
from daybreak.interop.fhir.records import KeyParts
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import KeyReused

UNFIT = (DataError, IntegrityError)
"""What the database says of content that it cannot hold."""


@dataclass(frozen=True, slots=True)
class Run:
    """One import: into which site, whether the input is synthetic, the site's zone, and the moment."""

    scope: Scope
    synthetic: bool
    zone: ZoneInfo
    at: datetime

    def key(self, *parts: str) -> UUID:
        """Return the key of a fact: the same parts are the same fact at this site, in every run."""
        return key_from("fhir", self.scope.site, *parts)

    def patient_key(self, patient: KeyParts) -> UUID:
        """Return the key of a patient."""
        return self.key(*patient)


def answered(take: Callable[[], Outcome]) -> Outcome:
    """Return what a room said, where a no is an outcome with its reason."""
    try:
        return take()
    except KeyReused:
        return DIFFERENT
    except Refusal as no:
        return refused(str(no))
    except UNFIT as fault:
        return refused(unfit(fault))


def unfit(fault: Error) -> str:
    """Return why the database cannot hold something, in its own words."""
    said = str(fault).strip().splitlines()
    return f"Daybreak has no room for it: {said[0] if said else 'the database gave no reason'}."
