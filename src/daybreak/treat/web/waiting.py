"""Acts that wait for a person: what was told beside what is recorded, and one of the two chosen by name."""

from contextlib import suppress
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.design.public import moment
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.public import Account, names_of_staff, requires
from daybreak.treat.actions.acts import NO_STORY, mend_amounts, settle
from daybreak.treat.actions.quality import recount
from daybreak.treat.queries.acts import WaitingAct, settlements_of, told_of, waiting_acts
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.merge import Told, fitting, replaceable
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.carrying import STORED, Deed, actor_of, carry_out, match_of, step_of
from daybreak.treat.web.frame import found, frame, zone_of
from daybreak.treat.web.presenters import label, story

UNSHOWN = ("key", "csrfmiddlewaretoken", "back")
TEAM = (Permission.CLEAR_TRAY, Permission.RUN_SESSION)


class NotPossible(Refusal):
    """An act that cannot be recorded as it was told, not even by choice."""


def try_waiting(request: HttpRequest, scope: Scope, session: UUID) -> None:
    """Two halves of one story may arrive in either order: what waited only for the other half is placed now."""
    waits = halves(scope, session)
    fits = fitting(told_of(scope, found(scope, session)), [told for _, told in waits])
    for each, _told_so in waits:
        if each.act.key in fits:
            merge(request, scope, each, fits)


def halves(scope: Scope, session: UUID) -> list[tuple[WaitingAct, Told]]:
    """Return the steps that wait because no story held them yet."""
    waits = [each for each in waiting_acts(scope, session) if each.act.reason == NO_STORY]
    return [(each, told) for each in waits if (told := _told(scope, each))]


def merge(request: HttpRequest, scope: Scope, waits: WaitingAct, fits: frozenset[UUID]) -> None:
    """Place what waited, now that the rest of its story is there. What cannot be done goes on waiting."""
    key = key_from("merged", str(waits.act.key))
    with suppress(Refusal), one_step():
        _carry(request, scope, waits, dict.fromkeys(fits), key=key, outcome="merged")


def _told(scope: Scope, waits: WaitingAct) -> Told | None:
    step = step_of(match_of(scope, waits.address, waits.act.session_key))
    return Told(waits.act.key, step, waits.act.done_at, waits.act.device) if step else None


def _carry(
    request: HttpRequest,
    scope: Scope,
    waits: WaitingAct,
    steps: dict[UUID, UUID | None],
    *,
    key: UUID,
    outcome: str,
    note: str = "",
) -> None:
    """Carry out what waited, in the name of who did it while they may, else of who decides, and settle it."""
    act, at = waits.act, this_moment()
    actor = actor_of(scope, act.done_by, at=at) or Account.objects.get(key=scope.actor)
    match = match_of(scope, waits.address, act.session_key)
    if match is None:
        raise NotPossible(_("This cannot be recorded from here."))
    deed = Deed(act.key, waits.address, waits.fields)
    done = carry_out(request, match, deed, actor, at=act.done_at, steps=steps)
    if done.answer != STORED:
        raise NotPossible(done.sentence)
    settle(
        scope, key=key, session=act.session_key, act=act.key, outcome=outcome, at=at, note=note,
        instead_of=steps.get(act.key),
    )  # fmt: skip
    mend_amounts(scope, act.session_key, late=[act.key])
    recount(scope, act.session_key, at=at)


@requires(*TEAM, purpose="acts that wait")
@require_http_methods(["GET", "POST"])
def waiting(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Show each act that waits beside what is recorded; POST settles one."""
    now = found(scope, session)
    if request.method == "POST":
        _settle(request, scope, now)
        return redirect("treat:waiting", site=scope.site, session=session)
    zone, waits = zone_of(scope), waiting_acts(scope, session)
    people = names_of_staff(
        {step.recorded_by for step in now.steps} | {e.act.done_by for e in waits} | {e.act.sent_by for e in waits}
    )
    context = {
        **frame(request, scope, now, this_moment()),
        "waits": [_shown(scope, now, each, people, zone) for each in waits],
        "settled": len(settlements_of(scope, session)),
        "story": story(now, people, zone=zone),
        "may_settle": Permission.CLEAR_TRAY in request.may,
        "new_key": new_key,
    }
    return render(request, "treat/waiting.html", context)


def _shown(scope: Scope, now: SessionNow, waits: WaitingAct, people: dict[UUID, str], zone: str) -> dict[str, object]:
    act, told = waits.act, _told(scope, waits)
    choices = replaceable(told_of(scope, now), told) if told else []
    steps = {step.key: step for step in now.steps}
    shown = [(name, value) for name, value in waits.fields if value and name not in UNSHOWN]
    return {
        "key": act.key,
        "title": in_words(told.step).capitalize() if told else label(act.kind),
        "when": moment(act.done_at, zone),
        "device_when": moment(act.device_time, zone),
        "off": abs(act.ahead_ms) >= 60_000,
        "by": people.get(act.done_by, "–"),
        "sent_by": people.get(act.sent_by, "–") if act.sent_by != act.done_by else "",
        "reason": act.reason,
        "fields": [(label(name), in_words(value)) for name, value in shown],
        "instead": [
            (key, ", ".join((in_words(it.step), moment(it.done_at, zone), people.get(it.recorded_by, "–"))))
            for key in choices
            for it in [steps[key]]
        ],
        "may_take": told is None,
    }


def _settle(request: HttpRequest, scope: Scope, now: SessionNow) -> None:
    if Permission.CLEAR_TRAY not in request.may:
        messages.error(request, _("Your role does not settle what waits."))
        return
    try:
        with one_step():
            _choose(request, scope, now)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return
    messages.success(request, _("It is settled, in your name."))


def _choose(request: HttpRequest, scope: Scope, now: SessionNow) -> None:
    said, note = request.POST, request.POST.get("note", "")[:500]
    waits = next((e for e in waiting_acts(scope, now.session.key) if str(e.act.key) == said.get("act")), None)
    try:
        key = UUID(said.get("key", ""))
        instead = UUID(said["instead"]) if said.get("instead") else None
    except ValueError as fault:
        raise NotPossible(_("Choose what is to become of it.")) from fault
    if waits is None:
        raise NotPossible(_("This act does not wait any more."))
    if said.get("choice") == "left out":
        settle(
            scope, key=key, session=now.session.key, act=waits.act.key, outcome="left out", at=this_moment(), note=note
        )
    elif said.get("choice") == "taken":
        told = _told(scope, waits)
        if told and instead not in replaceable(told_of(scope, now), told):
            raise NotPossible(_("Choose which record it is to take the place of."))
        with scoped(scope):
            _carry(request, scope, waits, {waits.act.key: instead}, key=key, outcome="taken", note=note)
    else:
        raise NotPossible(_("Choose what is to become of it."))
