"""Whether a consent is in force. Facts in, answer and reason out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    """Where a consent stands. Only CURRENT is a yes."""

    NEVER_ASKED = "never asked"
    DECLINED = "declined"
    WAITS = "waits for a signature"
    CURRENT = "current"
    OUTDATED = "a newer text needs a new signature"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as the rule sees it; `needs` lists whose signatures the text asks for."""

    signer: str
    answer: str
    definition: str
    version: int
    fingerprint: str
    language: str
    needs: tuple[str, ...]
    signed_at: datetime


@dataclass(frozen=True, slots=True)
class ConsentState:
    """Where one consent of one patient stands, since when, on which text, and whose signature is still
    missing.
    """

    consent: str
    state: State
    definition: str = ""
    version: int | None = None
    fingerprint: str = ""
    language: str = ""
    answered_at: datetime | None = None
    granted_at: datetime | None = None
    withdrawn_at: datetime | None = None
    waits_for: tuple[str, ...] = ()

    @property
    def current(self) -> bool | None:
        """Whether it is in force: yes, no, or None where nobody has asked the patient."""
        return None if self.state is State.NEVER_ASKED else self.state is State.CURRENT


def state_of(
    consent: str,
    *,
    signed: Iterable[Signed],
    withdrawn: Sequence[datetime],
    renewed_from: int | None,
    at: datetime,
) -> ConsentState:
    """Return where a consent stands at `at`. The patient's newest answer counts, then any withdrawal since.

    `renewed_from` is the version from which on a new signature is asked for, or None. A clinician's signature
    counts only on the same text as the patient's, and after it.
    """
    known = sorted((s for s in signed if s.signed_at <= at), key=lambda s: s.signed_at)
    answers = [s for s in known if s.signer == "patient"]
    if not answers:
        return ConsentState(consent, State.NEVER_ASKED)
    last = answers[-1]
    after = [
        s for s in known if s.fingerprint == last.fingerprint and s.signed_at >= last.signed_at and s.answer == "agreed"
    ]
    missing = tuple(who for who in last.needs if who not in {s.signer for s in after})
    ended = max((moment for moment in withdrawn if last.signed_at <= moment <= at), default=None)
    state = _state(last, missing=missing, ended=ended, renewed_from=renewed_from)
    granted = None if missing or last.answer == "declined" else max(_first(after, who) for who in last.needs)
    return ConsentState(
        consent=consent,
        state=state,
        definition=last.definition,
        version=last.version,
        fingerprint=last.fingerprint,
        language=last.language,
        answered_at=last.signed_at,
        granted_at=granted,
        withdrawn_at=ended,
        waits_for=missing if state is State.WAITS else (),
    )


def _state(last: Signed, *, missing: tuple[str, ...], ended: datetime | None, renewed_from: int | None) -> State:
    if last.answer == "declined":
        return State.DECLINED
    if ended is not None:
        return State.WITHDRAWN
    if renewed_from is not None and last.version < renewed_from:
        return State.OUTDATED
    return State.WAITS if missing else State.CURRENT


def _first(signed: Iterable[Signed], signer: str) -> datetime:
    return min(s.signed_at for s in signed if s.signer == signer)
