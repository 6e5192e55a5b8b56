"""Before the start: check in, weigh, ask, and the time-out by two people."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import convert
from daybreak.ledger.public import record_one
from daybreak.measure.public import NewMeasurement, record_measurements
from daybreak.rulebook.public import Dose, Fact, NoDose, Protocol, WeightUsed, dose_for, trouble_with
from daybreak.treat.actions.steps import demand, held, is_taken, take
from daybreak.treat.models import Check, DoseOrder, Override, SessionStep
from daybreak.treat.queries.answers import facts_before_dose, leaving, questions, starting
from daybreak.treat.queries.sessions import SessionNow, last_weight
from daybreak.treat.rules.events import TIME_OUT_ITEMS
from daybreak.treat.rules.steps import Step, check_allowed
from daybreak.treat.rules.weight import other_unit_fits_better


class NotAnAnswer(Refusal):
    """Answers that the protocol's questions do not offer."""


class OtherUnitMeant(Refusal):
    """The weight fits the patient's last one better in the other unit."""


class NotConfirmed(Refusal):
    """A time-out with an item that was not confirmed is no time-out."""


class SamePerson(Refusal):
    """The second signature must be another person's."""


class NothingToOverride(Refusal):
    """The criterion is not in the way, or nobody may go on in spite of it."""


def check_in(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> SessionStep:
    """The patient is here and in the chair; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.CHECKED_IN, at=at)


def weigh(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    weight: Decimal,
    unit: str,
    concentration_mg_per_ml: Decimal,
    at: datetime,
    confirmed: bool = False,
    height_cm: Decimal | None = None,
    weight_used: WeightUsed = "actual",
) -> DoseOrder:
    """Record the weight (unit "kg" or "[lb_av]"), the height if taken, and the dose that the protocol makes of it,
    or of the ideal weight where that was chosen, with its arithmetic.

    Raises NoDose for a weight or a concentration that cannot be right, OtherUnitMeant unless `confirmed`, NotNow.
    """
    with held(scope, session) as now:
        if not is_taken(now, key):
            check_allowed(now.state, Step.WEIGHED)
            _check_unit(scope, now, weight, unit, confirmed)
        kilograms = _kilograms(weight, unit)
        dose = dose_for(
            now.protocol,
            weight=Fact(kilograms, "kg"),
            concentration_mg_per_ml=_thousandths(concentration_mg_per_ml),
            facts=_stature(scope, now, height_cm, at) if weight_used == "ideal" else {},
            weight_used=weight_used,
        )
        order = record_one(_order(scope, now, key, dose, kilograms, at))
        patient, measured = now.session.patient_key, [("weight", weight, unit)]
        if height_cm is not None:
            measured.append(("height", height_cm, "cm"))
        record_measurements(
            scope,
            [NewMeasurement(key_from(str(key), sign), patient, sign, value, u, at) for sign, value, u in measured],
        )
        take(scope, now, key=key, step=Step.WEIGHED, at=at, values={"order": str(order.key)})
        return order


def note_readiness(
    scope: Scope, *, key: UUID, session: UUID, answers: Mapping[str, bool | str | None], at: datetime
) -> SessionStep:
    """Record what was asked today (question to answer; None is “not known”); raise NotAnAnswer, NotNow."""
    with held(scope, session) as now:
        checked = _checked(now.protocol, "before_each_dose", answers)
        return take(scope, now, key=key, step=Step.READY, at=at, values={"answers": checked})


def sign_time_out(
    scope: Scope, *, key: UUID, session: UUID, items: Mapping[str, bool], order: UUID, at: datetime
) -> Check:
    """Sign the time-out for the dose `order` that was on the page; the second person's signature completes it.

    The signer is the scope's actor. Raises NotConfirmed, SamePerson, NotYourPart, NotNow.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        before = [check for check in now.checks if check.key == key]
        if not before:
            check_allowed(now.state, Step.TIMED_OUT)
            _check_time_out(now, signer, items, order)
        check = record_one(
            _check(scope, now, key, "time_out", items=dict.fromkeys(TIME_OUT_ITEMS, True), signer=signer, at=at)
        )
        pending = now.pending_time_out if before else [*now.pending_time_out, check]
        if not before and len({each.signed_by for each in pending}) >= 2:
            values = {"checks": sorted(str(each.key) for each in pending)}
            take(scope, now, key=key_from(str(key), "timed out"), step=Step.TIMED_OUT, at=at, values=values)
        return check


def note_leaving(
    scope: Scope, *, key: UUID, session: UUID, answers: Mapping[str, bool | str | None], at: datetime
) -> Check:
    """Record the checks before leaving (question to answer; None is “not known”); raise NotAnAnswer, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        checked = {n: v for n, v in _checked(now.protocol, "before_leaving", answers).items() if v is not None}
        return record_one(_check(scope, now, key, "leaving", items=checked, signer=signer, at=at))


def sign_override(
    scope: Scope, *, key: UUID, session: UUID, stage: str, criterion: str, reason: str, at: datetime
) -> Override:
    """Go on in spite of a criterion of `stage` that is in the way, with a reason; raise NothingToOverride, NotYourPart.

    Identity, consent and what the protocol keeps from everybody cannot be overridden.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.DECIDE, at=at)
        before = next((each for each in now.overrides if each.key == key), None)
        may = leaving(scope, now, at=at) if stage == "before_leaving" else starting(scope, now, at=at)
        found = next((each for each in may.blockers if each.criterion == criterion and criterion), None)
        if (found is None and before is None) or not reason.strip():
            raise NothingToOverride("Name a criterion that is in the way and may be signed for, and say why you go on.")
        return record_one(
            Override(
                site=scope.site,
                key=key,
                patient_key=now.session.patient_key,
                session_key=session,
                stage=stage,
                criterion=criterion,
                truth=before.truth if before else found.truth if found else "",
                protocol=now.course.protocol,
                protocol_version=now.course.protocol_version,
                fingerprint=now.course.fingerprint,
                reason=seal_text(scope, now.session.patient_key, reason.strip(), fact=key),
                signed_by=signer,
                signed_at=at,
            )
        )


