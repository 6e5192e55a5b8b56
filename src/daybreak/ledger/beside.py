"""A connection of one's own, beside those that Django keeps: to listen, or for a library that brings its own."""

from typing import Any

from django.db import connections


def address_beside() -> dict[str, Any]:
    """Return what a connection to the application's database is opened with, in the application's role."""
    given = connections["default"].get_connection_params()
    return {name: value for name, value in given.items() if name not in ("cursor_factory", "context")}
