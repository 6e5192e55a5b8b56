"""What the monitor says of harm over time: a chart for each site and kind, one for the register, and their signals."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import exp

import numpy as np

from daybreak.rulebook.public import Sureness, Surveillance, WatchedHarm
from daybreak.stats.public import NEVER, cusum_path, first_reached
from daybreak.watch.surveillance.counts import CalendarCounts, Counts
from daybreak.watch.surveillance.detecting import WEEKS_A_YEAR, tested_rates, tested_sites
from daybreak.watch.surveillance.reference import Reference, reference

CUSUM, RATIO, RATES = "cusum", "ratio", "rates"


@dataclass(frozen=True, slots=True)
class SiteChart:
    """One kind at one site, a value for each week from `first_week`: sessions, those counted, those expected from the
    other sites' sessions of the same position and route, and the two tests. A week is None where a limit was not met.

    `left_out` are other sites that stand too far apart to say what is expected, with how many events and sessions.
    """

    site: str
    first_week: int
    sessions: tuple[int, ...]
    events: tuple[int, ...]
    expected: tuple[float, ...]
    cusum: tuple[float, ...]
    threshold: float
    cusum_week: int | None
    ratio: tuple[float, ...]
    worse: float
    fine: float
    worse_week: int | None
    fine_week: int | None
    elsewhere_events: int
    elsewhere_sessions: int
    left_out: tuple[str, ...] = ()
    left_events: int = 0
    left_sessions: int = 0


@dataclass(frozen=True, slots=True)
class RateChart:
    """One kind in the whole register after its reference weeks, against the rates of those weeks."""

    first_week: int
    sessions: tuple[int, ...]
    events: tuple[int, ...]
    expected: tuple[float, ...]
    path: tuple[float, ...]
    critical: float
    week: int | None
    reference_events: int
    reference_sessions: int


@dataclass(frozen=True, slots=True)
class KindCharts:
    """Every chart of one kind. `rates` is None where the register's past is too short or too empty.

    `effect` is how many sessions count as one, since those of one person hang together.
    """

    watched: WatchedHarm
    sites: tuple[SiteChart, ...]
    rates: RateChart | None
    effect: float = 1.0


@dataclass(frozen=True, slots=True)
class Signal:
    """A test that has called: which, of what, where (None: in the whole register), in which week, and what was seen
    from week `since` to that one beside what was expected: for a CUSUM since it last stood at 0, for the others since
    they began. More was seen than expected, always.
    """

    test: str
    kind: str
    title: str
    site: str | None
    since: int
    week: int
    observed: int
    expected: float

    @property
    def weeks(self) -> int:
        """Return how many weeks that were."""
        return self.week - self.since + 1

    @property
    def key(self) -> str:
        """Return the words by which a review names the signal, in any snapshot."""
        return "/".join((self.test, self.kind, self.site or "register"))


def charts(
    counts: CalendarCounts, surveillance: Surveillance, effects: Mapping[str, float] | None = None
) -> tuple[KindCharts, ...]:
    """Return every chart, in the definition's order; `effects` are design effects by kind, 1 where none is given."""
    known = effects or {}
    return tuple(
        _kind_charts(counts, each, surveillance.sureness, known.get(each.id, 1.0)) for each in surveillance.watched
    )


def signals(every: tuple[KindCharts, ...]) -> tuple[Signal, ...]:
    """Return the signals, the latest first. Wald's test calls only where it did not find the site fine before."""
    found = [signal for kind in every for signal in _signals(kind)]
    return tuple(sorted(found, key=lambda each: (-each.week, each.key)))


def called_again(every: tuple[KindCharts, ...], signal: Signal, seen_until: int) -> Signal | None:
    """Return a signal that was decided on when weeks up to `seen_until` were known, if its CUSUM, begun at 0 after
    them, has reached its limit again; else None. The other tests decide once.
    """
    kind = next((each for each in every if each.watched.id == signal.kind), None)
    chart = next((c for c in kind.sites if c.site == signal.site), None) if kind else None
    if signal.test != CUSUM or kind is None or chart is None:
        return signal if signal.week > seen_until else None
    new = max(0, seen_until + 1 - chart.first_week)
    path = cusum_path(np.diff(np.array(chart.ratio), prepend=0.0)[new:])
    at = int(first_reached(path, chart.threshold)) if path.size else NEVER
    return None if at == NEVER else _called(CUSUM, kind, chart, new + _risen_from(path, at), new + at)


def by_chance(every: tuple[KindCharts, ...], sureness: Sureness, site: str | None = None) -> float:
    """Return about how many signals would be there by now, at most, though nothing were wrong, at one site or in the
    register. Of what was never seen anywhere there is none.
    """
    apart = float(sureness.false_alarm_years) * WEEKS_A_YEAR
    expected = 0.0
    for kind in every:
        if not any(any(chart.events) for chart in kind.sites):
            continue
        watched = [c for c in kind.sites if site in (None, c.site) and np.isfinite(c.threshold)]
        expected += sum(1 - exp(-len(c.sessions) / apart) + float(sureness.alpha) for c in watched)
        expected += float(sureness.maxsprt_alpha) if kind.rates is not None and site is None else 0.0
    return expected


