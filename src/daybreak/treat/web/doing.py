"""The row of large buttons: what may be done now, from the table of steps, each with its second touch."""

from dataclasses import dataclass

from django.forms import Form
from django.utils.translation import gettext_lazy

from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import REASONS, Step, offered
from daybreak.treat.web.forms import Rate, Reasoned


@dataclass(frozen=True, slots=True)
class Face:
    """How a step looks as a button: its word in addresses, its words, icon and kind."""

    word: str
    words: str
    icon: str = "arrow"
    kind: str = "secondary"


# In the order in which they stand. What only some ways of giving offer is drawn with its own form (see `parts`).
FACES: dict[Step, Face] = {
    Step.PAUSED: Face("pause", gettext_lazy("Pause"), "pause", "primary"),
    Step.RESUMED: Face("resume", gettext_lazy("Resume"), "play", "primary"),
    Step.RATE_CHANGED: Face("rate", gettext_lazy("Change the rate"), "edit"),
    Step.STOPPED: Face("stop", gettext_lazy("Stop for good"), "stop", "danger"),
    Step.COMPLETED: Face("complete", gettext_lazy("Complete"), "check"),
    Step.RECOVERY: Face("recovery", gettext_lazy("Begin recovery"), "arrow", "primary"),
}


@dataclass(frozen=True, slots=True)
class Doable:
    """A step that may be taken now. With a `form` the first touch opens it and the second takes the step."""

    face: Face
    form: Form | None


def doable(now: SessionNow) -> list[Doable]:
    """Return what may be done in the session now, in the order of the buttons."""
    may = offered(now.state, now.manner)
    return [Doable(face, _form(step, face)) for step, face in FACES.items() if step in may]


def _form(step: Step, face: Face) -> Form | None:
    if step not in REASONS:
        return None
    kind = Rate if step is Step.RATE_CHANGED else Reasoned
    return kind(step, auto_id=f"id_{face.word}_%s")
