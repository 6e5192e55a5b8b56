"""How much the sessions of one person hang together, for each kind of harm: one number, and nobody in it."""

from collections.abc import Sequence

import ibis
import ibis.expr.types as ir

from daybreak.rulebook.public import WatchedHarm
from daybreak.stats.public import design_effect
from daybreak.watch.reductions.narrowing import Tables, started
from daybreak.watch.surveillance.counts import MISSED

STRATUM = ("site", "position", "route")
LAST_OF_SIXTH = 6
SEVERE = 3


def design_effects(tables: Tables, watched: Sequence[WatchedHarm]) -> dict[str, float]:
    """This function will return the design effect of each kind, by its id: over people, the squares of what was seen
    less what their site, position and route let expect, beside the variance of as many independent sessions.

    What differs between sites is not counted as clustering: it is what the tests look for.
    """
    counted = _by_person(tables, watched)
    within = ibis.window(group_by=STRATUM)
    n, k = _held_name, _seen_name
    risks = {
        f"p_{at}": counted[k(at)].sum().over(within) / counted[n(at)].sum().over(within) for at in _places(watched)
    }
    told = counted.mutate(**{name: risk.fill_null(0.0) for name, risk in risks.items()})
    beside = {
        **{f"r_{at}": (told[k(at)] - told[n(at)] * told[f"p_{at}"]).sum() for at in _places(watched)},
        **{f"v_{at}": (told[n(at)] * told[f"p_{at}"] * (1 - told[f"p_{at}"])).sum() for at in _places(watched)},
    }
    people = told.group_by("person").agg(**beside)
    summed = people.agg(
        **{f"s_{at}": (people[f"r_{at}"] * people[f"r_{at}"]).sum() for at in _places(watched)},
        **{f"t_{at}": people[f"v_{at}"].sum() for at in _places(watched)},
    )
    found = summed.to_pyarrow().to_pylist()[0]
    return {
        each.id: float(design_effect(found[f"s_{at}"] or 0.0, found[f"t_{at}"] or 0.0))
        for at, each in enumerate(watched)
    }


def _by_person(tables: Tables, watched: Sequence[WatchedHarm]) -> ir.Table:
    """Return for each person and stratum, and each kind, the sessions held and those counted."""
    told = placed(tables)
    events, quality = tables["event"], tables["quality"]
    for at, each in enumerate(watched):
        if each.counts == MISSED:
            poorly = quality.missed > quality.in_time + quality.late
            flags = quality.group_by("session").agg(**{f"y_{at}": poorly.any()})
        else:
            chosen = events.filter(_counts(events, each))
            flags = chosen.group_by("session").agg(**{f"y_{at}": chosen.count() > 0})
        told = told.left_join(flags, "session").drop("session_right")
    cells = {}
    for at, each in enumerate(watched):
        seen = told[f"y_{at}"].fill_null(False).cast("int64").sum()
        cells[_seen_name(at)] = seen
        cells[_held_name(at)] = told[f"y_{at}"].notnull().cast("int64").sum() if each.counts == MISSED else told.count()
    return told.group_by("person", *STRATUM).agg(**cells)


def placed(tables: Tables) -> ir.Table:
    """Return the started sessions with their position among the person's, in the words of the calendar."""
    begun = started(tables)
    order = ibis.window(group_by="person", order_by=["minute", "session"])
    nth = begun.mutate(nth=ibis.row_number().over(order) + 1)
    position = ibis.cases((nth.nth == 1, "first"), (nth.nth <= LAST_OF_SIXTH, "second to sixth"), else_="later")
    return nth.select("person", "session", "site", "minute", "nth", position=position, route=nth.route.fill_null(""))


def _counts(events: ir.Table, watched: WatchedHarm) -> ir.BooleanValue:
    if watched.counts == "term":
        return events.term == watched.term
    return {
        "any_event": ibis.literal(True),
        "severe_event": events.grade >= SEVERE,
        "serious_event": events.serious,
    }[watched.counts]


def _places(watched: Sequence[WatchedHarm]) -> range:
    return range(len(watched))


def _held_name(at: int) -> str:
    return f"n_{at}"


def _seen_name(at: int) -> str:
    return f"k_{at}"
