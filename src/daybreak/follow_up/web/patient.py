"""A patient's course so far, what was asked and answered, and asking by hand."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions
from daybreak.follow_up.queries.course import course_so_far
from daybreak.follow_up.queries.invitations import all_asked
from daybreak.follow_up.queries.tasks import open_tasks
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.web import presenters
from daybreak.follow_up.web.forms import AskForm
from daybreak.identity.public import person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import deaths, demand_patient, requires
from daybreak.rulebook.public import TASK_SET

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="follow-up of a patient")
def patient_page(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show a patient's course so far, what was asked and answered, and the form to ask by hand."""
    return _patient_page(request, scope, patient, _ask_form())


def _patient_page(request: HttpRequest, scope: Scope, patient: UUID, form: AskForm, status: int = 200) -> HttpResponse:
    demand_patient(scope, patient)
    at = now()
    course = course_so_far(scope, patient, at=at)
    people = {patient: person(scope, patient, at=at)}
    found = all_asked(scope, patient=patient)
    planned = [each for each in found if each.state(at) is State.NOT_YET]
    off = [each for each in found if each.state(at) is State.CALLED_OFF]
    present = [each for each in found if each not in planned and each not in off] + planned[:1]
    shown = {
        "at": at,
        "patient": patient,
        "course": course,
        "course_title": presenters.instrument_title(course.instrument) if course else "",
        "points": presenters.points,
        "findings": presenters.findings(course) if course else [],
        "asked": [presenters.row(e.invitation, e.state(at), people, at) for e in reversed(present)],
        "planned": [presenters.row(e.invitation, e.state(at), people, at) for e in planned[1:]],
        "called_off": [presenters.row(e.invitation, e.state(at), people, at) for e in off],
        "tasks": [presenters.task_row(t, people, {}, at) for t in open_tasks(scope, patient=patient)],
        "form": form,
        "died": bool(deaths(scope, [patient])),
    }
    return render(request, "follow_up/patient.html", shown, status=status)


def _ask_form(said: object = None) -> AskForm:
    held = library().active("instruments")
    for_patients = [each for each in held if each.rater == "patient" and each.wording == "shipped"]
    tasks = (TASK_SET, _("Short tasks of cognition, exploratory"))
    return AskForm(said, instruments=[*((each.id, each.title) for each in for_patients), tasks])


@requires(Permission.FOLLOW_UP, purpose="ask a patient by hand")
@require_http_methods(["POST"])
def ask(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Invite a patient by hand, and go to the invitation."""
    form = _ask_form(request.POST)
    demand_patient(scope, patient)
    if not form.is_valid():
        return _patient_page(request, scope, patient, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    made = actions.invite(scope, key=said["key"], patient=patient, instrument=said["instrument"], at=now())
    return redirect("follow_up:invitation", site=scope.site, invitation=made.key)
