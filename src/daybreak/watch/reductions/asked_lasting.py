"""From frozen rows to how long a response was seen to last: responders counted by days, no one of them a row."""

import ibis.expr.types as ir
import numpy as np
import pyarrow as pa

from daybreak.register.public import cohort_people
from daybreak.rulebook.public import Cohort
from daybreak.watch.questions.lasting import Courses
from daybreak.watch.reductions.asked_rows import responders
from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, started


def courses(tables: Tables, cohort: Cohort) -> Courses:
    """This function will count the people of a cohort in response by the whole days from the score that showed it to
    the last one in response, to the loss, and to the next session.
    """
    decided = cohort_people(tables, cohort)
    people = responders(tables, decided, cohort).select("person", "found", "lost", "well")
    begun = started(tables).select("person", session_minute="minute")
    again = begun.join(people.select("person", "found"), "person")
    again = again.filter(again.session_minute > again.found)
    people = people.left_join(again.group_by("person").agg(again=again.session_minute.min()), "person")
    people = people.drop("person_right").join(tables["person"].select("person", "site"), "person")
    days = people.select(
        "site",
        well=_days(people.well - people.found),
        lost=_days(people.lost - people.found),
        again=_days(people.again - people.found),
    )
    table = days.group_by(list(days.columns)).agg(people=days.count()).order_by(list(days.columns)).to_pyarrow()
    reasons = decided.group_by("because").agg(people=decided.count()).order_by("because").to_pyarrow().to_pylist()
    return Courses(
        well=_numbers(table, "well"),
        lost=_numbers(table, "lost"),
        again=_numbers(table, "again"),
        people=_numbers(table, "people"),
        site=tuple(table["site"].to_pylist()),
        cohort=sum(row["people"] for row in reasons if row["because"] == ""),
        left_out={row["because"]: row["people"] for row in reasons if row["because"]},
    )


def _days(minutes: ir.Value) -> ir.Value:
    return (minutes // MINUTES_A_DAY).cast("int64")


def _numbers(table: pa.Table, name: str) -> np.ndarray:
    return table[name].cast(pa.float64()).to_numpy(zero_copy_only=False)
