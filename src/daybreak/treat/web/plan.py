"""Today's sessions, a patient's courses, planning and moving."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, requires
from daybreak.screen.public import referred_to
from daybreak.treat.actions.places import ChairTaken
from daybreak.treat.actions.plan import cancel_session, move_session, open_course, plan_session
from daybreak.treat.queries.alarms import open_alarms
from daybreak.treat.queries.answers import today as today_of
from daybreak.treat.queries.courses import spacing_at, spacing_of
from daybreak.treat.queries.events import adverse_events
from daybreak.treat.queries.places import chairs, moves_of, session_as_first_planned
from daybreak.treat.queries.protocols import active_protocols, protocol_of
from daybreak.treat.queries.sessions import (
    Course,
    SessionNow,
    SessionSummary,
    course_of_key,
    courses,
    sessions_of_course,
    sessions_on,
    sessions_under_way,
)
from daybreak.treat.rules.steps import AFTER_DOSE, BEFORE_START, INFUSING, REASONS, State, Step
from daybreak.treat.web import events
from daybreak.treat.web.alarms import calling
from daybreak.treat.web.calendar import offers, taken_in_words
from daybreak.treat.web.forms import MoveSession, OpenCourse, PlanSession, spoken
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, sent_key, zone_of
from daybreak.treat.web.presenters import next_step, state_words


@requires(Permission.RUN_SESSION, Permission.ORDER, purpose="today's sessions")
@require_GET
def today(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The sessions of all chairs today, and what each needs next."""
    at = this_moment()
    day = today_of(scope, at)
    under_way = sessions_under_way(scope)
    lines = {line.key: line for line in [*under_way, *sessions_on(scope, day)]}
    who = persons(scope, [line.patient_key for line in lines.values()], at=at)
    waiting = open_alarms(scope)
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": at,
        "day": day,
        "rows": [_row(line, who[line.patient_key].full_name) for line in sorted(lines.values(), key=_order)],
        **calling(scope, at, zone=zone_of(scope)),
        "may_run": Permission.RUN_SESSION in request.may,
        "alarms_of": {each.alarm.session_key for each in waiting},
        "may_manage": Permission.MANAGE_SITE in request.may,
    }
    return render(request, "treat/today.html", context)


def _order(line: SessionSummary) -> tuple[bool, datetime]:
    return line.state not in INFUSING | AFTER_DOSE, line.planned_for


def _row(line: SessionSummary, name: str) -> dict[str, object]:
    return {"line": line, "name": name, "state": state_words(line.state), "next": next_step(line)}