def _check_unit(scope: Scope, now: SessionNow, weight: Decimal, unit: str, confirmed: bool) -> None:
    last = last_weight(scope, now)
    if confirmed or last is None:
        return
    if other_unit_fits_better(weight, unit=unit, last_kg=last.weight_kg):
        raise OtherUnitMeant(
            f"Last time the weight was {last.weight_kg:.1f} kg. In the other unit this number would fit better: "
            "check the unit, then confirm."
        )


def _kilograms(weight: Decimal, unit: str) -> Decimal:
    if unit not in ("kg", "[lb_av]") or not weight.is_finite() or not 0 < weight < 10_000:
        raise NoDose("Give the weight as a number of kilograms or pounds.")
    return round(convert(weight, unit=unit, into="kg"), 3)


def _thousandths(concentration: Decimal) -> Decimal:
    if not concentration.is_finite() or not 0 < concentration < 100_000 or round(concentration, 3) <= 0:
        raise NoDose("The concentration must be a number of milligrams per millilitre above zero.")
    return round(concentration, 3)


def _stature(scope: Scope, now: SessionNow, height_cm: Decimal | None, at: datetime) -> dict[str, Fact]:
    """What the formula of the ideal weight asks for: the sex, and the height of today or the last one known."""
    known = facts_before_dose(scope, now, at=at)
    found = {name: known[name] for name in ("height", "sex") if name in known}
    return found if height_cm is None else {**found, "height": Fact(height_cm, "cm")}


def _order(scope: Scope, now: SessionNow, key: UUID, dose: Dose, kilograms: Decimal, at: datetime) -> DoseOrder:
    if dose.volume_ml is None or not dose.rate_ml_per_hour:
        raise NoDose("At this concentration the pump's rate would be nothing. Check the concentration.")
    return DoseOrder(
        site=scope.site,
        key=key_from(str(key), "order"),
        patient_key=now.session.patient_key,
        session_key=now.session.key,
        protocol=now.course.protocol,
        protocol_version=now.course.protocol_version,
        fingerprint=now.course.fingerprint,
        weight_kg=kilograms,
        weight_used=dose.weight_used,
        dose_mg=dose.dose_mg,
        concentration_mg_per_ml=dose.concentration_mg_per_ml,
        volume_ml=dose.volume_ml,
        rate_ml_per_hour=dose.rate_ml_per_hour,
        over_minutes=dose.over_minutes,
        arithmetic=list(dose.steps),
        ordered_at=at,
    )


def _check_time_out(now: SessionNow, signer: UUID, items: Mapping[str, bool], order: UUID) -> None:
    if now.order is None or order != now.order.key:
        raise NotConfirmed("The dose has changed since this page was opened. Read the new one first.")
    missing = [item for item in TIME_OUT_ITEMS if items.get(item) is not True]
    if missing:
        raise NotConfirmed(f"Not confirmed: {', '.join(missing)}. If one of them is wrong, do not start.")
    if any(check.signed_by == signer for check in now.pending_time_out):
        raise SamePerson("You have signed already. A second person must confirm.")


def _check(
    scope: Scope,
    now: SessionNow,
    key: UUID,
    kind: str,
    *,
    items: Mapping[str, object],
    signer: UUID,
    at: datetime,
) -> Check:
    before = next((check for check in now.checks if check.key == key), None)
    order = before.order_key if before else now.order.key if now.order else None
    return Check(
        site=scope.site,
        key=key,
        patient_key=now.session.patient_key,
        session_key=now.session.key,
        order_key=order,
        kind=kind,
        items=dict(items),
        signed_by=signer,
        signed_at=at,
    )


def _checked(protocol: Protocol, stage: str, answers: Mapping[str, bool | str | None]) -> dict[str, bool | str | None]:
    asked = {question.id: question for question in questions(protocol, stage)}
    for name, answer in answers.items():
        if name not in asked:
            raise NotAnAnswer(f"Nobody asks “{name}” here.")
        if answer is not None and (trouble := trouble_with(asked[name], Fact(answer))):
            raise NotAnAnswer(f"{asked[name].question} {trouble}")
    return {name: answers.get(name) for name in asked}
