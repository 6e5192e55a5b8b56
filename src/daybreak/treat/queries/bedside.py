"""What readings are placed and judged by: looked up once, kept in memory, and dropped the moment that something of it
has changed, whichever process changed it.

Each transaction that changes it leaves a row in `treat_statechange`. What is kept was read at or after a snapshot; it
holds as long as every such transaction was already seen by that snapshot. This is asked before each use, in one look,
or by the statement that relies on it.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import Any, TypeVar, cast
from uuid import UUID

from django.db import connection

from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import Scope
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import CodeList, FactDefinition, Library, Limit, Protocol
from daybreak.rulebook.public import Reading as RuleReading
from daybreak.treat.queries.alarms import assessment
from daybreak.treat.queries.answers import zone_of
from daybreak.treat.queries.devices import device_with, devices, monitor_codes
from daybreak.treat.queries.readings import as_rule, baseline_of, stays_in
from daybreak.treat.queries.sessions import session_now
from daybreak.treat.rules.alarms import are_on, limits_at
from daybreak.treat.rules.readings import Sender, Stay, location_of

KEPT_BACK = timedelta(days=1)
"""Stays are kept from so long before they are first asked for; what is older is looked up each time."""
ALWAYS = datetime.max.replace(tzinfo=UTC)
Found = TypeVar("Found")


@dataclass(frozen=True)
class Judging:
    """What the readings of a started session are judged by."""

    protocol: Protocol
    patient: UUID
    started_at: datetime
    ended_at: datetime | None
    baseline: dict[str, RuleReading]

    def limits(self, sign: str, measured_at: datetime) -> tuple[Limit, ...]:
        """Return the limits of a sign that hold at a moment, in the protocol's order."""
        held = limits_at(self.protocol, measured_at=measured_at, started_at=self.started_at, ended_at=self.ended_at)
        return self._by_sign[id(held)].get(sign, ()) if held else ()

    @cached_property
    def _by_sign(self) -> dict[int, dict[str, tuple[Limit, ...]]]:
        stages = (self.protocol.during.limits, self.protocol.after.limits)
        return {id(stage): _by_sign(stage) for stage in stages}


def _by_sign(limits: Iterable[Limit]) -> dict[str, tuple[Limit, ...]]:
    found: dict[str, tuple[Limit, ...]] = {}
    for limit in limits:
        found[limit.sign] = (*found.get(limit.sign, ()), limit)
    return found


@dataclass(frozen=True)
class Bedside:
    """What is known of a site, for as long as it holds. Ask `bedside` for it each time."""

    scope: Scope
    database: int
    snapshot: str
    held: Library
    _found: dict[Hashable, Any] = field(default_factory=dict)

    @property
    def holds(self) -> tuple[str, list[Any]]:
        """Whether all of this holds, as a condition in SQL for the statement that relies on it, with its values."""
        return _HOLDS, [self.database, self.scope.site, self.snapshot, self.snapshot]

    def alarms_are_on(self, at: datetime) -> bool:
        """Return whether alarms may sound at the site at this moment."""
        newest, zone = self._once("assessment", lambda: (assessment(self.scope), zone_of(self.scope)))
        return newest is not None and are_on(
            conclusion=newest.conclusion,
            decided_on=newest.decided_on,
            review_on=newest.review_on,
            on=day_of(at, zone),
        )

    def definition(self, sign: str) -> FactDefinition | None:
        """Return what the vocabularies say about a sign."""
        return self._once(("sign", sign), lambda: fact_definition(library(), sign))

    def device_with(self, token_hash: bytes) -> Sender | None:
        """Return the site's device with that token, while it is not ended."""
        return self._once(("token", token_hash), lambda: device_with(self.scope, token_hash))

    def monitor_at(self, location: str) -> Sender | None:
        """Return the monitor that is registered for a location."""
        return self._once("monitors", self._monitors).get(location_of(location))

    def codes_of(self, model: str) -> CodeList:
        """Return the codes that a monitor of this model speaks."""
        return self._once(("codes", model), lambda: monitor_codes(model))

    def stays(self, chair: str, *, since: datetime, until: datetime) -> list[Stay]:
        """Return who held a chair at any moment from `since` up to and including `until`."""
        known_from, stays = self._once("stays", lambda: self._stays(since - KEPT_BACK))
        if since < known_from:
            return stays_in(self.scope, chair=chair, since=since, until=until)
        return stays.get(chair, [])

    def judging(self, session: UUID) -> Judging | None:
        """Return what the readings of a session are judged by; nothing before its dose has begun."""
        return self._once(("session", session), lambda: (self._judging(session),))[0]

    def look_ahead(self, at: datetime) -> None:
        """Look up now what the first readings would wait for."""
        self.alarms_are_on(at)
        self._once("monitors", self._monitors)
        for stays in self._once("stays", lambda: self._stays(at - KEPT_BACK))[1].values():
            for stay in stays:
                self.judging(stay.session)

    def _monitors(self) -> dict[str, Sender]:
        return {each.location: each for each in devices(self.scope) if each.location}

    def _stays(self, since: datetime) -> tuple[datetime, dict[str, list[Stay]]]:
        found: dict[str, list[Stay]] = defaultdict(list)
        for stay in stays_in(self.scope, since=since, until=ALWAYS):
            found[stay.chair].append(stay)
        return since, found

    def _judging(self, session: UUID) -> Judging | None:
        now = session_now(self.scope, session)
        if now is None or now.started_at is None:
            return None
        baseline = {sign: as_rule(row) for sign, row in baseline_of(self.scope, now).items()}
        return Judging(now.protocol, now.session.patient_key, now.started_at, now.ended_at, baseline)

    def _once(self, name: Hashable, find: Callable[[], Found]) -> Found:
        """Return what was found first under a name. That there is nothing is not kept: anybody may ask for anything."""
        if name not in self._found:
            found = find()
            if found is None:
                return found
            self._found[name] = found
        return cast("Found", self._found[name])


