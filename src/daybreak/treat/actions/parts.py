"""What only some ways of giving have: the next part of a dose, a raised rate of a long infusion, a new syringe."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.treat.actions.steps import demand, held, is_taken, take
from daybreak.treat.models import SessionStep
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import REASONS_OF_PART, TitrationLine, next_rate, places
from daybreak.treat.rules.steps import Step, in_words


class NotAPart(Refusal):
    """A part of the dose that is not offered now, or does not say where it went."""


class NotYetRaised(Refusal):
    """A rate that may not run yet, or is no next step."""


class NotDrawn(Refusal):
    """A syringe that holds nothing, or more than is left of the order."""


def give_part(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    at: datetime,
    where: str = "",
    part_mg: Decimal | None = None,
    reason: str = "",
    note: str = "",
) -> SessionStep:
    """Record the next part of the dose: a device, an injection, what was swallowed; `part_mg` where it was not a whole
    one.

    What is not offered yet, or is more than was ordered, is recorded with a reason of the list: it has happened. Raises
    NotAPart without one, NotNow.
    """
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        before = next((step for step in now.steps if step.key == key), None)
        values = before.values if before else part_values(now, at=at, where=where, wished_mg=part_mg, reason=reason)
        return take(scope, now, key=key, step=Step.GIVEN, at=at, reason=reason, values=values, note=note)


def raise_rate(scope: Scope, *, key: UUID, session: UUID, at: datetime, note: str = "") -> SessionStep:
    """Sign for the next step of titration, as a clinician; raise NotYetRaised, NotYourPart, NotNow."""
    with held(scope, session) as now:
        demand(scope, Permission.ORDER, at=at)
        before = next((step for step in now.steps if step.key == key), None)
        values = before.values if before else _raised(now, at)
        return take(scope, now, key=key, step=Step.RATE_RAISED, at=at, values=values, note=note)


def change_syringe(
    scope: Scope, *, key: UUID, session: UUID, drawn_ml: Decimal, at: datetime, note: str = ""
) -> SessionStep:
    """Put another syringe into the pump, which stands until it is resumed; raise NotDrawn, NotNow."""
    with held(scope, session) as now:
        demand(scope, Permission.RUN_SESSION, at=at)
        if not is_taken(now, key):
            _check_drawn(now, drawn_ml, at)
        values = {"drawn_ml": plain(round(drawn_ml, 3))}
        return take(scope, now, key=key, step=Step.SYRINGE_CHANGED, at=at, values=values, note=note)


def part_values(
    now: SessionNow, *, at: datetime, where: str, wished_mg: Decimal | None, reason: str = ""
) -> dict[str, str]:
    """Return what a part's step carries; raise NotAPart where it needs a reason or a place."""
    offer, known = now.next_part_at(at), places(now.manner)
    if offer is None:
        raise NotAPart("This dose is not given in parts.")
    if known and where not in known:
        raise NotAPart(f"Say where: {', '.join(in_words(each) for each in known)}.")
    usual = offer.next_mg or (now.order.unit_mg or now.order.dose_mg if now.order else Decimal(0))
    part = usual if wished_mg is None else wished_mg
    if not part.is_finite() or not 0 < part < 1_000_000 or round(part, 3) <= 0:
        raise NotAPart("Say how many milligrams were given, above zero.")
    if (not offer.is_offered(at) or part > offer.left_mg) and reason not in REASONS_OF_PART:
        raise NotAPart(_why_not(offer.left_mg, part))
    return {"part_mg": plain(round(part, 3)), **({"where": where} if known else {})}


def _why_not(left_mg: Decimal, part: Decimal) -> str:
    why = ", ".join(in_words(each) for each in REASONS_OF_PART)
    if part > left_mg:
        return f"This is more than the {plain(left_mg)} mg that are left of the order. If it was given, say why: {why}."
    return f"It is too early for the next one. Wait; or, if it was given, say why: {why}."


def _raised(now: SessionNow, at: datetime) -> dict[str, str]:
    if now.order is None or now.started_at is None or not now.order.titration:
        raise NotYetRaised("This infusion has no steps of titration.")
    lines = [TitrationLine.of(each) for each in now.order.titration]
    reached = sum(step.step == Step.RATE_RAISED for step in now.steps)
    found = next_rate(
        lines,
        reached=reached,
        running_ml_per_hour=now.flowing,
        started_at=now.started_at,
        at=at,
    )
    if found.line is None:
        raise NotYetRaised(found.why)
    return {
        "rate_ml_per_hour": plain(found.line.rate_ml_per_hour),
        "titration": found.line.id,
        "amount": plain(found.line.amount),
    }


def _check_drawn(now: SessionNow, drawn_ml: Decimal, at: datetime) -> None:
    so_far, order = now.given_at(at), now.order
    if so_far is None or order is None or order.volume_ml is None:
        raise NotDrawn("There is no pump to put a syringe into.")
    left = order.volume_ml - so_far.volume_ml
    if not drawn_ml.is_finite() or round(drawn_ml, 3) <= 0 or drawn_ml > left:
        raise NotDrawn(f"Say what was drawn: above zero, and at most the {plain(left)} mL that are left of the order.")


def plain(value: Decimal) -> str:
    """Return a number without idle noughts, as a step carries it."""
    return format(value.normalize(), "f")
