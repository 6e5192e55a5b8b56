"""Every write to consent. Each is atomic, and a retry of the same fact changes nothing."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.consent.models import SIGNERS, Renewal, Signature, Try, Withdrawal
from daybreak.consent.queries import consents_of
from daybreak.consent.rules import (
    SIGNABLE_BESIDE,
    WITHDRAWABLE,
    ConsentState,
    Seen,
    State,
    is_a_drawing,
    is_own_name,
    strokes_of,
)
from daybreak.consent.texts import renewals, shown_text, text_of
from daybreak.identity.public import person, seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.ledger.public import record_one, standing
from daybreak.rulebook.public import Check, Consent, understanding

CLINICIANS_MEANING = "I explained this text; I judge that the patient understood it and agrees freely."
DECLINED_MEANING = "I do not agree."


class NoName(Refusal):
    """A signature without a printed name, or with an empty drawing."""


class NotOwnName(Refusal):
    """A patient's signature under another name than the patient's."""


class NotUnderstood(Refusal):
    """The checks of understanding were not all answered right; `.wrong` and `.unanswered` hold them."""

    def __init__(self, wrong: tuple[Check, ...], unanswered: tuple[Check, ...]) -> None:
        self.wrong, self.unanswered = wrong, unanswered
        super().__init__(_("Please look at the questions again: every answer must be right before you sign."))


class TextChanged(Refusal):
    """The text that was shown is not the text in force any more."""


class AlreadyAnswered(Refusal):
    """The same person has given the same answer to the same text already, and it counts."""


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
    language: str | None = None,
    drawing: str = "",
    seen: Seen | None = None,
    proof: str = "",
) -> Signature:
    """Sign the text in force for a kind of consent (“treatment”, “registry” …) as the patient or, afterwards, the text
    that the patient signed as the clinician.

    `understood` maps each check to the index of the answer given (a clinician's may be empty); `shown` is the
    fingerprint of the text on the page and `language` the one it was read in. `drawing` holds the strokes of a drawn
    signature; without one the typed name is the signature. `seen` gives the seconds that each section stood on the
    screen. `proof` says how a clinician proved who they are. Raises NoName, NotOwnName, NotUnderstood, TextChanged,
    AlreadyAnswered, NothingToSign.
    """
    _demand_signature(name, drawing)
    state = consents_of(scope, patient, at=at).get(consent) or ConsentState(consent, State.NEVER_ASKED)
    is_retry = Signature.objects.filter(site=scope.site, key=key).exists()
    if signer == "patient":
        text = _text_shown(consent, shown, language)
        _demand_understood(text, understood)
        _demand_own_name(scope, patient, name, at=at)
        if not is_retry and state.state in SIGNABLE_BESIDE and state.fingerprint == text.fingerprint:
            raise AlreadyAnswered("This text is signed already. One signature is enough.")
    else:
        text = _text_beside(scope, state, shown, signer=signer)
        if not is_retry and _has_signed_beside(scope, patient, state):
            raise AlreadyAnswered("You have signed this text already. One signature is enough.")
    return record_one(
        _signature(
            scope,
            key,
            patient,
            text,
            signer=signer,
            answer="agreed",
            name=name,
            way="drawn" if drawing else "typed",
            drawing=seal_text(scope, patient, drawing, fact=key_from(str(key), "drawing")) if drawing else None,
            proof=proof,
            meaning=text.statement if signer == "patient" else CLINICIANS_MEANING,
            shown_seconds=shown_seconds,
            seen_seconds=seen,
            understood=dict(understood),
            signed_at=at,
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
    language: str | None = None,
    seen: Seen | None = None,
) -> Signature:
    """Record that the patient says no to the text in force. It needs no name and no questions.

    Raises TextChanged, AlreadyAnswered.
    """
    text = _text_shown(consent, shown, language)
    state = consents_of(scope, patient, at=at)[text.kind]
    is_retry = Signature.objects.filter(site=scope.site, key=key).exists()
    if not is_retry and state.state is State.DECLINED and state.fingerprint == text.fingerprint:
        raise AlreadyAnswered("This was answered already: no. Nothing more is needed.")
    return record_one(
        _signature(
            scope,
            key,
            patient,
            text,
            signer="patient",
            answer="declined",
            name=name,
            way="",
            meaning=DECLINED_MEANING,
            shown_seconds=shown_seconds,
            seen_seconds=seen,
            understood={},
            signed_at=at,
        )
    )


def record_try(
    scope: Scope, *, patient: UUID, text: Consent, answers: Mapping[str, int], key: UUID, at: datetime
) -> Try | None:
    """Record answers that did not show understanding of `text`; nothing where none was wrong: a question that was left
    out is only asked again. The same answers sent again with the page's `key` are the same try.
    """
    found = understanding(text, answers)
    if not found.wrong:
        return None
    sent = ",".join(f"{check.id}={answers.get(check.id)}" for check in text.checks)
    own = key_from(str(key), text.fingerprint, sent)
    known = Try.objects.filter(site=scope.site, key=own).first()
    return known or record_one(
        Try(
            site=scope.site,
            key=own,
            patient_key=patient,
            consent=text.kind,
            definition=text.id,
            version=text.version,
            fingerprint=text.fingerprint,
            language=text.language,
            answers=dict(answers),
            wrong=[check.id for check in found.wrong],
            tried_at=at,
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
    """Take a consent back from `at` on. A reason may be given and never must be. What was signed stays; to agree again
    is a new signature. Raises NothingToWithdraw.
    """
    state = consents_of(scope, patient, at=at).get(consent) or ConsentState(consent, State.NEVER_ASKED)
    again = state.state is State.WITHDRAWN and Withdrawal.objects.filter(site=scope.site, key=key).exists()
    if state.state not in WITHDRAWABLE and not again:
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


def note_renewals(*, at: datetime) -> None:
    """Write down since when the definitions ask for new signatures, for what reads the database only. Call it before a
    freeze; what is written already stays.
    """
    Renewal.objects.bulk_create(
        [Renewal(definition=name, version=text.version, since=at) for name, text in sorted(renewals().items())],
        ignore_conflicts=True,
    )


def _text_shown(consent: str, shown: str | None, language: str | None) -> Consent:
    text = text_of(consent, language)
    if shown is not None and shown != text.fingerprint:
        raise TextChanged(
            _("The text has changed since this page was opened. Please read the new one before you answer.")
        )
    return text


def _demand_signature(name: str, drawing: str) -> None:
    if not name.strip():
        raise NoName(_("Type your name: it is your signature."))
    if drawing and not is_a_drawing(strokes_of(drawing) or ()):
        raise NoName(_("There is no signature in the field yet: draw it, or type your name instead."))


def _demand_own_name(scope: Scope, patient: UUID, name: str, *, at: datetime) -> None:
    own = person(scope, patient, at=at).full_name
    if not is_own_name(name, own):
        words = _("This is not the name that the clinic has for you: %(name)s. If that is wrong, tell the team.")
        raise NotOwnName(words % {"name": own})


def _demand_understood(text: Consent, understood: Mapping[str, int]) -> None:
    answer = understanding(text, understood)
    if answer.truth is not Truth.MET:
        raise NotUnderstood(answer.wrong, answer.unanswered)


def _text_beside(scope: Scope, state: ConsentState, shown: str | None, *, signer: str) -> Consent:
    """Return the text that the patient signed, word for word: a clinician signs beside it and nothing else, also
    where a newer version has come since that does not ask the patient again.
    """
    if signer not in SIGNERS or scope.actor is None:
        raise NothingToSign("A signature is the patient's or a named clinician's.")
    if state.state not in SIGNABLE_BESIDE:
        raise NothingToSign("The patient has not signed this text, so there is nothing to sign beside it.")
    if shown is not None and shown != state.fingerprint:
        raise TextChanged("The patient has signed another text since this page was opened. Please read that one.")
    return shown_text(state.definition, state.version or 0, fingerprint=state.fingerprint, language=state.language)


def _has_signed_beside(scope: Scope, patient: UUID, state: ConsentState) -> bool:
    return (
        standing(Signature)
        .filter(site=scope.site, patient_key=patient, consent=state.consent, fingerprint=state.fingerprint)
        .filter(signed_by=scope.actor, signed_at__gte=state.answered_at)
        .exists()
    )


def _signature(
    scope: Scope, key: UUID, patient: UUID, text: Consent, *, signer: str, name: str, **more: object
) -> Signature:
    return Signature(
        site=scope.site,
        key=key,
        patient_key=patient,
        consent=text.kind,
        definition=text.id,
        version=text.version,
        fingerprint=text.fingerprint,
        language=text.language,
        signer=signer,
        needs=list(text.signed_by),
        name=seal_text(scope, patient, name.strip(), fact=key),
        signed_by=scope.actor if signer == "clinician" else None,
        **more,
    )
