"""The short open tasks of cognition, done on this phone or tablet with somebody of the clinic beside. Exploratory."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.actions.cognition import NotARun, note_task_runs
from daybreak.follow_up.queries.cognition import Measured, measured_runs
from daybreak.follow_up.web import cognition_words as words
from daybreak.follow_up.web.forms import key_in
from daybreak.follow_up.web.phone_tasks import plan, sent_in
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, requires

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="tasks of cognition")
@require_http_methods(["GET", "HEAD", "POST"])
def cognition(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show the tasks and what they measured so far, or keep what a device sends."""
    demand_patient(scope, patient)
    if request.method != "POST":
        return _page(request, scope, patient)
    try:
        note_task_runs(scope, key=key_in(request.POST), patient=patient, at=now(), **sent_in(request.POST))
    except NotARun as refusal:
        return _page(request, scope, patient, refusal=str(refusal))
    return redirect("follow_up:cognition", site=scope.site, patient=patient)


def _page(request: HttpRequest, scope: Scope, patient: UUID, *, refusal: str = "") -> HttpResponse:
    found = measured_runs(scope, patient)
    shown = {
        "patient": patient,
        "key": new_key(),
        "plan": plan(),
        "results": [(words.title(task), _rows(task, runs)) for task, runs in found.items()],
        "refusal": refusal,
    }
    return render(request, "follow_up/cognition.html", shown, status=UNPROCESSABLE if refusal else 200)


def _rows(task: str, runs: list[Measured]) -> list[tuple]:
    return [(each.run.done_at, words.result(task, each), each.run.device, each.breaks) for each in reversed(runs)]
