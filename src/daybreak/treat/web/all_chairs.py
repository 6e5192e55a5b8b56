"""All chairs of a site on one screen, to be read from two metres: who needs somebody first."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from daybreak.design.public import clock
from daybreak.identity.public import persons
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.people.public import requires
from daybreak.treat.queries.alarms import AlarmNow, open_alarms
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.places import chairs
from daybreak.treat.queries.sessions import SessionSummary, session_now, sessions_on, sessions_under_way
from daybreak.treat.rules.steps import State
from daybreak.treat.web.alarm_words import Words, words_for
from daybreak.treat.web.alarms import calling
from daybreak.treat.web.chair import TEAM, live_values
from daybreak.treat.web.frame import zone_of
from daybreak.treat.web.presenters import Tile, Waiting, Worst, label, next_step, plain

# How the chairs may be ordered, in the address.
ORDERS = {"urgency": gettext_lazy("the most urgent first"), "chair": gettext_lazy("by chair")}
RANK = {"high": 0, "medium": 1, "low": 2, "": 3}
PRESSURE = ("systolic_pressure", "diastolic_pressure")
OTHERS = ("heart_rate", "oxygen_saturation", "respiratory_rate", "end_tidal_co2", "sedation", "dissociation")


@dataclass(frozen=True, slots=True)
class Figure:
    """One large figure of a chair: a sign's last value, a pressure as two numbers."""

    sign: str
    label: str
    value: str
    unit: str
    late: bool
    beyond: bool


@dataclass(frozen=True, slots=True)
class Call:
    """An open alarm of a chair in one line."""

    key: str
    priority: str
    words: str
    quiet_until: float


@dataclass(frozen=True, slots=True)
class ChairNow:
    """A chair with the session that holds it, as it is drawn.

    `beyond` says that a last reading is beyond a limit; `wants` is what an unstarted session needs next.
    """

    key: UUID
    chair: str
    patient: UUID
    number: int
    state: str
    state_words: str
    since_words: str
    since: str
    given: str
    of: str
    rate: str
    figures: tuple[Figure, ...]
    worst: Worst
    beyond: bool
    next: Waiting
    calls: tuple[Call, ...]
    wants: str

    @property
    def urgency(self) -> tuple[int, bool, bool, float, str]:
        """What comes first: an alarm by its priority, a reading beyond a limit, a late reading, the next one due."""
        worst = min((RANK[call.priority] for call in self.calls), default=RANK[""])
        return (worst, not self.beyond, not self.next.late, self.next.due_at or 1e12, self.chair)


@requires(*TEAM, purpose="watching all chairs")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every chair of the site. As JSON: the values of this second, without a name. `?part=grid`: the cards alone."""
    at = this_moment()
    by = request.GET.get("by") if request.GET.get("by") in ORDERS else "urgency"
    found = _chairs(scope, by, at)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"at": at.timestamp(), "chairs": [_plain(each) for each in found]})
    hidden = request.GET.get("names") == "hidden"
    sees = Permission.READ_PATIENT in request.may and not hidden
    day = today(scope, at)
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "at": at,
        "by": by,
        "orders": ORDERS,
        "names_hidden": hidden,
        "chairs": found,
        "names": _names(scope, found, at) if sees else {},
        "free": _free(scope, found, sessions_on(scope, day), zone_of(scope)),
        "may_run": Permission.RUN_SESSION in request.may,
        **calling(scope, at, zone=zone_of(scope)),
    }
    part = "treat/all_chairs_grid.html" if request.GET.get("part") == "grid" else "treat/all_chairs.html"
    return render(request, part, context)


def _names(scope: Scope, found: Sequence[ChairNow], at: datetime) -> dict[UUID, str]:
    return {key: who.full_name for key, who in persons(scope, [each.patient for each in found], at=at).items()}


def _chairs(scope: Scope, by: str, at: datetime) -> list[ChairNow]:
    calls: dict[UUID, list[AlarmNow]] = {}
    waiting = open_alarms(scope)
    words = words_for(scope, waiting, zone_of(scope))
    for each in waiting:
        calls.setdefault(each.alarm.session_key, []).append(each)
    found = [_chair(scope, line, calls.get(line.key, []), words, at) for line in sessions_under_way(scope)]
    return sorted(found, key=lambda each: each.urgency if by == "urgency" else (each.chair, str(each.key)))


def _chair(scope: Scope, line: SessionSummary, calls: Sequence[AlarmNow], words: Words, at: datetime) -> ChairNow:
    now = session_now(scope, line.key)
    values = live_values(scope, now, at)
    infusing = values["state"] in (State.RUNNING, State.PAUSED)
    amount: Mapping[str, str] = values["amount"]
    ordered = sorted(calls, key=lambda each: (RANK[each.alarm.priority], each.alarm.number))
    return ChairNow(
        key=line.key,
        chair=line.chair,
        patient=line.patient_key,
        number=line.number,
        state=values["state"],
        state_words=values["state_words"],
        since_words=_("Since start") if infusing else _("Since the dose"),
        since=values["elapsed"] if infusing else values["observed"],
        given=amount["given"],
        of=amount["of"],
        rate=amount["rate"],
        figures=_figures(values["tiles"]),
        worst=values["worst"],
        beyond=any(tile.beyond for tile in values["tiles"]),
        next=values["next"],
        calls=tuple(_call(each, words, at) for each in ordered),
        wants="" if now.started_at else next_step(line),
    )


def _figures(tiles: Sequence[Tile]) -> tuple[Figure, ...]:
    by_sign = {tile.sign: tile for tile in tiles}
    high, low = (by_sign.get(sign) for sign in PRESSURE)
    found = []
    if high and low:
        value = f"{high.value or '–'}/{low.value or '–'}"
        found.append(
            Figure(
                "pressure", _("Blood pressure"), value, high.unit, high.stale or low.stale, high.beyond or low.beyond
            )
        )
    others = [tile for tile in tiles if tile.sign in OTHERS]
    return (*found, *(Figure(t.sign, t.label, t.value or "–", t.unit, t.stale, t.beyond) for t in others))


def _call(each: AlarmNow, words: Words, at: datetime) -> Call:
    alarm = each.alarm
    quiet = each.paused.until.timestamp() if each.is_quiet(at) else 0
    if alarm.kind != "limit":
        return Call(str(alarm.key), alarm.priority, words.title(alarm), quiet)
    said = {"sign": label(alarm.sign), "value": plain(alarm.value), "unit": written(alarm.unit)}
    return Call(str(alarm.key), alarm.priority, _("%(sign)s %(value)s %(unit)s") % said, quiet)


def _free(
    scope: Scope, found: Sequence[ChairNow], planned: Sequence[SessionSummary], zone: str
) -> list[tuple[str, str]]:
    """Return the chairs that nobody holds, each with when the next session is planned for it today."""
    held = {each.chair for each in found}
    waiting: dict[str, datetime] = {}
    for line in planned:
        if line.state == State.PLANNED:
            waiting.setdefault(line.chair, line.planned_for)
    names = sorted({*(chair.name for chair in chairs(scope)), *waiting} - held)
    return [(name, clock(waiting[name], zone) if name in waiting else "") for name in names]


def _plain(each: ChairNow) -> dict[str, object]:
    kept = {name: value for name, value in asdict(each).items() if name not in ("key", "patient", "number")}
    return {**kept, "key": str(each.key), "next": {k: str(v) if k == "short" else v for k, v in kept["next"].items()}}