_KEPT: dict[tuple[str, str, str], Bedside] = {}
_DATABASE = "(SELECT oid FROM pg_database WHERE datname = current_database())::bigint"
_CHANGED_HERE = """
EXISTS (SELECT FROM treat_statechange
        WHERE site = %b::varchar AND xact = pg_current_xact_id_if_assigned()::text::bigint)
"""
_CHANGED = """
EXISTS (SELECT FROM treat_statechange
        WHERE site = %b::varchar AND xact >= pg_snapshot_xmin(%b::text::pg_snapshot)::text::bigint
          AND xact < pg_snapshot_xmax(pg_current_snapshot())::text::bigint
          AND NOT pg_visible_in_snapshot(xact::text::xid8, %b::text::pg_snapshot))
"""
_LOOK = f"SELECT {_DATABASE}, pg_current_snapshot()::text, {_CHANGED_HERE}, {_CHANGED}"
_HOLDS = f"{_DATABASE} = %b AND NOT {_CHANGED}"


def bedside(scope: Scope) -> Bedside:
    """Return what is known of the scope's site now: what was kept where nothing of it has changed, else an empty start.

    What this very transaction has changed may still be undone, so then nothing is kept.
    """
    place = _place(scope)
    kept = _KEPT.get(place)
    snapshot = kept.snapshot if kept else None
    with connection.cursor() as cursor:
        cursor.execute(_LOOK, [scope.site, scope.site, snapshot, snapshot])
        database, seen, mine, changed = cursor.fetchone()
    held = library()
    if kept and not (mine or changed or scope.patient) and (kept.database, kept.held) == (database, held):
        return kept
    fresh = Bedside(scope, int(database), str(seen), held)
    if not mine and scope.patient is None:
        _KEPT[place] = fresh
    return fresh


def bedside_unasked(scope: Scope) -> Bedside | None:
    """Return what was kept, without a look at whether it holds: for a statement that asks that itself (`holds`)."""
    kept = _KEPT.get(_place(scope))
    return kept if kept and scope.patient is None and kept.held == library() else None


def _place(scope: Scope) -> tuple[str, str, str]:
    return str(connection.settings_dict["HOST"]), str(connection.settings_dict["NAME"]), scope.site


def note_change(scope: Scope) -> None:
    """Note that what readings are judged by has changed here: one from before the start of a dose came after it."""
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [scope.site])


_NOTE = """
INSERT INTO treat_statechange (site, xact) VALUES (%s, pg_current_xact_id()::text::bigint) ON CONFLICT DO NOTHING
"""
