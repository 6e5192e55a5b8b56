"""The door of consent."""

from daybreak.consent.actions import (
    NoName,
    NothingToSign,
    NothingToWithdraw,
    NotUnderstood,
    TextChanged,
    decline,
    sign,
    withdraw,
)
from daybreak.consent.queries import (
    KINDS,
    NoSuchConsent,
    SignatureEntry,
    consents_of,
    consents_of_each,
    is_current,
    signatures_of,
    text_of,
)
from daybreak.consent.rules import ConsentState, State

__all__ = [
    "KINDS",
    "ConsentState",
    "NoName",
    "NoSuchConsent",
    "NotUnderstood",
    "NothingToSign",
    "NothingToWithdraw",
    "SignatureEntry",
    "State",
    "TextChanged",
    "consents_of",
    "consents_of_each",
    "decline",
    "is_current",
    "sign",
    "signatures_of",
    "text_of",
    "withdraw",
]
