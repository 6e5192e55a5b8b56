"""How much treatment somebody has had by a moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

RECENTLY = timedelta(days=28)


@dataclass(frozen=True, slots=True)
class Given:
    """A session that was started, and the dose that was given in it, in mg; None where that is not recorded."""

    at: datetime
    dose_mg: Decimal | None


@dataclass(frozen=True, slots=True)
class Exposure:
    """Sessions and milligrams by a moment, the sessions of the 28 days before it, and the sessions without a dose."""

    sessions: int
    dose_mg: Decimal
    recently: int
    without_dose: int


def exposure_at(given: Iterable[Given], at: datetime) -> Exposure:
    """Return the exposure by `at`, what was given at that moment included."""
    before = [each for each in given if each.at <= at]
    doses = [each.dose_mg for each in before if each.dose_mg is not None]
    recent = sum(each.at > at - RECENTLY for each in before)
    return Exposure(len(before), sum(doses, Decimal(0)), recent, len(before) - len(doses))
