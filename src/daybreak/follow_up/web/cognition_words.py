"""The tasks of cognition in words."""

from django.utils.translation import gettext as _

from daybreak.design.public import number
from daybreak.follow_up.queries.cognition import Measured
from daybreak.follow_up.rules.cognition import CHOICE, RECALL, SIMPLE, SYMBOLS

SHAPES = ("○", "△", "□", "✕", "◇", "☆", "⊕", "∿", "≡")


def title(task: str) -> str:
    """Return what a task is called."""
    return {
        SIMPLE: _("Simple reaction time"),
        CHOICE: _("Choice reaction time"),
        SYMBOLS: _("Digits for symbols"),
        RECALL: _("Delayed recall"),
    }[task]


def result(task: str, each: Measured) -> str:
    """Return what a run measured, with how sure it is."""
    if each.time is None:
        if task == SYMBOLS:
            return _("%(right)s right of %(of)s") % {"right": each.right, "of": each.of}
        return _("%(right)s of %(of)s words") % {"right": each.right, "of": each.of}
    told = each.time
    left = _("%(guesses)s too early, %(lapses)s too late, %(wrong)s wrong") % {
        "guesses": told.guesses,
        "lapses": told.lapses,
        "wrong": told.wrong,
    }
    if told.median_ms is None:
        return _("not known: %(n)s right answers are too few (%(left)s)") % {"n": told.counted, "left": left}
    return _("median %(median)s ms (95 %% interval %(low)s to %(high)s; %(n)s answers; %(left)s)") % {
        "median": number(told.median_ms, 0),
        "low": number(told.low_ms, 0),
        "high": number(told.high_ms, 0),
        "n": told.counted,
        "left": left,
    }


def to_learn() -> list[str]:
    """Return the words of which some are drawn each time: plain, short, none of them about illness. Nobody is asked for
    the same list again, or it would be known by heart.
    """
    return [
        _("bridge"), _("lemon"), _("window"), _("river"), _("basket"), _("garden"), _("pencil"), _("island"),
        _("ladder"), _("apple"), _("candle"), _("mountain"), _("button"), _("kitchen"), _("feather"), _("harbour"),
        _("table"), _("cloud"), _("guitar"), _("forest"), _("letter"), _("spoon"), _("castle"), _("train"),
    ]  # fmt: skip


def unreadable() -> str:
    """Return what is said where the device's message cannot be read."""
    return _("What came from the device cannot be read. Nothing was kept: do the tasks again.")


def said_by_the_page() -> dict[str, str]:
    """Return what the script says to the patient."""
    return {
        "learn": _("Remember these words. You will be asked for them at the end."),
        "simple": _("Touch anywhere, or press the space bar, as soon as the circle appears."),
        "choice": _("A circle appears on the left or on the right. Touch that side, or press the arrow key, at once."),
        "symbols": _("Each symbol has a number. Touch the number of the symbol that is shown, as many as you can."),
        "recall": _("Type every word you remember, with a space between them."),
        "practice": _("First a few to practise."),
        "now": _("Now it counts."),
        "go": _("Go on"),
        "early": _("Too early: wait for the circle."),
        "wrong": _("Not that one."),
        "done": _("Thank you. That was all."),
        "words": _("Words"),
    }
