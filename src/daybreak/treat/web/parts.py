"""What only some ways of giving offer at the chair: the next device, a raised rate, another syringe."""

from datetime import datetime

from daybreak.kernel.scope import Scope
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import PUMPED, REASONS_OF_PART, places
from daybreak.treat.rules.steps import State, Step, offered
from daybreak.treat.web.doses import climb, next_given, syringe_words
from daybreak.treat.web.forms import GivePart, NewSyringe, spoken
from daybreak.treat.web.frame import zone_of


def parts_of(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what the chair page shows for this way of giving."""
    zone, where = zone_of(scope), places(now.manner)
    raising, waits = climb(now, at=at, zone=zone)
    return {
        "pumped": now.manner in PUMPED,
        "next_given": next_given(now, at=at, zone=zone, places=where),
        "places": spoken(where),
        "reasons_of_part": spoken(REASONS_OF_PART),
        "raising": raising,
        "raising_waits": waits,
        "syringe": syringe_words(now, at=at) if Step.SYRINGE_CHANGED in offered(now.state, now.manner) else "",
        "give_form": GivePart(),
        "syringe_form": NewSyringe(),
        "may_start_again": now.state is State.PAUSED,
    }


def turn_of(now: SessionNow, at: datetime) -> str:
    """Return what is another as soon as the page has something else to offer: a step was taken, wherever, or the next
    part may now be given.
    """
    part, (_words, waits) = now.next_part_at(at), climb(now, at=at, zone="UTC")
    return f"{len(now.steps)} {part is not None and part.is_offered(at)} {not waits}"
