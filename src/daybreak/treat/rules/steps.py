"""What may follow what in a session. The state is the last step's; the tables below are the whole of it.

Every way of giving a dose uses the same states where they mean the same: `started` is the start of the dose, with the
first device, tablet or injection as much as with a pump. `OF_ONE_MANNER` says which steps belong to some ways only.
"""

from collections.abc import Sequence
from enum import StrEnum

from daybreak.kernel.refusal import Refusal
from daybreak.treat.rules.route import Manner


class Step(StrEnum):
    """Something that is done in a session."""

    CHECKED_IN = "checked_in"
    WEIGHED = "weighed"
    DOSE_CHOSEN = "dose_chosen"
    READY = "ready"
    TIMED_OUT = "timed_out"
    STARTED = "started"
    GIVEN = "given"
    PAUSED = "paused"
    RESUMED = "resumed"
    RATE_CHANGED = "rate_changed"
    RATE_RAISED = "rate_raised"
    SYRINGE_CHANGED = "syringe_changed"
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
    DOSE_CHOSEN = "dose_chosen"
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
    Step.DOSE_CHOSEN: State.DOSE_CHOSEN,
    Step.READY: State.READY,
    Step.TIMED_OUT: State.TIMED_OUT,
    Step.STARTED: State.RUNNING,
    Step.GIVEN: State.RUNNING,
    Step.PAUSED: State.PAUSED,
    Step.RESUMED: State.RUNNING,
    Step.RATE_CHANGED: State.RUNNING,
    Step.RATE_RAISED: State.RUNNING,
    Step.SYRINGE_CHANGED: State.PAUSED,
    Step.COMPLETED: State.COMPLETED,
    Step.STOPPED: State.STOPPED,
    Step.RECOVERY: State.RECOVERY,
    Step.DISCHARGED: State.DISCHARGED,
    Step.CANCELLED: State.CANCELLED,
}

# A new dose, from a new weight or another choice, asks for readiness and the time-out again. A time-out may be repeated
# when it grew old. The pump stands while its syringe is changed.
DOSES = frozenset({Step.WEIGHED, Step.DOSE_CHOSEN})
ALLOWED: dict[State, frozenset[Step]] = {
    State.PLANNED: frozenset({Step.CHECKED_IN, Step.CANCELLED}),
    State.CHECKED_IN: frozenset({*DOSES, Step.CANCELLED}),
    State.WEIGHED: frozenset({*DOSES, Step.READY, Step.CANCELLED}),
    State.DOSE_CHOSEN: frozenset({*DOSES, Step.READY, Step.CANCELLED}),
    State.READY: frozenset({*DOSES, Step.READY, Step.TIMED_OUT, Step.CANCELLED}),
    State.TIMED_OUT: frozenset({*DOSES, Step.READY, Step.TIMED_OUT, Step.STARTED, Step.CANCELLED}),
    State.RUNNING: frozenset(
        {
            Step.GIVEN,
            Step.PAUSED,
            Step.RATE_CHANGED,
            Step.RATE_RAISED,
            Step.SYRINGE_CHANGED,
            Step.COMPLETED,
            Step.STOPPED,
        }
    ),
    State.PAUSED: frozenset({Step.RESUMED, Step.SYRINGE_CHANGED, Step.STOPPED}),
    State.COMPLETED: frozenset({Step.RECOVERY}),
    State.STOPPED: frozenset({Step.RECOVERY}),
    State.RECOVERY: frozenset({Step.DISCHARGED}),
    State.DISCHARGED: frozenset(),
    State.CANCELLED: frozenset(),
}

_PUMPED = frozenset({Manner.INFUSION, Manner.TITRATION})
OF_ONE_MANNER: dict[Step, frozenset[Manner]] = {
    Step.GIVEN: frozenset(Manner) - _PUMPED,
    Step.PAUSED: _PUMPED,
    Step.RESUMED: _PUMPED,
    Step.RATE_CHANGED: _PUMPED,
    Step.RATE_RAISED: frozenset({Manner.TITRATION}),
    Step.SYRINGE_CHANGED: _PUMPED,
}

BEFORE_START = frozenset(
    {State.PLANNED, State.CHECKED_IN, State.WEIGHED, State.DOSE_CHOSEN, State.READY, State.TIMED_OUT}
)
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
    Step.RESUMED: ("settled", "syringe_changed", "clinician_decided", "other"),
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


def offered(state: State, manner: Manner = Manner.INFUSION) -> frozenset[Step]:
    """Return the steps that can be taken from `state` where the dose is given in that manner."""
    return frozenset(step for step in ALLOWED[state] if manner in OF_ONE_MANNER.get(step, frozenset(Manner)))


def check_allowed(state: State, step: Step, *, reason: str = "", manner: Manner = Manner.INFUSION) -> None:
    """Raise NotNow when `step` cannot be taken from `state`, or lacks one of the reasons that it needs."""
    if step not in offered(state, manner):
        raise NotNow(f"The session is {in_words(state)}, so it cannot be {in_words(step)} now.")
    if step in REASONS and reason not in REASONS[step]:
        raise NotNow(f"Say why: {', '.join(in_words(each) for each in REASONS[step])}.")


def in_words(word: str) -> str:
    """Return a step, a state or a reason as it is read."""
    return word.replace("_", " ")
