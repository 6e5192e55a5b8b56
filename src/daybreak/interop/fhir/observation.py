"""Observation → MeasurementRecord, one for each vital sign; scores of questionnaires go on to `answers`."""

from datetime import datetime
from decimal import Decimal

from daybreak.interop.fhir.answers import panel_record, total_record
from daybreak.interop.fhir.context import Context
from daybreak.interop.fhir.element import Defect, Element, NotAFact
from daybreak.interop.fhir.known_codes import Concept, Sign, concept
from daybreak.interop.fhir.records import MeasurementRecord, Precision, Record, When
from daybreak.interop.fhir.times import past, period
from daybreak.kernel.units import UnknownUnit, convert

_FINAL = frozenset({"final", "amended", "corrected"})
_NOT_FINAL = {
    "entered-in-error": "entered in error",
    "cancelled": "cancelled",
    "registered": "not yet final",
    "preliminary": "not yet final",
    "unknown": "its status is unknown",
}
_OTHER_SPELLINGS = {
    "mmHg": "mm[Hg]", "mm Hg": "mm[Hg]", "mm(Hg)": "mm[Hg]",
    "bpm": "/min", "{beat}/min": "/min", "{Beats}/min": "/min", "beats/min": "/min", "beats/minute": "/min",
    "{breaths}/min": "/min", "{breath}/min": "/min", "breaths/min": "/min", "breaths/minute": "/min",
    "{Breaths}/min": "/min", "per minute": "/min", "/minute": "/min", "1/min": "/min",
    "°C": "Cel", "C": "Cel", "degC": "Cel", "°F": "[degF]", "F": "[degF]", "degF": "[degF]",
    "lb": "[lb_av]", "lbs": "[lb_av]", "in": "[in_i]", "inches": "[in_i]",
    "kg/m^2": "kg/m2", "kg/m²": "kg/m2",
    "{percent}": "%", "percent": "%",
}  # fmt: skip


def observation_records(resource: Element, context: Context) -> tuple[Record, ...]:
    """Return what was measured. What is no vital sign and no known score is not taken in."""
    what = concept(resource.required_element("code"), context.known)
    instrument = next((one for one in context.known.instruments if what.codings & one.panels), None)
    scored = next((one for one in context.known.instruments if what.codings & one.totals), None)
    is_sign = what.means in context.known.signs or what.means in context.known.panels
    if not (is_sign or instrument or scored):
        if any(what.codings & set(one.items) for one in context.known.instruments):
            raise NotAFact("one question alone; the whole questionnaire or its total is what is kept")
        raise NotAFact("no vital sign and no known score")
    _check_status(resource)
    patient = context.patient(resource, "subject")
    if instrument:
        return (panel_record(resource, context, instrument, patient, _measured_at(resource, context.now)),)
    if scored:
        return (total_record(resource, context, scored, patient, _measured_at(resource, context.now)),)
    return _signs(resource, context, what, patient)


def _check_status(resource: Element) -> None:
    status = resource.word("status", _FINAL | set(_NOT_FINAL))
    if not status:
        raise resource.missing("status")
    if status in _NOT_FINAL:
        raise NotAFact(_NOT_FINAL[status])


def _signs(resource: Element, context: Context, what: Concept, patient: tuple[str, ...]) -> tuple[Record, ...]:
    parts = [(resource, what)] if what.means in context.known.signs else []
    parts += [(part, concept(part.required_element("code"), context.known)) for part in resource.elements("component")]
    parts = [(part, meant) for part, meant in parts if meant.means in context.known.signs]
    measured = [(part, meant.means) for part, meant in parts if not _was_not_measured(part)]
    signs = [sign for _, sign in measured]
    if len(set(signs)) < len(signs):
        raise Defect(f"{resource.path}.component gives the same vital sign twice.")
    if not measured and parts:
        raise NotAFact("nothing was measured")
    if not parts:
        raise resource.missing("component")
    at = _measured_at(resource, context.now)
    found = tuple(_measurement(part, sign, context, patient, at) for part, sign in measured)
    _check_pressures(found, resource)
    return found


def _check_pressures(found: tuple[MeasurementRecord, ...], resource: Element) -> None:
    """Raise Defect where a diastolic pressure is not below the systolic one: they were mistaken for each other."""
    values = {record.sign: record.value for record in found}
    high, low = values.get("systolic_pressure"), values.get("diastolic_pressure")
    if high is not None and low is not None and low >= high:
        raise Defect(
            f"{resource.path}.component gives a diastolic pressure of {low:f}, not below the systolic {high:f}."
        )


def _was_not_measured(part: Element) -> bool:
    return part.has("dataAbsentReason") and not part.has("valueQuantity")


def _measurement(part: Element, sign: str, context: Context, patient: tuple[str, ...], at: When) -> MeasurementRecord:
    known = context.known.signs[sign]
    quantity = part.element("valueQuantity")
    if quantity is None:
        raise part.missing("valueQuantity")
    stated, unit = _quantity(quantity)
    value = _within(stated, unit, known, quantity)
    return MeasurementRecord(
        key_parts=(*context.key_parts, sign),
        source_id=context.source_id,
        patient=patient,
        sign=sign,
        value=value,
        unit=known.unit,
        measured_at=at,
        stated_value=stated,
        stated_unit=unit,
    )


def _quantity(quantity: Element) -> tuple[Decimal, str]:
    value = quantity.number("value")
    if value is None:
        raise quantity.missing("value")
    if comparator := quantity.text("comparator"):
        raise Defect(f"{quantity.path}.comparator is “{comparator[:10]}”: the value is not exact.")
    unit = quantity.text("code") or quantity.text("unit")
    if not unit:
        raise quantity.missing("code")
    return value, unit


def _within(stated: Decimal, unit: str, sign: Sign, quantity: Element) -> Decimal:
    """Return the value in the sign's unit. Raises Defect for another kind of unit, and for what no living
    person had.
    """
    try:
        value = _converted(stated, _OTHER_SPELLINGS.get(unit, unit), sign.unit)
    except UnknownUnit as error:
        raise Defect(f"{quantity.path}.code: {error}") from error
    if not Decimal(sign.lowest) <= value <= Decimal(sign.highest):
        limits = f"{sign.lowest} to {sign.highest} {sign.unit}"
        raise Defect(f"{quantity.path}.value is {stated:.10g} {unit}, outside what is possible ({limits}).")
    return value


def _converted(value: Decimal, unit: str, into: str) -> Decimal:
    if unit == "[degF]" and into == "Cel":
        return (value - 32) * 5 / 9
    return value if unit == into else convert(value, unit=unit, into=into)


def _measured_at(resource: Element, now: datetime) -> When:
    """Return when it was measured, to the day at least: effectiveDateTime, effectiveInstant, or the start of
    effectivePeriod.
    """
    at = past(resource, "effectiveDateTime", now=now) or past(resource, "effectiveInstant", now=now)
    if at is None and (during := resource.element("effectivePeriod")):
        at, _ = period(during, now=now)
    if at is None:
        raise resource.missing("effective[x]")
    if at.precision in (Precision.YEAR, Precision.MONTH):
        raise Defect(f"{resource.path}.effective[x] is “{at.stated}”; a measurement needs its day.")
    return at
