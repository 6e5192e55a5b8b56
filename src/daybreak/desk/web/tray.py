"""The page of the tray: place readings where they belong, or set things aside, by name and with a reason."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from daybreak.design.public import clock, day, moment, number
from daybreak.desk.tray import Heap, Lot, chosen, heaps, shown
from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import REASONS, SET_ASIDE, settle_tray, waiting_in_tray
from daybreak.people.public import requires, site_named
from daybreak.treat.public import place_readings

READING_PATIENTS = Permission.READ_PATIENT


@requires(Permission.CLEAR_TRAY, purpose="the tray")
@require_GET
def tray(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what arrived and could not be placed."""
    at, zone = now(), site_named(scope.site).time_zone
    found = heaps(scope)
    names: dict[UUID, str] = {}
    if READING_PATIENTS in request.may:
        patients = {stay.patient for heap in found for stay in heap.stays}
        patients |= {line.patient_key for heap in found for line in heap.told_in}
        names = {key: who.full_name for key, who in persons(scope, patients, at=at).items()}
    context = {
        "site": scope.site,
        "heaps": [_shown(heap, names, zone, scope.site) for heap in found],
        "count": waiting_in_tray(scope).count(),
        "reasons": [("", _("Choose"))] + [(word, word.replace("_", " ").capitalize()) for word in REASONS],
        "new_key": new_key,
    }
    return render(request, "desk/tray.html", context)


def _shown(heap: Heap, names: dict[UUID, str], zone: str, site: str) -> dict[str, object]:
    lot, n = heap.lot, heap.lot.count
    what = lot.about.replace("treat_", "").replace("_", " ")
    said = {"about": lot.about, "why": lot.reason, "device": lot.device, "count": str(n)}
    return {
        "said": {**said, "since": lot.since.isoformat(), "until": lot.until.isoformat()},
        "title": ngettext("%(n)s %(what)s", "%(n)s × %(what)s", n) % {"n": number(n), "what": what},
        "reason": lot.reason,
        "sender": heap.sender,
        "when": _span(lot, zone),
        "lines": [line for item in heap.items for line in shown(item, zone)],
        "more": number(n - len(heap.items)) if n > len(heap.items) else "",
        "places": [
            (str(stay.session), f"{stay.chair}, {clock(stay.since, zone)}, {names.get(stay.patient, '–')}")
            for stay in heap.stays
        ],
        "told_in": [
            (
                reverse("treat:waiting", kwargs={"site": site, "session": line.key}),
                _("%(who)s, session %(n)s: see both and choose")
                % {"who": names.get(line.patient_key, line.chair), "n": line.number},
            )
            for line in heap.told_in
        ],
    }


def _span(lot: Lot, zone: str) -> str:
    """Return from when to when a heap arrived, without saying a day or a minute twice."""
    first, last = moment(lot.since, zone), moment(lot.until, zone)
    same_day = day(lot.since, zone) == day(lot.until, zone)
    return first if first == last else f"{first} – {clock(lot.until, zone) if same_day else last}"


def _lot(said: QueryDict) -> Lot:
    """Return the heap that a form names; raise ValueError where it names none."""
    since, until = (datetime.fromisoformat(said.get(name, "")) for name in ("since", "until"))
    if since.tzinfo is None or until.tzinfo is None or "\x00" in said.get("why", "") + said.get("device", ""):
        raise ValueError("since")
    about, why, device = (said.get(name, "") for name in ("about", "why", "device"))
    return Lot(about, why, device, since, until, int(said.get("count", "")))


@requires(Permission.CLEAR_TRAY, purpose="settling the tray")
@require_POST
def settle(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Place readings in a session, or set things aside; all of a heap or nothing."""
    try:
        lot = _lot(request.POST)
        key = UUID(request.POST.get("key", ""))
        session = UUID(request.POST["session"]) if request.POST.get("session") else None
    except ValueError:
        messages.error(request, _("Choose what is to become of it."))
        return redirect("desk:tray", site=scope.site)
    items = chosen(scope, lot)
    try:
        if session:
            n = place_readings(scope, key=key, items=items, session=session, at=now())
            said = ngettext("%(n)s reading is placed.", "%(n)s readings are placed.", n) % {"n": n}
        else:
            reason = request.POST.get("reason", "")
            settle_tray(scope, key=key, items=[each.key for each in items], outcome=SET_ASIDE, reason=reason, at=now())
            said = _("Set aside, in your name. It stays in the record.")
        messages.success(request, said)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("desk:tray", site=scope.site)
