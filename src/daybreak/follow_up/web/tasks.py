"""One task: what it is about, what was done, and the forms to take and to close it."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions
from daybreak.follow_up.actions import NotSaid, TaskClosed
from daybreak.follow_up.queries.tasks import CLOSED, Task, open_tasks, steps_of
from daybreak.follow_up.queries.tasks import task as task_of
from daybreak.follow_up.web import presenters
from daybreak.follow_up.web.duty import duty_words, told_words
from daybreak.follow_up.web.forms import CloseForm, KeyForm, ReportForm
from daybreak.follow_up.web.lines import line_to
from daybreak.identity.public import open_text, person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="follow-up task")
def task(request: HttpRequest, scope: Scope, task: UUID) -> HttpResponse:
    """Show one task, what was done about it, and the form to close it."""
    found = _task(scope, task)
    return _task_page(request, scope, found, _close_form(scope, found))


def _close_form(scope: Scope, found: Task, said: QueryDict | None = None) -> CloseForm:
    if found.due_at is None:
        return CloseForm(said)
    return ReportForm(said, zone=site_named(scope.site).time_zone)


def _task(scope: Scope, key: UUID) -> Task:
    found = task_of(scope, key)
    if found is None:
        raise Http404("No such task")
    return found


def _task_page(
    request: HttpRequest, scope: Scope, found: Task, form: CloseForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    at = now()
    steps = steps_of(scope, task=found.key)
    names = names_of_staff([*(each.done_by for each in steps), *(each.told for each in steps)])
    told = told_words(scope, steps, names)
    who = person(scope, found.patient_key, at=at)
    opened = next(
        (each for each in open_tasks(scope, patient=found.patient_key) if each.task.key == found.key),
        None,
    )
    shown = {
        "at": at,
        "task": found,
        "row": presenters.task_row(opened, {found.patient_key: who}, names, at) if opened else None,
        "line": line_to(who),
        "title": presenters.kind_words(found.kind),
        "priority": presenters.priority_words(found.priority),
        "steps": [presenters.step(each, names, _what_was_done(scope, each), told.get(each.key, "")) for each in steps],
        "duty": duty_words(scope, at=at),
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
        return _task_page(request, scope, found, _close_form(scope, found), status=UNPROCESSABLE)
    try:
        actions.take_task(scope, key=form.cleaned_data["key"], task=task, at=now())
    except TaskClosed as refusal:
        return _task_page(request, scope, found, _close_form(scope, found), status=UNPROCESSABLE, refusal=str(refusal))
    return redirect("follow_up:task", site=scope.site, task=task)


@requires(Permission.FOLLOW_UP, purpose="close a task")
@require_http_methods(["POST"])
def close(request: HttpRequest, scope: Scope, task: UUID) -> HttpResponse:
    """Close a task with what was done."""
    found = _task(scope, task)
    form = _close_form(scope, found, request.POST)
    if not form.is_valid():
        return _task_page(request, scope, found, form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        actions.close_task(
            scope, key=said["key"], task=task, what_was_done=said["what_was_done"], at=now(),
            reported_to=said.get("reported_to", ""), reported_at=said.get("reported_at"),
        )  # fmt: skip
    except (TaskClosed, NotSaid) as refusal:
        return _task_page(request, scope, found, form, status=UNPROCESSABLE, refusal=str(refusal))
    return redirect("follow_up:work", site=scope.site)
