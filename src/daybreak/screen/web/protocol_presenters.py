"""The definitions as shelves that a reader can look through."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.rulebook.public import Definition, Library

KINDS = {
    "protocols": gettext_lazy("Protocols"),
    "instruments": gettext_lazy("Questionnaires and scales"),
    "consents": gettext_lazy("Consents"),
    "measures": gettext_lazy("Outcomes"),
    "resistance": gettext_lazy("Definitions of treatment resistance"),
    "adequacy": gettext_lazy("Definitions of an adequate trial"),
    "alarms": gettext_lazy("How alarms call"),
    "reporting": gettext_lazy("Who is told of a serious adverse event"),
    "safety": gettext_lazy("Who takes a patient's call"),
    "trials": gettext_lazy("Published trials"),
    "reviews": gettext_lazy("Published reviews"),
    "courses": gettext_lazy("Courses"),
    "pharmacokinetics": gettext_lazy("Pharmacokinetic models"),
    "continuation": gettext_lazy("What a long course asks for"),
    "surveillance": gettext_lazy("What the monitor watches"),
    "cohorts": gettext_lazy("Cohorts beside what was published"),
    "questions": gettext_lazy("Open questions of the field"),
    "profiles": gettext_lazy("How rows of the register may leave"),
    "quality": gettext_lazy("What is asked of the data"),
    "disclosure": gettext_lazy("Which numbers about groups may be shown"),
    "facts": gettext_lazy("Questions that protocols ask"),
    "codelists": gettext_lazy("Code lists"),
}


@dataclass(frozen=True, slots=True)
class Title:
    """One definition on a shelf, in the version that a reader opens first."""

    id: str
    title: str
    words: str
    status: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """Every definition of one kind."""

    kind: str
    title: str
    titles: list[Title]


def shelves(library: Library) -> list[Shelf]:
    """Return every kind with its definitions, the kinds without any left out."""
    found = [Shelf(kind, str(title), _titles(library, kind)) for kind, title in KINDS.items()]
    return [shelf for shelf in found if shelf.titles]


def steps_between(versions: Sequence[Definition]) -> list[tuple[int, int]]:
    """Return each version with the one before it, the newest first."""
    return [(old.version, new.version) for old, new in pairwise(versions)][::-1]


def _titles(library: Library, kind: str) -> list[Title]:
    found = []
    for name in dict.fromkeys(each.id for each in library.every(kind)):
        shown = library.definition(f"{kind}/{name}")
        version = _("version %(version)s") % {"version": shown.version}
        words = f"{shown.summary} · {version}" if shown.summary else version
        found.append(Title(name, shown.title, words, shown.status))
    return found
