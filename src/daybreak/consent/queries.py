"""Every read of consent."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.consent.models import Renewal, Signature, Try, Withdrawal
from daybreak.consent.rules import ConsentState, Seen, Signed, State, state_of
from daybreak.consent.texts import GENERAL, kinds, renewals, title_of
from daybreak.identity.public import open_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing, told_once


@dataclass(frozen=True, slots=True)
class SignatureEntry:
    """One signature with the printed name; `drawing` holds the strokes of a drawn one."""

    key: UUID
    consent: str
    definition: str
    version: int
    fingerprint: str
    language: str
    signer: str
    answer: str
    name: str
    way: str
    drawing: str
    proof: str
    meaning: str
    shown_seconds: int
    seen_seconds: Seen | None
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawalEntry:
    """One withdrawal with the reason, if one was given."""

    key: UUID
    consent: str
    said_by: str
    reason: str
    withdrawn_at: datetime


@dataclass(frozen=True, slots=True)
class TryEntry:
    """One set of answers that did not show understanding: which questions were answered wrong. What was left out is no
    answer, and is not among them.
    """

    consent: str
    definition: str
    version: int
    wrong: tuple[str, ...]
    tried_at: datetime


@dataclass(frozen=True, slots=True)
class ToRenew:
    """A patient whose signature no longer counts, since a newer version asks for a new one, and why."""

    patient: UUID
    consent: str
    title: str
    signed_version: int
    asked_version: int
    why: str
    signed_at: datetime


def consents_of(scope: Scope, patient: UUID, *, at: datetime) -> dict[str, ConsentState]:
    """Return where each kind of consent stands at `at`."""
    return consents_of_each(scope, [patient], at=at)[patient]


def consents_of_each(scope: Scope, patients: Collection[UUID], *, at: datetime) -> dict[UUID, dict[str, ConsentState]]:
    """Return where each kind of consent of each patient stands at `at`, in two queries however many they are."""
    of_these = {"site": scope.site, "patient_key__in": patients}
    signed: dict[tuple[UUID, str], list[Signed]] = defaultdict(list)
    for row in standing(Signature).filter(**of_these).defer("name", "drawing"):
        signed[row.patient_key, row.consent].append(_signed(row))
    withdrawn: dict[tuple[UUID, str], list[datetime]] = defaultdict(list)
    for gone in standing(Withdrawal).filter(**of_these):
        withdrawn[gone.patient_key, gone.consent].append(gone.withdrawn_at)
    newer = {name: text.version for name, text in renewals().items()}
    known = {*GENERAL, *kinds(), *(kind for _, kind in signed)}
    return {
        patient: {
            kind: state_of(
                kind,
                signed=signed[patient, kind],
                withdrawn=withdrawn[patient, kind],
                renewed_from=newer,
                at=at,
            )
            for kind in (*GENERAL, *sorted(known - set(GENERAL)))
        }
        for patient in patients
    }


def is_current(scope: Scope, patient: UUID, consent: str, *, at: datetime) -> bool | None:
    """Return whether a consent is in force at `at`; None where nobody has asked the patient."""
    state = consents_of(scope, patient, at=at).get(consent)
    return None if state is None else state.current


def may_message(scope: Scope, patient: UUID, *, at: datetime) -> bool:
    """Return whether an e-mail or a text message may go out to the patient: never without a consent in force."""
    return is_current(scope, patient, "messages", at=at) is True


def to_renew(scope: Scope, *, at: datetime) -> list[ToRenew]:
    """Return the site's consents that a newer version asks to be signed again, the oldest signature first."""
    texts = renewals()
    signed = standing(Signature).filter(site=scope.site, definition__in=list(texts))
    people = set(signed.values_list("patient_key", flat=True))
    found = [
        (patient, state, texts[state.definition])
        for patient, states in consents_of_each(scope, people, at=at).items()
        for state in states.values()
        if state.state is State.OUTDATED
    ]
    rows = [
        ToRenew(
            patient=patient,
            consent=state.consent,
            title=title_of(state.consent),
            signed_version=state.version or 0,
            asked_version=text.version,
            why=text.why_again,
            signed_at=state.answered_at or at,
        )
        for patient, state, text in found
    ]
    return sorted(rows, key=lambda row: (row.signed_at, row.patient))


def was_in_force(scope: Scope, patient: UUID, consent: str, *, moments: Collection[datetime]) -> list[bool]:
    """Return for each of `moments` whether a consent was in force then, by what had been recorded until then: what a
    freeze of the register at that moment saw.
    """
    of_this = {"site": scope.site, "patient_key": patient, "consent": consent}
    signed = [(row.recorded_at, _signed(row)) for row in standing(Signature).filter(**of_this).defer("name", "drawing")]
    gone = list(standing(Withdrawal).filter(**of_this).values_list("recorded_at", "withdrawn_at"))
    renewed = list(Renewal.objects.values_list("since", "definition", "version").order_by("version"))
    return [
        state_of(
            consent,
            signed=[each for recorded, each in signed if recorded <= moment],
            withdrawn=[withdrawn for recorded, withdrawn in gone if recorded <= moment],
            renewed_from={name: version for since, name, version in renewed if since <= moment},
            at=moment,
        ).state
        is State.CURRENT
        for moment in moments
    ]


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
            way=row.way,
            drawing=open_text(scope, patient, row.drawing) if row.drawing else "",
            proof=row.proof,
            meaning=row.meaning,
            shown_seconds=row.shown_seconds,
            seen_seconds=None if row.seen_seconds is None else [(part, seconds) for part, seconds in row.seen_seconds],
            signed_at=row.signed_at,
        )
        for row in rows
    ]


def withdrawals_of(scope: Scope, patient: UUID) -> list[WithdrawalEntry]:
    """Return every withdrawal with its reason, newest first."""
    rows = standing(Withdrawal).filter(site=scope.site, patient_key=patient).order_by("-withdrawn_at", "key")
    return [
        WithdrawalEntry(row.key, row.consent, row.said_by, open_text(scope, patient, row.reason), row.withdrawn_at)
        for row in rows
    ]


def tries_of(scope: Scope, patient: UUID) -> list[TryEntry]:
    """Return every set of answers that did not show understanding, oldest first."""
    rows = standing(Try).filter(site=scope.site, patient_key=patient).order_by("tried_at", "key")
    answered = [(row, tuple(check for check in row.wrong if check in row.answers)) for row in rows]
    return [TryEntry(row.consent, row.definition, row.version, wrong, row.tried_at) for row, wrong in answered if wrong]


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


@contextmanager
def answering(scope: Scope, patient: UUID, consent: str, *, key: UUID, at: datetime) -> Iterator[datetime]:
    """Hold a patient's consent and the key of the form that answers it, and give the moment of its first sending: two
    pages that answer together are taken one after the other.
    """
    page = told_once(
        Signature, site=scope.site, key=key_from("consent", str(patient), consent), moment="signed_at", at=at
    )
    with page as moment, once(scope, "signature", key=key, at=moment) as first:
        yield first


def measured_before(scope: Scope, key: UUID, *, shown: int, seen: Seen | None) -> tuple[int, Seen | None]:
    """Return the seconds that the signature of this key carries already, so that a second sending is the same
    fact; else those given.
    """
    known = Signature.objects.filter(site=scope.site, key=key).values_list("shown_seconds", "seen_seconds").first()
    return known or (shown, seen)
