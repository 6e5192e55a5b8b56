"""Every write to measure. Each is atomic, and a retry of the same fact changes nothing."""

from daybreak.measure.actions.answers import (
    ImpossibleTotal,
    NotAskedThatWay,
    NotCorrectable,
    NothingAnswered,
    record_answers,
    record_total,
    retract_answers,
    retract_total,
)
from daybreak.measure.actions.lists import (
    NotAMedicine,
    NotAnAllergy,
    record_allergy,
    record_medicine,
    record_no_known_allergies,
)
from daybreak.measure.actions.measurements import (
    BeforeBirth,
    NotALabResult,
    NotThere,
    read_measurement,
    record_lab_result,
    record_measurements,
    retract_lab_result,
    retract_measurement,
)

__all__ = [
    "BeforeBirth",
    "ImpossibleTotal",
    "NotALabResult",
    "NotAMedicine",
    "NotAnAllergy",
    "NotAskedThatWay",
    "NotCorrectable",
    "NotThere",
    "NothingAnswered",
    "read_measurement",
    "record_allergy",
    "record_answers",
    "record_lab_result",
    "record_measurements",
    "record_medicine",
    "record_no_known_allergies",
    "record_total",
    "retract_answers",
    "retract_lab_result",
    "retract_measurement",
    "retract_total",
]
