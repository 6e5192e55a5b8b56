"""The door of the demonstration."""

from daybreak.demo.cast import CLINICS
from daybreak.demo.make import freeze, open_sites, play_clinic
from daybreak.demo.plot import PATIENTS_PER_CLINIC

__all__ = ["CLINICS", "PATIENTS_PER_CLINIC", "freeze", "open_sites", "play_clinic"]
