"""Pages of follow-up for staff: who is due, late or worse, what calls for someone, and a patient's course so
far.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions, queries
from daybreak.follow_up.actions import NotSaid, TaskClosed
from daybreak.follow_up.queries import CLOSED, Task
from daybreak.follow_up.rules import State
from daybreak.follow_up.web import presenters
from daybreak.follow_up.web.forms import AskForm, CloseForm, KeyForm
from daybreak.identity.public import open_text, person, persons
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import deaths, names_of_staff, requires
from daybreak.people.public import patient as patient_of

WORSE_WITHIN = timedelta(days=30)
UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="follow-up work list")
def work(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what calls for someone, who is late, who is due, and who got worse."""
    at = now()
    tasks, due = queries.open_tasks(scope), queries.due(scope, at=at)
    worse = _worse(scope, at)
    people = persons(scope, _patients(tasks, due, worse), at=at)
    staff = names_of_staff(each.taken_by for each in tasks)
    return render(
        request,
        "follow_up/work.html",
        {
            "at": at,
            "tasks": [presenters.task_row(each, people, staff, at) for each in tasks],
            "late": presenters.rows((each for each in due if each.is_late), people, at),
            "due": presenters.rows((each for each in due if not each.is_late), people, at),
            "worse": [
                {"patient": key, "name": people[key].full_name, "words": presenters.worse_words(course)}
                for key, course in worse.items()
            ],
        },
    )


def _worse(scope: Scope, at: datetime) -> dict[UUID, queries.CourseSoFar]:
    recent = queries.recently_answered(scope, since=at - WORSE_WITHIN)
    courses = {key: queries.course_so_far(scope, key, at=at) for key in recent}
    return {key: course for key, course in courses.items() if course is not None and course.is_worse}


def _patients(tasks: Iterable, due: Iterable, worse: Iterable[UUID]) -> set[UUID]:
    return {t.task.patient_key for t in tasks} | {d.invitation.patient_key for d in due} | set(worse)


@requires(Permission.FOLLOW_UP, purpose="follow-up task")
def task(request: HttpRequest, scope: Scope, task: UUID) -> HttpResponse:
    """Show one task, what was done about it, and the form to close it."""
    return _task_page(request, scope, _task(scope, task), CloseForm())


def _task(scope: Scope, key: UUID) -> Task:
    found = queries.task(scope, key)
    if found is None:
        raise Http404("No such task")
    return found


