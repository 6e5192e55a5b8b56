"""The published trials, models and courses, as the rulebook reads them: the product's and those of the site's own
folder.
"""

from pathlib import Path

from django.conf import settings

from daybreak.rulebook.public import Bookcase, KineticModel, Library, PublishedReview, PublishedTrial, shipped_folder


def _folders() -> tuple[Path, ...]:
    own = settings.DAYBREAK_SITE_DEFINITIONS
    return (shipped_folder(), *([Path(own)] if own else []))


# What is added to the site's own folder, a course or a trial, is here within a second.
library = Bookcase(_folders, lambda: None)


def trials() -> tuple[PublishedTrial, ...]:
    """Return every active trial, the oldest first."""
    return in_order(library())


def in_order(held: Library) -> tuple[PublishedTrial, ...]:
    """Return the active trials among definitions, the oldest first."""
    found = [each for each in held.active("trials") if isinstance(each, PublishedTrial)]
    return tuple(sorted(found, key=lambda each: (each.year, each.id)))


def reviews() -> tuple[PublishedReview, ...]:
    """Return every active review, the oldest first."""
    found = [each for each in library().active("reviews") if isinstance(each, PublishedReview)]
    return tuple(sorted(found, key=lambda each: (each.year, each.id)))


def kinetic_models() -> tuple[KineticModel, ...]:
    """Return every active pharmacokinetic model, those that were read whole first."""
    found = [each for each in library().active("pharmacokinetics") if isinstance(each, KineticModel)]
    return tuple(sorted(found, key=lambda each: (each.read != "whole", each.id)))
