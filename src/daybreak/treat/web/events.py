"""Adverse events of a patient and of the site: listed, told afterwards, followed until they are over."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.design.public import moment
from daybreak.identity.public import persons
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, names_of_staff, requires
from daybreak.treat.actions.events import record_adverse_event
from daybreak.treat.queries.events import EventEntry, adverse_events, event_history, events_of_site
from daybreak.treat.rules.events import GRADES, ONGOING
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.event_forms import COURSE_WORDS, MEASURE_WORDS, LaterEvent, serious_words
from daybreak.treat.web.frame import NOT_DONE, done, zone_of

TEAM = (Permission.RUN_SESSION, Permission.FOLLOW_UP)
SHOWN = {"all": {}, "serious": {"serious": True}, "ongoing": {"course": ONGOING}}


@requires(*TEAM, purpose="adverse events of the site")
@require_GET
def of_site(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The site's adverse events: all, the serious ones, or those that go on."""
    shown = request.GET.get("show", "all")
    if shown not in SHOWN:
        raise Http404("No such list")
    found = events_of_site(scope, **SHOWN[shown])
    zone, people = zone_of(scope), persons(scope, {each.patient_key for each in found}, at=this_moment())
    context = {
        "site": scope.site,
        "shown": shown,
        "rows": [(people[each.patient_key].full_name, each, *line(each, zone)) for each in found],
    }
    return render(request, "treat/events.html", context)


@requires(*TEAM, purpose="adverse events of a patient")
@require_http_methods(["GET", "POST"])
def of_patient(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """A patient's adverse events, and one more told afterwards."""
    demand_patient(scope, patient)
    form = LaterEvent(zone_of(scope), request.POST or None)
    if request.method == "POST" and form.is_valid() and _record(request, scope, form, patient=patient):
        return redirect("treat:patient_events", site=scope.site, patient=patient)
    found, zone = adverse_events(scope, patient), zone_of(scope)
    context = {
        "site": scope.site,
        "patient": patient,
        "rows": [(each, *line(each, zone)) for each in reversed(found)],
        "form": form,
    }
    return render(request, "treat/patient_events.html", context, status=NOT_DONE if form.errors else 200)


@requires(*TEAM, purpose="an adverse event and its course")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, scope: Scope, event: UUID) -> HttpResponse:
    """One adverse event: every telling of it, and the form for how it went on."""
    history = event_history(scope, event)
    if not history:
        raise Http404("No such event")
    last, zone = history[-1], zone_of(scope)
    form = LaterEvent(zone, request.POST or None, before=last)
    if request.method == "POST" and form.is_valid() and _follow(request, scope, form, last):
        return redirect("treat:event_history", site=scope.site, event=form.cleaned_data["key"])
    names = names_of_staff({each.noted_by for each in history})
    context = {
        "site": scope.site,
        "zone": zone,
        "patient": last.patient_key,
        "last": last,
        "title": in_words(last.term).capitalize(),
        "told": [_telling(each, names, zone) for each in reversed(history)],
        "form": form,
    }
    return render(request, "treat/event.html", context, status=NOT_DONE if form.errors else 200)


def line(each: EventEntry, zone: str) -> tuple[str, ...]:
    """Return an event in a line: what, how severe, serious or not, its course, and since when."""
    return (
        in_words(each.term).capitalize(),
        f"{each.grade}, {GRADES[each.grade]}",
        _("serious") if each.serious else "",
        str(COURSE_WORDS[each.course]),
        moment(each.began_at, zone, year=True),
    )


def _telling(each: EventEntry, names: dict[object, str], zone: str) -> tuple[str, ...]:
    until = moment(each.ended_at, zone, year=True) if each.ended_at else "–"
    return (
        moment(each.noted_at, zone, year=True),
        f"{each.grade}, {GRADES[each.grade]}",
        serious_words(each.criteria, serious=each.serious),
        in_words(each.relation),
        str(COURSE_WORDS[each.course]),
        f"{moment(each.began_at, zone, year=True)} – {until}",
        ". ".join(filter(None, (str(MEASURE_WORDS[each.measure]), each.suspected, each.note))),
        names.get(each.noted_by, "–"),
    )


def _record(request: HttpRequest, scope: Scope, form: LaterEvent, *, patient: UUID) -> bool:
    key = form.cleaned_data["key"]
    stored = done(
        request, scope, "event", key, this_moment(),
        action=lambda at: record_adverse_event(scope, key=key, patient=patient, session=None, at=at, **form.told(at)),
    )  # fmt: skip
    if stored:
        messages.success(request, _("The event is recorded."))
    return stored


def _follow(request: HttpRequest, scope: Scope, form: LaterEvent, last: EventEntry) -> bool:
    key = form.cleaned_data["key"]
    stored = done(
        request, scope, "event", key, this_moment(),
        action=lambda at: record_adverse_event(
            scope, key=key, patient=last.patient_key, session=last.session_key, corrects=last.key, at=at,
            **form.told(at),
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("Its course is recorded; what was told before stays."))
    return stored
