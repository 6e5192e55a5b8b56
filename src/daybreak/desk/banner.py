"""The patient's banner: who this is, on top of every clinical page, the same everywhere."""

from datetime import datetime
from uuid import UUID

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.consent.public import asked_by_each, consents_of
from daybreak.design.public import day
from daybreak.desk.deaths import death_day
from daybreak.desk.gathering import open_session
from daybreak.identity.public import age_at, person
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import Allergies, allergies
from daybreak.people.public import HANDED_OVER, also_recorded, deaths, site_named
from daybreak.screen.public import progress_of_each
from daybreak.treat.public import SessionSummary, sessions_of


def banner(request: HttpRequest, scope: Scope, patient: UUID, *, at: datetime) -> str:
    """Return the banner as markup; each is a look at a name. A device in a patient's hands shows none."""
    if HANDED_OVER in request.session or Permission.READ_PATIENT not in request.may:
        return ""
    who = person(scope, patient, at=at)
    known = allergies(scope, patient)
    context = {
        "patient_key": patient,
        "site": scope.site,
        "who": who,
        "age": age_at(who.birth_date, site=scope.site, at=at),
        "allergies": None if known.state == "unknown" else list(known.substances),
        "session": session_words(sessions_of(scope, patient)),
        "died": death_words(scope, patient),
        "consent": consent_words(scope, patient, at=at),
        "also": [(key, other_words(scope, key)) for key in also_recorded(scope, patient)],
    }
    return SafeString(render_to_string("desk/banner.html", context, request=request))


def other_words(scope: Scope, record: UUID) -> str:
    """Return what must not be missed of another record of the same person: its doses, with the last day, and its
    allergies.
    """
    held, zone = sessions_of(scope, record), site_named(scope.site).time_zone
    last = max((each.started_at for each in held if each.started_at), default=None)
    told = [
        _("sessions: %(words)s") % {"words": session_words(held) or _("none")},
        _("last on %(day)s") % {"day": day(last, zone)} if last else None,
        _("allergies: %(words)s") % {"words": allergy_words(allergies(scope, record)) or _("unknown")},
        _("deceased") if deaths(scope, [record]) else None,
    ]
    return "; ".join(each for each in told if each)


def death_words(scope: Scope, patient: UUID) -> str | None:
    """Return when the patient died, no more exactly than it is known; nothing for somebody who lives."""
    death = deaths(scope, [patient]).get(patient)
    return death_day(death.died_on, death.precision) if death else None


def consent_words(scope: Scope, patient: UUID, *, at: datetime) -> str | None:
    """Return why a consent that was once given no longer stands; nothing where it does, or was never given."""
    protocol = progress_of_each(scope, [patient])[patient].protocol or ""
    state = consents_of(scope, patient, at=at).get(asked_by_each([protocol])[protocol])
    if state is None or state.current:
        return None
    if state.withdrawn_at is not None:
        return _("withdrawn")
    return _("needs a new signature") if state.renewed_by is not None else None


def session_words(held: list[SessionSummary]) -> str | None:
    """Return the session that is planned or under way, else how many were given; nothing before the first."""
    given = sum(s.started_at is not None for s in held)
    if current := open_session(held):
        words = _("%(n)s, under way") if current.started_at else _("%(n)s, planned")
        return words % {"n": current.number}
    return ngettext("%(n)s given", "%(n)s given", given) % {"n": given} if given else None


def allergy_words(known: Allergies) -> str | None:
    """Return the substances, “No known allergies”, or nothing where nobody has asked."""
    if known.state == "unknown":
        return None
    return ", ".join(known.substances) if known.state == "known" else "No known allergies"
