"""Recovery and the way home. What was done is summed up in `summary`."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.prepare import note_leaving
from daybreak.treat.actions.run import discharge
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.answers import facts_before_leaving, leaving, questions
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.leaving import observed_minutes
from daybreak.treat.rules.steps import AFTER_DOSE
from daybreak.treat.web.chair import TEAM, watching
from daybreak.treat.web.forms import NO, YES, Questions
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, sent_key
from daybreak.treat.web.reckoning import record_of


@requires(*TEAM, purpose="watching recovery")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Recovery: readings, what is due, and what is in the way of going home."""
    now = found(scope, session)
    if now.state not in AFTER_DOSE:
        return redirect("treat:session", site=scope.site, session=session)
    return draw(request, scope, now, record=record_of(scope, now))


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


def draw(
    request: HttpRequest, scope: Scope, now: SessionNow, *, record: dict[str, Any] | None = None, **refused: Form
) -> HttpResponse:
    """Draw the page of recovery, as `chair.draw` draws that of the chair."""
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
        "record": record,
        **refused,
    }
    return render(request, "treat/after.html", context, status=NOT_DONE if refused else 200)


def _answered(scope: Scope, now: SessionNow) -> dict[str, str]:
    """What the last checks said, so that only what is open is asked again."""
    facts = facts_before_leaving(scope, now, at=this_moment())
    asked = {question.id for question in questions(now.protocol, "before_leaving")}
    words = {True: YES, False: NO}
    return {name: words.get(fact.value, str(fact.value)) for name, fact in facts.items() if name in asked}
