"""The next interval: the course so far, what is advised, and a clinician's decision with a reason."""

from collections.abc import Mapping
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.follow_up.queries.interval import NextInterval, next_interval, reason_of
from daybreak.follow_up.web import interval_words as words
from daybreak.follow_up.web.forms import DecideForm
from daybreak.follow_up.web.interval_chart import chart
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, names_of_staff, requires, site_named
from daybreak.treat.public import NotADecision, decide_course

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="the next interval")
def interval(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show the course so far, the advice, what was decided, and to who may order the form to decide."""
    return _page(request, scope, patient)


@requires(Permission.ORDER, purpose="decide how a course goes on")
@require_http_methods(["POST"])
def decide(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Keep a decision about the patient's latest course."""
    found = next_interval(scope, patient, at=now())
    if found is None:
        raise Http404("No such course")
    form = DecideForm(request.POST)
    if not form.is_valid():
        return _page(request, scope, patient, form=form, status=UNPROCESSABLE)
    said = form.cleaned_data
    try:
        decide_course(
            scope,
            key=said["key"],
            course=found.course.key,
            decision=said["decision"],
            interval_days=said["interval_days"],
            reason=said["reason"],
            about=said["about"],
            advised=said["advised"],
            at=now(),
        )
    except NotADecision as refusal:
        form.add_error(None, str(refusal))
        return _page(request, scope, patient, form=form, status=UNPROCESSABLE)
    return redirect("follow_up:interval", site=scope.site, patient=patient)


def _page(
    request: HttpRequest, scope: Scope, patient: UUID, *, form: DecideForm | None = None, status: int = 200
) -> HttpResponse:
    demand_patient(scope, patient)
    at = now()
    found = next_interval(scope, patient, at=at)
    may_decide = Permission.ORDER in request.may
    shown = {"at": at, "patient": patient, "found": found, "may_decide": may_decide}
    if found is not None:
        shown |= _told(scope, found)
        shown["form"] = form or DecideForm(initial=_asked(found))
    return render(request, "follow_up/interval.html", shown, status=status)


def _told(scope: Scope, found: NextInterval) -> Mapping[str, object]:
    names = names_of_staff(each.decided_by for each in found.decisions)
    place = site_named(scope.site)
    zone = place.time_zone if place else "UTC"
    return {
        "protocol": words.protocol_title(found.course),
        "advice": words.advice(found.advice),
        "rows": words.sessions(found, zone),
        "chart": chart(found, zone),
        "asked": [each.because for each in found.asked],
        "decisions": [words.decision(each, names, reason_of(scope, each)) for each in reversed(found.decisions)],
    }


def _asked(found: NextInterval) -> dict[str, str]:
    """What the form carries of the page: the questions that it answers, and the advice that was read."""
    advised = found.advice.rule.advise if found.advice else ""
    return {"about": " ".join(str(each.key) for each in found.asked), "advised": advised}
