"""Alarms in words: what calls, since when, who was told, and until when its sound is paused."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import clock
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.people.public import names_of_staff
from daybreak.treat.queries.alarms import Alarm, AlarmNow
from daybreak.treat.queries.devices import devices
from daybreak.treat.queries.sessions import sessions_of_keys
from daybreak.treat.web.presenters import label, plain

RANK = {"high": 0, "medium": 1, "low": 2}
SPOKEN = {
    "high": gettext_lazy("High priority alarm"),
    "medium": gettext_lazy("Medium priority alarm"),
    "low": gettext_lazy("Low priority alarm"),
}
_OF_A_DEVICE = {
    "device_lost": gettext_lazy("%(who)s's device is lost, since %(when)s"),
    "tab_asleep": gettext_lazy("%(who)s's page is out of sight, since %(when)s"),
    "sound_blocked": gettext_lazy("%(who)s's device makes no sound, since %(when)s"),
    "listener_dead": gettext_lazy("%(who)s's device hears no alarms, since %(when)s"),
    "clock_jumped": gettext_lazy("The clock of %(who)s's device has moved, since %(when)s"),
}


@dataclass(frozen=True, slots=True)
class Card:
    """An open alarm as it is drawn. `quiet_until` is in seconds since 1970, or 0."""

    alarm: Alarm
    title: str
    mine: bool
    told: str
    paused: str
    quiet_until: float
    chair: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """What is looked up once for all alarms of a page."""

    staff: Mapping[object, str]
    senders: Mapping[UUID, str]
    zone: str

    def title(self, alarm: Alarm) -> str:
        """Return what calls, in a line."""
        if alarm.kind == "limit":
            return self._of_a_limit(alarm)
        when = clock(alarm.since, self.zone)
        if alarm.kind == "missing":
            return _("%(sign)s: no reading, due at %(when)s") % {"sign": label(alarm.sign), "when": when}
        if alarm.kind == "stream":
            sender = self.senders.get(alarm.about_key, _("a device"))
            return _("%(who)s has stopped sending, since %(when)s") % {"who": sender, "when": when}
        who = self.staff.get(alarm.about_account, "–")
        return str(_OF_A_DEVICE[alarm.limit_id]) % {"who": who, "when": when}

    def _of_a_limit(self, alarm: Alarm) -> str:
        said = {
            "sign": label(alarm.sign),
            "value": plain(alarm.value),
            "unit": written(alarm.unit),
            "change": plain(alarm.compared),
            "bound": plain(alarm.bound),
            "when": clock(alarm.raised_at, self.zone),
        }
        if alarm.compared != alarm.value:
            return _("%(sign)s %(value)s %(unit)s: %(change)s away from baseline (limit %(bound)s), %(when)s") % said
        return _("%(sign)s %(value)s %(unit)s (limit %(bound)s), %(when)s") % said


def words_for(scope: Scope, found: Collection[AlarmNow], zone: str) -> Words:
    """Return what the titles of these alarms need."""
    people = {each.alarm.about_account for each in found} | {step.done_by for each in found for step in each.steps}
    streams = any(each.alarm.kind == "stream" for each in found)
    senders = {each.key: each.name for each in devices(scope)} if streams else {}
    return Words(names_of_staff(people - {None}), senders, zone)


def cards(scope: Scope, found: Collection[AlarmNow], mine: UUID | None, zone: str, at: datetime) -> list[Card]:
    """Return open alarms as cards: those of the session `mine` first, the most urgent first."""
    words = words_for(scope, found, zone)
    elsewhere = {each.alarm.session_key for each in found} - {mine}
    chairs = {line.key: line.chair for line in sessions_of_keys(scope, elsewhere)} if elsewhere else {}
    ordered = sorted(found, key=lambda e: (e.alarm.session_key != mine, RANK[e.alarm.priority], e.alarm.number))
    return [_card(each, mine, chairs.get(each.alarm.session_key, ""), words, at) for each in ordered]


def _card(each: AlarmNow, mine: UUID | None, chair: str, words: Words, at: datetime) -> Card:
    alarm, pause = each.alarm, each.paused if each.is_quiet(at) else None
    place = f"{chair}: " if chair else ""
    told = _("Nobody has taken it: told to every %(roles)s.") % {"roles": ", ".join(each.told)} if each.told else ""
    paused = ""
    if pause:
        said = {"when": clock(pause.until, words.zone), "who": words.staff.get(pause.done_by, "–")}
        paused = _("Sound paused until %(when)s by %(who)s.") % said
    until = pause.until.timestamp() if pause else 0
    return Card(alarm, place + words.title(alarm), alarm.session_key == mine, told, paused, until, chair)
