"""Recovery, the way home, and the summary."""

from datetime import timedelta
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.identity.public import open_text
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions.prepare import note_leaving
from daybreak.treat.actions.run import discharge
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.alarms import alarms_of
from daybreak.treat.queries.answers import facts_before_leaving, leaving, questions
from daybreak.treat.queries.events import adverse_events
from daybreak.treat.queries.quality import quality_of
from daybreak.treat.queries.readings import baseline_of, readings_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.leaving import observed_minutes
from daybreak.treat.rules.steps import AFTER_DOSE
from daybreak.treat.web.alarm_words import words_for
from daybreak.treat.web.chair import TEAM, watching
from daybreak.treat.web.doses import ordered_words
from daybreak.treat.web.forms import NO, YES, Questions
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, sent_key, zone_of
from daybreak.treat.web.presenters import amount, label, plain, since, state_words, story, unit
from daybreak.treat.web.watched import watch_rows


@requires(*TEAM, purpose="watching recovery")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Recovery: readings, what is due, and what is in the way of going home."""
    now = found(scope, session)
    if now.state not in AFTER_DOSE:
        return redirect("treat:session", site=scope.site, session=session)
    return draw(request, scope, now)


@requires(Permission.RUN_SESSION, purpose="checks before leaving")
@require_POST
def checks_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record the checks before leaving."""
    now = found(scope, session)
    form = Questions(questions(now.protocol, "before_leaving"), request.POST)
    if form.is_valid():
        key = form.cleaned_data["key"]
        try:
            with told("check", scope, key=key, at=this_moment()) as at:
                note_leaving(scope, key=key, session=session, answers=form.answers(), at=at)
            messages.success(request, _("The checks are recorded."))
            return redirect("treat:session", site=scope.site, session=session)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return draw(request, scope, now, form=form)


@requires(Permission.DISCHARGE, purpose="discharge")
@require_POST
def discharge_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Let the patient go home."""
    found(scope, session)
    key = sent_key(request)
    done(
        request,
        scope,
        "step",
        key,
        this_moment(),
        action=lambda at: discharge(scope, key=key, session=session, at=at),
    )
    return redirect("treat:session", site=scope.site, session=session)


@requires(Permission.READ_PATIENT, purpose="summary of a session")
@require_GET
def summary(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """What was done, given, read and seen in a session."""
    now, at = found(scope, session), this_moment()
    zone = zone_of(scope)
    alarms = alarms_of(scope, session)
    names = names_of_staff(
        {step.recorded_by for step in now.steps}
        | {a.acknowledged.done_by for a in alarms if a.acknowledged}
        | {signed.signed_by for signed in (*now.overrides, *now.checks)}
    )
    until = now.ended_at or at
    quality = quality_of(scope, now, at=at)
    context = {
        **frame(request, scope, now, at),
        "state_words": state_words(now.state),
        "amount": amount(now, at=until),
        "elapsed": since(now.started_at, until),
        "story": story(now, names, zone=zone),
        "ordered": ordered_words(now),
        "ranges": _ranges(scope, now),
        "alarms": alarms,
        "watch_rows": watch_rows(quality),
        "quality": quality,
        "alarm_words": words_for(scope, alarms, zone_of(scope)),
        "names": names,
        "overridden": _overridden(scope, now),
        "time_outs": [check for check in now.checks if check.kind == "time_out"],
        "events": adverse_events(scope, now.session.patient_key, session=session),
        "label": label,
        "plain": plain,
        "unit": unit,
    }
    return render(request, "treat/summary.html", context)


def _overridden(scope: Scope, now: SessionNow) -> list[dict[str, object]]:
    """What was signed for against the protocol: the question, the reason in the signer's words, who and when."""
    asked = {each.id: each.question for each in (*now.protocol.before_each_dose, *now.protocol.before_leaving)}
    return [
        {
            "question": asked.get(row.criterion, row.criterion),
            "reason": open_text(scope, row.patient_key, row.reason),
            "by": row.signed_by,
            "at": row.signed_at,
        }
        for row in now.overrides
    ]


def _ranges(scope: Scope, now: SessionNow) -> list[tuple[str, str, str, str, str, int]]:
    """Baseline, lowest, highest and last of each sign since the start, with the number of readings."""
    first = baseline_of(scope, now)
    by_sign: dict[str, list] = {}
    for row in readings_of(scope, now.session.key):
        if now.started_at and row.measured_at >= now.started_at:
            by_sign.setdefault(row.sign, []).append(row)
    found_rows = []
    usual = [sign.sign for sign in (*now.protocol.during.signs, *now.protocol.after.signs)]
    for sign in dict.fromkeys([*(s for s in usual if s in first or s in by_sign), *first, *by_sign]):
        values = [row.value for row in by_sign.get(sign, [])]
        shown = [plain(v) for v in (min(values), max(values), values[-1])] if values else ["–"] * 3
        code = (by_sign.get(sign) or [first[sign]])[0].unit
        baseline = plain(first[sign].value) if sign in first else "–"
        found_rows.append((f"{label(sign)} {unit(code)}".strip(), baseline, *shown, len(values)))
    return found_rows


def draw(request: HttpRequest, scope: Scope, now: SessionNow, **refused: Form) -> HttpResponse:
    """Draw the page of recovery; a form that was refused is named as the page names it, and keeps what was typed."""
    at = this_moment()
    may = leaving(scope, now, at=at)
    minimum = now.protocol.after.minimum_observation_minutes
    context = {
        **frame(request, scope, now, at),
        **watching(scope, now, at),
        "may": may,
        "form": Questions(questions(now.protocol, "before_leaving"), initial=_answered(scope, now)),
        "minimum": minimum,
        "observed_minutes": observed_minutes(since=now.observed_from, at=at) or 0,
        "earliest": (now.observed_from or at) + timedelta(minutes=minimum),
        "stage": "before_leaving",
        "new_key": new_key,
        **refused,
    }
    return render(request, "treat/after.html", context, status=NOT_DONE if refused else 200)


def _answered(scope: Scope, now: SessionNow) -> dict[str, str]:
    """What the last checks said, so that only what is open is asked again."""
    facts = facts_before_leaving(scope, now, at=this_moment())
    asked = {question.id for question in questions(now.protocol, "before_leaving")}
    words = {True: YES, False: NO}
    return {name: words.get(fact.value, str(fact.value)) for name, fact in facts.items() if name in asked}
