"""Reaching a patient: the tries so far, a new one, and why observation ends or begins again."""

from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions
from daybreak.follow_up.queries.observation import attempts_of, ended_of_each, note_of, observations_of
from daybreak.follow_up.web import work_words
from daybreak.follow_up.web.forms import AttemptForm, ObservationForm
from daybreak.follow_up.web.lines import line_to
from daybreak.identity.public import person
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, names_of_staff, requires

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="reaching a patient")
def reach(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show how to reach a patient, what was tried, and whether they are still observed."""
    return _page(request, scope, patient)


@requires(Permission.FOLLOW_UP, purpose="note a try to reach a patient")
@require_http_methods(["POST"])
def tried(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Note a try."""
    form = AttemptForm(request.POST)
    demand_patient(scope, patient)
    if not form.is_valid():
        return _page(request, scope, patient, attempt=form, status=UNPROCESSABLE)
    said = form.cleaned_data
    actions.note_attempt(
        scope, key=said["key"], patient=patient, way=said["way"], outcome=said["outcome"], note=said["note"], at=now()
    )
    return redirect("follow_up:reach", site=scope.site, patient=patient)


@requires(Permission.FOLLOW_UP, purpose="end or begin observation")
@require_http_methods(["POST"])
def change(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Note that observation ended or began again."""
    form = ObservationForm(request.POST)
    demand_patient(scope, patient)
    if not form.is_valid():
        return _page(request, scope, patient, observation=form, status=UNPROCESSABLE)
    try:
        actions.change_observation(scope, patient=patient, at=now(), **form.cleaned_data)
    except actions.NotAChange as refusal:
        form.add_error(None, str(refusal))
        return _page(request, scope, patient, observation=form, status=UNPROCESSABLE)
    return redirect("follow_up:reach", site=scope.site, patient=patient)


def _page(
    request: HttpRequest,
    scope: Scope,
    patient: UUID,
    *,
    attempt: Form | None = None,
    observation: Form | None = None,
    status: int = 200,
) -> HttpResponse:
    demand_patient(scope, patient)
    at = now()
    tries, changes = attempts_of(scope, patient), observations_of(scope, patient)
    staff = names_of_staff([*(each.tried_by for each in tries), *(each.noted_by for each in changes)])
    over = ended_of_each(scope, [patient]).get(patient)
    shown = {
        "at": at,
        "patient": patient,
        "line": line_to(person(scope, patient, at=at)),
        "tries": [
            (
                each.tried_at,
                f"{work_words.way_words(each.way)}, {work_words.outcome_words(each.outcome)}",
                staff.get(each.tried_by, ""),
                note_of(scope, each),
            )
            for each in reversed(tries)
        ],
        "changes": [
            (
                each.on_day,
                work_words.change_words(each.kind),
                work_words.source_words(each.source),
                staff.get(each.noted_by, ""),
                note_of(scope, each),
            )
            for each in reversed(changes)
        ],
        "over": work_words.change_words(over.kind) if over else "",
        "over_on": over.on if over else None,
        "attempt": attempt or AttemptForm(),
        "observation": observation or ObservationForm(),
        "has_died": over is not None and over.kind == "died",
    }
    return render(request, "follow_up/reach.html", shown, status=status)
