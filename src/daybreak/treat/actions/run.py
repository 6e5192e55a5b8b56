"""During and after the dose: start, pause, resume, change the rate, complete, stop, recover, discharge.

What only some ways of giving have (the next device, a raised rate, a new syringe) is in `parts`.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce
from daybreak.people.public import demand_living
from daybreak.treat.actions.parts import part_values, plain
from daybreak.treat.actions.places import release
from daybreak.treat.actions.quality import note_quality
from daybreak.treat.actions.steps import demand, held, is_taken, take
from daybreak.treat.models import SessionStep
from daybreak.treat.queries.answers import leaving, starting, today
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.leaving import MayNotLeave
from daybreak.treat.rules.route import PUMPED
from daybreak.treat.rules.start import MayNotStart
from daybreak.treat.rules.steps import Step

_LEAST_KEPT = Decimal("0.001")
"""The last digit of a rate (mL/h) that is kept: the smallest where the protocol names no step of the pump."""


class RateNotOrdered(Refusal):
    """A pump rate below the smallest that the protocol can mean, or above the one that was ordered."""


def start(
    scope: Scope, *, key: UUID, session: UUID, at: datetime, where: str = "", part_mg: Decimal | None = None
) -> SessionStep:
    """Start the dose: the pump at the ordered rate, or the first part, `where` it goes.

    Raises MayNotStart with everything that is in the way, PatientDied, NotAPart for a part that cannot be.
    """
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        if not is_taken(now, key):
            demand_living(scope, now.session.patient_key, on=today(scope, at))
            may = starting(scope, now, at=at)
            if not may.allowed:
                raise MayNotStart(may)
        before = next((step for step in now.steps if step.key == key), None)
        values = before.values if before else _first(now, at=at, key=key, where=where, part_mg=part_mg)
        return take(scope, now, key=key, step=Step.STARTED, at=at, values=values)


def pause(scope: Scope, *, key: UUID, session: UUID, reason: str, at: datetime, note: str = "") -> SessionStep:
    """Pause the pump; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.PAUSED, at=at, reason=reason, note=note)


def resume(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    reason: str,
    at: datetime,
    rate_ml_per_hour: Decimal | None = None,
    note: str = "",
) -> SessionStep:
    """Let the pump run again, at the rate before the pause where no other is named; raise NotNow, RateNotOrdered."""
    with held(scope, session) as now:
        wished = now.rate_before(at) if rate_ml_per_hour is None else rate_ml_per_hour
        values = {"rate_ml_per_hour": _rate(now, wished)}
        return take(scope, now, key=key, step=Step.RESUMED, at=at, reason=reason, values=values, note=note)


def change_rate(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    rate_ml_per_hour: Decimal,
    reason: str,
    at: datetime,
    note: str = "",
) -> SessionStep:
    """Set the running pump to another rate, never above the one that is signed for; raise NotNow, RateNotOrdered."""
    with held(scope, session) as now:
        values = {"rate_ml_per_hour": _rate(now, rate_ml_per_hour)}
        return take(scope, now, key=key, step=Step.RATE_CHANGED, at=at, reason=reason, values=values, note=note)


def complete(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> SessionStep:
    """The dose is in. What was given is computed from the steps and kept with this one; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.COMPLETED, at=at, values=given_by(now, at))


def stop(scope: Scope, *, key: UUID, session: UUID, reason: str, at: datetime, note: str = "") -> SessionStep:
    """Stop the infusion for good; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.STOPPED, at=at, reason=reason, values=given_by(now, at), note=note)


def begin_recovery(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> SessionStep:
    """Watch the patient after the dose; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.RECOVERY, at=at)


def discharge(scope: Scope, *, key: UUID, session: UUID, at: datetime, note: str = "") -> SessionStep:
    """Let the patient go home, by a named clinician; raise MayNotLeave with everything that is in the way.

    This function will announce “session discharged” in the same transaction.
    """
    with held(scope, session) as now:
        demand(scope, Permission.DISCHARGE, at=at)
        known = is_taken(now, key)
        if not known:
            may = leaving(scope, now, at=at)
            if not may.allowed:
                raise MayNotLeave(may)
        step = take(scope, now, key=key, step=Step.DISCHARGED, at=at, note=note)
        if not known:
            release(scope, session, at=at)
            note_quality(scope, now, at=at)
            announce("session discharged", site=scope.site, key=session, at=at)
        return step


def _first(now: SessionNow, *, at: datetime, key: UUID, where: str, part_mg: Decimal | None) -> dict[str, str]:
    order = {"order": str(now.order.key if now.order else "")}
    if now.manner in PUMPED:
        return {"rate_ml_per_hour": _ordered_rate(now), **order}
    return {**part_values(now, at=at, where=where, wished_mg=part_mg), **order}


def _ordered_rate(now: SessionNow) -> str:
    if now.signed_rate is None:
        raise RateNotOrdered("There is no pump rate yet.")
    return plain(now.signed_rate)


def _rate(now: SessionNow, wished: Decimal | None) -> str:
    if now.signed_rate is None or wished is None:
        return _ordered_rate(now)
    if not wished.is_finite() or not 0 < wished <= now.signed_rate:
        raise RateNotOrdered(
            f"The rate must be above zero and at most the ordered {_ordered_rate(now)} mL/h. More needs a new order."
        )
    least = min(now.protocol.dose.rate_round_to or _LEAST_KEPT, now.signed_rate)
    if wished < least:
        raise RateNotOrdered(
            f"The smallest rate is {plain(least)} mL/h, the step in which the pump is set. To give nothing, pause."
        )
    return plain(round(wished, 3))


def given_by(now: SessionNow, at: datetime) -> dict[str, str]:
    """Return what an end of the dose says was given by then; nothing where there was no dose."""
    so_far = now.given_at(at)
    if so_far is None:
        return {}
    return {
        "given_mg": plain(so_far.dose_mg),
        "given_ml": plain(so_far.volume_ml),
        "running_seconds": str(int(so_far.running.total_seconds())),
    }
