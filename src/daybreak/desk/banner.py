"""The patient's banner: who this is, on top of every clinical page, the same everywhere."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from daybreak.identity.public import person
from daybreak.kernel.moments import age_on, day_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import Allergies, allergies
from daybreak.people.public import HANDED_OVER, site_named
from daybreak.treat.public import sessions_of


def banner(request: HttpRequest, scope: Scope, patient: UUID, *, at: datetime) -> str:
    """Return the banner as markup; each is a look at a name. A device in a patient's hands shows none."""
    if HANDED_OVER in request.session or Permission.READ_PATIENT not in request.may:
        return ""
    who = person(scope, patient, at=at)
    today = day_of(at, site_named(scope.site).time_zone)
    known = allergies(scope, patient)
    held = [s for s in sessions_of(scope, patient) if s.started_at]
    context = {
        "patient_key": patient,
        "site": scope.site,
        "who": who,
        "age": age_on(today, who.birth_date) if who.birth_date else None,
        "allergies": None if known.state == "unknown" else list(known.substances),
        "session": held[-1].number if held else None,
    }
    return SafeString(render_to_string("desk/banner.html", context, request=request))


def allergy_words(known: Allergies) -> str | None:
    """Return the substances, “No known allergies”, or nothing where nobody has asked."""
    if known.state == "unknown":
        return None
    return ", ".join(known.substances) if known.state == "known" else "No known allergies"
