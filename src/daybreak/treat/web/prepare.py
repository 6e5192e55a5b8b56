"""The page of a session before its start."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.measure.public import allergies
from daybreak.people.public import names_of_staff, requires
from daybreak.rulebook.public import FactDefinition, NoDose
from daybreak.treat.actions.dosing import OtherUnitMeant, choose_dose, weigh
from daybreak.treat.actions.prepare import check_in, note_readiness, sign_time_out
from daybreak.treat.actions.run import start
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.answers import course_day, questions, starting
from daybreak.treat.queries.dosing import amounts_offered
from daybreak.treat.queries.order import order_of
from daybreak.treat.queries.readings import baseline_of, readings_of
from daybreak.treat.queries.sessions import SessionNow, last_weight
from daybreak.treat.rules.route import places
from daybreak.treat.rules.steps import BEFORE_START, REASONS, State, Step
from daybreak.treat.web.alarms import calling
from daybreak.treat.web.doses import choice_words, confirmations, dose_lines, start_words
from daybreak.treat.web.emergency import emergency_context
from daybreak.treat.web.entry import entering, targets
from daybreak.treat.web.forms import Dosing, Questions, TimeOut, spoken
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, sent_key
from daybreak.treat.web.given import medicines_shown
from daybreak.treat.web.preparing import (
    ASK,
    ASKED,
    BASELINE,
    EQUIPMENT,
    SOUND,
    TEAM,
    TIME_OUT,
    WEIGH,
    read_words,
    steps_of,
    titles_of,
)
from daybreak.treat.web.presenters import Tile, plain, tiles
from daybreak.treat.web.second import colleagues, second_scope
from daybreak.treat.web.team import team_of

DOSED = (State.WEIGHED, State.DOSE_CHOSEN)


@requires(Permission.RUN_SESSION, Permission.ORDER, purpose="preparing a session")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """What is done, what comes next, and what is in the way."""
    now = found(scope, session)
    if now.state not in BEFORE_START:
        return redirect("treat:session", site=scope.site, session=session)
    return draw(request, scope, now)


@requires(Permission.RUN_SESSION, purpose="preparing a session")
@require_POST
def check_in_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The patient is here."""
    found(scope, session)
    key = sent_key(request)
    is_here = done(
        request,
        scope,
        "step",
        key,
        this_moment(),
        action=lambda at: check_in(scope, key=key, session=session, at=at),
    )
    return _on(scope, session) if is_here else _back(scope, session)


