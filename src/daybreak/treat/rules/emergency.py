"""The record of an emergency: what may be said in it, and whether one is under way."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from daybreak.kernel.refusal import Refusal


class Entry(StrEnum):
    """What an entry says."""

    CALLED = "called"
    AIRWAY = "airway"
    OXYGEN = "oxygen"
    DRUG = "drug"
    TRANSFER = "transfer"
    WORDS = "words"
    CLOSED = "closed"


CALLED = ("help_in_the_house", "emergency_number", "physician")
AIRWAY = ("head_tilt", "suction", "airway_adjunct", "bag_and_mask", "laryngeal_mask", "tube", "chest_compressions")
OXYGEN = ("nasal_prongs", "mask", "mask_with_reservoir", "bag_and_mask", "stopped")
ROUTES = ("intravenous", "intramuscular", "intranasal", "under_the_tongue", "inhaled", "by_mouth")
DOSE_UNITS = ("mg", "microgram", "g", "mL", "units")
WHAT: dict[Entry, tuple[str, ...]] = {Entry.CALLED: CALLED, Entry.AIRWAY: AIRWAY, Entry.OXYGEN: OXYGEN}
# What was done a short while ago is told with its minutes: nobody writes while they resuscitate.
MOST_MINUTES_AGO = 120


class NotAnEntry(Refusal):
    """An entry that lacks what its kind needs."""


def check_entry(entry: str, *, what: str, values: Mapping[str, object], words: str, minutes_ago: int) -> None:
    """Raise NotAnEntry for a word that is not on its list, and for what is missing: a drug's dose, a transfer's place.

    The rest may stay open: an emergency is never kept from being written down because a detail is not known.
    """
    if entry not in set(Entry) - {Entry.CLOSED}:
        raise NotAnEntry("Say what was done: called, airway, oxygen, drug, transfer, or in words.")
    if not 0 <= minutes_ago <= MOST_MINUTES_AGO:
        raise NotAnEntry(f"Say how many minutes ago it was: 0 to {MOST_MINUTES_AGO}.")
    kind = Entry(entry)
    if kind in WHAT and what not in WHAT[kind]:
        raise NotAnEntry("Choose what was done.")
    if kind is Entry.DRUG and not (words.strip() and _is_positive(values.get("dose"))):
        raise NotAnEntry("Name the drug and its dose, above zero.")
    if kind is Entry.DRUG and (values.get("unit") not in DOSE_UNITS or values.get("route") not in ROUTES):
        raise NotAnEntry("Choose the unit of the dose and how it was given.")
    if kind is Entry.OXYGEN and values.get("litres") not in (None, "") and not _is_positive(values["litres"]):
        raise NotAnEntry("The flow of oxygen is above zero, in litres a minute; or leave it open.")
    if kind in (Entry.TRANSFER, Entry.WORDS) and not words.strip():
        raise NotAnEntry("Say where the patient goes." if kind is Entry.TRANSFER else "Nothing is written yet.")


def is_under_way(entries: Sequence[str]) -> bool:
    """Return whether an emergency is under way after these entries in their order: something was said since the last
    was closed.
    """
    return bool(entries) and entries[-1] != Entry.CLOSED


def _is_positive(value: object) -> bool:
    return isinstance(value, Decimal) and value.is_finite() and 0 < value < 100_000
