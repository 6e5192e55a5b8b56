"""Who may have been recorded twice at one site. What is compared stays behind this door; pairs of tokens leave it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from daybreak.identity.queries import Person, holding, persons
from daybreak.identity.vault import plain, words_of
from daybreak.kernel.scope import Scope
from daybreak.people.public import duplicate_decisions, merged_records

NUMBER, NAME, CONTACT = "number", "name", "contact"


@dataclass(frozen=True, slots=True)
class Alike:
    """Two records that may be one person, and what is alike: their number, name, or telephone or e-mail."""

    one: UUID
    other: UUID
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is kept at the site and may be about a person, who it is about, and what is alike."""

    key: UUID
    who: Person
    because: tuple[str, ...]


def alike(one: Person, other: Person) -> tuple[str, ...]:
    """Return what makes two records look like one person, or nothing.

    A number is enough; a name, a telephone or an e-mail only beside the same birth date. Case, accents, punctuation
    and the order of the words fall away.
    """
    born = one.birth_date is not None and one.birth_date == other.birth_date
    found = {
        NUMBER: _either(map(plain, one.numbers), map(plain, other.numbers)),
        NAME: born and sorted(words_of(one.full_name)) == sorted(words_of(other.full_name)),
        CONTACT: born and _either((plain(one.telephone), one.email), (plain(other.telephone), other.email)),
    }
    return tuple(word for word, is_so in found.items() if is_so)


def suggested_duplicates(scope: Scope, *, at: datetime) -> list[Alike]:
    """Return the undecided pairs of the site's records that may be one person. Who shares two words of name, birth
    date or number is looked at, and the look is recorded.
    """
    gone = merged_records(scope)
    decided = {frozenset((each.record_key, each.other_key)) for each in duplicate_decisions(scope)}
    pairs = [pair for pair in _sharing(scope) if not gone.keys() & set(pair) and frozenset(pair) not in decided]
    who = persons(scope, {key for pair in pairs for key in pair}, at=at)
    found = [Alike(*pair, alike(who[pair[0]], who[pair[1]])) for pair in pairs]
    return [each for each in found if each.because]


def known_alike(scope: Scope, person: Person, *, besides: UUID, at: datetime) -> list[Known]:
    """Return the site's records, but for `besides`, that may be about a person who is about to be registered.

    Who shares the birth date or a number is looked at, and the look is recorded. A record that was merged into another
    answers as the one that is kept.
    """
    born = [person.birth_date.isoformat()] if person.birth_date else []
    shared = {key for text in (*born, *person.numbers, *map(plain, person.numbers)) for key in holding(scope, text)}
    gone = merged_records(scope) if shared else {}
    who = persons(scope, shared | {gone[key] for key in shared & gone.keys()}, at=at)
    found: dict[UUID, set[str]] = {}
    for key in shared:
        found.setdefault(gone.get(key, key), set()).update(alike(who[key], person))
    return [
        Known(key, who[key], tuple(word for word in (NUMBER, NAME, CONTACT) if word in because))
        for key, because in sorted(found.items())
        if because and key != besides
    ]


def _sharing(scope: Scope) -> list[tuple[UUID, UUID]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT a.patient_key, b.patient_key FROM identity_searchtoken a JOIN identity_searchtoken b "
            "ON b.site = a.site AND b.token = a.token AND b.patient_key > a.patient_key "
            "WHERE a.site = %s GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY 1, 2",
            [scope.site],
        )
        return cursor.fetchall()


def _either(these: Iterable[str], those: Iterable[str]) -> bool:
    return bool({each.casefold() for each in these if each} & {each.casefold() for each in those if each})
