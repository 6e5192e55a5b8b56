"""Two records of one person at one site: what somebody decided about them, and where a merged record went.

A merge is a fact beside the records. Nothing is rewritten, and it can be undone by another fact.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, record_one, rows, standing, told_once
from daybreak.people.models import BOTH, DIFFERENT, DUPLICATE_BECAUSE, SAME, UNDONE, DuplicateDecision
from daybreak.people.queries import patient


class NotDecided(Refusal):
    """Two records that cannot be merged or kept apart as they stand; the sentence says why."""


def merge_record(scope: Scope, *, key: UUID, record: UUID, into: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Say that two records are the same person, and that `into` is kept; raise NotDecided.

    What stands in the record is not looked at here: who calls this has asked every room.
    """
    with _deciding(scope, key, at) as (moment, is_told):
        if not is_told:
            _demand_undecided(scope, record, into)
            if any(each.other_key == record for each in _standing(scope).filter(verdict=SAME)):
                raise NotDecided("Another record was merged into this one. Keep this one, or undo that merge first.")
        return _decided(scope, key, record, into, SAME, because, moment)


def keep_both(scope: Scope, *, key: UUID, record: UUID, other: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Say that two records are the same person and that both are kept, as care stands in each. Raises NotDecided.

    Nothing is moved and no rule reads the two as one: each tells of the other (`also_recorded`).
    """
    with _deciding(scope, key, at) as (moment, is_told):
        if not is_told:
            _demand_undecided(scope, record, other)
        return _decided(scope, key, record, other, BOTH, because, moment)


def keep_apart(scope: Scope, *, key: UUID, record: UUID, other: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Say that two records are not the same person: they are not suggested again. Raises NotDecided."""
    with _deciding(scope, key, at) as (moment, is_told):
        if not is_told:
            _demand_undecided(scope, record, other)
        return _decided(scope, key, record, other, DIFFERENT, because, moment)


def undo_decision(scope: Scope, *, key: UUID, decision: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Take a decision back: both records stand for themselves, and are undecided. Raises NotDecided."""
    with _deciding(scope, key, at) as (moment, is_told):
        made = DuplicateDecision.objects.filter(site=scope.site, key=decision).exclude(verdict=UNDONE).first()
        if made is None or not (is_told or _standing(scope).filter(key=decision).exists()):
            raise NotDecided("This was undone in the meantime. Read the page again.")
        return _decided(scope, key, made.record_key, made.other_key, UNDONE, because, moment, corrects=decision)


def merged_into(scope: Scope, record: UUID) -> DuplicateDecision | None:
    """Return the decision that merged a record into another, or nothing where it stands for itself."""
    merged = Read(DuplicateDecision, {"site": scope.site, "record_key": record, "verdict": SAME})
    return next(iter(rows(merged)), None)


def merged_records(scope: Scope) -> dict[UUID, UUID]:
    """Return of each record of the site that was merged into another, which one is kept."""
    return {each.record_key: each.other_key for each in _standing(scope).filter(verdict=SAME)}


def also_recorded(scope: Scope, record: UUID) -> list[UUID]:
    """Return the other records of the site that are the same person as this one, of those that are all kept: who is
    one with one of them is one with it.
    """
    pairs = [
        {each.record_key, each.other_key}
        for each in rows(Read(DuplicateDecision, {"site": scope.site, "verdict": BOTH}))
    ]
    found = {record}
    while more := {key for pair in pairs if pair & found for key in pair} - found:
        found |= more
    return sorted(found - {record})


def duplicate_decisions(scope: Scope) -> list[DuplicateDecision]:
    """Return what was decided about records of the site and was not undone, newest first."""
    return list(_standing(scope).order_by("-decided_at", "key"))


def told_of_pair(scope: Scope, one: UUID, other: UUID) -> list[DuplicateDecision]:
    """Return all that was ever decided about two records, what was undone too, newest first."""
    pair = Q(record_key=one, other_key=other) | Q(record_key=other, other_key=one)
    return list(DuplicateDecision.objects.filter(pair, site=scope.site).order_by("-decided_at", "-key"))


@contextmanager
def _deciding(scope: Scope, key: UUID, at: datetime) -> Iterator[tuple[datetime, bool]]:
    """Hold the site's duplicates and the form's key; give the moment of its first sending and whether there was one."""
    held = {"site": scope.site, "moment": "decided_at"}
    with (
        told_once(DuplicateDecision, key=key_from("duplicates", scope.site), at=at, **held),
        told_once(DuplicateDecision, key=key, at=at, **held) as moment,
    ):
        yield moment, DuplicateDecision.objects.filter(site=scope.site, key=key).exists()


def _demand_undecided(scope: Scope, record: UUID, other: UUID) -> None:
    if record == other or patient(scope, record) is None or patient(scope, other) is None:
        raise NotDecided("Choose two records of this site that were not merged.")
    if any({each.record_key, each.other_key} == {record, other} for each in _standing(scope)):
        raise NotDecided("This was decided in the meantime. Read the page again.")


def _standing(scope: Scope) -> QuerySet[DuplicateDecision]:
    return standing(DuplicateDecision).filter(site=scope.site).exclude(verdict=UNDONE)


def _decided(
    scope: Scope, key: UUID, record: UUID, other: UUID, verdict: str, because: str, at: datetime,
    corrects: UUID | None = None,
) -> DuplicateDecision:  # fmt: skip
    if because not in DUPLICATE_BECAUSE[verdict]:
        raise NotDecided("Say how you know.")
    said = {"record_key": record, "other_key": other, "verdict": verdict, "because": because}
    return record_one(DuplicateDecision(site=scope.site, key=key, corrects=corrects, decided_at=at, **said))
