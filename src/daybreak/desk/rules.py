"""What is the single next thing to do for a patient? Facts in, answer and reason out."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a patient has come. `session_state` is the state of the session that is planned or under way."""

    referred: bool
    decision: str | None
    treatment_consent: bool | None
    registry_consent: bool | None
    open_course: bool
    died: bool = False
    session_state: str | None = None
    needs_help: bool = False

    def with_now(self, *, session_state: str | None, needs_help: bool) -> "Stage":
        """Return the same stage with what happens now."""
        return replace(self, session_state=session_state, needs_help=needs_help)


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step, in words, and the address that does it (a name for the presenter); both empty where nothing is next."""

    words: str
    target: str
    label: str


NOT_STARTED = frozenset({"planned", "checked_in", "weighed", "dose_chosen", "ready", "timed_out"})
"""The states of a session before its dose."""
STAGES = ("Not referred", "Screening", "Not treated", "Consent", "Ready", "In treatment", "Deceased")
"""The words under which patients stand in lists."""


def next_step(stage: Stage) -> NextStep:
    """Return the first of these that holds. A patient who may be in danger comes before every other who lives."""
    steps = (
        (stage.died and stage.session_state, "This patient has died. A session is still open.", "session", "Open it"),
        (stage.died, "This patient has died. Nothing more is planned.", "", ""),
        (stage.needs_help, "An answer asks for a call today.", "follow_up", "Open the task"),
        (
            stage.session_state in NOT_STARTED and not stage.treatment_consent,
            "A session is planned, but consent to treatment is not in force.",
            "consent",
            "See the consents",
        ),
        (stage.session_state, "A session is under way or planned.", "session", "Open the session"),
        (not stage.referred, "Not referred yet.", "screen", "Refer and screen"),
        (stage.decision is None, "Screening is not finished.", "screen", "Continue screening"),
        (stage.decision != "accepted", f"The decision was: {stage.decision}.", "screen", "See the decision"),
        (stage.treatment_consent is None, "Consent to treatment was not asked for.", "consent", "Ask for consent"),
        (not stage.treatment_consent, "Consent to treatment is not in force.", "consent", "See the consents"),
        (not stage.open_course, "Ready for a course.", "plan", "Plan a course"),
        (True, "No session is planned.", "plan", "Plan the next session"),
    )
    return next(NextStep(words, target, label) for holds, words, target, label in steps if holds)


def stage_word(stage: Stage) -> str:
    """Return the word, one of STAGES, under which a patient stands in lists."""
    if stage.died:
        return "Deceased"
    if not stage.referred:
        return "Not referred"
    if stage.decision is None:
        return "Screening"
    if stage.decision != "accepted":
        return "Not treated"
    if not stage.treatment_consent:
        return "Consent"
    return "In treatment" if stage.open_course else "Ready"
