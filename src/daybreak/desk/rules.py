"""What is the single next thing to do for a patient? Facts in, answer and reason out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stage:
    """How far a patient has come. `session_state` is the state of the newest session that has not been discharged."""

    referred: bool
    decision: str | None
    treatment_consent: bool | None
    registry_consent: bool | None
    open_course: bool
    session_state: str | None
    needs_help: bool


@dataclass(frozen=True, slots=True)
class NextStep:
    """The step, in words, and the address that does it (a name for the presenter)."""

    words: str
    target: str
    label: str


def next_step(stage: Stage) -> NextStep:
    """Return the next step. A patient who may be in danger comes before everything else."""
    if stage.needs_help:
        return NextStep("An answer asks for a call today.", "follow_up", "Open the task")
    if stage.session_state:
        return NextStep("A session is under way or planned.", "session", "Open the session")
    if not stage.referred:
        return NextStep("Not referred yet.", "screen", "Refer and screen")
    if stage.decision is None:
        return NextStep("Screening is not finished.", "screen", "Continue screening")
    if stage.decision != "accepted":
        return NextStep(f"The decision was: {stage.decision}.", "screen", "See the decision")
    if stage.treatment_consent is None:
        return NextStep("Consent to treatment has not been asked for.", "consent", "Ask for consent")
    if stage.treatment_consent is False:
        return NextStep("Consent to treatment was declined or withdrawn: no session.", "consent", "See the consents")
    if not stage.open_course:
        return NextStep("Ready for a course.", "plan", "Plan a course")
    return NextStep("No session is planned.", "plan", "Plan the next session")


def stage_word(stage: Stage) -> str:
    """Return the word under which a patient stands in lists."""
    if not stage.referred:
        return "Not referred"
    if stage.decision is None:
        return "Screening"
    if stage.decision != "accepted":
        return "Not treated"
    if not stage.treatment_consent:
        return "Consent"
    return "In treatment" if stage.open_course else "Ready"
