"""Which parts of the monitor a site may not see about all sites together. Pure; the policy itself is the
register's.
"""

from collections.abc import Iterator, Mapping

from daybreak.register.public import FEWEST, may_be_shown
from daybreak.watch.counts import ANY_EVENT, SERIOUS_EVENT, OutcomeCounts, PersonTime, TimedCounts
from daybreak.watch.rules import Monitor, OutcomeFigure
from daybreak.watch.surveillance.charts import SiteChart
from daybreak.watch.surveillance.funnels import Funnel, Point

PEOPLE, SPREAD, RELAPSE, HARM = "people", "sessions_per_person", "relapse", "harm"
UNTREATED = "relapse_until_treated_again"
IN_TIME, TERMS_IN_TIME = "harm_in_time", "harm_in_time_by_term"
NOTHING: frozenset[str] = frozenset()


def hidden_from(whole: Monitor, own: Monitor) -> frozenset[str]:
    """Return the names of the parts of `whole` that someone who knows the figures of `own` may not see.

    Outcomes are named “response/WINDOW” and “remission/WINDOW”, events “harm/TERM”.
    """
    return frozenset(_hidden(whole, own))


def _hidden(whole: Monitor, own: Monitor) -> Iterator[str]:
    if not may_be_shown(_people(whole), _people(own)):
        yield PEOPLE
    known = dict(own.exposure.sessions_per_person)
    spread = whole.exposure.sessions_per_person
    if not may_be_shown([people for _, people in spread], [known.get(sessions, 0) for sessions, _ in spread]):
        yield SPREAD
    yield from _hidden_outcomes("response", whole.response, own.response)
    yield from _hidden_outcomes("remission", whole.remission, own.remission)
    # Each step of the curve shows how many relapsed and how many left on that day; a site's own are not
    # even needed to find them.
    steps = [*whole.relapse.counts.relapsed, *whole.relapse.counts.left]
    if not may_be_shown(steps):
        yield RELAPSE
    if not may_be_shown([*whole.relapse.untreated_counts.relapsed, *whole.relapse.untreated_counts.left]):
        yield UNTREATED
    yield from _hidden_harm(whole, own)


def _people(found: Monitor) -> list[int]:
    return [found.exposure.treated, found.exposure.consenting - found.exposure.treated]


def _hidden_outcomes(name: str, whole: OutcomeFigure, own: OutcomeFigure) -> Iterator[str]:
    for all_of_them, ours in zip(whole.windows, own.windows, strict=True):
        if not may_be_shown(_cells(all_of_them.counts), _cells(ours.counts)):
            yield f"{name}/{all_of_them.window}"


def _cells(counts: OutcomeCounts) -> list[int]:
    return [counts.met, counts.not_met, counts.no_score, counts.no_baseline]


def _hidden_harm(whole: Monitor, own: Monitor) -> Iterator[str]:
    ours = {term.term: term for term in own.harm.counts.terms}
    everyone, mine = whole.harm.counts, own.harm.counts
    if not may_be_shown(
        [everyone.people_with_event, everyone.people - everyone.people_with_event],
        [mine.people_with_event, mine.people - mine.people_with_event],
    ):
        yield HARM
    for term in everyone.terms:
        known = ours[term.term].people if term.term in ours else 0
        if not may_be_shown([term.people, everyone.people - term.people], [known, mine.people - known]):
            yield f"{HARM}/{term.term}"
    yield from _hidden_in_time(everyone.in_time, mine.in_time)


def _hidden_in_time(whole: PersonTime, own: PersonTime) -> Iterator[str]:
    """Yield what may not be seen of events in time. Each event has one term, so that one term left out could be worked
    out from the others: they are shown together or not at all.
    """
    known = {each.kind: each for each in own.kinds}
    shown = {each.kind: timed_may_be_shown(whole, own, each, known.get(each.kind)) for each in whole.kinds}
    if not shown.pop(ANY_EVENT, False):
        yield IN_TIME
    if not shown.pop(SERIOUS_EVENT, False):
        yield f"{IN_TIME}/{SERIOUS_EVENT}"
    if not all(shown.values()):
        yield TERMS_IN_TIME


def timed_may_be_shown(whole: PersonTime, own: PersonTime, each: TimedCounts, mine: TimedCounts | None) -> bool:
    """Return whether events of a kind in time may be shown to someone who knows the `own` ones: neither those with an
    event and those without, nor those whose event is counted in time only, or by sessions only, may be few. The latter
    are what the figure by sessions differs in.
    """
    people, apart = (mine.people, mine.apart) if mine else (0, 0)
    return all(
        may_be_shown([seen, whole.people - seen], [known, own.people - known])
        for seen, known in ((each.people, people), (each.apart, apart))
    )


def expectation_may_be_shown(chart: SiteChart, treated: Mapping[str, int], own: str | None) -> bool:
    """Return whether someone of the site `own` (None: the coordinating centre) may see what the other sites' sessions
    let expect. Sessions stand for the people in them; besides, the others must have treated enough people.
    """
    if own is None:
        return True
    others = sum(people for site, people in treated.items() if site != chart.site)
    cells = [chart.elsewhere_events, chart.elsewhere_sessions - chart.elsewhere_events]
    if chart.left_out:
        cells += [chart.left_events, chart.left_sessions - chart.left_events]
    return others >= FEWEST and may_be_shown(cells)


def funnel_may_be_shown(funnel: Funnel, treated: Mapping[str, int], own: str | None) -> bool:
    """Return whether someone of the site `own` may see the register's share, and so the funnel."""
    if own is None:
        return True
    whole = [sum(p.met for p in funnel.points), sum(p.total - p.met for p in funnel.points)]
    for point in funnel.points:
        if (
            point.site in funnel.left_out
            and point.site != own
            and not may_be_shown([point.met, point.total - point.met])
        ):
            return False
    mine = next(([p.met, p.total - p.met] for p in funnel.points if p.site == own), [0, 0])
    return sum(people for site, people in treated.items() if site != own) >= FEWEST and may_be_shown(whole, mine)


def points_shown(funnel: Funnel, treated: Mapping[str, int], own: str | None) -> tuple[Point, ...]:
    """Return the sites of a funnel that someone of `own` may see: the own one, and others with enough people in each
    cell.
    """
    if own is None:
        return funnel.points
    return tuple(
        point
        for point in funnel.points
        if point.site == own
        or (treated.get(point.site, 0) >= FEWEST and may_be_shown([point.met, point.total - point.met]))
    )
