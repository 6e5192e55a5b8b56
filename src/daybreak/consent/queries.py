"""Every read of consent."""

from collections import defaultdict
from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.consent.models import Signature, Withdrawal
from daybreak.consent.rules import ConsentState, Signed, state_of
from daybreak.identity.public import open_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing, told_once
from daybreak.measure.public import library
from daybreak.rulebook.public import Consent

KINDS = ("treatment", "registry")


class NoSuchConsent(Refusal):
    """A consent that this installation has no text for."""


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """One signature with the printed name."""

    key: UUID
    consent: str
    definition: str
    version: int
    fingerprint: str
    language: str
    signer: str
    answer: str
    name: str
    meaning: str
    shown_seconds: int
    signed_at: datetime


def text_of(kind: str) -> Consent:
    """Return the text in force for a kind of consent; raise NoSuchConsent where there is none."""
    texts = [text for text in library().active("consents") if isinstance(text, Consent) and text.purpose == kind]
    if not texts:
        raise NoSuchConsent(f"There is no text for the consent “{kind}”.")
    return texts[0]


def shown_text(definition: str, version: int) -> Consent:
    """Return a text as it was signed."""
    return library().consent(definition, version)


def renewed_from(kind: str) -> int | None:
    """Return the newest version of the text in force that asks for a new signature, or nothing."""
    held = [t for t in library().every("consents") if isinstance(t, Consent) and t.id == text_of(kind).id]
    return max((t.version for t in held if t.requires_reconsent and t.status != "draft"), default=None)


def consents_of(scope: Scope, patient: UUID, *, at: datetime) -> dict[str, ConsentState]:
    """Return where each kind of consent stands at `at`."""
    return consents_of_each(scope, [patient], at=at)[patient]


def consents_of_each(scope: Scope, patients: Collection[UUID], *, at: datetime) -> dict[UUID, dict[str, ConsentState]]:
    """Return where each kind of consent of each patient stands at `at`, in two queries however many they are."""
    of_these = {"site": scope.site, "patient_key__in": patients}
    signed: dict[tuple[UUID, str], list[Signed]] = defaultdict(list)
    for row in standing(Signature).filter(**of_these).defer("name"):
        signed[row.patient_key, row.consent].append(_signed(row))
    withdrawn: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    for gone in standing(Withdrawal).filter(**of_these):
        withdrawn[gone.patient_key, gone.consent].append(gone.withdrawn_at)
    renewed = {kind: renewed_from(kind) for kind in KINDS}
    return {
        patient: {
            kind: state_of(
                kind,
                signed=signed[patient, kind],
                withdrawn=withdrawn[patient, kind],
                renewed_from=renewed[kind],
                at=at,
            )
            for kind in KINDS
        }
        for patient in patients
    }


def is_current(scope: Scope, patient: UUID, consent: str, *, at: datetime) -> bool | None:
    """Return whether a consent is in force at `at`; None where nobody has asked the patient."""
    return consents_of(scope, patient, at=at)[consent].current


def signatures_of(scope: Scope, patient: UUID) -> list[SignatureEntry]:
    """Return every signature with the printed name, newest first."""
    rows = standing(Signature).filter(site=scope.site, patient_key=patient).order_by("-signed_at", "key")
    return [
        SignatureEntry(
            key=row.key,
            consent=row.consent,
            definition=row.definition,
            version=row.version,
            fingerprint=row.fingerprint,
            language=row.language,
            signer=row.signer,
            answer=row.answer,
            name=open_text(scope, patient, row.name),
            meaning=row.meaning,
            shown_seconds=row.shown_seconds,
            signed_at=row.signed_at,
        )
        for row in rows
    ]


def _signed(row: Signature) -> Signed:
    return Signed(
        signer=row.signer,
        answer=row.answer,
        definition=row.definition,
        version=row.version,
        fingerprint=row.fingerprint,
        language=row.language,
        needs=tuple(row.needs),
        signed_at=row.signed_at,
    )


# What each form records, and the moment that a second sending of it shares with the first.
_TOLD = {
    "signature": (Signature, "signed_at"),
    "withdrawal": (Withdrawal, "withdrawn_at"),
}


def once(scope: Scope, what: str, *, key: UUID, at: datetime) -> AbstractContextManager[datetime]:
    """Hold the key of a form that may be sent twice and give the moment of its first sending (see
    `told_once`).
    """
    model, moment = _TOLD[what]
    return told_once(model, site=scope.site, key=key, moment=moment, at=at)


def shown_before(scope: Scope, key: UUID, *, otherwise: int) -> int:
    """Return the seconds that the signature of this key carries already, so that a second sending is the same
    fact.
    """
    known = Signature.objects.filter(site=scope.site, key=key).values_list("shown_seconds", flat=True).first()
    return otherwise if known is None else known