@requires(Permission.RUN_SESSION, purpose="preparing a session")
@require_POST
def dose_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record the weight and compute the dose, or choose one of those that the protocol offers."""
    now = found(scope, session)
    form = _dosing(scope, now, request.POST)[0]
    if form.is_valid():
        said = form.cleaned_data
        try:
            with told("step", scope, key=said["key"], at=this_moment()) as at:
                if now.protocol.dose.rule == "fixed":
                    choose_dose(scope, key=said["key"], session=session, at=at, **form.said())
                else:
                    weigh(
                        scope, key=said["key"], session=session, at=at, confirmed=said["confirmed"],
                        height_cm=said["height_cm"], weight_used=said["weight_used"] or "actual",
                        syringe_ml=said.get("syringe_ml"), **form.said(),
                    )  # fmt: skip
            return _on(scope, session)
        except OtherUnitMeant as doubt:
            form.add_error("confirmed", str(doubt))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return draw(request, scope, now, dose_form=form)


@requires(Permission.RUN_SESSION, purpose="preparing a session")
@require_POST
def ready_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record what was asked today."""
    now = found(scope, session)
    form = Questions(_asked(scope, now), request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            with told("step", scope, key=key, at=this_moment()) as at:
                note_readiness(scope, key=key, session=session, answers=form.answers(), at=at)
            return _on(scope, session)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return draw(request, scope, now, ready_form=form)


@requires(Permission.RUN_SESSION, purpose="the time-out")
@require_POST
def time_out_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Sign the time-out as the person signed in, or as the second person at the same device."""
    now = found(scope, session)
    form = TimeOut(now.manner, request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            signing = scope
            if "second" in request.POST:
                signing = second_scope(request, scope, account=said["signer"], password=said["password"])
            with scoped(signing), told("check", signing, key=said["key"], at=this_moment()) as at:
                sign_time_out(signing, key=said["key"], session=session, items=form.items(), order=said["order"], at=at)
            return _on(scope, session)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return draw(request, scope, now, time_out_form=form)


@requires(Permission.RUN_SESSION, purpose="starting an infusion")
@require_POST
def start_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Start the dose: the pump, or the first part of it."""
    found(scope, session)
    key, where = sent_key(request), request.POST.get("where", "")
    began = done(
        request,
        scope,
        "step",
        key,
        this_moment(),
        action=lambda at: start(scope, key=key, session=session, at=at, where=where),
    )
    return redirect("treat:chair", site=scope.site, session=session) if began else _back(scope, session)


def _back(scope: Scope, session: UUID) -> HttpResponse:
    return redirect("treat:prepare", site=scope.site, session=session)


def _on(scope: Scope, session: UUID) -> HttpResponse:
    """Go on at the step that comes next."""
    return redirect(f"{reverse('treat:prepare', kwargs={'site': scope.site, 'session': session})}#next")


def draw(request: HttpRequest, scope: Scope, now: SessionNow, **refused: Form) -> HttpResponse:
    """Draw the page; a form that was refused is named as the page names it, and keeps what was typed."""
    at = this_moment()
    shown = frame(request, scope, now, at)
    rows, first, zone = readings_of(scope, now.session.key), baseline_of(scope, now), str(shown["zone"])
    asked = _asked(scope, now)
    form, trouble = _dosing(scope, now, None)
    may = starting(scope, now, at=at)
    alarms = calling(scope, at, zone=zone, now=now)
    read = tiles(now, rows, first, at=at, zone=zone)
    team, entry = team_of(scope, now, at), entering(scope, now, rows, first, zone=zone)
    preparing, elsewhere = steps_of(
        now,
        may,
        titles=titles_of(now, alarms_on=bool(alarms["alarms_on"])),
        asked=[question.id for question in asked],
        said=_said(now, team, read, alarms),
    )
    context = {
        **shown,
        **team,
        "may": may,
        "preparing": preparing,
        "elsewhere": elsewhere,
        "why_not": ngettext("%(n)d thing is in the way", "%(n)d things are in the way", len(may.blockers))
        % {"n": len(may.blockers)},
        "dose_form": form,
        "no_dose": trouble,
        "dose_lines": dose_lines(now),
        "confirmations": confirmations(now, allergies(scope, now.session.patient_key)),
        "start_words": start_words(now),
        "places": spoken(places(now.manner)),
        "ready_form": Questions(asked),
        "time_out_form": TimeOut(now.manner),
        **entry,
        "targets": targets(read, entry["entries"]),
        **medicines_shown(scope, now, at),
        **emergency_context(scope, now, at),
        "weight": _weight(scope, now),
        "plain": plain,
        "signed": _signed(now),
        "colleagues": colleagues(scope),
        "i_signed": any(check.signed_by == scope.actor for check in now.pending_time_out),
        **alarms,
        "cancel_reasons": spoken(REASONS[Step.CANCELLED]),
        "stage": "before_each_dose",
        "new_key": new_key,
        "State": State,
        "dosed": now.state in DOSED,
        **refused,
        "refused": {_STEP_OF_FORM.get(name, "") for name in refused},
    }
    return render(request, "treat/prepare.html", context, status=NOT_DONE if refused else 200)


_STEP_OF_FORM = {
    "dose_form": WEIGH, "ready_form": ASK, "time_out_form": TIME_OUT,
    "reading_form": BASELINE, "medicine_form": BASELINE, "note_form": BASELINE,
}  # fmt: skip


def _said(now: SessionNow, team: dict[str, Any], read: list[Tile], alarms: dict[str, Any]) -> dict[str, str]:
    """What came of each step, in one line."""
    seen = sum(item.at is not None for item in team["equipment"])
    return {
        WEIGH: ", ".join(line.value for line in dose_lines(now) if line.large),
        TEAM: ", ".join(f"{each.name} ({each.role_words.lower()})" for each in team["members"]),
        EQUIPMENT: _("%(n)d of %(m)d seen") % {"n": seen, "m": len(team["equipment"])},
        BASELINE: read_words(read),
        ASK: _("recorded") if now.state in ASKED else "",
        SOUND: ", ".join(name for name, _when in alarms["heard_by"]),
        TIME_OUT: ", ".join(name for name, _when in _signed(now)),
    }


def _asked(scope: Scope, now: SessionNow) -> list[FactDefinition]:
    """Return today's questions: those of the criteria that apply on this day of the course."""
    return questions(now.protocol, "before_each_dose", on_day=course_day(scope, now, this_moment()))


def _dosing(scope: Scope, now: SessionNow, said: QueryDict | None) -> tuple[Dosing, str]:
    """Return the form of the dose with the amounts of today, or why there are none."""
    amounts, trouble, order = [], "", order_of(scope, now.session.key)
    try:  # what is ordered is not asked again
        amounts = [] if order else choice_words(amounts_offered(scope, now, at=this_moment()))
    except NoDose as refusal:
        trouble = str(refusal)
    start_with = {"unit": "kg", "weight_used": order.weight_used if order else "actual"}
    by_weight = now.protocol.dose.rule != "fixed"
    asked = any(gate.ask == "weight" for each in now.protocol.before_each_dose for gate in each.gates)
    form = Dosing(now.manner, amounts, said, by_weight=by_weight, asks_weight=by_weight or asked, initial=start_with)
    return form, trouble


def _signed(now: SessionNow) -> list[tuple[str, datetime]]:
    checks = now.time_out or now.pending_time_out
    names = names_of_staff(check.signed_by for check in checks)
    return [(names.get(check.signed_by, "–"), check.signed_at) for check in checks]


def _weight(scope: Scope, now: SessionNow) -> dict[str, str] | None:
    """The weight of today, and its change since the last session."""
    if now.order is None or now.order.weight_kg is None:
        return None
    last = last_weight(scope, now)
    if last is None:
        return {"kg": plain(now.order.weight_kg), "change": _("first session with a weight")}
    before = last.weight_kg or now.order.weight_kg
    change = now.order.weight_kg - before
    share = change / before * 100
    words = _("%(kg)s kg (%(share)s %%) since the last session") % {
        "kg": f"{change:+.1f}",
        "share": f"{share:+.1f}",
    }
    return {"kg": plain(now.order.weight_kg), "change": words}
