"""The home page: what waits for this person, in order, each with its one action."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.consent.public import to_renew
from daybreak.design.public import day, moment
from daybreak.desk.gathering import OVER
from daybreak.desk.papers import papers
from daybreak.desk.thing import Thing, said
from daybreak.follow_up.public import due, open_tasks
from daybreak.identity.public import persons
from daybreak.kernel.moments import day_of
from daybreak.kernel.permissions import Permission as P
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import waiting_in_tray
from daybreak.measure.public import library
from daybreak.people.public import (
    deaths,
    site_named,
)
from daybreak.register.public import frozen_snapshots, queries_seen
from daybreak.screen.public import awaiting
from daybreak.treat.public import reports_of_site, sessions_on, to_sign

SHOWN = 8


@dataclass(frozen=True, slots=True)
class More:
    """How many things the page does not show, and the list on which they stand."""

    count: int
    url: str


@dataclass(frozen=True, slots=True)
class Home:
    """What the page says: counts for its sentence, and the things."""

    counts: tuple[str, ...]
    things: tuple[Thing, ...]
    more: tuple[More, ...]


def home_of(scope: Scope, *, may: frozenset[P], at: datetime) -> Home:
    """Return what waits for the person in scope, who may do `may` at the site."""
    zone = site_named(scope.site).time_zone
    today = day_of(at, zone)
    parts = [
        _help(scope, may, at),
        _sessions(scope, may, today),
        _supervised(scope, may),
        _screening(scope, may),
        _consents(scope, may, at),
        _answers(scope, may, at),
        _reports(scope, may, at),
        _tray(scope, may),
        _definitions(scope, may),
        *papers(scope, may, today),
        _data_questions(scope, may, today),
        _register(scope, may, zone),
        _watch(scope, may),
    ]
    things = [thing for words, found in parts for thing in found]
    things.sort(key=lambda t: not t.urgent)
    shown = [t for number, t in enumerate(things) if number < SHOWN or not t.listed]
    hidden = Counter(t.listed for number, t in enumerate(things) if number >= SHOWN and t.listed)
    return Home(
        counts=tuple(words for words, found in parts if words and found),
        things=tuple(shown),
        more=tuple(More(count, url) for url, count in hidden.items()),
    )


def named(scope: Scope, things: tuple[Thing, ...], *, at: datetime) -> dict[UUID, str]:
    """Return the names for the patients among the things; one look for all of them."""
    keys = [t.patient for t in things if t.patient]
    return {key: who.full_name for key, who in persons(scope, keys, at=at).items()}


def _help(scope: Scope, may: frozenset[P], at: datetime) -> tuple[str, list[Thing]]:
    if P.FOLLOW_UP not in may:
        return "", []
    work = reverse("follow_up:work", kwargs={"site": scope.site})
    found = [
        Thing(
            title="{name}: " + task.task.because,
            label="Take it",
            url=work,
            listed=work,
            moment=task.task.raised_at,
            urgent=task.task.priority == "high",
            patient=task.task.patient_key,
        )
        for task in open_tasks(scope)
    ]
    return said(ngettext("%(n)s patient to call", "%(n)s patients to call", len(found)), len(found)), found


def _sessions(scope: Scope, may: frozenset[P], today: date) -> tuple[str, list[Thing]]:
    if not may & {P.RUN_SESSION, P.ORDER}:
        return "", []
    found = [
        Thing(
            title=f"{{name}}, session {s.number}, {s.chair}",
            detail=str(s.state).replace("_", " "),
            label="Open",
            url=reverse("treat:session", kwargs={"site": scope.site, "session": s.key}),
            moment=s.planned_for,
            patient=s.patient_key,
            listed=reverse("treat:today", kwargs={"site": scope.site}),
        )
        for s in sessions_on(scope, today)
        if str(s.state) not in OVER
    ]
    return said(ngettext("%(n)s infusion today", "%(n)s infusions today", len(found)), len(found)), found


def _reports(scope: Scope, may: frozenset[P], at: datetime) -> tuple[str, list[Thing]]:
    """Reports that sessions owe and nobody has sent; a late one is urgent."""
    if not may & {P.RUN_SESSION, P.FOLLOW_UP}:
        return "", []
    zone, found = site_named(scope.site).time_zone, []
    for owed in reports_of_site(scope, at=at, unsent=True):
        if owed.sent is None:
            words = _("late since %(when)s") if owed.due_at <= at else _("due by %(when)s")
            here = {"site": scope.site, "session": owed.now.session.key, "report": owed.report.id}
            found.append(
                Thing(
                    title=f"{{name}}, session {owed.now.session.number}: {owed.report.title}",
                    detail=words % {"when": moment(owed.due_at, zone)},
                    label="Open",
                    url=reverse("treat:report", kwargs=here),
                    listed=reverse("treat:reports", kwargs={"site": scope.site}),
                    urgent=owed.due_at <= at,
                    patient=owed.now.session.patient_key,
                )
            )
    return said(ngettext("%(n)s report to send", "%(n)s reports to send", len(found)), len(found)), found


def _supervised(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    """What this person supervised and has not signed."""
    if P.RUN_SESSION not in may or not (n := len(to_sign(scope, account=scope.actor))):
        return "", []
    words = ngettext("%(n)s supervised session to sign", "%(n)s supervised sessions to sign", n)
    thing = Thing(
        title=said(words, n).capitalize(),
        detail=_("It counts for whom you stood beside once you have signed that you stayed."),
        label=_("Sign"),
        url=reverse("treat:supervisor", kwargs={"site": scope.site}),
    )
    return said(words, n), [thing]


def _screening(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    if not may & {P.DECIDE, P.SCREEN}:
        return "", []
    waiting = awaiting(scope)
    died = deaths(scope, {each.patient_key for each in waiting})
    found = [
        Thing(
            title="{name} waits for screening",
            detail=library().latest_protocol(each.protocol).title,
            label="Screen",
            url=reverse("screen:patient", kwargs={"site": scope.site, "patient": each.patient_key}),
            moment=each.referred_at,
            patient=each.patient_key,
            listed=reverse("screen:worklist", kwargs={"site": scope.site}),
        )
        for each in waiting
        if each.patient_key not in died
    ]
    return said(ngettext("%(n)s patient to screen", "%(n)s patients to screen", len(found)), len(found)), found


def _consents(scope: Scope, may: frozenset[P], at: datetime) -> tuple[str, list[Thing]]:
    if P.OBTAIN_CONSENT not in may:
        return "", []
    waiting = to_renew(scope, at=at)
    died = deaths(scope, {each.patient for each in waiting})
    found = [
        Thing(
            title="{name} is asked to sign again",
            detail=f"{each.title}: {each.why}",
            label="Ask",
            url=reverse("consent:patient", kwargs={"site": scope.site, "patient": each.patient}),
            moment=each.signed_at,
            patient=each.patient,
        )
        for each in waiting
        if each.patient not in died
    ]
    return said(ngettext("%(n)s consent to renew", "%(n)s consents to renew", len(found)), len(found)), found


def _answers(scope: Scope, may: frozenset[P], at: datetime) -> tuple[str, list[Thing]]:
    if P.FOLLOW_UP not in may:
        return "", []
    late = [d for d in due(scope, at=at) if d.is_late]
    if not late:
        return "", []
    n = len(late)
    thing = Thing(
        title=said(ngettext("%(n)s questionnaire is late", "%(n)s questionnaires are late", n), n).capitalize(),
        detail="Remind the patients, or ask by telephone.",
        label="See who",
        url=reverse("follow_up:work", kwargs={"site": scope.site}),
    )
    return said(ngettext("%(n)s late questionnaire", "%(n)s late questionnaires", n), n), [thing]


def _tray(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    if P.CLEAR_TRAY not in may or not (count := waiting_in_tray(scope).count()):
        return "", []
    thing = Thing(
        title=said(
            ngettext("%(n)s thing could not be placed", "%(n)s things could not be placed", count), count
        ).capitalize(),
        detail="They wait in the tray; nothing was guessed and nothing was lost.",
        label="Open the tray",
        url=reverse("desk:tray", kwargs={"site": scope.site}),
    )
    return "", [thing]


def _register(scope: Scope, may: frozenset[P], zone: str) -> tuple[str, list[Thing]]:
    if P.FREEZE not in may:
        return "", []
    newest = next(iter(frozen_snapshots(synthetic=site_named(scope.site).synthetic)), None)
    title = "Freeze a new snapshot" if newest else "Freeze the first snapshot"
    detail = f"The newest is of {moment(newest.created_at, zone, year=True)}." if newest else "There is none yet."
    url = reverse("register:snapshots", kwargs={"site": scope.site})
    return "", [Thing(title=title, detail=detail, label="Open the register", url=url)]


def _data_questions(scope: Scope, may: frozenset[P], today: date) -> tuple[str, list[Thing]]:
    """What the register asks of this clinic; at the centre, what was answered and what is late."""
    found, asks = [], P.QUERY_DATA in may
    for each in queries_seen(scope, today=today) if may & {P.ANSWER_QUERIES, P.QUERY_DATA} else []:
        waits = each.state == "asked"
        if asks and (each.overdue or each.state == "answered"):
            words, url = _("No answer yet: “%s”") if waits else _("Answered: “%s”"), "register:question"
        elif waits and not asks:
            words, url = _("The register asks about “%s”"), "desk:data_question"
        else:
            continue
        where = {"site": scope.site, "key": each.query.key} | ({"clinic": each.query.site} if asks else {})
        detail = site_named(each.query.site).name if asks else _("Answer by %(day)s.") % {"day": day(each.answer_by)}
        found.append(Thing(words % each.title, _("Open"), reverse(url, kwargs=where), detail, urgent=each.overdue))
    return said(ngettext("%(n)s question about data", "%(n)s questions about data", len(found)), len(found)), found


def _watch(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    if P.WATCH not in may:
        return "", []
    url = reverse("watch:monitor", kwargs={"site": scope.site})
    detail = "How ketamine is being used and what it does, with the numbers behind it."
    found = [Thing(title="The monitor", detail=detail, label="Open the monitor", url=url)]
    if P.TRIAGE in may:
        board = reverse("desk:board", kwargs={"site": scope.site})
        detail = "Signals that wait for a decision, and the protocols that are held."
        found.append(Thing(title="The safety board", detail=detail, label="Open the board's page", url=board))
    return "", found


def _definitions(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    """The files that cannot be used: the last good version of each stays in use until somebody mends it."""
    if not {P.MANAGE_SITE, P.READ_DEFINITIONS} <= may:
        return "", []
    found: dict[str, Thing] = {}
    for fault in library().faults:
        found.setdefault(
            fault.file,
            Thing(
                title=_("Mend %(file)s, line %(line)s") % {"file": fault.file, "line": fault.line},
                detail=_("The last good version stays in use. %(why)s") % {"why": fault.message},
                label="See the faults",
                url=reverse("protocols:list", kwargs={"site": scope.site}) + "#faults",
                urgent=True,
            ),
        )
    n = len(found)
    return said(ngettext("%(n)s broken definition", "%(n)s broken definitions", n), n), list(found.values())
