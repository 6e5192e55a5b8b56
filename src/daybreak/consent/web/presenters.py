"""Consents as words on a page."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from daybreak.consent.queries import SignatureEntry
from daybreak.consent.rules import ConsentState, State
from daybreak.rulebook.public import Consent

BADGES = {
    State.NEVER_ASKED: "attention",
    State.DECLINED: "special",
    State.WAITS: "attention",
    State.CURRENT: "good",
    State.OUTDATED: "attention",
    State.WITHDRAWN: "special",
}


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """One consent as it is read, with what may be done about it."""

    kind: str
    title: str
    word: str
    badge: str
    sentence: str
    state: ConsentState
    signatures: list[SignatureEntry]
    asks_patient: bool
    asks_clinician: bool
    may_be_withdrawn: bool


def entry_of(text: Consent, state: ConsentState, signatures: list[SignatureEntry]) -> ConsentWords:
    """Return one consent of a patient as it is read."""
    return ConsentWords(
        kind=text.purpose,
        title=text.title,
        word=_word(state),
        badge=BADGES[state.state],
        sentence=_sentence(state),
        state=state,
        signatures=signatures,
        asks_patient=state.state in (State.NEVER_ASKED, State.OUTDATED, State.DECLINED, State.WITHDRAWN),
        asks_clinician=state.state is State.WAITS and "clinician" in state.waits_for,
        may_be_withdrawn=state.state in (State.CURRENT, State.WAITS, State.OUTDATED),
    )


def _word(state: ConsentState) -> str:
    return {
        State.NEVER_ASKED: _("Not asked yet"),
        State.DECLINED: _("Declined"),
        State.WAITS: _("Waits for a clinician"),
        State.CURRENT: _("In force"),
        State.OUTDATED: _("Needs a new signature"),
        State.WITHDRAWN: _("Withdrawn"),
    }[state.state]


def _sentence(state: ConsentState) -> str:
    return {
        State.NEVER_ASKED: _("The patient has not been asked. Not asked is not a no, and it is not a yes."),
        State.DECLINED: _("The patient said no. You may ask again when the patient wishes."),
        State.WAITS: _("The patient has signed. A clinician signs beside it before it counts."),
        State.CURRENT: _("Everyone who must sign has signed this text."),
        State.OUTDATED: _("The text has changed since the patient signed, and the new one asks for a new signature."),
        State.WITHDRAWN: _("The consent was taken back. Everything that was signed before is kept."),
    }[state.state]
