"""Every write of a name."""

import json
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from daybreak.identity.models import Particulars, PersonKey, SearchToken
from daybreak.identity.queries import Person, binding, data_key
from daybreak.identity.vault import new_person_key, plain, search_tokens, wrap
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.sealing import seal
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import merged_records


class Forgotten(Refusal):
    """The person's key was deleted; nothing about them can be written any more."""


class NotAPerson(Refusal):
    """The particulars do not describe a person."""


@one_step()
def introduce(scope: Scope, *, patient: UUID, person: Person, key: UUID, at: datetime) -> None:
    """Give a new patient a data key and note who they are. A retry with the same content changes nothing."""
    _check(person, at)
    PersonKey.objects.bulk_create(
        [
            PersonKey(
                site=scope.site,
                patient_key=patient,
                wrapped=wrap(new_person_key(), bound_to=binding(scope.site, patient)),
            )
        ],
        ignore_conflicts=True,
    )
    note_particulars(scope, patient=patient, person=person, key=key, at=at)


@one_step()
def note_particulars(scope: Scope, *, patient: UUID, person: Person, key: UUID, at: datetime) -> None:
    """Note who a patient is from now on; what was noted before stays in the table. Raises NotAPerson, Forgotten."""
    _check(person, at)
    if Particulars.objects.filter(site=scope.site, key=key).exists():
        return
    said = {**asdict(person), "birth_date": person.birth_date.isoformat() if person.birth_date else None}
    sealed = seal_text(scope, patient, json.dumps(said, ensure_ascii=False))
    record_one(Particulars(site=scope.site, key=key, patient_key=patient, sealed=sealed, noted_at=at))
    born = [person.birth_date.isoformat()] if person.birth_date else []
    tokens = search_tokens(person.given, person.family, *person.numbers, *map(plain, person.numbers), *born)
    SearchToken.objects.bulk_create(
        [SearchToken(site=scope.site, token=token, patient_key=patient) for token in sorted(tokens)],
        ignore_conflicts=True,
    )


def seal_text(scope: Scope, patient: UUID, text: str, *, fact: UUID | None = None) -> bytes:
    """Return a free text sealed under the person's key; raise Forgotten once the key is gone.

    With `fact`, the key of the fact that will hold it, a retry of the same fact seals to the same bytes and is stored
    once.
    """
    return seal_bytes(scope, patient, text.encode(), fact=fact)


def seal_bytes(scope: Scope, patient: UUID, content: bytes, *, fact: UUID | None = None) -> bytes:
    """Return a file sealed as `seal_text` seals a text."""
    key = data_key(scope, patient)
    if key is None:
        raise Forgotten("This person has been forgotten; nothing can be written about them any more.")
    return seal(key, content, bound_to=binding(scope.site, patient), retry_of=str(fact or ""))


@one_step()
def forget(scope: Scope, *, patient: UUID) -> None:
    """Delete the person's key and search tokens, and those of records that were merged into theirs: every name and free
    text about them is unreadable from now on.
    """
    theirs = [patient, *(record for record, kept in merged_records(scope).items() if kept == patient)]
    PersonKey.objects.filter(site=scope.site, patient_key__in=theirs).delete()
    SearchToken.objects.filter(site=scope.site, patient_key__in=theirs).delete()


def _check(person: Person, at: datetime) -> None:
    if not person.full_name:
        raise NotAPerson("A person needs a given or a family name.")
    if person.birth_date and person.birth_date > at.date():
        raise NotAPerson("The birth date lies in the future.")
