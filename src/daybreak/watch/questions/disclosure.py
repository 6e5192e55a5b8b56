"""Which answers somebody of a site may see with their numbers. Pure; the policy itself is the register's."""

from daybreak.register.public import may_be_shown
from daybreak.watch.questions.results import Answer


def numbers_may_be_shown(answer: Answer, own: str | None) -> bool:
    """Return whether someone of the site `own` (None: the coordinating centre) may see an answer's numbers: no count of
    them may be small, nor what is left of it without the people of the own site.
    """
    found = answer.comparison or answer.lasting
    if own is None or found is None:
        return True
    places = list(found.places.values())
    whole = [sum(each) for each in zip(*places, strict=True)]
    mine = found.places.get(own, (0,) * len(whole))
    return bool(whole) and may_be_shown(whole, mine)


def curve_may_be_shown(answer: Answer, own: str | None) -> bool:
    """Return whether someone of the site `own` may see a curve: each step shows how many lost it that day."""
    if own is None:
        return True
    found = answer.lasting
    if found is None or found.curve is None or not numbers_may_be_shown(answer, own):
        return False
    at_risk = [*found.curve.at_risk, 0]
    left = [
        int(before - after - lost)
        for before, after, lost in zip(at_risk, at_risk[1:], found.curve.events, strict=False)
    ]
    return may_be_shown([*(int(lost) for lost in found.curve.events), *left])
