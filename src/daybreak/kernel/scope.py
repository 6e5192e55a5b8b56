"""The scope of a piece of work: which site, who, why. Row-level security reads it from the connection."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TypeVar, cast
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
_kept: ContextVar[dict[Hashable, object] | None] = ContextVar("kept", default=None)
Found = TypeVar("Found")


def current_scope() -> Scope:
    """Return the scope in force; outside `scoped` it is NOWHERE, for which the database shows no row."""
    return _current.get()


@contextmanager
def scoped(scope: Scope) -> Iterator[Scope]:
    """Hold `scope` in force for the block, on this thread or task."""
    token, kept = _current.set(scope), _kept.set({})
    try:
        yield scope
    finally:
        _kept.reset(kept)
        _current.reset(token)


def once_in_scope(name: Hashable, find: Callable[[], Found | None]) -> Found | None:
    """Return what `find` found first under this name while the scope is in force: for what never changes once it is
    there. Nothing is looked for again, and outside `scoped` everything is.
    """
    kept = _kept.get()
    if kept is None:
        return find()
    found = cast("Found | None", kept.get(name)) or find()
    kept[name] = found
    return found
