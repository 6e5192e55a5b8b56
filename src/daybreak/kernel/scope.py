"""The scope of a piece of work: which site, who, why. Row-level security reads it from the connection."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Scope:
    """One site, one actor, one purpose; `patient` narrows it to a single person (a visit by link)."""

    site: str
    actor: UUID | None
    purpose: str
    patient: UUID | None = None


NOWHERE = Scope(site="", actor=None, purpose="")
_current: ContextVar[Scope] = ContextVar("scope", default=NOWHERE)


def current_scope() -> Scope:
    """Return the scope in force; outside `scoped` it is NOWHERE, for which the database shows no row."""
    return _current.get()


@contextmanager
def scoped(scope: Scope) -> Iterator[Scope]:
    """Hold `scope` in force for the block, on this thread or task."""
    token = _current.set(scope)
    try:
        yield scope
    finally:
        _current.reset(token)
