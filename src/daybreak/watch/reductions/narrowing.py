"""Which rows a figure is about, and when a person's induction ended."""

from collections.abc import Mapping

import ibis.expr.types as ir

MINUTES_A_DAY = 1440
Tables = Mapping[str, ir.Table]


def of_site(tables: Tables, site: str | None) -> dict[str, ir.Table]:
    """Return the tables narrowed to one site, or as they are for all sites."""
    return {name: table.filter(table.site == site) if site else table for name, table in tables.items()}


def started(tables: Tables) -> ir.Table:
    """Return the sessions whose infusion was started."""
    session = tables["session"]
    return session.filter(session.minute.notnull())


def inductions(tables: Tables, *, within_days: int) -> ir.Table:
    """Return for each treated person how many sessions the induction had and the minute the last of them
    started.

    The induction is the started sessions of the person's first course, less than `within_days` after the
    first.
    """
    begun = started(tables)
    first = begun.group_by("person").agg(
        first_course=begun.course.argmin(begun.minute), first_minute=begun.minute.min()
    )
    both = begun.join(first, "person")
    early = both.filter(both.course == both.first_course, both.minute < both.first_minute + within_days * MINUTES_A_DAY)
    return early.group_by("person").agg(sessions=early.count(), last_minute=early.minute.max())
