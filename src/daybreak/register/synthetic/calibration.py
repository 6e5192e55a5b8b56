"""The numbers of the invented cohort, read from `calibration.toml` beside this file."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Published:
    """What the literature says; shares between 0 and 1, pressures in mmHg."""

    response: float
    remission: float
    worse: float
    well_after_28_days: float
    well_after_56_days: float
    systolic_rise: float
    systolic_rise_sd: float
    diastolic_rise: float
    diastolic_rise_sd: float
    severe_hypertension: float
    severe_systolic: float
    severe_diastolic: float


@dataclass(frozen=True, slots=True)
class Model:
    """The numbers that give the published figures again; the file says what each is."""

    improvement_mean: float
    improvement_sd: float
    improvement_by_site_sd: float
    worse_site_improvement: float
    dose_improvement_per_log: float
    dampening_improvement: float
    relapse_shape: float
    relapse_scale_days: float
    leaves_responding: float
    leaves_otherwise: float
    misses_responding: float
    misses_otherwise: float
    misses_more_where_poorly_monitored: float
    systolic_before: float
    diastolic_before: float
    systolic_before_sd: float
    diastolic_before_sd: float
    rise_between_people: float
    rise_correlation: float
    unread_where_poorly_monitored: float
    reported_where_poorly_monitored: float
    urinary_symptoms: float
    urinary_symptoms_per_session: float
    bladder_points: float
    bladder_points_per_session: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Both, as they stand in the file, and the file's SHA-256."""

    published: Published
    model: Model
    fingerprint: str


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """Return the numbers of the file; a name that is missing or unknown raises TypeError."""
    text = (files("daybreak.register.synthetic") / "calibration.toml").read_bytes()
    said = tomllib.loads(text.decode())
    return Calibration(Published(**said["published"]), Model(**said["model"]), hashlib.sha256(text).hexdigest())
