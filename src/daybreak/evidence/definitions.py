"""The published trials and models, as the rulebook reads them: the product's and those of the site's own folder."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from daybreak.rulebook.public import KineticModel, Library, PublishedReview, PublishedTrial, shipped_folder


@lru_cache(maxsize=1)
def library() -> Library:
    """Return the definitions that this installation has, read once."""
    own = settings.DAYBREAK_SITE_DEFINITIONS
    return Library.load(shipped_folder(), *([Path(own)] if own else []))


def trials() -> tuple[PublishedTrial, ...]:
    """Return every active trial, the oldest first."""
    found = [each for each in library().active("trials") if isinstance(each, PublishedTrial)]
    return tuple(sorted(found, key=lambda each: (each.year, each.id)))


def reviews() -> tuple[PublishedReview, ...]:
    """Return every active review, the oldest first."""
    found = [each for each in library().active("reviews") if isinstance(each, PublishedReview)]
    return tuple(sorted(found, key=lambda each: (each.year, each.id)))


def kinetic_models() -> tuple[KineticModel, ...]:
    """Return every active pharmacokinetic model, those that were read whole first."""
    found = [each for each in library().active("pharmacokinetics") if isinstance(each, KineticModel)]
    return tuple(sorted(found, key=lambda each: (each.read != "whole", each.id)))
