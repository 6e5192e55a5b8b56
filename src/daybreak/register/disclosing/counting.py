"""The people of a snapshot counted by every way of telling them apart that the policy has: the numbers behind the
tables that are told to anybody.
"""

from collections import Counter
from collections.abc import Sequence
from itertools import product

import ibis.expr.types as ir

from daybreak.register.disclosing.groups import Dimension, Group
from daybreak.register.folders import Dataset
from daybreak.rulebook.public import Disclosure, Telling

ELSE = "else"
Who = tuple[str, ...]


def dimensions_of(policy: Disclosure) -> tuple[Dimension, ...]:
    """Return the policy's ways of telling people apart; whoever fits no category is in “else”."""
    return tuple(Dimension(each.id, (*categories_of(each), ELSE)) for each in policy.telling)


def categories_of(telling: Telling) -> tuple[str, ...]:
    """Return the words of a way of telling apart, or its bands by the numbers that they begin with."""
    return tuple(telling.words) or tuple(str(start) for start in telling.bands_from)


def people_by(frozen: Dataset, policy: Disclosure) -> Counter[Who]:
    """Return how many people of a snapshot are in each combination of categories."""
    rows = _people(frozen)
    found: Counter[Who] = Counter()
    for row in rows.group_by(["sex", "age", "route", "sessions"]).aggregate(n=rows.count()).to_pyarrow().to_pylist():
        found[tuple(_category(each, row[each.by]) for each in policy.telling)] += row["n"]
    return found


def counts_of(people: Counter[Who], dimensions: Sequence[Dimension]) -> dict[Group, int]:
    """Return the number of people in every group that the dimensions make."""
    found: Counter[Group] = Counter()
    for who, number in people.items():
        told = tuple((dimension.name, category) for dimension, category in zip(dimensions, who, strict=True))
        for chosen in product((False, True), repeat=len(told)):
            found[frozenset(pair for pair, is_in in zip(told, chosen, strict=True) if is_in)] += number
    every = product(*((None, *dimension.categories) for dimension in dimensions))
    groups = (
        frozenset((d.name, c) for d, c in zip(dimensions, chosen, strict=True) if c is not None) for chosen in every
    )
    return {group: found[group] for group in groups}


def _people(frozen: Dataset) -> ir.Table:
    sessions = frozen.tables["session"]
    held = sessions.filter(sessions.minute.notnull())
    first_route = held.route.argmin(held.minute)
    told = held.group_by("person").aggregate(sessions=held.count(), route=first_route).rename(who="person")
    people = frozen.tables["person"].select("person", "sex", "age").left_join(told, [("person", "who")])
    return people.mutate(sessions=people.sessions.fill_null(0))


def _category(telling: Telling, value: object) -> str:
    if telling.words:
        return str(value) if value in telling.words else ELSE
    starts = [start for start in telling.bands_from if value is not None and start <= value]
    return str(starts[-1]) if starts else ELSE
