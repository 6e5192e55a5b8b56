"""The definition that a course follows, as it was when the course was opened."""

from daybreak.kernel.refusal import Refusal
from daybreak.measure.public import library
from daybreak.rulebook.public import Protocol, Tightened
from daybreak.treat.models import Course


class ProtocolChanged(Refusal):
    """The definition that a course names is not the one that is installed."""


def protocol_of(course: Course) -> Protocol:
    """Return the version of the protocol that the course follows; raise ProtocolChanged when its content is another."""
    found = library().protocol(course.protocol, course.protocol_version)
    if found.fingerprint != course.fingerprint:
        raise ProtocolChanged(
            f"The installed {course.protocol} version {course.protocol_version} is not the one this course was "
            "opened with. Restore the definition before going on."
        )
    return found


def protocol_named(name: str) -> Protocol:
    """Return the highest active version of a protocol; raise UnknownDefinition."""
    return library().protocol(name)


def protocols_to_hold() -> dict[str, str]:
    """Return the titles of what can be held, by id; a tightened protocol by the shared one that it tightens."""
    return {
        (each.tightens.partition("/")[0] if isinstance(each, Tightened) else each.id): each.title
        for each in active_protocols()
    }


def active_protocols() -> list[Protocol]:
    """Return every protocol that a course can be opened with."""
    return [each for each in library().active("protocols") if isinstance(each, Protocol)]
