"""What every sheet about one patient says at head and foot: who, where, when printed, and whether it is synthetic."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from daybreak.design.public import day, moment, on_paper
from daybreak.identity.public import person
from daybreak.kernel.scope import Scope
from daybreak.measure.public import allergies
from daybreak.people.public import site_named

FOLDER = Path(__file__).parent / "paper"


def head_of(scope: Scope, patient: UUID, *, at: datetime) -> dict[str, object]:
    """Return the head of a sheet; a look at a name."""
    site, who = site_named(scope.site), person(scope, patient, at=at)
    return {
        "clinic": site.name,
        "synthetic": _("Synthetic data: this person is invented.") if site.synthetic else "",
        "patient": who.full_name,
        "born": day(who.birth_date) if who.birth_date else "–",
        "allergies": allergy_words(scope, patient),
        "printed": _("Printed %(when)s") % {"when": moment(at, site.time_zone, year=True)},
        "head_words": {"born": _("Born"), "allergies": _("Allergies"), "page": _("page")},
    }


def allergy_words(scope: Scope, patient: UUID) -> str:
    """Return the substances, “none known”, or that nobody has asked."""
    known = allergies(scope, patient)
    if known.state == "unknown":
        return _("allergies unknown")
    return ", ".join(known.substances) if known.state == "known" else _("none known")


def sheet(name: str, content: dict[str, object], *, at: datetime, file_name: str) -> HttpResponse:
    """Return a sheet as a PDF, set by `paper/NAME.typ`; the name of the file names nobody."""
    answer = HttpResponse(on_paper(FOLDER / f"{name}.typ", content, at=at), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="{file_name}.pdf"'
    return answer
