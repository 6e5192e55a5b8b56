"""The door of identity: the only way to a name."""

from daybreak.identity.actions import (
    Forgotten,
    NotAPerson,
    forget,
    introduce,
    note_particulars,
    seal_bytes,
    seal_text,
)
from daybreak.identity.duplicates import Alike, Known, known_alike, suggested_duplicates
from daybreak.identity.queries import (
    FORGOTTEN,
    Person,
    age_at,
    age_of,
    find,
    is_before_birth,
    language_of,
    open_bytes,
    open_text,
    person,
    persons,
)
from daybreak.kernel.sealing import CannotOpen

__all__ = [
    "FORGOTTEN",
    "Alike",
    "CannotOpen",
    "Forgotten",
    "Known",
    "NotAPerson",
    "Person",
    "age_at",
    "age_of",
    "find",
    "forget",
    "introduce",
    "is_before_birth",
    "known_alike",
    "language_of",
    "note_particulars",
    "open_bytes",
    "open_text",
    "person",
    "persons",
    "seal_bytes",
    "seal_text",
    "suggested_duplicates",
]
