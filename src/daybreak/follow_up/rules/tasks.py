"""How soon somebody takes a task."""

from datetime import datetime, timedelta

TAKE_WITHIN = {"high": timedelta(minutes=30), "medium": timedelta(hours=8), "low": timedelta(days=3)}


def take_by(priority: str, raised_at: datetime) -> datetime:
    """Return the moment before which somebody takes a task of this priority."""
    return raised_at + TAKE_WITHIN[priority]
