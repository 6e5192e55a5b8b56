"""The courses that this installation has: the product's, and those of the site's own folder."""

from pathlib import Path

from django.conf import settings

from daybreak.evidence.public import library
from daybreak.rulebook.public import Film, LearningActivity, UnknownDefinition, seen_at, shipped_folder


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


def film_at(course: LearningActivity, film: Film) -> Path | None:
    """Return where the file of a video lies, or nothing where it is not, byte for byte, the one that was checked."""
    folders = (shipped_folder(), *filter(None, [settings.DAYBREAK_SITE_DEFINITIONS]))
    places = (Path(each) / "courses" / course.id / str(course.version) / film.file for each in folders)
    return next((place for place in places if seen_at(place).sha256 == film.sha256), None)
