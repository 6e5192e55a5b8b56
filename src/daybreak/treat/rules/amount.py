"""How much was given so far: from what was done, never from what was planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from daybreak.treat.rules.steps import Step

_FLOWS = {Step.STARTED, Step.RESUMED, Step.RATE_CHANGED}
_HALTS = {Step.PAUSED, Step.COMPLETED, Step.STOPPED}
_MICROSECONDS_PER_HOUR = 3_600_000_000
# The hand is later than the pump, or earlier, by seconds: what flows in this time is not asked about.
_HANDS_DELAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that touches the pump. A flow names its rate in mL/h; a halt has none."""

    step: Step
    at: datetime
    rate_ml_per_hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What has gone in. `ran_dry_at` says when the drawn volume was used up, if it was."""

    dose_mg: Decimal
    volume_ml: Decimal
    running: timedelta
    rate_ml_per_hour: Decimal
    ran_dry_at: datetime | None


def given(doings: Sequence[Doing], *, at: datetime, concentration_mg_per_ml: Decimal, drawn_ml: Decimal) -> Given:
    """Return what was given by the moment `at`, by the steps in their order; other steps than the pump's change
    nothing.

    A syringe cannot give more than the `drawn_ml` it held: from then on the amount stands still. This function will
    round down
    to a thousandth.
    """
    volume, running, rate, since = Decimal(0), timedelta(0), Decimal(0), None
    dry: datetime | None = None
    for doing in [*(d for d in doings if d.at <= at), Doing(Step.PAUSED, at)]:
        if doing.step not in _FLOWS | _HALTS:
            continue
        if since is not None and rate > 0 and dry is None:
            added = _volume(rate, doing.at - since)
            if volume + added >= drawn_ml:
                dry = since + _time_for(drawn_ml - volume, rate)
            running += (dry or doing.at) - since
            volume = min(volume + added, drawn_ml)
        last_rate = rate
        rate = (doing.rate_ml_per_hour or Decimal(0)) if doing.step in _FLOWS else Decimal(0)
        since = doing.at
    flowing = Decimal(0) if dry else last_rate
    return Given(_down(volume * concentration_mg_per_ml), _down(volume), running, flowing, dry)


def falls_short(so_far: Given, *, drawn_ml: Decimal, rate_ml_per_hour: Decimal) -> bool:
    """Return whether more of the dose is left than flows in a minute at the ordered rate."""
    return drawn_ml - so_far.volume_ml > _volume(rate_ml_per_hour, _HANDS_DELAY)


def _volume(rate: Decimal, span: timedelta) -> Decimal:
    return rate * (span // timedelta(microseconds=1)) / _MICROSECONDS_PER_HOUR


def _time_for(volume: Decimal, rate: Decimal) -> timedelta:
    return timedelta(microseconds=int(volume * _MICROSECONDS_PER_HOUR / rate))


def _down(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), rounding=ROUND_DOWN)
