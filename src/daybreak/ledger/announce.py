"""Events: a queued job in the transaction of its fact, so that the job exists if and only if the fact does."""

from datetime import datetime
from uuid import UUID

from procrastinate.contrib.django import app


def announce(event: str, *, site: str, key: UUID, at: datetime) -> None:
    """Queue `event` about the fact `key`; who listens stands in one table in config. Call it inside the fact's transaction."""
    app.configure_task("event", queue="events", allow_unknown=True).defer(
        event=event, site=site, key=str(key), at=at.isoformat()
    )
