"""From sufficient statistics to estimates with intervals, and what may be shown to whom. No row, no engine,
no clock.
"""

from dataclasses import asdict, dataclass
from math import inf, isfinite

from daybreak.rulebook.public import Measure, Window
from daybreak.stats.public import Curve, Estimate, IntervalCurve, kaplan_meier, proportion, rate, turnbull
from daybreak.watch.counts import ExposureCounts, HarmCounts, OutcomeCounts, RelapseCounts

# The sessions of the first course that count as induction. ORKA-1 took 4 to 8 infusions in 7 to 28 days as
# induction.
INDUCTION_DAYS = 28
HEADLINE = "week_after"
# What the safety board can decide about a signal.
DECISIONS = ("explained", "watch_on", "ask_site", "hold")


@dataclass(frozen=True, slots=True)
class Named:
    """The definition a figure was computed by."""

    id: str
    version: int
    fingerprint: str
    title: str


@dataclass(frozen=True, slots=True)
class WindowOutcome:
    """One window: what was counted, and the share of those assessed with Wilson's interval."""

    window: str
    title: str
    counts: OutcomeCounts
    share: Estimate


@dataclass(frozen=True, slots=True)
class OutcomeFigure:
    """Response or remission in each window after induction."""

    definition: Named
    windows: tuple[WindowOutcome, ...]

    @property
    def headline(self) -> WindowOutcome:
        """Return the window that the sentence at the top of the page is about."""
        return next((w for w in self.windows if w.window == HEADLINE), self.windows[0])


@dataclass(frozen=True, slots=True)
class RelapseFigure:
    """Time from the first observed response to the first observed relapse; `curve` is None where nobody
    responded.

    `curve` follows people whatever treatment they had, and takes a relapse to have happened when it was seen;
    `interval` knows it only to lie between two visits. `untreated` leaves people at the next treatment.
    """

    definition: Named
    counts: RelapseCounts
    curve: Curve | None
    interval: IntervalCurve | None
    untreated_counts: RelapseCounts
    untreated: Curve | None


@dataclass(frozen=True, slots=True)
class HarmFigure:
    """Adverse events per session with Garwood's interval, and the share of sessions with any (Wilson), both for as many
    independent sessions as those of the same people are worth. `per_year` are events by kind per person-year of
    observation, with Garwood's interval for as many events as those of the same people are worth.
    """

    counts: HarmCounts
    per_session: Estimate
    any_event: Estimate
    terms: tuple[tuple[str, Estimate], ...]
    per_year: tuple[tuple[str, Estimate], ...]


@dataclass(frozen=True, slots=True)
class Monitor:
    """Everything the page shows, of one site or of all, from one snapshot."""

    snapshot: str
    fingerprint: str
    frozen_at: str
    synthetic: bool
    sites: tuple[str, ...]
    site: str | None
    exposure: ExposureCounts
    response: OutcomeFigure
    remission: OutcomeFigure
    relapse: RelapseFigure
    harm: HarmFigure


def named(measure: Measure) -> Named:
    """Return how a measure is named beside its figure."""
    return Named(measure.id, measure.version, measure.fingerprint, measure.title)


def window_outcome(window: Window, counts: OutcomeCounts) -> WindowOutcome:
    """Return the share of those assessed in one window."""
    return WindowOutcome(window.id, window.title, counts, proportion(counts.met, counts.assessed))


def relapse_figure(measure: Measure, counts: RelapseCounts, untreated: RelapseCounts) -> RelapseFigure:
    """Return the curves of two event tables: whatever treatment people had, and until they were treated again."""
    return RelapseFigure(named(measure), counts, _curve(counts), _interval_curve(counts), untreated, _curve(untreated))


def _curve(counts: RelapseCounts) -> Curve | None:
    return kaplan_meier(counts.days, counts.at_risk, counts.relapsed) if counts.responders else None


def _interval_curve(counts: RelapseCounts) -> IntervalCurve | None:
    """Return Turnbull's curve; None where nobody was seen to relapse."""
    if not any(seen is not None for _, seen, _ in counts.between):
        return None
    held, seen, people = zip(*counts.between, strict=True)
    return turnbull(held, [inf if day is None else day for day in seen], people)


def harm_figure(counts: HarmCounts) -> HarmFigure:
    """Return the rate per session, the share of sessions with each event, and the rates per person-year."""
    timed = counts.in_time
    return HarmFigure(
        counts,
        rate(counts.events, counts.sessions, effect=counts.events_effect),
        proportion(counts.sessions_with_event, counts.sessions, effect=counts.effect),
        tuple((term.term, proportion(term.sessions, counts.sessions, effect=term.effect)) for term in counts.terms),
        tuple((each.kind, rate(each.events, timed.years, effect=each.effect)) for each in timed.kinds),
    )


def plain(monitor: Monitor) -> dict[str, object]:
    """Return the page's numbers as JSON takes them: words, numbers, lists; a bound that does not exist is
    null.
    """
    return {name: _plain(value) for name, value in asdict(monitor).items()}


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return {str(name): _plain(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return None if isinstance(value, float) and not isfinite(value) else value
