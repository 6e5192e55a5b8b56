"""A person who was recorded twice at one site: what stands in each record, and the merge of one into the other.

Only a record in which no care was recorded is merged: allergies, medicines and the referral, which are entered in the
one that is kept. So whatever reads the kept record sees all that counts, and no reader knows of merges. Where care
stands in both, both are kept, and the banner of each tells of the other.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import Alike, Person, find, persons, suggested_duplicates
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, rows_about
from daybreak.measure.public import allergy_entries, medicines, record_allergy, record_medicine
from daybreak.people.public import (
    SAME,
    DuplicateDecision,
    NotDecided,
    Patient,
    duplicate_decisions,
    keep_both,
    merge_record,
    names_of_staff,
    patient_record,
    told_of_pair,
)
from daybreak.screen.public import ReferralEntry, refer, referrals

MANY = 20
WITHOUT_CARE = frozenset({"identity_particulars", "identity_personkey", "identity_searchtoken"})
ENTERED_AGAIN = frozenset({"measure_allergy", "measure_medicine", "screen_referral"})


@dataclass(frozen=True, slots=True)
class Record:
    """One of two records: who it is about, and how many rows of each room keep it from being merged into the other."""

    row: Patient
    who: Person
    in_the_way: dict[str, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records side by side, what is decided of them now, and all that ever was, with who said so."""

    one: Record
    other: Record
    stands: DuplicateDecision | None
    told: list[tuple[DuplicateDecision, str]]

    @property
    def have_care(self) -> bool:
        """Return whether care stands in both."""
        return bool(self.one.in_the_way and self.other.in_the_way)


@dataclass(frozen=True, slots=True)
class Duplicates:
    """The site's records that may be one person, those that were merged or kept apart, everybody's names, and the
    merged records in which something was recorded since.
    """

    suggested: list[Alike]
    decided: list[DuplicateDecision]
    who: dict[UUID, Person]
    since: frozenset[UUID]


def care_in(held: Mapping[str, int]) -> dict[str, int]:
    """Return of the rows that tables hold about a patient how many each room's are that keep the record from being
    merged. What nobody thought of keeps it, too.
    """
    found: Counter[str] = Counter()
    for table, rows in held.items():
        if table not in WITHOUT_CARE | ENTERED_AGAIN:
            found[table.partition("_")[0]] += rows
    return dict(found)


def duplicates_of(scope: Scope, *, at: datetime) -> Duplicates:
    """Return what is to be decided about records of the site, and what was."""
    suggested, decided = suggested_duplicates(scope, at=at), duplicate_decisions(scope)
    keys = {key for each in suggested for key in (each.one, each.other)}
    keys |= {key for each in decided for key in (each.record_key, each.other_key)}
    merged = [each.record_key for each in decided if each.verdict == SAME]
    since = frozenset(key for key in merged if care_in(rows_about(scope, key)))
    return Duplicates(suggested, decided, persons(scope, keys, at=at), since)


def looked_up(scope: Scope, text: str, *, at: datetime) -> list[tuple[UUID, Person]]:
    """Return up to MANY records that are kept and hold every word of `text`, by name."""
    keys = find(scope, text, at=at)[:MANY]
    who = persons(scope, keys, at=at)
    return sorted(who.items(), key=lambda each: (each[1].family, each[1].given, each[0]))


def pair_of(scope: Scope, one: UUID, other: UUID, *, at: datetime) -> Pair | None:
    """Return two records of the site side by side, or nothing where they are not two."""
    rows = [row for key in (one, other) if (row := patient_record(scope, key))]
    if len({row.key for row in rows}) != 2:
        return None
    who, told = persons(scope, (one, other), at=at), told_of_pair(scope, one, other)
    here = [Record(row, who[row.key], care_in(rows_about(scope, row.key))) for row in rows]
    stands = next((each for each in duplicate_decisions(scope) if each in told), None)
    names = names_of_staff(each.recorded_by for each in told)
    return Pair(*here, stands, [(each, names.get(each.recorded_by, "")) for each in told])


@one_step()
def merge(scope: Scope, *, key: UUID, record: UUID, into: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Merge a record in which no care was recorded into another of the same person, and enter there what it says of
    allergies, medicines and a referral; all of it or nothing. A form sent twice is one merge. Raises NotDecided.
    """
    merged = merge_record(scope, key=key, record=record, into=into, because=because, at=at)
    if care_in(rows_about(scope, record)):
        raise NotDecided("Care was recorded in the record that would go. Keep that one, or mend its entries first.")
    _enter_again(scope, key, record, into, merged.decided_at)
    return merged


@one_step()
def say_same(scope: Scope, *, key: UUID, record: UUID, other: UUID, because: str, at: datetime) -> DuplicateDecision:
    """Say that two records are the same person where care stands in both: both are kept. Raises NotDecided."""
    if not all(care_in(rows_about(scope, each)) for each in (record, other)):
        raise NotDecided("One of the two has no care in it. Merge it into the other.")
    return keep_both(scope, key=key, record=record, other=other, because=because, at=at)


def _enter_again(scope: Scope, merge: UUID, record: UUID, into: UUID, at: datetime) -> None:
    """What the kept record does not say in the same words is entered there. “None known” was said of another record."""
    known = {(each.substance.casefold(), each.status) for each in allergy_entries(scope, into)}
    for allergy in allergy_entries(scope, record):
        if allergy.substance and _counts(allergy.status, allergy.substance, known):
            record_allergy(
                scope, key=key_from("merge", str(merge), str(allergy.key)), patient=into, substance=allergy.substance,
                code=allergy.code, system=allergy.system, status=allergy.status, noted_at=at,
            )  # fmt: skip
    known = {(each.display.casefold(), each.status) for each in medicines(scope, into)}
    for taken in medicines(scope, record):
        if _counts(taken.status, taken.display, known):
            record_medicine(
                scope, key=key_from("merge", str(merge), str(taken.key)), patient=into, kind=taken.kind,
                code=taken.code, system=taken.system, display=taken.display, started_on=taken.started_on,
                ended_on=taken.ended_on, status=taken.status, noted_at=at,
            )  # fmt: skip
    for asked in _referrals_to_enter(scope, record, into):
        refer(
            scope, key=key_from("merge", str(merge), str(asked.key)), patient=into, protocol=asked.protocol,
            reason=asked.reason, referrer=asked.referrer, at=at,
        )  # fmt: skip


def _counts(status: str, words: str, known: set[tuple[str, str]]) -> bool:
    return status != "entered in error" and (words.casefold(), status) not in known


def _referrals_to_enter(scope: Scope, record: UUID, into: UUID) -> list[ReferralEntry]:
    """Return the newest referral where the kept record has none; raise NotDecided for one to another protocol, which
    would change where a patient under way stands.
    """
    asked, there = referrals(scope, patient=record), {each.protocol for each in referrals(scope, patient=into)}
    if there and {each.protocol for each in asked} - there:
        raise NotDecided(
            "The record that would go is referred for another protocol. Refer the one you keep for it first."
        )
    return [] if there else asked[:1]
