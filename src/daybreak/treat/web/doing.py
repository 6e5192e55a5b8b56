"""The row of large buttons: what may be done now, from the table of steps, each with its second touch."""

from dataclasses import dataclass

from django.forms import Form
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import REASONS, Step, offered
from daybreak.treat.web.forms import Rate, Reasoned, Resume


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
_FORMS: dict[Step, type[Reasoned]] = {Step.RATE_CHANGED: Rate, Step.RESUMED: Resume}


@dataclass(frozen=True, slots=True)
class Doable:
    """A step that may be taken now. With a `form` the first touch opens it and the second takes the step."""

    face: Face
    form: Form | None


def doable(now: SessionNow, refused: Form | None = None) -> list[Doable]:
    """Return what may be done in the session now, in the order of the buttons; a refused form stays as it was typed."""
    may = offered(now.state, now.manner)
    typed = {refused.step: refused} if isinstance(refused, Reasoned) else {}
    return [Doable(face, typed.get(step) or form_for(step)) for step, face in FACES.items() if step in may]


def form_for(step: Step, said: QueryDict | None = None) -> Reasoned | None:
    """Return the form of a step, filled in where something was said; nothing for a step that is taken at once."""
    if step not in REASONS:
        return None
    return _FORMS.get(step, Reasoned)(step, said, auto_id=f"id_{FACES[step].word}_%s")
