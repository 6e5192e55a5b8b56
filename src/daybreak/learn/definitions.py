"""The courses that this installation has: the product's, and those of the site's own folder."""

from daybreak.evidence.public import library
from daybreak.rulebook.public import LearningActivity, UnknownDefinition


def courses() -> tuple[LearningActivity, ...]:
    """Return the active version of every course, by title."""
    found = [each for each in library().active("courses") if isinstance(each, LearningActivity)]
    return tuple(sorted(found, key=lambda each: each.title.casefold()))


def course_named(name: str, version: int | None = None) -> LearningActivity | None:
    """Return a course: the version asked for, or the active one; nothing where there is none."""
    try:
        return library().activity(name, version)
    except UnknownDefinition:
        return None
