"""The order of a session's dose, signed by a clinician, and by a second one where it is above the protocol's usual."""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.people.public import demand_living
from daybreak.rulebook.public import WeightUsed
from daybreak.treat.actions.steps import demand, held
from daybreak.treat.models import Order, Witness
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.dosing import amounts_offered
from daybreak.treat.queries.holds import holds_on
from daybreak.treat.queries.order import order_row
from daybreak.treat.queries.reviews import undecided
from daybreak.treat.rules.order import is_above
from daybreak.treat.rules.steps import BEFORE_START, NotNow, in_words


class NotAnOrder(Refusal):
    """An order that cannot be signed, and why."""


def sign_order(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    amount: Decimal,
    valid_until: datetime,
    at: datetime,
    weight_used: WeightUsed = "actual",
    reason: str = "",
) -> Order:
    """Order the dose of a session: an amount in the protocol's unit, from the actual or the ideal weight.

    The ideal weight, and an amount that the protocol does not offer, need a reason; more than the most it offers holds
    once a second clinician has signed. Raises NotAnOrder, NoDose, NotNow, NotYourPart, PatientDied.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.ORDER, at=at)
        before = Order.objects.filter(site=scope.site, key=key).first()
        last = order_row(scope, session)
        rule = now.protocol.dose
        if before is None:
            demand_living(scope, now.session.patient_key, on=today(scope, at))
            if now.state not in BEFORE_START:
                raise NotNow(f"The session is {in_words(now.state)}, so nothing can be ordered for it.")
            _check(amount, weight_used, valid_until, at, has_ideal=rule.ideal_weight is not None)
            if holds := holds_on(scope, now.protocol):
                raise NotAnOrder(f"The safety board holds this protocol: {holds[0].reason}")
            if why := undecided(scope, now.course.key, session):
                raise NotAnOrder(f"Nobody has decided how this course goes on. {' '.join(why)}")
        choices = amounts_offered(scope, now, at=at)
        is_offered = before.offered if before else amount in choices.amounts
        if before is None and not reason.strip() and (not is_offered or weight_used == "ideal"):
            raise NotAnOrder("Say why: the protocol does not offer this amount, or the ideal weight is taken.")
        if not is_offered and rule.devices and amount % rule.devices.amount:
            raise NotAnOrder(f"The dose comes in whole devices of {rule.devices.amount} {rule.devices.unit}.")
        patient = now.session.patient_key
        return record_one(
            Order(
                site=scope.site,
                key=key,
                corrects=before.corrects if before else last.key if last else None,
                patient_key=patient,
                session_key=session,
                protocol=now.course.protocol,
                protocol_version=now.course.protocol_version,
                fingerprint=now.course.fingerprint,
                amount=amount,
                unit=rule.unit,
                weight_used=weight_used,
                offered=is_offered,
                above_usual=before.above_usual if before else is_above(amount, choices.amounts),
                reason=seal_text(scope, patient, reason.strip(), fact=key) if reason.strip() else b"",
                valid_until=valid_until,
                signed_by=signer,
                signed_at=at,
            )
        )


def confirm_order(scope: Scope, *, key: UUID, session: UUID, order: UUID, at: datetime) -> Witness:
    """Sign as the second clinician for an order above the protocol's usual; raise NotAnOrder, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.ORDER, at=at)
        row = order_row(scope, now.session.key)
        known = Witness.objects.filter(site=scope.site, key=key).first()
        if known is None:
            if row is None or row.key != order or not row.above_usual:
                raise NotAnOrder("This order does not wait for a second signature. Read the page again.")
            if row.signed_by == signer:
                raise NotAnOrder("You signed it yourself. Another clinician must sign for a dose above the usual.")
            if Witness.objects.filter(site=scope.site, about=order).exists():
                raise NotAnOrder("A second clinician has signed already.")
        first = known.first if known else row.signed_by if row else signer
        return record_one(Witness(site=scope.site, key=key, about=order, first=first, signed_by=signer, signed_at=at))


def _check(amount: Decimal, weight_used: str, valid_until: datetime, at: datetime, *, has_ideal: bool) -> None:
    if not amount.is_finite() or not 0 < amount < 100_000 or amount != round(amount, 3):
        raise NotAnOrder("The amount is a number above zero.")
    if weight_used not in ("actual", "ideal") or (weight_used == "ideal" and not has_ideal):
        raise NotAnOrder("This protocol does not offer the ideal weight.")
    if valid_until <= at:
        raise NotAnOrder("An order that has ended already orders nothing. Choose a later day.")
