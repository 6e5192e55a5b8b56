"""The root of every named no."""


class Refusal(Exception):
    """A request that is declined for a reason a person can act on; `str()` is that sentence.

    Rooms define subclasses beside the function that raises them. The edge shows the sentence and keeps what was typed.
    """
