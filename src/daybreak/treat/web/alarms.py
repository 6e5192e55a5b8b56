"""Alarms on the pages of the team: the open ones, what a person says about them, and the test of their sound."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daybreak.design.public import way_back
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, roles_at
from daybreak.treat.actions.alarms import acknowledge, confirm_sound, pause_sound
from daybreak.treat.queries.alarms import alarm as alarm_of
from daybreak.treat.queries.alarms import alarms_are_on, calling_at, newest_number, open_alarms
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.events import ACTS
from daybreak.treat.web.alarm_words import SPOKEN, Card, cards
from daybreak.treat.web.forms import Acknowledge, spoken
from daybreak.treat.web.frame import done, found, sent_key, zone_of

TEAM = (Permission.RUN_SESSION, Permission.ORDER, Permission.DISCHARGE)


def calling(scope: Scope, at: datetime, *, zone: str, now: SessionNow | None = None) -> dict[str, object]:
    """Return what each page with alarms shows of them; `now` is the session that the page is about, if any."""
    how, mine = calling_at(scope.site), now.session.key if now else None
    heard = [check for check in now.checks if check.kind == "sound"] if now else []
    names = names_of_staff({check.signed_by for check in heard})
    return {
        "alarms_on": alarms_are_on(scope, today(scope, at)),
        "cards": cards(scope, open_alarms(scope), mine, zone, at),
        "acts": spoken(ACTS),
        "alarm_number": newest_number(scope),
        "calling": how,
        "pause_minutes": f"{how.pause.seconds / 60:g}",
        "watched": {each.id: (each.priority, each.advise) for each in how.watched},
        "session_key": mine,
        "heard_by": [(names.get(check.signed_by, "–"), check.signed_at) for check in heard],
        "new_key": new_key,
    }


@requires(*TEAM, purpose="alarms")
@require_GET
def alarm_cards(request: HttpRequest, scope: Scope, session: UUID | None = None) -> HttpResponse:
    """The open alarms of the site as a fragment of the page; those of one session first where one is named."""
    now = found(scope, session) if session else None
    context = {
        "site": scope.site,
        "may_run": Permission.RUN_SESSION in request.may,
        **calling(scope, this_moment(), zone=zone_of(scope), now=now),
    }
    return render(request, "treat/alarms.html", context)


@requires(*TEAM, Permission.MANAGE_SITE, purpose="alarms that nobody took")
@require_GET
def called(request: HttpRequest, scope: Scope) -> JsonResponse:
    """The alarms that nobody took and that were passed on to a role of the person, on whatever page they are: the most
    urgent of each session, and how many more it has.

    Who may not see a session is told the chair and the priority, and nothing of the patient.
    """
    at = this_moment()
    mine = roles_at(account=request.user.key, site=scope.site, on=today(scope, at))
    told = [each for each in open_alarms(scope) if mine.intersection(each.told)]
    may_see = bool(request.may.intersection(TEAM))
    by_session: dict[UUID, list[Card]] = {}
    for card in cards(scope, told, None, zone_of(scope), at):
        by_session.setdefault(card.alarm.session_key, []).append(card)
    return JsonResponse({"called": [_line(scope, found, may_see) for found in by_session.values()]})


def _line(scope: Scope, found: list[Card], may_see: bool) -> dict[str, str | None]:
    first, more = found[0], len(found) - 1
    title = first.title if may_see else _("%(chair)s: nobody has taken it") % {"chair": first.chair}
    if more:
        title += " " + ngettext("and %(n)d more", "and %(n)d more", more) % {"n": more}
    where = reverse("treat:session", kwargs={"site": scope.site, "session": first.alarm.session_key})
    return {
        "title": title,
        "words": str(SPOKEN[first.alarm.priority]),
        "priority": first.alarm.priority,
        "address": where if may_see else None,
        "go": _("Go there"),
    }


@requires(Permission.RUN_SESSION, purpose="an alarm")
@require_POST
def acknowledge_now(request: HttpRequest, scope: Scope, alarm: UUID) -> HttpResponse:
    """Say who has seen an alarm and what was done."""
    which, form = alarm_of(scope, alarm), Acknowledge(request.POST)
    if which is None:
        raise Http404("No such alarm")
    if form.is_valid():
        said = form.cleaned_data
        done(
            request, scope, "acknowledgement", said["key"], this_moment(),
            action=lambda at: acknowledge(scope, key=said["key"], alarm=alarm, act=said["act"], at=at),
        )  # fmt: skip
    else:
        messages.error(request, _("Say what was done about the alarm."))
    return redirect(page_of(request, scope, which.session_key))


@requires(Permission.RUN_SESSION, purpose="alarms")
@require_POST
def acknowledge_all(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Say once what was done about the alarms that the page showed; one that was raised since goes on."""
    found(scope, session)
    form, shown = Acknowledge(request.POST), set(request.POST.getlist("alarm"))
    if form.is_valid():
        said = form.cleaned_data
        for each in open_alarms(scope):
            alarm = each.alarm
            if alarm.session_key == session and str(alarm.key) in shown:
                key = key_from(str(said["key"]), str(alarm.key))
                done(
                    request, scope, "acknowledgement", key, this_moment(),
                    action=lambda at, key=key, alarm=alarm: acknowledge(
                        scope, key=key, alarm=alarm.key, act=said["act"], at=at
                    ),
                )  # fmt: skip
    else:
        messages.error(request, _("Say what was done about the alarms."))
    return redirect(page_of(request, scope, session))


@requires(Permission.RUN_SESSION, purpose="the sound of alarms")
@require_POST
def pause_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Pause the sound of the open alarms of a session for the time that the site's definition states."""
    found(scope, session)
    key = sent_key(request)
    done(
        request, scope, "acknowledgement", key, this_moment(),
        action=lambda at: pause_sound(scope, key=key, session=session, at=at),
    )  # fmt: skip
    return redirect(page_of(request, scope, session))


@requires(Permission.RUN_SESSION, purpose="the sound of alarms")
@require_POST
def heard_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Say that the alarms' sound was heard before this session."""
    found(scope, session)
    key = sent_key(request)
    stored = done(
        request, scope, "check", key, this_moment(),
        action=lambda at: confirm_sound(scope, key=key, session=session, at=at),
    )  # fmt: skip
    if stored:
        messages.success(request, _("Recorded that you heard the alarms' sound."))
    return redirect(page_of(request, scope, session))


def page_of(request: HttpRequest, scope: Scope, session: UUID) -> str:
    """Return the page that sent a form, or the session's."""
    page = reverse("treat:session", kwargs={"site": scope.site, "session": session})
    return way_back(request, request.POST.get("back", ""), otherwise=page)
