"""Pages of the desk: home, patients, a patient. The tray has a module of its own."""

from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.consent.public import consents_of
from daybreak.design.public import patient_line
from daybreak.desk.actions import MayBeKnown, receive_patient
from daybreak.desk.banner import allergy_words
from daybreak.desk.course_line import alt_of, line_of
from daybreak.desk.gathering import listed, open_session, whole_stages_of
from daybreak.desk.home import home_of, named
from daybreak.desk.pressures import pressures_of
from daybreak.desk.releases import held_words
from daybreak.desk.rules import STAGES, next_step, stage_word
from daybreak.desk.web.duplicate_form import ALIKE_WORDS, BECAUSE_WORDS
from daybreak.desk.web.forms import NewPatientForm
from daybreak.desk.web.presenters import (
    asked_rows,
    consent_rows,
    greeting,
    link_rows,
    opening_sentence,
    outcome_words,
    pressure_rows,
    session_rows,
    target_url,
)
from daybreak.follow_up.public import all_asked, course_so_far
from daybreak.identity.public import person
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import allergies, library, medicines
from daybreak.people.public import merged_into, merged_records, names_of_staff, requires, site_named
from daybreak.people.public import patient as patient_of
from daybreak.screen.public import diagnoses
from daybreak.treat.public import sessions_of

PAGE = 50


@requires(purpose="home")
def home(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say what waits for this person."""
    at = now()
    request.session["last_site"] = scope.site
    found = home_of(scope, may=request.may, at=at)
    names = named(scope, found.things, at=at)
    local = at.astimezone(ZoneInfo(site_named(scope.site).time_zone))
    context = {
        "greeting": greeting(local.hour, request.user.name),
        "sentence": opening_sentence(found.counts),
        "home": found,
        "names": names,
    }
    return render(request, "desk/home.html", context)


@requires(Permission.READ_PATIENT, purpose="list of patients")
def patient_list(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the site's patients; `q` searches names and numbers, `stage` filters, `page` turns pages."""
    text, stage = request.GET.get("q", "")[:100], request.GET.get("stage", "")
    page = int(turned) if (turned := request.GET.get("page", "")[:6]).isdecimal() else 1
    found = listed(scope, text=text, stage=stage, page=page, of=PAGE, at=now())
    context = {
        "found": found,
        "rows": [(row, stage_word(row.stage)) for row in found.rows],
        "stage_options": [("", _("All")), *((word, word) for word in STAGES)],
        "stage": stage,
        "q": text,
        "may_register": Permission.REGISTER_PATIENT in request.may,
    }
    return render(request, "desk/patients.html", context)


@requires(Permission.REGISTER_PATIENT, purpose="register a patient")
@require_http_methods(["GET", "POST"])
def new_patient(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Admit, introduce and refer a patient in one step."""
    at = now()
    protocols = [(p.id, p.title) for p in library().active("protocols")]
    today = day_of(at, site_named(scope.site).time_zone)
    form = NewPatientForm(request.POST or None, protocols=protocols, today=today)
    context = {"form": form, "known": [], "alike_words": ALIKE_WORDS}
    if request.method == "POST" and form.is_valid():
        try:
            key = receive_patient(scope, new=form.new_patient(), at=at)
        except MayBeKnown as no:
            context |= {"known": no.known, "other_than": form.other_than()}
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            return redirect("screen:patient", site=scope.site, patient=key)
    return render(request, "desk/new_patient.html", context, status=422 if request.method == "POST" else 200)


def _merged(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Say where a record went that was merged into another."""
    merged = merged_into(scope, patient)
    if merged is None:
        raise Http404("No such patient")
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "merged": merged,
        "by": names_of_staff([merged.recorded_by]).get(merged.recorded_by, ""),
        "because": BECAUSE_WORDS[merged.because],
        "may_undo": Permission.REGISTER_PATIENT in request.may,
    }
    return render(request, "desk/merged.html", context)


@requires(Permission.READ_PATIENT, purpose="a patient's page")
def patient_page(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Draw the whole course on one time line, with what comes next and what is known."""
    known = patient_of(scope, patient)
    if known is None:
        return _merged(request, scope, patient)
    at = now()
    held = sessions_of(scope, patient)
    stage = whole_stages_of(scope, {patient: held}, at=at)[patient]
    step = next_step(stage)
    line = line_of(scope, patient, at=at)
    zone = site_named(scope.site).time_zone
    course = course_so_far(scope, patient, at=at)
    pressures = pressures_of(scope, patient)
    context = {
        "patient": known,
        "who": person(scope, patient, at=at),
        "step": step,
        "step_url": target_url(scope.site, patient, step.target, session=open_session(held), may=request.may),
        "links": link_rows(scope.site, patient, may=request.may, died=stage.died),
        "may_note_death": Permission.REGISTER_PATIENT in request.may and not stage.died,
        "stage": stage_word(stage),
        "line": patient_line(line, title="The course so far", alt=alt_of(line)),
        "line_alt": alt_of(line),
        "has_course": bool(line.scores or line.sessions),
        "sessions": held,
        "session_rows": session_rows(scope.site, held, zone),
        "course": course,
        "course_title": library().instrument(course.instrument).title if course else "",
        "outcomes": outcome_words(course),
        "consents": consent_rows(consents_of(scope, patient, at=at)),
        "releases": held_words(scope, patient),
        "asked": asked_rows(all_asked(scope, patient=patient), zone, at=at),
        "allergies": allergy_words(allergies(scope, patient)),
        "medicines": medicines(scope, patient),
        "diagnoses": diagnoses(scope, patient=patient),
        "merged": [record for record, kept in merged_records(scope).items() if kept == patient],
        "pressures": pressures,
        "pressure_rows": pressure_rows(pressures, zone),
    }
    return render(request, "desk/patient.html", context)
