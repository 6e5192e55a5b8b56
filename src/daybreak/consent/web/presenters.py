"""Consents as words on a page."""

from base64 import b64encode
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.consent.queries import SignatureEntry, TryEntry, WithdrawalEntry
from daybreak.consent.rules import ASKABLE, HEIGHT, WIDTH, WITHDRAWABLE, ConsentState, State, strokes_of
from daybreak.consent.texts import kinds, question_of, renewals, text_of, title_of
from daybreak.design.public import moment

BADGES = {
    State.NEVER_ASKED: "attention",
    State.DECLINED: "special",
    State.WAITS: "attention",
    State.CURRENT: "good",
    State.OUTDATED: "attention",
    State.WITHDRAWN: "special",
}
INK = "#14213a"


@dataclass(frozen=True, slots=True)
class SignatureLine:
    """One signature as it is read; `drawing` is an image address, or nothing."""

    key: UUID
    name: str
    who: str
    when: str
    meaning: str
    details: tuple[str, ...]
    drawing: str
    is_patient: bool


@dataclass(frozen=True, slots=True)
class ConsentWords:
    """One consent as it is read, with what may be done about it."""

    kind: str
    title: str
    word: str
    badge: str
    sentence: str
    notes: tuple[str, ...]
    state: ConsentState
    signatures: list[SignatureLine]
    withdrawals: list[WithdrawalEntry]
    signed: UUID | None
    asks_patient: bool
    asks_clinician: bool
    may_be_withdrawn: bool


def entry_of(
    state: ConsentState,
    *,
    signatures: Sequence[SignatureEntry],
    tries: Sequence[TryEntry],
    withdrawals: Sequence[WithdrawalEntry],
    in_force: bool,
    zone: str,
) -> ConsentWords:
    """Return one consent of a patient as it is read; `in_force`: whether there is a text for it today."""
    kind = state.consent
    lines = signature_lines([each for each in signatures if each.consent == kind], zone)
    return ConsentWords(
        kind=kind,
        title=title_of(kind),
        word=_word(state),
        badge=BADGES[state.state],
        sentence=_sentence(state),
        notes=tuple(note for note in (_version_note(state), _tries_note(kind, tries), _text_note(in_force)) if note),
        state=state,
        signatures=lines,
        withdrawals=[each for each in withdrawals if each.consent == kind],
        signed=next((line.key for line in lines if line.is_patient), None),
        asks_patient=in_force and state.state in ASKABLE,
        asks_clinician=state.state is State.WAITS and "clinician" in state.waits_for,
        may_be_withdrawn=state.state in WITHDRAWABLE,
    )


def offered(states: Mapping[str, ConsentState], treatment: str) -> list[str]:
    """Return the texts to ask for unless staff choose otherwise: what the `treatment` of the patient and the register
    need, and what must be signed anew. Nobody is asked again by default for what they refused or took back.
    """
    open_kinds = [kind for kind in kinds() if states[kind].state in ASKABLE]
    needed = [kind for kind in (treatment, "registry") if kind in states]
    by_default = {kind for kind in needed if states[kind].state is State.NEVER_ASKED}
    wanted = [kind for kind in open_kinds if kind in by_default or states[kind].state is State.OUTDATED]
    return wanted or open_kinds[:1]


def signature_lines(signatures: Sequence[SignatureEntry], zone: str) -> list[SignatureLine]:
    """Return signatures as they are read."""
    return [
        SignatureLine(
            key=each.key,
            name=each.name or _("(no name given)"),
            who=signer_word(each),
            when=moment(each.signed_at, zone, year=True),
            meaning=each.meaning,
            details=(
                _("Version %(version)s, %(language)s, text %(fingerprint)s")
                % {"version": each.version, "language": each.language, "fingerprint": each.fingerprint[:12]},
                way_words(each),
                *seen_words(each),
            ),
            drawing=_image(each.drawing),
            is_patient=each.signer == "patient",
        )
        for each in signatures
    ]


def signer_word(entry: SignatureEntry) -> str:
    """Return whose signature it is."""
    return _("the patient") if entry.signer == "patient" else _("the clinician")


def way_words(entry: SignatureEntry) -> str:
    """Return how somebody signed, and how they proved who they are."""
    if entry.answer == "declined":
        return _("Said no on the device that staff handed over.")
    if entry.signer == "patient":
        drawn = _("Signed by drawing on the screen, on the device that staff handed over.")
        typed = _("Signed by typing the name, on the device that staff handed over.")
        return drawn if entry.way == "drawn" else typed
    password = _("Signed in their own session, with their password.")
    return password if entry.proof == "password" else _("Signed in their own session.")


def seen_words(entry: SignatureEntry) -> tuple[str, ...]:
    """Return for how long the text was open, and each part of it on the screen."""
    whole = _("The page was open for %(n)s.") % {"n": duration(entry.shown_seconds)}
    if entry.signer != "patient":
        return (whole,)
    if entry.seen_seconds is None:
        return (whole, _("How long each part was on the screen was not measured."))
    parts = "; ".join(f"{heading}: {duration(seconds)}" for heading, seconds in entry.seen_seconds)
    return (whole, _("On the screen: %(parts)s.") % {"parts": parts})


def duration(seconds: int) -> str:
    """Return a number of seconds as minutes and seconds."""
    minutes, left = divmod(seconds, 60)
    return f"{minutes} min {left} s" if minutes else f"{left} s"


def svg_of(drawing: str) -> str:
    """Return the strokes of a signature as a picture; an empty text where there are none."""
    strokes = strokes_of(drawing) if drawing else None
    if not strokes:
        return ""
    lines = "".join(f'<polyline points="{" ".join(f"{x},{y}" for x, y in stroke)}"/>' for stroke in strokes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'fill="none" stroke="{INK}" stroke-width="4" stroke-linecap="round" stroke-linejoin="round">{lines}</svg>'
    )


def _image(drawing: str) -> str:
    svg = svg_of(drawing)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}" if svg else ""


def _version_note(state: ConsentState) -> str:
    if state.version is None or state.consent not in kinds():
        return ""
    newest = text_of(state.consent).version
    if state.state is State.OUTDATED:
        return _("Signed: version %(signed)s. Version %(asked)s asks for a new signature. %(why)s") % {
            "signed": state.version, "asked": state.renewed_by, "why": renewals()[state.definition].why_again,
        }  # fmt: skip
    if state.state in WITHDRAWABLE and newest > state.version:
        return _("Signed: version %(signed)s. Version %(newest)s is in use now; nobody has to sign again for it.") % {
            "signed": state.version, "newest": newest,
        }  # fmt: skip
    return ""


def _tries_note(kind: str, tries: Sequence[TryEntry]) -> str:
    own = [each for each in tries if each.consent == kind]
    if not own:
        return ""
    return _("Questions that needed another look before: %(listed)s") % {"listed": questions_looked_at_again(own)}


def questions_looked_at_again(tries: Sequence[TryEntry]) -> str:
    """Return the questions that were answered wrong, in their own words, each with how often."""
    counted = Counter(question_of(each.definition, each.version, check) for each in tries for check in each.wrong)
    return " ".join(f"{question} ({n})" for question, n in counted.most_common())


def _text_note(in_force: bool) -> str:
    return "" if in_force else _("Its text is not in use any more, so nobody is asked to sign it.")


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
