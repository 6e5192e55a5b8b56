"""The dose of a session: from a weight, or chosen among fixed amounts, with what its route needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import convert
from daybreak.ledger.public import record_one
from daybreak.measure.public import NewMeasurement, record_measurements
from daybreak.rulebook.public import CoMedication, Dose, Fact, NoDose, WeightUsed, dose_for
from daybreak.treat.actions.steps import held, is_taken, take
from daybreak.treat.models import DoseOrder, Order
from daybreak.treat.queries.dosing import known_for_dose, last_amount, session_of_course
from daybreak.treat.queries.order import order_of_key, order_row
from daybreak.treat.queries.sessions import SessionNow, last_weight
from daybreak.treat.rules.medicines import Planned
from daybreak.treat.rules.route import FORMS, Manner
from daybreak.treat.rules.steps import Step, check_allowed
from daybreak.treat.rules.weight import other_unit_fits_better


class OtherUnitMeant(Refusal):
    """The weight fits the patient's last one better in the other unit."""


class ByWeight(Refusal):
    """A dose that the weight decides was to be chosen without it, or the other way round."""


@dataclass(frozen=True, slots=True)
class InHand:
    """What the team holds: the concentration of a liquid, the milligrams in one piece of a form, the first syringe."""

    concentration_mg_per_ml: Decimal | None = None
    form: str = ""
    unit_mg: Decimal | None = None
    syringe_ml: Decimal | None = None


def weigh(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    weight: Decimal,
    unit: str,
    at: datetime,
    concentration_mg_per_ml: Decimal | None = None,
    confirmed: bool = False,
    height_cm: Decimal | None = None,
    weight_used: WeightUsed = "actual",
    chosen: Decimal | None = None,
    form: str = "",
    unit_mg: Decimal | None = None,
    syringe_ml: Decimal | None = None,
) -> DoseOrder:
    """Record the weight (unit "kg" or "[lb_av]"), the height if taken, and the dose that the protocol makes of it,
    or of the ideal weight where that was chosen, with its arithmetic.

    Raises NoDose for a weight or a concentration that cannot be right, OtherUnitMeant unless `confirmed`, NotNow.
    """
    hand = InHand(_thousandths(concentration_mg_per_ml), form, unit_mg, syringe_ml)
    with held(scope, session) as now:
        if not is_taken(now, key):
            check_allowed(now.state, Step.WEIGHED)
            _check_unit(scope, now, weight, unit, confirmed)
        if now.protocol.dose.rule == "fixed":
            raise ByWeight("This protocol's dose does not look at the weight: choose the dose instead.")
        kilograms = _kilograms(weight, unit)
        order = _ordered(scope, now, key, hand, at, kilograms, chosen, weight_used, height_cm)
        _measure(scope, now, key, at, weight=(weight, unit), height=(height_cm, "cm"))
        take(scope, now, key=key, step=Step.WEIGHED, at=at, values={"order": str(order.key)})
        return order


def choose_dose(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    at: datetime,
    chosen: Decimal | None = None,
    concentration_mg_per_ml: Decimal | None = None,
    form: str = "",
    unit_mg: Decimal | None = None,
    weight: Decimal | None = None,
    unit: str = "kg",
) -> DoseOrder:
    """Choose a fixed dose among those that the protocol offers in this session; raise NoDose, ByWeight, NotNow.

    A `weight` is recorded where the protocol asks for it; it does not touch the dose.
    """
    hand = InHand(_thousandths(concentration_mg_per_ml), form, unit_mg)
    with held(scope, session) as now:
        if not is_taken(now, key):
            check_allowed(now.state, Step.DOSE_CHOSEN)
        if now.protocol.dose.rule != "fixed":
            raise ByWeight("This protocol computes its dose from the weight: weigh the patient first.")
        kilograms = None if weight is None else _kilograms(weight, unit)
        order = _ordered(scope, now, key, hand, at, kilograms, chosen, "actual", None)
        _measure(scope, now, key, at, weight=(weight, unit))
        take(scope, now, key=key, step=Step.DOSE_CHOSEN, at=at, values={"order": str(order.key)})
        return order


def _measure(scope: Scope, now: SessionNow, key: UUID, at: datetime, **measured: tuple[Decimal | None, str]) -> None:
    found = [
        NewMeasurement(key_from(str(key), sign), now.session.patient_key, sign, value, unit, at)
        for sign, (value, unit) in measured.items()
        if value is not None
    ]
    if found:
        record_measurements(scope, found)


