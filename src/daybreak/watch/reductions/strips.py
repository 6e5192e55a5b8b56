"""Exposure over time without a person: people in the order of their sessions so far, cut into strips of many."""

from dataclasses import dataclass

import ibis

from daybreak.watch.reductions.narrowing import MINUTES_A_DAY, Tables, started

MOST_STRIPS = 12


@dataclass(frozen=True, slots=True)
class Strip:
    """People beside one another in the order of how many sessions they have had: how many they are, from how many
    sessions on, and all their milligrams. Each cell of `cells` is (sessions, people with one) of a period by site.
    """

    people: int
    fewest: int
    total_mg: float
    cells: dict[int, dict[str, tuple[int, int]]]

    def sessions(self, period: int) -> int:
        """Return the sessions of a period, of all sites."""
        return sum(sessions for sessions, _ in self.cells.get(period, {}).values())

    def held_by(self, period: int, site: str | None = None) -> int:
        """Return how many people had a session in a period, of all sites or of one."""
        found = self.cells.get(period, {})
        return sum(people for code, (_, people) in found.items() if site in (None, code))


def exposure_strips(tables: Tables, *, fewest_people: int, days: int, periods: int) -> tuple[Strip, ...]:
    """This function will cut treated people into up to 12 strips of at least `fewest_people`, those with most sessions
    last, and count each strip's sessions in `periods` of so many days since each person's first session; what comes
    later counts in the last. None where there are fewer people.
    """
    begun = started(tables)
    each = begun.group_by("person").agg(sessions=begun.count(), mg=begun.dose_mg.sum())
    people = int(each.count().to_pyarrow().as_py())
    strips = min(MOST_STRIPS, people // fewest_people)
    if not strips:
        return ()
    place = ibis.row_number().over(ibis.window(order_by=[each.sessions, each.person]))
    placed = each.mutate(strip=((place * strips) // people).cast("int64"))
    heads = placed.group_by("strip").agg(people=placed.count(), fewest=placed.sessions.min(), mg=placed.mg.sum())
    both = begun.select("person", "site", "minute").join(placed.select("person", "strip"), "person")
    period = (both.minute // (days * MINUTES_A_DAY)).cast("int64").clip(lower=0, upper=periods - 1)
    counted = both.mutate(period=period).group_by("strip", "period", "site")
    cells = counted.agg(sessions=lambda t: t.count(), people=lambda t: t.person.nunique())
    held: dict[int, dict[int, dict[str, tuple[int, int]]]] = {}
    for row in cells.to_pyarrow().to_pylist():
        held.setdefault(row["strip"], {}).setdefault(row["period"], {})[row["site"]] = (row["sessions"], row["people"])
    return tuple(
        Strip(row["people"], row["fewest"], float(row["mg"] or 0), held.get(row["strip"], {}))
        for row in heads.order_by("strip").to_pyarrow().to_pylist()
    )
