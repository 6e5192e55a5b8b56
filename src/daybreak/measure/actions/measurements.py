"""Writes of vital signs and body measures outside sessions, and of laboratory results."""

from collections.abc import Sequence
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Recorded, record, record_one
from daybreak.measure.definitions import fact_definition, house_unit, library
from daybreak.measure.models import LabResult, Measurement
from daybreak.measure.queries import is_unborn_at, lab_result, measurement
from daybreak.measure.rules import (
    UNBORN,
    HouseValue,
    ImplausibleMeasurement,
    NewLabResult,
    NewMeasurement,
    in_house_unit,
    trouble_with_range,
    units_of,
)
from daybreak.rulebook.public import Fact, trouble_with


class NotALabResult(Refusal):
    """A result that cannot be right; `.field` is where its sentence belongs: test, value, unit, finding, high, when."""

    def __init__(self, field: str, sentence: str) -> None:
        self.field = field
        super().__init__(sentence)


class BeforeBirth(Refusal):
    """A measurement on a day on which the patient was not born yet; `.field` is where its sentence belongs."""

    field = "when"


class NotThere(Refusal):
    """What should be corrected is not there, or was corrected before."""


def read_measurement(new: NewMeasurement, *, bounded: bool = True) -> HouseValue:
    """Return a measurement in the house's unit, or the sentence that says why it cannot be right. Stores
    nothing.

    The vocabulary's bounds are made for what is measured here and now. History from elsewhere may be read
    without them (`bounded=False`: a grown patient's weight as a child) by a caller with bounds of its own.
    """
    held = library()
    definition = fact_definition(held, new.sign) if bounded else None
    return in_house_unit(new.value, new.unit, into=house_unit(held, new.sign), definition=definition)


def record_measurements(scope: Scope, facts: Sequence[NewMeasurement], *, bounded: bool = True) -> Recorded:
    """Store measurements in one step and say what became of each; raise ImplausibleMeasurement or BeforeBirth (and
    store none) if any cannot be right.
    """
    if any(is_unborn_at(scope, patient, at) for patient, at in {(new.patient, new.measured_at) for new in facts}):
        raise BeforeBirth(UNBORN)
    readings = {new.key: read_measurement(new, bounded=bounded) for new in facts}
    if troubles := {key: house.trouble for key, house in readings.items() if house.trouble}:
        raise ImplausibleMeasurement(troubles)
    return record([_measurement(scope, new, readings[new.key]) for new in facts]) if facts else Recorded()


def _measurement(scope: Scope, new: NewMeasurement, house: HouseValue) -> Measurement:
    if house.value is None:
        raise ImplausibleMeasurement({new.key: house.trouble or ""})
    return Measurement(
        site=scope.site,
        key=new.key,
        patient_key=new.patient,
        sign=new.sign,
        value=round(house.value, 4),
        unit=house.unit,
        given_value=round(new.value, 4),
        given_unit=new.unit,
        measured_at=new.measured_at,
        how=new.how,
        corrects=new.corrects,
    )


def retract_measurement(scope: Scope, *, patient: UUID, measurement_key: UUID) -> None:
    """Take back a measurement that was entered in error; raise NotThere. The row stays."""
    old = measurement(scope, patient=patient, key=measurement_key)
    if old is None:
        raise NotThere("This measurement is not there, or was corrected before.")
    record_one(
        Measurement(
            site=scope.site,
            key=key_from(scope.site, str(old.key), "retracted"),
            corrects=old.key,
            patient_key=patient,
            sign=old.sign,
            value=old.value,
            unit=old.unit,
            given_value=old.given_value,
            given_unit=old.given_unit,
            measured_at=old.measured_at,
            how=old.how,
            retracted=True,
        )
    )


def record_lab_result(scope: Scope, new: NewLabResult) -> LabResult:
    """Store one laboratory result with its unit and reference range as given; raise NotALabResult, NotThere."""
    if new.corrects and lab_result(scope, patient=new.patient, key=new.corrects) is None:
        again = lab_result(scope, patient=new.patient, key=new.key)
        if again is None or again.corrects != new.corrects:
            raise NotThere("This result is not there, or was corrected before.")
    definition = fact_definition(library(), new.test)
    if definition is None or not new.test.startswith("lab_"):
        raise NotALabResult("test", f"“{new.test}” is not a test that Daybreak knows.")
    if is_unborn_at(scope, new.patient, new.collected_at):
        raise NotALabResult("when", UNBORN)
    house = HouseValue(None, "", None)
    if definition.kind == "choice":
        if trouble := trouble_with(definition, Fact(new.finding)):
            raise NotALabResult("finding", trouble)
    elif new.value is None:
        raise NotALabResult("value", "A number is missing.")
    else:
        unit = new.unit or definition.unit
        house = in_house_unit(new.value, unit, into=definition.unit, definition=definition)
        if house.trouble:
            raise NotALabResult("value" if unit in units_of(definition) else "unit", house.trouble)
        if trouble := trouble_with_range(new.low, new.high):
            raise NotALabResult("high", trouble)
    return record_one(_lab_result(scope, new, house, definition.unit))


def retract_lab_result(scope: Scope, *, patient: UUID, result: UUID) -> None:
    """Take back a result that was entered in error; raise NotThere. The row stays."""
    old = lab_result(scope, patient=patient, key=result)
    if old is None:
        raise NotThere("This result is not there, or was corrected before.")
    said = NewLabResult(
        key=key_from(scope.site, str(old.key), "retracted"),
        patient=patient,
        test=old.test,
        value=old.given_value,
        unit=old.given_unit,
        comparator=old.comparator,
        finding=old.finding,
        low=old.low,
        high=old.high,
        collected_at=old.collected_at,
        how=old.how,
        corrects=old.key,
    )
    row = _lab_result(scope, said, HouseValue(old.value, old.unit, None), old.unit)
    row.retracted = True
    record_one(row)


def _lab_result(scope: Scope, new: NewLabResult, house: HouseValue, unit: str) -> LabResult:
    return LabResult(
        site=scope.site,
        key=new.key,
        corrects=new.corrects,
        patient_key=new.patient,
        test=new.test,
        value=None if house.value is None else round(house.value, 4),
        comparator=new.comparator,
        unit=house.unit if house.value is not None else "",
        given_value=None if new.value is None else round(new.value, 4),
        given_unit=(new.unit or unit) if new.value is not None else "",
        finding=new.finding,
        low=new.low,
        high=new.high,
        collected_at=new.collected_at,
        how=new.how,
    )
