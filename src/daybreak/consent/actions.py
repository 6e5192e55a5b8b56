"""Every write to consent. Each is atomic, and a retry of the same fact changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daybreak.consent.models import SIGNERS, Signature, Withdrawal
from daybreak.consent.queries import consents_of, text_of
from daybreak.consent.rules import State
from daybreak.identity.public import seal_text
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.ledger.public import record_one
from daybreak.rulebook.public import Check, Consent, understanding

CLINICIANS_MEANING = "I explained this text; I judge that the patient understood it and agrees freely."
DECLINED_MEANING = "I do not agree."


class NoName(Refusal):
    """A signature without a printed name."""


class NotUnderstood(Refusal):
    """The checks of understanding were not all answered right; `.wrong` and `.unanswered` hold them."""

    def __init__(self, wrong: tuple[Check, ...], unanswered: tuple[Check, ...]) -> None:
        self.wrong, self.unanswered = wrong, unanswered
        super().__init__("Please look at the questions again: every answer must be right before you sign.")


class TextChanged(Refusal):
    """The text that was shown is not the text in force any more."""


class NothingToSign(Refusal):
    """A clinician's signature without a patient's on the same text."""


class NothingToWithdraw(Refusal):
    """A consent that is not in force cannot be taken back."""


def sign(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    consent: str,
    name: str,
    signer: str,
    shown_seconds: int,
    understood: Mapping[str, int],
    at: datetime,
    shown: str | None = None,
) -> Signature:
    """Sign the text in force for a kind of consent ("treatment", "registry") as the patient or, afterwards,
    as the clinician.

    `understood` maps each check to the index of the answer given (a clinician's may be empty); `shown` is the
    fingerprint of the text on the page. Raises NoName, NotUnderstood, TextChanged, NothingToSign.
    """
    text = _text_shown(consent, shown)
    if not name.strip():
        raise NoName("Type your name: it is your signature.")
    if signer == "patient":
        _demand_understood(text, understood)
    else:
        _demand_patient_signed(scope, text, patient=patient, signer=signer, at=at)
    meaning = text.statement if signer == "patient" else CLINICIANS_MEANING
    return record_one(
        _signature(
            scope,
            key,
            patient,
            text,
            signer=signer,
            answer="agreed",
            name=name,
            meaning=meaning,
            shown_seconds=shown_seconds,
            understood=understood,
            at=at,
        )
    )


def decline(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    consent: str,
    shown_seconds: int,
    at: datetime,
    name: str = "",
    shown: str | None = None,
) -> Signature:
    """Record that the patient says no to the text in force. It needs no name and no questions."""
    text = _text_shown(consent, shown)
    return record_one(
        _signature(
            scope,
            key,
            patient,
            text,
            signer="patient",
            answer="declined",
            name=name,
            meaning=DECLINED_MEANING,
            shown_seconds=shown_seconds,
            understood={},
            at=at,
        )
    )


def withdraw(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    consent: str,
    reason: str,
    at: datetime,
    said_by: str = "patient",
) -> Withdrawal:
    """Take a consent back from `at` on. A reason may be given and never must be. Raises NothingToWithdraw."""
    state = consents_of(scope, patient, at=at)[text_of(consent).purpose]
    again = state.state is State.WITHDRAWN and Withdrawal.objects.filter(site=scope.site, key=key).exists()
    if state.state not in (State.CURRENT, State.WAITS, State.OUTDATED) and not again:
        raise NothingToWithdraw(f"There is no consent to withdraw: it is “{state.state}”.")
    return record_one(
        Withdrawal(
            site=scope.site,
            key=key,
            patient_key=patient,
            consent=consent,
            said_by=said_by,
            reason=seal_text(scope, patient, reason.strip(), fact=key),
            withdrawn_at=at,
        )
    )


def _text_shown(consent: str, shown: str | None) -> Consent:
    text = text_of(consent)
    if shown is not None and shown != text.fingerprint:
        raise TextChanged("The text has changed since this page was opened. Please read the new one before you answer.")
    return text


def _demand_understood(text: Consent, understood: Mapping[str, int]) -> None:
    answer = understanding(text, understood)
    if answer.truth is not Truth.MET:
        raise NotUnderstood(answer.wrong, answer.unanswered)


def _demand_patient_signed(scope: Scope, text: Consent, *, patient: UUID, signer: str, at: datetime) -> None:
    state = consents_of(scope, patient, at=at)[text.purpose]
    if signer not in SIGNERS or scope.actor is None:
        raise NothingToSign("A signature is the patient's or a named clinician's.")
    if state.state not in (State.WAITS, State.CURRENT) or state.fingerprint != text.fingerprint:
        raise NothingToSign("The patient has not signed this text, so there is nothing to sign beside it.")


def _signature(
    scope: Scope,
    key: UUID,
    patient: UUID,
    text: Consent,
    *,
    signer: str,
    answer: str,
    name: str,
    meaning: str,
    shown_seconds: int,
    understood: Mapping[str, int],
    at: datetime,
) -> Signature:
    return Signature(
        site=scope.site,
        key=key,
        patient_key=patient,
        consent=text.purpose,
        definition=text.id,
        version=text.version,
        fingerprint=text.fingerprint,
        language=text.language,
        signer=signer,
        answer=answer,
        needs=list(text.signed_by),
        name=seal_text(scope, patient, name.strip(), fact=key),
        meaning=meaning,
        shown_seconds=shown_seconds,
        understood=dict(understood),
        signed_by=scope.actor if signer == "clinician" else None,
        signed_at=at,
    )
