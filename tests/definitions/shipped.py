"""The shipped library, loaded once for the tests that read it."""

from functools import cache

from daybreak.rulebook.public import Library, shipped_folder


@cache
def library() -> Library:
    """Return the shipped definitions."""
    return Library.load(shipped_folder())
