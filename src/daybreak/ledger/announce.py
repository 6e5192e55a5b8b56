"""Events: a queued job in the transaction of its fact, so that the job exists if and only if the fact does."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app

Courier = Callable[..., None]


def _queue(event: str, *, site: str, key: UUID, at: datetime) -> None:
    app.configure_task("event", queue="events", allow_unknown=True).defer(
        event=event, site=site, key=str(key), at=at.isoformat()
    )


_courier: ContextVar[Courier] = ContextVar("courier", default=_queue)


def announce(event: str, *, site: str, key: UUID, at: datetime) -> None:
    """Queue `event` about the fact `key`; who listens stands in one table in config. Call it inside the fact's
    transaction.
    """
    _courier.get()(event, site=site, key=key, at=at)


@contextmanager
def carried_by(courier: Courier) -> Iterator[None]:
    """Hand the events of the block to `courier` instead of the queue: for a history that is written with a clock of
    its own.
    """
    token = _courier.set(courier)
    try:
        yield
    finally:
        _courier.reset(token)
