"""Whether a consent is in force, and whether a signature is somebody's own. Facts in, answer and reason out."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

WIDTH, HEIGHT = 600, 200
FEWEST_POINTS, SHORTEST_LINE = 6, 60


class State(StrEnum):
    """Where a consent stands. Only CURRENT is a yes."""

    NEVER_ASKED = "never asked"
    DECLINED = "declined"
    WAITS = "waits for a signature"
    CURRENT = "current"
    OUTDATED = "a newer text needs a new signature"
    WITHDRAWN = "withdrawn"


# From where a consent can be taken back, where a patient is asked (again), and where a clinician may sign beside.
WITHDRAWABLE = frozenset({State.CURRENT, State.WAITS, State.OUTDATED})
ASKABLE = frozenset({State.NEVER_ASKED, State.OUTDATED, State.DECLINED, State.WITHDRAWN})
SIGNABLE_BESIDE = frozenset({State.WAITS, State.CURRENT})


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
    missing. `renewed_by` is the version that asks for a new signature.
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
    renewed_by: int | None = None

    @property
    def current(self) -> bool | None:
        """Whether it is in force: yes, no, or None where nobody has asked the patient."""
        return None if self.state is State.NEVER_ASKED else self.state is State.CURRENT


def state_of(
    consent: str,
    *,
    signed: Iterable[Signed],
    withdrawn: Sequence[datetime],
    renewed_from: Mapping[str, int],
    at: datetime,
) -> ConsentState:
    """Return where a consent stands at `at`. The patient's newest answer counts, then any withdrawal since.

    `renewed_from` gives, for a definition, the version from which on a new signature is asked for. A clinician's
    signature counts only on the same text as the patient's, and after it.
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
    newer = renewed_from.get(last.definition, 0)
    state = _state(last, missing=missing, ended=ended, newer=newer)
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
        renewed_by=newer if state is State.OUTDATED else None,
    )


def _state(last: Signed, *, missing: tuple[str, ...], ended: datetime | None, newer: int) -> State:
    if last.answer == "declined":
        return State.DECLINED
    if ended is not None:
        return State.WITHDRAWN
    if last.version < newer:
        return State.OUTDATED
    return State.WAITS if missing else State.CURRENT


def _first(signed: Iterable[Signed], signer: str) -> datetime:
    return min(s.signed_at for s in signed if s.signer == signer)


def is_own_name(typed: str, own: str) -> bool:
    """Return whether the name that was typed is the person's own.

    Case, accents, spaces, hyphens and the order of the words do not matter; every word does.
    """
    return bool(_words(typed)) and _words(typed) == _words(own)


def _words(name: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", name)
    letters = "".join(sign for sign in plain if not unicodedata.combining(sign))
    return sorted(re.findall(r"\w+", letters.casefold()))


Stroke = tuple[tuple[int, int], ...]
Seen = list[tuple[str, int]]


def strokes_of(drawing: str) -> tuple[Stroke, ...] | None:
    """Return the strokes of a drawing, `x,y x,y;x,y …` on a field of 600 by 200, or nothing where it is none."""
    if not re.fullmatch(r"\d{1,3},\d{1,3}(?:[ ;]\d{1,3},\d{1,3})*", drawing):
        return None
    strokes = tuple(
        tuple((int(x), int(y)) for x, _, y in (point.partition(",") for point in stroke.split(" ")))
        for stroke in drawing.split(";")
    )
    inside = all(x <= WIDTH and y <= HEIGHT for stroke in strokes for x, y in stroke)
    return strokes if inside else None


def is_a_drawing(strokes: Sequence[Stroke]) -> bool:
    """Return whether somebody has drawn more than a dot: enough points, and a line of some length."""
    points = sum(len(stroke) for stroke in strokes)
    length = sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for stroke in strokes for a, b in pairwise(stroke))
    return points >= FEWEST_POINTS and length >= SHORTEST_LINE


def seen_seconds(said: Mapping[str, object], *, sections: Sequence[str], at_most: int) -> Seen | None:
    """Return for how many seconds each section stood on the screen, in the text's order, as the page measured it;
    nothing where the page did not measure. No section was seen for longer than the page was open (`at_most`).
    """
    if not said or not all(isinstance(said.get(str(n)), int) for n in range(len(sections))):
        return None
    return [(heading, max(0, min(int(str(said[str(n)])), at_most))) for n, heading in enumerate(sections)]
