"""The chair: one page for one infusion, read from two metres, used with one hand."""

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.forms import Form
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from daybreak.design.public import clock
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.queries.acts import count_waiting, told_on_paper
from daybreak.treat.queries.alarms import open_alarms
from daybreak.treat.queries.arrivals import readings_arrived_after
from daybreak.treat.queries.medicines import medicines_of
from daybreak.treat.queries.notes import notes_of
from daybreak.treat.queries.readings import baseline_of, history_of, readings_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.queries.unplaced import unplaced_of
from daybreak.treat.rules.steps import BEFORE_START
from daybreak.treat.web.alarms import TEAM, calling
from daybreak.treat.web.doing import doable
from daybreak.treat.web.emergency import emergency_context
from daybreak.treat.web.entry import entering, targets
from daybreak.treat.web.event_forms import Event
from daybreak.treat.web.frame import NOT_DONE, found, frame, zone_of
from daybreak.treat.web.given import MedicineLine, lines_of, medicines_due, medicines_shown
from daybreak.treat.web.parts import parts_of, turn_of
from daybreak.treat.web.picture import limit_lines, lines, pauses, sent
from daybreak.treat.web.presenters import (
    NOTHING_DUE,
    amount,
    dose_points,
    label,
    missing_words,
    since,
    state_words,
    story,
    tiles,
    waiting,
    waiting_words,
    worst_so_far,
)
from daybreak.treat.web.reckoning import record_of


@requires(*TEAM, purpose="watching an infusion")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The chair page, complete without JavaScript."""
    now = found(scope, session)
    if now.state in BEFORE_START:
        return redirect("treat:prepare", site=scope.site, session=session)
    return draw(request, scope, now, record=record_of(scope, now))


def draw(
    request: HttpRequest, scope: Scope, now: SessionNow, *, record: dict[str, Any] | None = None, **refused: Form
) -> HttpResponse:
    """Draw the chair page; a form that was refused is named as the page names it, and keeps what was typed. With the
    `record` a device goes on from the first moment, before anything is kept on it.
    """
    at = this_moment()
    context = {
        **frame(request, scope, now, at),
        **watching(scope, now, at),
        **parts_of(scope, now, at),
        "missing": missing_words(now, at=at) if request.GET.get("ask") == "complete" else "",
        "doable": doable(now, refused.get("step_form")),
        "record": record,
        **refused,
    }
    return render(request, "treat/chair.html", context, status=NOT_DONE if refused else 200)


def watching(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what the pages that watch a patient share: alarms, readings, forms to add to them, the story so far."""
    zone = zone_of(scope)
    rows, first = readings_of(scope, now.session.key), baseline_of(scope, now)
    notes = notes_of(scope, now.session.key)
    names = names_of_staff({step.recorded_by for step in now.steps} | {note.by for note in notes})
    live, entry = live_values(scope, now, at), entering(scope, now, rows, first, zone=zone)
    return {
        **live,
        **entry,
        **medicines_shown(scope, now, at),
        "targets": targets(live["tiles"], entry["entries"]),
        "lines": lines(history_of(scope, now.session.key), zone=zone, from_paper=told_on_paper(scope, now.session.key)),
        "unplaced": unplaced_of(scope, now),
        "acts_waiting": count_waiting(scope, now.session.key),
        "notes": [(clock(note.noted_at, zone), note.words, names.get(note.by, "–")) for note in notes],
        "limits": limit_lines(now, first),
        "story": story(now, names, zone=zone),
        "event_form": Event(),
        **calling(scope, at, zone=zone, now=now),
        **emergency_context(scope, now, at),
        "new_key": new_key,
        "label": label,
        "written": written,
    }


def live_values(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what changes by the second."""
    zone = zone_of(scope)
    rows, first = readings_of(scope, now.session.key), baseline_of(scope, now)
    given = medicines_due(now, medicines_of(scope, now.session.key), at=at)
    due = waiting_words([*waiting(now, rows, at=at), *given], at=at)
    return {
        "state": str(now.state),
        "turn": turn_of(now, at),
        "state_words": state_words(now.state),
        "elapsed": since(now.started_at, now.ended_at or at),
        "observed": since(now.observed_from, at),
        "amount": amount(now, at=at),
        "tiles": tiles(now, rows, first, at=at, zone=zone),
        "worst": worst_so_far(now, rows, first, zone=zone),
        "due": due,
        "next": due[0] if due else NOTHING_DUE,
    }


def arrived(request: HttpRequest, scope: Scope, now: SessionNow) -> JsonResponse:
    """Return what arrived after `?after=` and the values of this second."""
    at, told = this_moment(), request.GET.get("after", "0")
    after = int(told) if told.isascii() and told.isdigit() and len(told) < 19 else 0
    arrived = readings_arrived_after(scope, now.session.key, after=after)
    values = live_values(scope, now, at)
    body = {
        "at": at.timestamp(),
        "after": arrived.after,
        "readings": [sent(row) for row in arrived.readings],
        "dose": dose_points(now, at=at),
        "pauses": pauses(now, at=at),
        "given": [{"at": each.at, "words": each.words} for each in _lines(scope, now)],
        "alarms": [str(each.alarm.key) for each in open_alarms(scope)],
        **{name: values[name] for name in ("state", "turn", "state_words", "elapsed", "observed", "amount")},
        "worst": asdict(values["worst"]),
        "tiles": [_tile(tile) for tile in values["tiles"]],
        "due": [asdict(each) for each in values["due"]],
    }
    return JsonResponse(body)


def _lines(scope: Scope, now: SessionNow) -> list[MedicineLine]:
    return lines_of(scope, medicines_of(scope, now.session.key), zone=zone_of(scope))


def _tile(tile: object) -> dict[str, object]:
    return {name: getattr(tile, name) for name in ("sign", "value", "when", "change", "stale", "beyond")}
