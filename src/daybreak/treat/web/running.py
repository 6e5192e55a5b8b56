"""The steps that are taken at the chair: the pump, the parts of a dose, syringes, the end of it, and recovery.

A form that is refused comes back with what was typed, and is said on top of the page and beside its field.
"""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.parts import NotAPart, NotDrawn, change_syringe, give_part, raise_rate
from daybreak.treat.actions.run import RateNotOrdered, begin_recovery, change_rate, complete, pause, resume, stop
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import Step
from daybreak.treat.web.doing import FACES, form_for
from daybreak.treat.web.entered import again
from daybreak.treat.web.forms import GivePart, NewSyringe
from daybreak.treat.web.frame import done, found, sent_key
from daybreak.treat.web.presenters import missing_words

STEPS: dict[Step, Callable[..., object]] = {
    Step.PAUSED: pause,
    Step.RESUMED: resume,
    Step.RATE_CHANGED: change_rate,
    Step.COMPLETED: complete,
    Step.STOPPED: stop,
    Step.RECOVERY: begin_recovery,
}
_SAID_AS = {"rate": "rate_ml_per_hour"}
_NAMED = {face.word: step for step, face in FACES.items()}


@requires(Permission.RUN_SESSION, purpose="running an infusion")
@require_POST
def step_now(request: HttpRequest, scope: Scope, session: UUID, step: str) -> HttpResponse:
    """Pause, resume, change the rate, complete, stop, or begin recovery.

    Completing is asked about first where a part of the dose has not been given.
    """
    now, taken = found(scope, session), _NAMED.get(step)
    if taken is None:
        raise Http404("No such step")
    key = sent_key(request)
    if taken is Step.COMPLETED and "short" not in request.POST and missing_words(now, at=this_moment()):
        return redirect(f"{reverse('treat:chair', kwargs={'site': scope.site, 'session': session})}?ask=complete")

    def act(scope: Scope, **said: object) -> object:
        return STEPS[taken](scope, **{_SAID_AS.get(name, name): value for name, value in said.items()})

    form = form_for(taken, request.POST)
    if form is not None:
        return _sent(request, scope, now, "step_form", form, act)
    done(request, scope, "step", key, this_moment(), action=lambda at: act(scope, key=key, session=session, at=at))
    return redirect("treat:session", site=scope.site, session=session)


@requires(Permission.RUN_SESSION, purpose="giving a part of the dose")
@require_POST
def give_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record the next part of the dose."""
    return _sent(request, scope, found(scope, session), "give_form", GivePart(request.POST), give_part)


@requires(Permission.ORDER, purpose="raising the rate of a long infusion")
@require_POST
def raise_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Sign for the next step of titration."""
    found(scope, session)
    key = sent_key(request)
    done(
        request, scope, "step", key, this_moment(),
        action=lambda at: raise_rate(scope, key=key, session=session, at=at),
    )  # fmt: skip
    return redirect("treat:session", site=scope.site, session=session)


@requires(Permission.RUN_SESSION, purpose="changing the syringe")
@require_POST
def syringe_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Put another syringe into the pump."""
    return _sent(request, scope, found(scope, session), "syringe_form", NewSyringe(request.POST), change_syringe)


# What a refusal of what was typed stands beside; any other is about where the session stands.
_BESIDE: dict[type[Refusal], str] = {RateNotOrdered: "rate", NotAPart: "part_mg", NotDrawn: "drawn_ml"}


def _sent(
    request: HttpRequest, scope: Scope, now: SessionNow, name: str, form: Form, act: Callable[..., object]
) -> HttpResponse:
    """Take what a form says, or draw the page with the form as it was typed."""
    if form.is_valid():
        said = {field: value for field, value in form.cleaned_data.items() if field not in ("key", "back")}
        try:
            with told("step", scope, key=form.cleaned_data["key"], at=this_moment()) as at:
                act(scope, key=form.cleaned_data["key"], session=now.session.key, at=at, **said)
        except Refusal as refusal:
            beside = _BESIDE.get(type(refusal))
            if beside in form.fields:
                form.add_error(beside, str(refusal))
            else:
                messages.error(request, str(refusal))
    if not form.errors:
        return redirect("treat:session", site=scope.site, session=now.session.key)
    for words in {each for errors in form.errors.values() for each in errors}:
        messages.error(request, words)
    return again(request, scope, now, **{name: form})
