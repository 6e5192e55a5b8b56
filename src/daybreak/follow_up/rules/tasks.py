"""How soon somebody takes a task, and who is asked when nobody does."""

from datetime import datetime, timedelta

from daybreak.rulebook.public import Safety, asked_by


def take_by(safety: Safety, priority: str, raised_at: datetime) -> datetime:
    """Return the moment before which somebody takes a task of this priority."""
    return raised_at + timedelta(minutes=safety.passes_on(priority).every_minutes)


def roles_asked(safety: Safety, priority: str, *, raised_at: datetime, at: datetime) -> tuple[str, ...]:
    """Return the roles that have been asked by `at` to take a task that nobody took: the first from the start."""
    return asked_by(safety.passes_on(priority), (at - raised_at).total_seconds() / 60)
