"""What may follow what in a session. The state is the last step's; the tables below are the whole of it."""

from collections.abc import Sequence
from enum import StrEnum

from daybreak.kernel.refusal import Refusal


class Step(StrEnum):
    """Something that is done in a session."""

    CHECKED_IN = "checked_in"
    WEIGHED = "weighed"
    READY = "ready"
    TIMED_OUT = "timed_out"
    STARTED = "started"
    PAUSED = "paused"
    RESUMED = "resumed"
    RATE_CHANGED = "rate_changed"
    COMPLETED = "completed"
    STOPPED = "stopped"
    RECOVERY = "recovery"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


class State(StrEnum):
    """Where a session stands."""

    PLANNED = "planned"
    CHECKED_IN = "checked_in"
    WEIGHED = "weighed"
    READY = "ready"
    TIMED_OUT = "timed_out"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED = "stopped"
    RECOVERY = "recovery"
    DISCHARGED = "discharged"
    CANCELLED = "cancelled"


class NotNow(Refusal):
    """A step that cannot be taken from where the session stands."""


LEADS_TO: dict[Step, State] = {
    Step.CHECKED_IN: State.CHECKED_IN,
    Step.WEIGHED: State.WEIGHED,
    Step.READY: State.READY,
    Step.TIMED_OUT: State.TIMED_OUT,
    Step.STARTED: State.RUNNING,
    Step.PAUSED: State.PAUSED,
    Step.RESUMED: State.RUNNING,
    Step.RATE_CHANGED: State.RUNNING,
    Step.COMPLETED: State.COMPLETED,
    Step.STOPPED: State.STOPPED,
    Step.RECOVERY: State.RECOVERY,
    Step.DISCHARGED: State.DISCHARGED,
    Step.CANCELLED: State.CANCELLED,
}

# A new weight gives a new dose, so readiness and the time-out are asked again. A time-out may be repeated when it
# grew old.
ALLOWED: dict[State, frozenset[Step]] = {
    State.PLANNED: frozenset({Step.CHECKED_IN, Step.CANCELLED}),
    State.CHECKED_IN: frozenset({Step.WEIGHED, Step.CANCELLED}),
    State.WEIGHED: frozenset({Step.WEIGHED, Step.READY, Step.CANCELLED}),
    State.READY: frozenset({Step.WEIGHED, Step.READY, Step.TIMED_OUT, Step.CANCELLED}),
    State.TIMED_OUT: frozenset({Step.WEIGHED, Step.READY, Step.TIMED_OUT, Step.STARTED, Step.CANCELLED}),
    State.RUNNING: frozenset({Step.PAUSED, Step.RATE_CHANGED, Step.COMPLETED, Step.STOPPED}),
    State.PAUSED: frozenset({Step.RESUMED, Step.STOPPED}),
    State.COMPLETED: frozenset({Step.RECOVERY}),
    State.STOPPED: frozenset({Step.RECOVERY}),
    State.RECOVERY: frozenset({Step.DISCHARGED}),
    State.DISCHARGED: frozenset(),
    State.CANCELLED: frozenset(),
}

BEFORE_START = frozenset({State.PLANNED, State.CHECKED_IN, State.WEIGHED, State.READY, State.TIMED_OUT})
INFUSING = frozenset({State.RUNNING, State.PAUSED})
AFTER_DOSE = frozenset({State.COMPLETED, State.STOPPED, State.RECOVERY})
OVER = frozenset({State.DISCHARGED, State.CANCELLED})

REASONS: dict[Step, tuple[str, ...]] = {
    Step.PAUSED: (
        "blood_pressure",
        "oxygen_saturation",
        "sedation",
        "distress",
        "nausea",
        "patient_asked",
        "line",
        "other",
    ),
    Step.RESUMED: ("settled", "clinician_decided", "other"),
    Step.RATE_CHANGED: ("blood_pressure", "sedation", "distress", "clinician_decided", "other"),
    Step.STOPPED: (
        "blood_pressure",
        "oxygen_saturation",
        "sedation",
        "distress",
        "patient_asked",
        "line",
        "emergency",
        "other",
    ),
    Step.CANCELLED: (
        "not_fit_today",
        "did_not_come",
        "patient_declined",
        "planned_anew",
        "no_staff",
        "other",
    ),
}

# Why a session that nobody has begun is put to another time or chair.
MOVED_BECAUSE = ("patient_asked", "not_fit_today", "no_staff", "chair_needed", "protocol", "other")


def state_after(steps: Sequence[str]) -> State:
    """Return where a session stands after `steps` in their order; without any it is planned."""
    return LEADS_TO[Step(steps[-1])] if steps else State.PLANNED


def check_allowed(state: State, step: Step, *, reason: str = "") -> None:
    """Raise NotNow when `step` cannot be taken from `state`, or lacks one of the reasons that it needs."""
    if step not in ALLOWED[state]:
        raise NotNow(f"The session is {in_words(state)}, so it cannot be {in_words(step)} now.")
    if step in REASONS and reason not in REASONS[step]:
        raise NotNow(f"Say why: {', '.join(in_words(each) for each in REASONS[step])}.")


def in_words(word: str) -> str:
    """Return a step, a state or a reason as it is read."""
    return word.replace("_", " ")
