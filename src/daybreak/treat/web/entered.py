"""What is typed in at the bedside: readings, and what happened to the patient."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import house_unit, library
from daybreak.people.public import requires
from daybreak.treat.actions.events import record_adverse_event
from daybreak.treat.actions.readings import REFUSED, record_readings
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.readings import NewReading
from daybreak.treat.rules.steps import BEFORE_START, INFUSING
from daybreak.treat.web import after, chair, prepare
from daybreak.treat.web.forms import Event, Readings
from daybreak.treat.web.frame import done, found
from daybreak.treat.web.presenters import label, plain


@requires(*chair.TEAM, purpose="readings of a session")
@require_http_methods(["GET", "POST"])
def readings(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """GET: what arrived after `?after=` and the values of this second, as JSON. POST: readings typed in."""
    now = found(scope, session)
    if request.method == "POST":
        return _add(request, scope, now)
    if "text/html" in request.headers.get("Accept", ""):
        return redirect("treat:session", site=scope.site, session=session)  # a page of a refused reading, loaded again
    return chair.arrived(request, scope, now)


def _add(request: HttpRequest, scope: Scope, now: SessionNow) -> HttpResponse:
    if Permission.RUN_SESSION not in request.may:
        raise Http404("No such page")
    form = Readings(chair.signs_of(now), request.POST)
    if not form.is_valid():
        return _again(request, scope, now, reading_form=form)
    key = form.cleaned_data["key"]
    first = key_from(str(key), next(iter(form.given())))
    done(
        request,
        scope,
        "reading",
        first,
        this_moment(),
        action=lambda at: _store(request, scope, now, form, at),
    )
    return redirect(chair.page_of(request, scope, now.session.key))


def _again(request: HttpRequest, scope: Scope, now: SessionNow, **refused: Form) -> HttpResponse:
    """Draw the page of the session's stage again, with what was typed and what is wrong with it."""
    page = prepare if now.state in BEFORE_START else chair if now.state in INFUSING else after
    return page.draw(request, scope, now, **refused)


def _store(request: HttpRequest, scope: Scope, now: SessionNow, form: Readings, at: datetime) -> None:
    held, key = library(), form.cleaned_data["key"]
    new = [
        NewReading(key_from(str(key), sign), sign, value, house_unit(held, sign) or "", at, now.session.key)
        for sign, value in form.given().items()
    ]
    for each, outcome in zip(new, record_readings(scope, new, at=at), strict=True):
        if outcome.answer == REFUSED:
            messages.error(
                request,
                _("%(sign)s %(value)s was not taken: %(reason)s It waits in the tray.")
                % {"sign": label(each.sign), "value": plain(each.value), "reason": outcome.reason},
            )


@requires(Permission.RUN_SESSION, purpose="an adverse event")
@require_POST
def event_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record an adverse event of this session."""
    now, form = found(scope, session), Event(request.POST)
    if not form.is_valid():
        return _again(request, scope, now, event_form=form)
    said = form.cleaned_data
    stored = done(
        request, scope, "event", said["key"], this_moment(),
        action=lambda at: record_adverse_event(
            scope, key=said["key"], patient=now.session.patient_key, session=session, term=said["term"],
            grade=said["grade"], serious=said["serious"], relation=said["relation"], began_at=at,
            ended_at=at if said["over"] else None, at=at, note=said["note"],
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("The event is recorded."))
    return redirect(chair.page_of(request, scope, session))
