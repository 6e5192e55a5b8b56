"""What is typed in at the bedside: readings and their corrections, side effects, notes, adverse events, and why a
clinician goes on in spite of a criterion.
"""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import house_unit, library, record_answers
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions.corrections import correct_reading, mark_artefact
from daybreak.treat.actions.events import record_adverse_event
from daybreak.treat.actions.notes import write_note
from daybreak.treat.actions.prepare import sign_override
from daybreak.treat.actions.readings import REFUSED, record_readings
from daybreak.treat.queries.acts import told_on_paper
from daybreak.treat.queries.readings import history_of, last_readings
from daybreak.treat.queries.readings import reading as reading_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.readings import NewReading
from daybreak.treat.rules.steps import BEFORE_START, INFUSING
from daybreak.treat.web import after, chair, prepare
from daybreak.treat.web.alarms import page_of
from daybreak.treat.web.entry import EFFECTS, effect_words, signs_to_enter
from daybreak.treat.web.entry_forms import Artefact, Correction, Readings, SideEffect, Written
from daybreak.treat.web.event_forms import Event
from daybreak.treat.web.forms import Override
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, zone_of
from daybreak.treat.web.picture import lines
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
    last = {row.sign: row.value for row in last_readings(scope, now.session.key)}
    form = Readings(signs_to_enter(now, list(last)), request.POST, last=last)
    if not form.is_valid():
        return again(request, scope, now, reading_form=form)
    key = form.cleaned_data["key"]
    first = key_from(str(key), next(iter(form.given())))
    is_stored = done(
        request,
        scope,
        "reading",
        first,
        this_moment(),
        action=lambda at: _store(request, scope, now, form, at),
    )
    here = page_of(request, scope, now.session.key)
    return redirect(f"{here}#next" if is_stored and now.state in BEFORE_START else here)


def again(request: HttpRequest, scope: Scope, now: SessionNow, **refused: Form) -> HttpResponse:
    """Draw the page of the session's stage again, with what was typed and what is wrong with it."""
    page = prepare if now.state in BEFORE_START else chair if now.state in INFUSING else after
    return page.draw(request, scope, now, **refused)


def _store(request: HttpRequest, scope: Scope, now: SessionNow, form: Readings, at: datetime) -> None:
    held, key, taken = library(), form.cleaned_data["key"], []
    new = [
        NewReading(key_from(str(key), sign), sign, value, house_unit(held, sign) or "", at, now.session.key)
        for sign, value in form.given().items()
    ]
    for each, outcome in zip(new, record_readings(scope, new, at=at), strict=True):
        said = {"sign": label(each.sign), "value": plain(each.value), "reason": outcome.reason}
        if outcome.answer == REFUSED:
            words = _("%(sign)s %(value)s was not taken: %(reason)s It waits in the tray.")
            messages.error(request, words % said)
        else:
            taken.append(_("%(sign)s %(value)s") % said)
    if taken:
        messages.success(request, _("Recorded: %(what)s.") % {"what": ", ".join(taken)})


@requires(Permission.RUN_SESSION, purpose="correcting a reading")
@require_http_methods(["GET", "POST"])
def reading(request: HttpRequest, scope: Scope, reading: UUID) -> HttpResponse:
    """One reading: what was sent, and two ways of saying that it is wrong."""
    row = reading_of(scope, reading)
    if row is None:
        raise Http404("No such reading")
    now, forms = found(scope, row.session_key), {"correction": Correction(), "artefact": Artefact()}
    if request.method == "POST":
        name = "artefact" if "reason" in request.POST else "correction"
        form = forms[name] = type(forms[name])(request.POST)
        if form.is_valid() and _mend(request, scope, reading, form):
            return redirect("treat:session", site=scope.site, session=row.session_key)
    told = [each for each in history_of(scope, row.session_key) if reading in (each.row.key, each.row.corrects)]
    by = names_of_staff({row.recorded_by}).get(row.recorded_by, "–")
    context = {
        **frame(request, scope, now, this_moment()),
        "row": row,
        "line": lines(told[:1], zone=zone_of(scope), from_paper=told_on_paper(scope, row.session_key))[0],
        "by": _("the monitor") if row.device_key else by,
        "is_from_paper": row.key in told_on_paper(scope, row.session_key),
        "stands": not row.mark and all(not each.fate for each in told),
        **forms,
    }
    refused = any(form.is_bound for form in forms.values())
    return render(request, "treat/reading.html", context, status=NOT_DONE if refused else 200)


def _mend(request: HttpRequest, scope: Scope, reading: UUID, form: Form) -> bool:
    said = form.cleaned_data
    if isinstance(form, Artefact):
        return done(
            request, scope, "reading", said["key"], this_moment(),
            action=lambda at: mark_artefact(scope, key=said["key"], reading=reading, reason=said["reason"], at=at),
        )  # fmt: skip
    return done(
        request, scope, "reading", said["key"], this_moment(),
        action=lambda at: correct_reading(scope, key=said["key"], reading=reading, value=said["value"], at=at),
    )  # fmt: skip


@requires(Permission.RUN_SESSION, purpose="side effects")
@require_POST
def effect_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record one side effect of the checklist with its severity, with one touch."""
    now, form = found(scope, session), SideEffect(request.POST)
    words = effect_words(*form.said()) if form.is_valid() else ""
    if not words:
        raise Http404("No such side effect")
    key, (item, value) = form.cleaned_data["key"], form.said()
    stored = done(
        request, scope, "effect", key, this_moment(),
        action=lambda at: record_answers(
            scope, key=key, patient=now.session.patient_key, instrument=EFFECTS, answers={item: value},
            answered_at=at, by="staff", session=session,
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("Recorded: %(what)s.") % {"what": words})
    return redirect(f"{page_of(request, scope, session)}#enter-effects")


@requires(Permission.RUN_SESSION, purpose="a note")
@require_POST
def note_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Keep what somebody wrote at the chair."""
    now, form = found(scope, session), Written(request.POST)
    if not form.is_valid():
        return again(request, scope, now, note_form=form)
    said = form.cleaned_data
    stored = done(
        request, scope, "note", said["key"], this_moment(),
        action=lambda at: write_note(scope, key=said["key"], session=session, words=said["words"], at=at),
    )  # fmt: skip
    if stored:
        messages.success(request, _("The note is kept."))
    return redirect(page_of(request, scope, session))


@requires(Permission.RUN_SESSION, purpose="an adverse event")
@require_POST
def event_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record an adverse event of this session."""
    now, form = found(scope, session), Event(request.POST)
    if not form.is_valid():
        return again(request, scope, now, event_form=form)
    key = form.cleaned_data["key"]
    stored = done(
        request, scope, "event", key, this_moment(),
        action=lambda at: record_adverse_event(
            scope, key=key, patient=now.session.patient_key, session=session, at=at,
            **form.told(at),
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("The event is recorded."))
    return redirect(page_of(request, scope, session))


@requires(Permission.DECIDE, purpose="going on in spite of a criterion")
@require_POST
def override_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Sign for going on in spite of a criterion."""
    now, form = found(scope, session), Override(request.POST)
    said = form.cleaned_data if form.is_valid() else {}
    if said and done(
        request, scope, "override", said["key"], this_moment(),
        action=lambda at: sign_override(
            scope, key=said["key"], session=session, stage=said["stage"], criterion=said["criterion"],
            reason=said["reason"], at=at,
        ),
    ):  # fmt: skip
        return redirect("treat:session", site=scope.site, session=session)
    for words in form.errors.get("reason", ()):
        messages.error(request, words)
    return again(request, scope, now, override_form=form)
