"""How much was given so far: from what was done, never from what was planned."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_DOWN, Decimal

from daybreak.treat.rules.steps import Step

_FLOWS = {Step.STARTED, Step.RESUMED, Step.RATE_CHANGED, Step.RATE_RAISED}
_HALTS = {Step.PAUSED, Step.SYRINGE_CHANGED, Step.COMPLETED, Step.STOPPED}
_PARTS = {Step.STARTED, Step.GIVEN}
_MICROSECONDS_PER_HOUR = 3_600_000_000
# The hand is later than the pump, or earlier, by seconds: what flows in this time is not asked about.
_HANDS_DELAY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Doing:
    """A step that gives, or keeps from giving. A flow names its rate in mL/h, a new syringe what was drawn into it, and
    what is given at once its milligrams.
    """

    step: Step
    at: datetime
    rate_ml_per_hour: Decimal | None = None
    drawn_ml: Decimal | None = None
    part_mg: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """What has gone in. `ran_dry_at` says when the syringe that is in the pump was used up, if it was; `parts` counts
    the devices, tablets or injections.
    """

    dose_mg: Decimal
    volume_ml: Decimal
    running: timedelta
    rate_ml_per_hour: Decimal
    ran_dry_at: datetime | None
    parts: int = 0


def given(
    doings: Sequence[Doing],
    *,
    at: datetime,
    concentration_mg_per_ml: Decimal | None = None,
    drawn_ml: Decimal | None = None,
) -> Given:
    """Return what was given by the moment `at`, by the steps in their order; other steps change nothing.

    A syringe cannot give more than it held (`drawn_ml` the first, then what each change says): from then on the amount
    stands still. What is given in parts is their sum. This function will round down to a thousandth.
    """
    done = [doing for doing in doings if doing.at <= at]
    parts = [doing.part_mg for doing in done if doing.step in _PARTS and doing.part_mg is not None]
    if parts or drawn_ml is None or concentration_mg_per_ml is None:
        total = sum(parts, Decimal(0))
        volume = total / concentration_mg_per_ml if concentration_mg_per_ml else Decimal(0)
        return Given(_down(total), _down(volume), timedelta(0), Decimal(0), None, len(parts))
    return _pumped(done, at, concentration_mg_per_ml, drawn_ml)


def _pumped(done: Sequence[Doing], at: datetime, concentration: Decimal, drawn_ml: Decimal) -> Given:
    volume, left, running, rate = Decimal(0), drawn_ml, timedelta(0), Decimal(0)
    since: datetime | None = None
    dry: datetime | None = None
    last_rate = rate
    for doing in [*done, Doing(Step.PAUSED, at)]:
        if doing.step not in _FLOWS | _HALTS:
            continue
        if since is not None and rate > 0 and dry is None:
            flowed = _volume(rate, doing.at - since)
            if flowed >= left:
                dry = since + _time_for(left, rate)
            running += (dry or doing.at) - since
            volume, left = volume + min(flowed, left), left - min(flowed, left)
        if doing.step is Step.SYRINGE_CHANGED:
            left, dry = doing.drawn_ml or Decimal(0), None
        last_rate = rate
        rate = (doing.rate_ml_per_hour or Decimal(0)) if doing.step in _FLOWS else Decimal(0)
        since = doing.at
    return Given(_down(volume * concentration), _down(volume), running, Decimal(0) if dry else last_rate, dry)


def falls_short(so_far: Given, *, drawn_ml: Decimal, rate_ml_per_hour: Decimal) -> bool:
    """Return whether more of the dose is left than flows in a minute at the ordered rate."""
    return drawn_ml - so_far.volume_ml > _volume(rate_ml_per_hour, _HANDS_DELAY)


def flowing(steps: Sequence[tuple[Step, str | None]]) -> Decimal:
    """Return the rate (mL/h) at which the pump was last set to run, from each step with its rate; 0 while it stands."""
    last = next(((step, rate) for step, rate in reversed(steps) if step in _FLOWS | _HALTS), None)
    return Decimal(last[1]) if last and last[0] in _FLOWS and last[1] else Decimal(0)


def last_rate(steps: Sequence[tuple[Step, str | None]]) -> Decimal | None:
    """Return the rate (mL/h) at which the pump last ran, whether or not it stands now; nothing before it ever ran."""
    return next((Decimal(rate) for step, rate in reversed(steps) if step in _FLOWS and rate), None)


def _volume(rate: Decimal, span: timedelta) -> Decimal:
    return rate * (span // timedelta(microseconds=1)) / _MICROSECONDS_PER_HOUR


def _time_for(volume: Decimal, rate: Decimal) -> timedelta:
    return timedelta(microseconds=int(volume * _MICROSECONDS_PER_HOUR / rate))


def _down(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.001"), rounding=ROUND_DOWN)
