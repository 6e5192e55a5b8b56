"""The supervised sessions of a member of staff: read from the teams of sessions, and what the supervisors signed."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.measure.public import library
from daybreak.rulebook.public import Protocol
from daybreak.treat.models import Course, Session, SessionStep, Supervision, TeamMember
from daybreak.treat.queries.protocols import active_protocols
from daybreak.treat.rules.steps import Step
from daybreak.treat.rules.supervision import Beside, WayToAlone, Word, asked_alone, at_the_start, supervised
from daybreak.treat.rules.team import SUPERVISOR


@dataclass(frozen=True, slots=True)
class SupervisedSession:
    """A session in which somebody was supervised; without `over` its team may still change. No patient is named."""

    session: UUID
    protocol: str
    started_at: datetime
    over: bool
    beside: Beside
    signed_at: datetime | None


@dataclass(frozen=True, slots=True)
class _Begun:
    session: Session
    protocol: Protocol | None
    title: str
    started_at: datetime
    over: bool
    words: list[Word]


def supervised_sessions(scope: Scope, *, account: UUID) -> list[SupervisedSession]:
    """Return the sessions at the site in which the account was supervised, newest first."""
    return [each for each in _sessions(scope, account) if each.beside.account == account]


def supervised_by(scope: Scope, *, account: UUID) -> list[SupervisedSession]:
    """Return the sessions at the site in which the account supervised somebody, one of each person, newest first."""
    return [each for each in _sessions(scope, account, SUPERVISOR) if each.beside.supervisor == account]


def to_sign(scope: Scope, *, account: UUID) -> list[SupervisedSession]:
    """Return what the account supervised and has not signed, of sessions that are over."""
    return [each for each in supervised_by(scope, account=account) if each.over and each.signed_at is None]


def started_in(scope: Scope, account: UUID, role: str) -> dict[UUID, datetime]:
    """Return the sessions at the site at whose start the account stood in the role, with the moment of the start."""
    found = _begun(scope, _named(scope, account, role))
    return {each.session.key: each.started_at for each in found if (account, role) in _stood(each)}


def ways_to_alone(scope: Scope, *, account: UUID, roles: Collection[str]) -> list[WayToAlone]:
    """Return, for each of the roles that a protocol in use lets nobody new take alone, how far the account is."""
    asked: dict[str, int] = {}
    for protocol in active_protocols():
        for role, number in asked_alone(protocol.team).items():
            asked[role] = max(number, asked.get(role, 0))
    signed = defaultdict(set)
    for each in standing(Supervision).filter(site=scope.site, account_key=account):
        signed[each.role].add(each.session_key)
    return [
        WayToAlone(role, len(started_in(scope, account, role)), len(signed[role]), number)
        for role, number in asked.items()
        if role in roles
    ]


def _sessions(scope: Scope, account: UUID, *roles: str) -> list[SupervisedSession]:
    found = _begun(scope, _named(scope, account, *roles))
    signed = {
        (each.session_key, each.account_key, each.role, each.signed_by): each.signed_at
        for each in standing(Supervision).filter(site=scope.site, session_key__in=[b.session.key for b in found])
    }
    before = _Before(scope)
    return [
        SupervisedSession(
            each.session.key, each.title, each.started_at, each.over, pair,
            signed.get((each.session.key, pair.account, pair.role, pair.supervisor)),
        )
        for each in sorted(found, key=lambda b: b.started_at, reverse=True)
        for pair in _pairs(each, before)
    ]  # fmt: skip


def _pairs(begun: _Begun, before: "_Before") -> tuple[Beside, ...]:
    team = begun.protocol.team if begun.protocol else ()
    counted = asked_alone(team)
    earlier = {pair: before(*pair, begun.started_at) for pair in _stood(begun) if pair[1] in counted}
    return supervised(begun.words, team, begun.started_at, earlier)


class _Before:
    """How many sessions an account had started in a role before a moment, each account and role read once."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.known: dict[tuple[UUID, str], list[datetime]] = {}

    def __call__(self, account: UUID, role: str, at: datetime) -> int:
        if (account, role) not in self.known:
            self.known[account, role] = list(started_in(self.scope, account, role).values())
        return sum(moment < at for moment in self.known[account, role])


def _stood(begun: _Begun) -> tuple[tuple[UUID, str], ...]:
    return at_the_start(begun.words, begun.started_at)


def _named(scope: Scope, account: UUID, *roles: str) -> list[UUID]:
    found = standing(TeamMember).filter(site=scope.site, account_key=account, present=True)
    found = found.filter(role__in=roles) if roles else found
    return list(found.values_list("session_key", flat=True).distinct())


def _begun(scope: Scope, sessions: Collection[UUID]) -> list[_Begun]:
    """Return those of the sessions whose dose was started, in a fixed number of statements."""
    of_these = {"site": scope.site, "session_key__in": sessions}
    steps = list(standing(SessionStep).filter(**of_these, step__in=(Step.STARTED, Step.DISCHARGED)))
    started = {each.session_key: each.done_at for each in steps if each.step == Step.STARTED}
    over = {each.session_key for each in steps if each.step == Step.DISCHARGED}
    words = _words(standing(TeamMember).filter(**of_these).order_by("noted_at", "key"))
    rows = list(standing(Session).filter(site=scope.site, key__in=started))
    courses = standing(Course).filter(site=scope.site, key__in={row.course_key for row in rows})
    followed = {course.key: _protocol(course) for course in courses}
    begun = []
    for row in rows:
        protocol, title = followed[row.course_key]
        begun.append(_Begun(row, protocol, title, started[row.key], row.key in over, words[row.key]))
    return begun


def _words(members: Iterable[TeamMember]) -> dict[UUID, list[Word]]:
    said: dict[UUID, list[Word]] = defaultdict(list)
    for each in members:
        said[each.session_key].append(Word(each.account_key, each.role, each.present, each.noted_at))
    return said


def _protocol(course: Course) -> tuple[Protocol | None, str]:
    """Return the definition that the course followed and its title; only its name, where it is not installed."""
    try:
        found = library().protocol(course.protocol, course.protocol_version)
    except Refusal:
        return None, course.protocol
    return found, found.title