def _ordered(
    scope: Scope,
    now: SessionNow,
    key: UUID,
    hand: InHand,
    at: datetime,
    kilograms: Decimal | None,
    chosen: Decimal | None,
    weight_used: WeightUsed,
    height_cm: Decimal | None,
) -> DoseOrder:
    rule, signed = now.protocol.dose, _signed(scope, now, key)
    if signed is not None and chosen not in (None, signed.amount):
        raise NoDose(f"{signed.amount.normalize():f} {signed.unit} is ordered. Another amount needs another order.")
    dose = dose_for(
        now.protocol,
        signed=signed.amount if signed else None,
        weight=None if kilograms is None else Fact(kilograms, "kg"),
        concentration_mg_per_ml=hand.concentration_mg_per_ml,
        facts=known_for_dose(scope, now, ideal=weight_used == "ideal", height_cm=height_cm, at=at),
        session=session_of_course(scope, now),
        chosen=chosen,
        last=last_amount(scope, now),
        weight_used=weight_used,
    )
    pieces, unit_mg = _pieces(now.manner, dose, hand, rule.devices.amount if rule.devices else None)
    return record_one(
        DoseOrder(
            site=scope.site,
            key=key_from(str(key), "order"),
            patient_key=now.session.patient_key,
            session_key=now.session.key,
            protocol=now.course.protocol,
            protocol_version=now.course.protocol_version,
            fingerprint=now.course.fingerprint,
            weight_kg=kilograms,
            weight_used=dose.weight_used,
            route=dose.route,
            amount=signed.amount if signed else rule.amount if chosen is None else chosen,
            dose_mg=dose.dose_mg,
            concentration_mg_per_ml=dose.concentration_mg_per_ml,
            volume_ml=dose.volume_ml,
            rate_ml_per_hour=dose.rate_ml_per_hour,
            over_minutes=dose.over_minutes,
            titration=[
                {
                    "id": each.id,
                    "amount": str(each.amount),
                    "rate_ml_per_hour": str(each.rate_ml_per_hour),
                    "after_hours": each.after_hours,
                }
                for each in dose.titration
            ],
            co_medication=_with_it(now.protocol.co_medication),
            syringe_ml=_syringe(now.manner, dose, hand),
            form=hand.form if now.manner is Manner.MOUTH else "",
            unit_mg=unit_mg,
            units=pieces,
            arithmetic=list(dose.steps),
            signed_key=signed.key if signed else None,
            ordered_at=at,
        )
    )


def _with_it(medicines: Sequence[CoMedication]) -> list[dict[str, object]]:
    """What the protocol gives beside its drug, as the order carries it."""
    names = ("id", "drug", "route", "text", "amount", "first_hours", "every_hours", "grace_minutes", "at_most_each_day")
    return [Planned(unit=each.unit or "", **{n: getattr(each, n) for n in names}).stored() for each in medicines]


def _signed(scope: Scope, now: SessionNow, key: UUID) -> Order | None:
    """The clinician's order that the dose is computed by; a retry is computed by the one that it had."""
    before = next((each for each in now.orders if each.key == key_from(str(key), "order")), None)
    return order_row(scope, now.session.key) if before is None else order_of_key(scope, before.signed_key)


def _pieces(manner: Manner, dose: Dose, hand: InHand, device_mg: Decimal | None) -> tuple[int | None, Decimal | None]:
    """How many whole pieces of how many milligrams make the dose; raise NoDose where the route lacks what it needs."""
    if manner in (Manner.INFUSION, Manner.TITRATION):
        if dose.volume_ml is None or not dose.rate_ml_per_hour:
            raise NoDose("At this concentration the pump's rate would be nothing. Check the concentration.")
        return None, None
    if manner is Manner.DEVICES:
        return len(dose.device_minutes), device_mg
    if manner is Manner.INJECTION or hand.form == "liquid":
        if not dose.volume_ml:
            raise NoDose("Give the concentration: without it, or with a smaller one, no volume can be drawn up.")
        return None, None
    if hand.form not in FORMS or hand.unit_mg is None or not hand.unit_mg.is_finite() or hand.unit_mg <= 0:
        raise NoDose("Say in which form it is taken, and how many milligrams one piece holds.")
    if dose.dose_mg % hand.unit_mg:
        raise NoDose(
            f"{dose.dose_mg.normalize():f} mg cannot be given in whole pieces of {hand.unit_mg.normalize():f} mg. "
            "Choose pieces of another strength."
        )
    return int(dose.dose_mg / hand.unit_mg), hand.unit_mg


def _syringe(manner: Manner, dose: Dose, hand: InHand) -> Decimal | None:
    """The volume in the first of several syringes; one syringe holds the whole volume."""
    if manner is not Manner.TITRATION:
        return None
    drawn, whole = hand.syringe_ml, dose.volume_ml or Decimal(0)
    if drawn is None or not drawn.is_finite() or not 0 < drawn <= whole:
        raise NoDose(f"Say what was drawn into the first syringe: above zero, at most {whole.normalize():f} mL.")
    return round(drawn, 3)


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


def _thousandths(concentration: Decimal | None) -> Decimal | None:
    if concentration is None:
        return None
    if not concentration.is_finite() or not 0 < concentration < 100_000 or round(concentration, 3) <= 0:
        raise NoDose("The concentration must be a number of milligrams per millilitre above zero.")
    return round(concentration, 3)
