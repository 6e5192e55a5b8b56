"""What the open questions ask of a person, as expressions: one column each, empty where nobody recorded it."""

from collections.abc import Collection

import ibis.expr.types as ir

from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, started

SYSTOLIC = "systolic_pressure"


def first_sessions(tables: Tables) -> ir.Table:
    """Return for each treated person the minute, the dose in mg/kg, the length in minutes and the route of the first
    session, and the systolic pressure before it.
    """
    begun = started(tables)
    told = begun.mutate(dose=begun.dose_mg / begun.weight_kg, length=begun.ended_minute - begun.minute)
    people = told.group_by("person").agg(
        first=told.minute.min(),
        first_session=told.session.argmin(told.minute),
        dose_mg_per_kg=told.dose.argmin(told.minute),
        infusion_minutes=told.length.argmin(told.minute).cast("float64"),
        route=told.route.argmin(told.minute),
    )
    reading = tables["reading"]
    before = reading.filter(reading.sign == SYSTOLIC).group_by("session").agg(pressure=reading.baseline.max())
    both = people.left_join(before, people.first_session == before.session)
    return both.drop("session", "first_session")


def with_person(rows: ir.Table, tables: Tables) -> ir.Table:
    """Return rows of people with age, sex and site."""
    person = tables["person"].select("person", "site", "age", "sex")
    return rows.join(person, "person")


def dampened(tables: Tables, within: ir.Table, names: Collection[str]) -> ir.Table:
    """Return for each person of `within` (person, first, last) the share of the sessions from the first to the last
    with one of the medicines, in per cent.
    """
    begun, medicine = started(tables), tables["medicine"]
    taken = medicine.filter(medicine.medicine.lower().isin(sorted(names))).select("session").distinct()
    inside = begun.select("person", "session", "minute").join(within.select("person", "first", "last"), "person")
    inside = inside.filter(inside.minute >= inside["first"], inside.minute <= inside["last"])
    both = inside.left_join(taken, "session")
    with_one = both.session_right.notnull().cast("int64")
    counted = both.group_by("person").agg(with_one=with_one.sum(), sessions=both.count())
    return counted.select("person", dampened_share_percent=counted.with_one * 100.0 / counted.sessions)


def sites_in_time(tables: Tables) -> ir.Table:
    """Return for each site the share of the readings asked for that were taken in time, in per cent."""
    quality = tables["quality"]
    summed = quality.group_by("site").agg(asked=quality.asked.sum(), in_time=quality.in_time.sum())
    return summed.select(
        "site", site_in_time_percent=(summed.asked > 0).ifelse(summed.in_time * 100.0 / summed.asked, None)
    )


def events_within(tables: Tables, days: int, term: str | None) -> ir.Table:
    """Return the people with an event that began within so many days of the first session."""
    event = tables["event"]
    wanted = event.filter(event.term == term) if term is not None else event
    first = started(tables).group_by("person").agg(first=started(tables).minute.min())
    both = wanted.select("person", "minute").join(first, "person")
    inside = both.filter(both.minute >= both["first"], both.minute < both["first"] + days * MINUTES_A_DAY)
    return inside.select("person").distinct()