def _task_page(
    request: HttpRequest, scope: Scope, found: Task, form: CloseForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    at = now()
    steps = queries.steps_of(scope, task=found.key)
    names = names_of_staff(each.done_by for each in steps)
    who = person(scope, found.patient_key, at=at)
    opened = next(
        (each for each in queries.open_tasks(scope, patient=found.patient_key) if each.task.key == found.key),
        None,
    )
    shown = {
        "at": at,
        "task": found,
        "row": presenters.task_row(opened, {found.patient_key: who}, names, at) if opened else None,
        "line": presenters.line_to(who),
        "title": presenters.kind_words(found.kind),
        "priority": presenters.priority_words(found.priority),
        "steps": [presenters.step(each, names, _what_was_done(scope, each)) for each in steps],
        "form": form,
        "take_form": KeyForm(),
        "refusal": refusal,
    }
    return render(request, "follow_up/task.html", shown, status=status)


def _what_was_done(scope: Scope, step: object) -> str:
    return open_text(scope, step.patient_key, step.what_was_done) if step.step == CLOSED else ""


@requires(Permission.FOLLOW_UP, purpose="take a task")
@require_http_methods(["POST"])
def take(request: HttpRequest, scope: Scope, task: UUID) -> HttpResponse:
    """Take a task."""
    found, form = _task(scope, task), KeyForm(request.POST)
    if not form.is_valid():
        return _task_page(request, scope, found, CloseForm(), status=UNPROCESSABLE)
    try:
        actions.take_task(scope, key=form.cleaned_data["key"], task=task, at=now())
    except TaskClosed as refusal:
        return _task_page(request, scope, found, CloseForm(), status=UNPROCESSABLE, refusal=str(refusal))
    return redirect("follow_up:task", site=scope.site, task=task)


@requires(Permission.FOLLOW_UP, purpose="close a task")
@require_http_methods(["POST"])
def close(request: HttpRequest, scope: Scope, task: UUID) -> HttpResponse:
    """Close a task with what was done."""
    found, form = _task(scope, task), CloseForm(request.POST)
    if not form.is_valid():
        return _task_page(request, scope, found, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        actions.close_task(scope, key=said["key"], task=task, what_was_done=said["what_was_done"], at=now())
    except (TaskClosed, NotSaid) as refusal:
        return _task_page(request, scope, found, form, status=UNPROCESSABLE, refusal=str(refusal))
    return redirect("follow_up:work", site=scope.site)


@requires(Permission.FOLLOW_UP, purpose="follow-up of a patient")
def patient_page(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show a patient's course so far, what was asked and answered, and the form to ask by hand."""
    return _patient_page(request, scope, patient, _ask_form())


def _patient_page(request: HttpRequest, scope: Scope, patient: UUID, form: AskForm, status: int = 200) -> HttpResponse:
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")
    at = now()
    course = queries.course_so_far(scope, patient, at=at)
    people = {patient: person(scope, patient, at=at)}
    found = queries.all_asked(scope, patient=patient)
    planned = [each for each in found if each.state(at) is State.NOT_YET]
    off = [each for each in found if each.state(at) is State.CALLED_OFF]
    present = [each for each in found if each not in planned and each not in off] + planned[:1]
    shown = {
        "at": at,
        "patient": patient,
        "course": course,
        "points": presenters.points,
        "findings": presenters.findings(course) if course else [],
        "asked": [presenters.row(e.invitation, e.state(at), people, at) for e in reversed(present)],
        "planned": [presenters.row(e.invitation, e.state(at), people, at) for e in planned[1:]],
        "called_off": [presenters.row(e.invitation, e.state(at), people, at) for e in off],
        "tasks": [presenters.task_row(t, people, {}, at) for t in queries.open_tasks(scope, patient=patient)],
        "form": form,
        "died": bool(deaths(scope, [patient])),
    }
    return render(request, "follow_up/patient.html", shown, status=status)


def _ask_form(said: object = None) -> AskForm:
    held = library().active("instruments")
    for_patients = [each for each in held if each.rater == "patient" and each.wording == "shipped"]
    return AskForm(said, instruments=[(each.id, each.title) for each in for_patients])


@requires(Permission.FOLLOW_UP, purpose="ask a patient by hand")
@require_http_methods(["POST"])
def ask(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Invite a patient by hand, and go to the invitation."""
    form = _ask_form(request.POST)
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")
    if not form.is_valid():
        return _patient_page(request, scope, patient, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    made = actions.invite(scope, key=said["key"], patient=patient, instrument=said["instrument"], at=now())
    return redirect("follow_up:invitation", site=scope.site, invitation=made.key)


@requires(Permission.FOLLOW_UP, purpose="invitation")
def invitation_page(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Show one invitation and what may be done with it."""
    return _invitation_page(request, scope, invitation, link="")


def _invitation_page(
    request: HttpRequest, scope: Scope, invitation: UUID, *, link: str, refusal: str = "", status: int = 200
) -> HttpResponse:
    found = queries.asked(scope, invitation)
    if found is None:
        raise Http404("No such invitation")
    at = now()
    people = {found.invitation.patient_key: person(scope, found.invitation.patient_key, at=at)}
    shown = {
        "at": at,
        "invitation": found.invitation,
        "row": presenters.row(found.invitation, found.state(at), people, at),
        "answered_at": found.answered.answered_at if found.answered else None,
        "may_hand_over": found.state(at) in actions.MAY_BE_HANDED_OVER,
        "link": link,
        "refusal": refusal,
    }
    return render(request, "follow_up/invitation.html", shown, status=status)


@requires(Permission.FOLLOW_UP, purpose="hand over a link")
@require_http_methods(["POST"])
def link(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Make a link and show it once, in this answer: it is stored nowhere, so a redirect could not show it."""
    try:
        token = actions.hand_over_link(scope, invitation=invitation, at=now())
    except actions.NothingToAnswer as refusal:
        return _invitation_page(request, scope, invitation, link="", refusal=str(refusal), status=UNPROCESSABLE)
    address = reverse("answer:questions", kwargs={"site": scope.site, "token": token})
    return _invitation_page(request, scope, invitation, link=request.build_absolute_uri(address))


@requires(Permission.FOLLOW_UP, purpose="call an invitation off")
@require_http_methods(["POST"])
def take_back(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Call an invitation off."""
    try:
        actions.call_off(scope, invitation=invitation, at=now())
    except actions.NothingToAnswer as refusal:
        return _invitation_page(request, scope, invitation, link="", refusal=str(refusal), status=UNPROCESSABLE)
    return redirect("follow_up:invitation", site=scope.site, invitation=invitation)