@requires(Permission.READ_PATIENT, purpose="courses of a patient")
@require_GET
def patient_courses(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The courses and sessions of one patient."""
    return _courses_page(request, scope, patient)


@requires(Permission.ORDER, purpose="opening a course")
@require_POST
def open_a_course(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Open a course under a protocol."""
    form = OpenCourse(_protocols(), request.POST)
    demand_patient(scope, patient)
    if not form.is_valid():
        return _courses_page(request, scope, patient, open_form=form)
    try:
        key, chosen = form.cleaned_data["key"], form.cleaned_data["protocol"]
        open_course(scope, key=key, patient=patient, protocol=chosen, at=this_moment())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _courses_page(request, scope, patient, open_form=form)
    messages.success(request, _("The course is open. Plan its first session."))
    return redirect("treat:plan", site=scope.site, patient=patient)


@requires(Permission.ORDER, purpose="planning a session")
@require_POST
def plan_a_session(request: HttpRequest, scope: Scope, course: UUID) -> HttpResponse:
    """Plan the next session of a course, or only look at what the protocol says of the time."""
    row = course_of_key(scope, course)
    if row is None:
        raise Http404("No such course")
    form = PlanSession(_names(scope), request.POST, zone=zone_of(scope))
    refused = {"plan_form": form, "planned_course": course}
    if not form.is_valid():
        return _courses_page(request, scope, row.patient_key, **refused)
    said, planned_for = form.cleaned_data, form.cleaned_data["planned_for"]
    if "look" in request.POST:
        return _courses_page(request, scope, row.patient_key, **refused, looked_at=_looked_at(scope, row, planned_for))
    try:
        plan_session(
            scope, key=said["key"], course=course, planned_for=planned_for, chair=said["chair"], at=this_moment()
        )
    except ChairTaken as taken:
        form.add_error("chair", taken_in_words(scope, taken))
        return _courses_page(
            request, scope, row.patient_key, **refused, offers=offers(scope, taken, wanted=planned_for)
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _courses_page(request, scope, row.patient_key, **refused)
    messages.success(request, _("The session is planned."))
    _warn(request, scope, row, said["key"], planned_for)
    return redirect("treat:plan", site=scope.site, patient=row.patient_key)


@requires(Permission.ORDER, purpose="moving a session")
@require_http_methods(["GET", "POST"])
def move(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Put a session to another time or chair."""
    now = found(scope, session)
    if request.method == "GET":
        local = now.session.planned_for.astimezone(ZoneInfo(zone_of(scope)))
        so_far = {"planned_for": f"{local:%Y-%m-%dT%H:%M}", "chair": now.session.chair}
        return _move_page(request, scope, now, MoveSession(_names(scope), initial=so_far, zone=zone_of(scope)))
    form = MoveSession(_names(scope), request.POST, zone=zone_of(scope))
    if not form.is_valid():
        return _move_page(request, scope, now, form)
    said, planned_for = form.cleaned_data, form.cleaned_data["planned_for"]
    if "look" in request.POST:
        looked_at = _looked_at(scope, now.course, planned_for, but=session)
        return _move_page(request, scope, now, form, looked_at=looked_at)
    try:
        move_session(
            scope, key=said["key"], session=session, planned_for=planned_for, chair=said["chair"],
            reason=said["reason"], at=this_moment(),
        )  # fmt: skip
    except ChairTaken as taken:
        form.add_error("chair", taken_in_words(scope, taken))
        return _move_page(request, scope, now, form, offers=offers(scope, taken, wanted=planned_for, but=session))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _move_page(request, scope, now, form)
    messages.success(request, _("The session is moved."))
    _warn(request, scope, now.course, session, planned_for)
    return redirect("treat:plan", site=scope.site, patient=now.session.patient_key)


def _looked_at(scope: Scope, course: Course, planned_for: datetime, *, but: UUID | None = None) -> dict[str, object]:
    spacing = spacing_at(scope, course, planned_for=planned_for, but=but)
    return {"at": planned_for, "spacing": spacing}


def _warn(request: HttpRequest, scope: Scope, course: Course, session: UUID, planned_for: datetime) -> None:
    """Say what the protocol's limits of frequency say of the time that was chosen; a clinician may go on."""
    for limit in spacing_at(scope, course, planned_for=planned_for, but=session).limits:
        messages.warning(request, f"{limit.question} {limit.reason} {limit.advice}".strip())


def _move_page(request: HttpRequest, scope: Scope, now: SessionNow, form: MoveSession, **more: object) -> HttpResponse:
    context = {
        **frame(request, scope, now, this_moment()),
        "form": form,
        "moves": moves_of(scope, now.session.key),
        "first": session_as_first_planned(scope, now.session.key),
        "offers": [],
        "looked_at": None,
        **more,
    }
    return render(request, "treat/move.html", context, status=NOT_DONE if form.errors else 200)


@requires(Permission.ORDER, Permission.RUN_SESSION, purpose="cancelling a session")
@require_POST
def cancel(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Cancel a session that has not started."""
    found(scope, session)
    key, reason, note = sent_key(request), request.POST.get("reason", ""), request.POST.get("note", "")[:500]
    done(
        request, scope, "step", key, this_moment(),
        action=lambda at: cancel_session(scope, key=key, session=session, reason=reason, at=at, note=note),
    )  # fmt: skip
    return redirect("treat:session", site=scope.site, session=session)


@requires(Permission.READ_PATIENT, purpose="a session")
@require_GET
def session_page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Go to the page that the session needs now."""
    state = found(scope, session).state
    page = (
        "prepare"
        if state in BEFORE_START
        else "chair"
        if state in INFUSING
        else "after"
        if state in AFTER_DOSE
        else "summary"
    )
    if page != "summary" and not request.may & {
        Permission.RUN_SESSION,
        Permission.ORDER,
        Permission.DISCHARGE,
    }:
        page = "summary"
    return redirect(f"treat:{page}", site=scope.site, session=session)


def _protocols() -> list[tuple[str, str]]:
    return [(each.id, each.title) for each in active_protocols()]


def _courses_page(
    request: HttpRequest,
    scope: Scope,
    patient: UUID,
    *,
    open_form: OpenCourse | None = None,
    plan_form: PlanSession | None = None,
    planned_course: UUID | None = None,
    **more: object,
) -> HttpResponse:
    demand_patient(scope, patient)
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": this_moment(),
        "patient": patient,
        "courses": [
            _course(scope, each, plan_form if planned_course == each.key else None)
            for each in reversed(courses(scope, patient))
        ],
        "offers": [],
        "looked_at": None,
        "open_form": open_form or OpenCourse(_protocols(), initial={"protocol": referred_to(scope, patient=patient)}),
        "chairs": chairs(scope),
        "events": adverse_events(scope, patient),
        "may_follow_events": bool(request.may.intersection(events.TEAM)),
        "may_order": Permission.ORDER in request.may,
        "may_decide": Permission.DECIDE in request.may,
        "cancel_reasons": spoken(REASONS[Step.CANCELLED]),
        "new_key": new_key,
        **more,
    }
    status = NOT_DONE if any(form is not None and form.errors for form in (open_form, plan_form)) else 200
    return render(request, "treat/patient.html", context, status=status)


def _course(scope: Scope, course: Course, form: PlanSession | None) -> dict[str, object]:
    lines = sessions_of_course(scope, course.key)
    today = spacing_at(scope, course, planned_for=this_moment())
    return {
        "course": course,
        "protocol": protocol_of(course),
        "rows": [_row(line, "") for line in lines],
        "spacing": spacing_of(scope, course, lines),
        "given": sum(line.started_at is not None for line in lines),
        "ahead": sum(line.state is State.PLANNED for line in lines),
        "today": today,
        "form": form or PlanSession(_names(scope), auto_id=f"id_{course.key}_%s", zone=zone_of(scope)),
    }


def _names(scope: Scope) -> list[str]:
    return [each.name for each in chairs(scope)]
