"""What happens after what. An event is a queued job in the transaction of its fact; this table says who listens.

Listeners are idempotent: an event may be delivered more than once (at least once is what a queue can promise).
"""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from daybreak.follow_up.jobs import (
    on_answers_recorded,
    on_death_recorded,
    on_serious_event,
    on_session_cancelled,
    on_session_discharged,
    on_session_planned,
    on_total_recorded,
)

LISTENERS: dict[str, tuple[Callable[..., None], ...]] = {
    "answers recorded": (on_answers_recorded,),
    "total recorded": (on_total_recorded,),
    "session planned": (on_session_planned,),
    "session cancelled": (on_session_cancelled,),
    "session discharged": (on_session_discharged,),
    "serious event recorded": (on_serious_event,),
    "death recorded": (on_death_recorded,),
}


def deliver(event: str, *, site: str, key: UUID, at: datetime) -> None:
    """Call every listener of the event; an event that nobody listens to is a mistake and raises KeyError."""
    for listener in LISTENERS[event]:
        listener(site=site, key=key, at=at)


@app.task(name="event", queue="events", retry=RetryStrategy(max_attempts=20, exponential_wait=2))
def event(event: str, site: str, key: str, at: str) -> None:
    """Deliver an event that was queued."""
    deliver(event, site=site, key=UUID(key), at=datetime.fromisoformat(at))
