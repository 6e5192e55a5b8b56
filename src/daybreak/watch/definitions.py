"""The measures by which outcomes are counted, and what is watched from week to week."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Library, Measure, Question, Surveillance, shipped_folder

_ORDER = (
    "who_responds", "resistance", "dose", "duration", "route", "lasting", "maintenance_interval", "dampening_drugs",
    "cognition", "bladder", "misuse", "training_and_monitoring",
)  # fmt: skip


class NoMeasure(Refusal):
    """No active definition says what an outcome is."""


@lru_cache(maxsize=1)
def measures() -> tuple[Measure, ...]:
    """Return the active measures of follow-up's main instrument, by id, those of the site's own folder too."""
    return library().outcome_measures()


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the definitions, those of the site's own folder too."""
    own = settings.DAYBREAK_SITE_DEFINITIONS
    return Library.load(shipped_folder(), *([Path(own)] if own else []))


def surveillance() -> Surveillance:
    """Return what is watched from week to week."""
    return library().surveillance("house")


def open_questions() -> tuple[Question, ...]:
    """Return the open questions that are asked, in the order in which the commentary raises them; those of the site's
    own folder come last.
    """
    found = [each for each in library().active("questions") if isinstance(each, Question)]
    order = {name: place for place, name in enumerate(_ORDER)}
    return tuple(sorted(found, key=lambda each: (order.get(each.id, len(order)), each.id)))


@lru_cache(maxsize=1)
def worsenings() -> tuple[Measure, ...]:
    """Return the active measures of worsening, of every instrument."""
    found = (each for each in library().active("measures") if isinstance(each, Measure))
    return tuple(each for each in found if each.rule.kind == "worsening")


def measure_of(kind: str, among: tuple[Measure, ...]) -> Measure:
    """Return the first measure of a kind (“response”, “remission”, “first_observed_relapse”); raise
    NoMeasure.
    """
    found = next((measure for measure in among if measure.rule.kind == kind), None)
    if found is None:
        raise NoMeasure(f"No active definition measures {kind.replace('_', ' ')}, so it cannot be counted.")
    return found
