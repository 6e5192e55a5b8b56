"""The door of measure."""

from daybreak.measure.actions import (
    ImpossibleTotal,
    NotAMedicine,
    NotAnAllergy,
    NothingAnswered,
    read_measurement,
    record_allergy,
    record_answers,
    record_measurements,
    record_medicine,
    record_no_known_allergies,
    record_total,
)
from daybreak.measure.definitions import fact_definition, house_unit, library
from daybreak.measure.models import AnswerSet, Measurement, Score
from daybreak.measure.queries import (
    AllergyEntry,
    MedicineEntry,
    allergies,
    allergy_entries,
    answer_sets,
    measurements,
    medicines,
    newest_measurements,
    scores,
)
from daybreak.measure.rules import Allergies, HouseValue, ImplausibleMeasurement, NewMeasurement

__all__ = [
    "Allergies",
    "AllergyEntry",
    "AnswerSet",
    "HouseValue",
    "ImplausibleMeasurement",
    "ImpossibleTotal",
    "Measurement",
    "MedicineEntry",
    "NewMeasurement",
    "NotAMedicine",
    "NotAnAllergy",
    "NothingAnswered",
    "Score",
    "allergies",
    "allergy_entries",
    "answer_sets",
    "fact_definition",
    "house_unit",
    "library",
    "measurements",
    "medicines",
    "newest_measurements",
    "read_measurement",
    "record_allergy",
    "record_answers",
    "record_measurements",
    "record_medicine",
    "record_no_known_allergies",
    "record_total",
    "scores",
]
