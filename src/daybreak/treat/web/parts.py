"""What only some ways of giving offer at the chair: the next device, a raised rate, another syringe."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.parts import change_syringe, give_part, raise_rate
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import PUMPED, REASONS_OF_PART, places
from daybreak.treat.rules.steps import State, Step, offered
from daybreak.treat.web.doses import climb, next_given, syringe_words
from daybreak.treat.web.forms import GivePart, NewSyringe, spoken
from daybreak.treat.web.frame import done, found, sent_key, zone_of


def parts_of(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what the chair page shows for this way of giving."""
    zone, where = zone_of(scope), places(now.manner)
    raising, waits = climb(now, at=at, zone=zone)
    return {
        "pumped": now.manner in PUMPED,
        "next_given": next_given(now, at=at, zone=zone, places=where),
        "places": spoken(where),
        "reasons_of_part": spoken(REASONS_OF_PART),
        "raising": raising,
        "raising_waits": waits,
        "syringe": syringe_words(now, at=at) if Step.SYRINGE_CHANGED in offered(now.state, now.manner) else "",
        "may_start_again": now.state is State.PAUSED,
    }


def turn_of(now: SessionNow, at: datetime) -> str:
    """Return what is another as soon as the page has something else to offer: a step was taken, wherever, or the next
    part may now be given.
    """
    part, (_words, waits) = now.next_part_at(at), climb(now, at=at, zone="UTC")
    return f"{len(now.steps)} {part is not None and part.is_offered(at)} {not waits}"


@requires(Permission.RUN_SESSION, purpose="giving a part of the dose")
@require_POST
def give_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Record the next part of the dose."""
    found(scope, session)
    form = GivePart(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done(
            request, scope, "step", said["key"], this_moment(),
            action=lambda at: give_part(
                scope, key=said["key"], session=session, at=at, where=said["where"], part_mg=said["part_mg"],
                reason=said["reason"], note=said["note"],
            ),
        )  # fmt: skip
    else:
        messages.error(request, _("Say how many milligrams were given, as a number."))
    return redirect("treat:session", site=scope.site, session=session)


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
    found(scope, session)
    form = NewSyringe(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        done(
            request, scope, "step", said["key"], this_moment(),
            action=lambda at: change_syringe(
                scope, key=said["key"], session=session, drawn_ml=said["drawn_ml"], at=at
            ),
        )  # fmt: skip
    else:
        messages.error(request, _("Say what was drawn into the new syringe, as a number."))
    return redirect("treat:session", site=scope.site, session=session)