def _kind_charts(counts: CalendarCounts, watched: WatchedHarm, sureness: Sureness, effect: float) -> KindCharts:
    events, held = counts.events(watched), counts.held(watched)
    begun = np.flatnonzero(held.sum(axis=(1, 2)) > 0)
    compared = reference(events[begun].sum(axis=1), held[begun].sum(axis=1), sureness, effect=effect)
    made = tuple(_site_charts(counts, begun, compared, watched, sureness, effect))
    rates = _rate_chart(counts, watched, sureness, effect)
    return KindCharts(watched, made, rates, effect)


def _site_charts(
    counts: CalendarCounts,
    having: "np.ndarray[tuple[int], np.dtype[np.int64]]",
    compared: Reference,
    watched: WatchedHarm,
    sureness: Sureness,
    effect: float,
) -> Iterator[SiteChart]:
    """Yield the charts of sites that can be compared: other sites held sessions too."""
    events, held = counts.events(watched), counts.held(watched)
    seen, had = events.sum(axis=(1, 2)), held.sum(axis=(1, 2))
    if len(having) < 2:
        return
    for place, at in enumerate(having.tolist()):
        site = counts.sites[at]
        far = [each for each in having[compared.apart].tolist() if each != at]
        near = [each for each in having.tolist() if each != at and each not in far]
        begun = int(np.argmax(held[at].sum(axis=-1) > 0))
        own_events, own_held = events[at, begun:].sum(axis=-1), held[at, begun:]
        tested = tested_sites(own_events, own_held, compared.risks[place], watched, sureness, effect=effect)
        first = counts.first_week + begun
        yield SiteChart(
            site=site,
            first_week=first,
            sessions=_whole(own_held.sum(axis=-1)),
            events=_whole(own_events),
            expected=_told(tested.expected),
            cusum=_told(tested.cusum),
            threshold=float(tested.threshold),
            cusum_week=_week(first, int(tested.cusum_at)),
            ratio=_told(tested.ratio),
            worse=tested.worse,
            fine=tested.fine,
            worse_week=_week(first, int(tested.worse_at)),
            fine_week=_week(first, int(tested.fine_at)),
            elsewhere_events=int(seen[near].sum()),
            elsewhere_sessions=int(had[near].sum()),
            left_out=tuple(counts.sites[each] for each in far),
            left_events=int(seen[far].sum()),
            left_sessions=int(had[far].sum()),
        )


def _rate_chart(counts: CalendarCounts, watched: WatchedHarm, sureness: Sureness, effect: float) -> RateChart | None:
    events, held = counts.events(watched), counts.held(watched)
    past = int(sureness.reference_weeks)
    seen, had = events[:, :past].sum(), held[:, :past].sum()
    tested = tested_rates(events, held, sureness, effect=effect) if seen >= int(sureness.least_reference) else None
    if tested is None or not np.isfinite(tested.critical):
        return None
    first = counts.first_week + past
    return RateChart(
        first_week=first,
        sessions=_whole(held[:, past:].sum(axis=(0, -1))),
        events=_whole(events[:, past:].sum(axis=(0, -1))),
        expected=_told(tested.expected),
        path=_told(tested.path),
        critical=float(tested.critical),
        week=_week(first, int(tested.called_at)),
        reference_events=int(seen),
        reference_sessions=int(had),
    )


def _signals(kind: KindCharts) -> Iterator[Signal]:
    for chart in kind.sites:
        if chart.cusum_week is not None:
            at = chart.cusum_week - chart.first_week
            yield _called(CUSUM, kind, chart, _risen_from(np.array(chart.cusum), at), at)
        worse, fine = chart.worse_week, chart.fine_week
        if worse is not None and (fine is None or worse < fine):
            yield _called(RATIO, kind, chart, 0, worse - chart.first_week)
    if kind.rates is not None and kind.rates.week is not None:
        yield _called(RATES, kind, kind.rates, 0, kind.rates.week - kind.rates.first_week)


def _risen_from(path: Counts, at: int) -> int:
    """Return the first week of the rise that ends `at`: the one after the path last stood at 0."""
    return int(np.flatnonzero(np.concatenate(([0.0], path[:at])) <= 0)[-1])


def _called(test: str, kind: KindCharts, chart: SiteChart | RateChart, start: int, at: int) -> Signal:
    seen, due = chart.events[start : at + 1], chart.expected[start : at + 1]
    site = chart.site if isinstance(chart, SiteChart) else None
    weeks = chart.first_week + start, chart.first_week + at
    return Signal(test, kind.watched.id, kind.watched.title, site, *weeks, sum(seen), sum(due))


def _week(first: int, at: int) -> int | None:
    return None if at == NEVER else first + at


def _whole(values: Counts) -> tuple[int, ...]:
    return tuple(int(value) for value in values)


def _told(values: Counts) -> tuple[float, ...]:
    return tuple(float(value) for value in values)
