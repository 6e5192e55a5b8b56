"""The monitor, tried: invented registers with a planted harm go through the tests of the pages.

What is simulated is counts, as the calendar of a snapshot holds them. Its numbers are invented and say nothing about
ketamine; an answer repeats them all.
"""

from dataclasses import asdict, dataclass
from math import log

import numpy as np
from numpy.typing import NDArray

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Surveillance, WatchedHarm
from daybreak.stats.public import NEVER, cusum_path, first_reached, weekly_scores, weekly_threshold
from daybreak.watch.surveillance.charts import CUSUM, RATES
from daybreak.watch.surveillance.counts import Counts
from daybreak.watch.surveillance.detecting import WEEKS_A_YEAR, risks_of, tested_rates, tested_sites

Weeks = NDArray[np.int64]
SITES, AT_ONCE, MOST_RUNS, LARGEST = 10, 100, 20_000, 50.0
QUIET_WEEKS, WEEKS_AFTER = 52, 104
# Sessions a week at a site: first, second to sixth, later.
PACE = (4, 8, 8)


class CannotTry(Refusal):
    """A trial of the monitor that cannot be run."""


@dataclass(frozen=True, slots=True)
class Planted:
    """A harm: which kind it moves, the risks of that kind by position where nothing is wrong, in words what happens,
    where, and how the odds grow from the week it begins (`lasts` weeks, or for good; reached after `ramp` weeks).
    """

    kind: str
    risks: tuple[float, float, float]
    words: str
    everywhere: bool = False
    later_only: bool = False
    lasts: int | None = None
    ramp: int = 0


HARMS = {
    "batch": Planted(
        "any_event",
        (0.3, 0.2, 0.15),
        "one site uses a bad batch for 8 weeks: the odds of an event are multiplied",
        lasts=8,
    ),
    "monitoring": Planted(
        "mostly_missed",
        (0.03, 0.03, 0.03),
        "one site stops monitoring: the odds of mostly missed readings are multiplied",
    ),
    "bladder": Planted(
        "urinary_symptoms",
        (0.004, 0.004, 0.004),
        "slow bladder toxicity: at all sites the odds of urinary symptoms in later sessions grow over a year",
        everywhere=True,
        later_only=True,
        ramp=52,
    ),
    "dose": Planted(
        "high_blood_pressure",
        (0.05, 0.05, 0.05),
        "one site gives higher doses: the odds of high blood pressure as an event are multiplied",
    ),
}


@dataclass(frozen=True, slots=True)
class Delay:
    """How a test did: the share of runs in which it called within two years, and the weeks from the harm to the call
    (median and mean of those that called; runs that had called before are left out).
    """

    power: float
    median_weeks: float | None
    mean_weeks: float | None


@dataclass(frozen=True, slots=True)
class Tried:
    """The answer of a trial. `false_alarms_per_year` is of one chart on registers without the harm; `nominal` what the
    definition allows. `best` is the best test there is for that rate of false alarms: it knows each risk, and the size.
    """

    harm: str
    words: str
    kind: str
    test: str
    size: float
    runs: int
    seed: int
    definition: str
    detection: Delay
    best: Delay
    false_alarms_per_year: float
    nominal: float
    called_before: float
    assumptions: dict[str, object]


def tried(surveillance: Surveillance, harm: str, *, size: float, runs: int, seed: int) -> Tried:
    """Return how the monitor did on `runs` registers with a harm of a `size` (a ratio of odds); raise CannotTry.

    The same seed gives the same answer.
    """
    planted, watched = _checked(surveillance, harm, size, runs)
    sure, first = surveillance.sureness, int(surveillance.sureness.reference_weeks)
    start = first + QUIET_WEEKS
    weeks = start + WEEKS_AFTER
    draw = np.random.default_rng([seed, list(HARMS).index(harm)])
    world = World(planted, watched, surveillance, size, start, weeks)
    parts = [world.run(draw, min(AT_ONCE, runs - done)) for done in range(0, runs, AT_ONCE)]
    harmed, best, quiet = (np.concatenate(each) for each in zip(*parts, strict=True))
    begun = first if planted.everywhere else 0
    years = float(np.where(quiet == NEVER, weeks - begun, quiet + 1 - begun).sum()) / WEEKS_A_YEAR
    return Tried(
        harm=harm,
        words=planted.words,
        kind=planted.kind,
        test=RATES if planted.everywhere else CUSUM,
        size=size,
        runs=runs,
        seed=seed,
        definition=f"{surveillance.id}/{surveillance.version}",
        detection=_delay(harmed, start),
        best=_delay(best, start),
        false_alarms_per_year=float((quiet != NEVER).sum()) / years,
        nominal=world.nominal,
        called_before=float(((harmed != NEVER) & (harmed < start)).mean()),
        assumptions={
            "sites": SITES,
            "sessions_a_week": list(PACE),
            "harm_begins_in_week": start,
            "weeks_after": WEEKS_AFTER,
            "odds_ratio_looked_for": float(watched.odds_ratio),
            "false_alarm_years": float(sure.false_alarm_years),
            **asdict(planted),
        },
    )


@dataclass(frozen=True, slots=True)
class World:
    """Registers of one kind: where a harm of a size begins, and for how long they are watched."""

    planted: Planted
    watched: WatchedHarm
    surveillance: Surveillance
    size: float
    start: int
    weeks: int

    @property
    def nominal(self) -> float:
        """Return the false alarms of a chart in a year that the definition allows."""
        sure = self.surveillance.sureness
        if not self.planted.everywhere:
            return 1 / float(sure.false_alarm_years)
        return float(sure.maxsprt_alpha) / ((self.weeks - int(sure.reference_weeks)) / WEEKS_A_YEAR)

    def run(self, draw: np.random.Generator, runs: int) -> tuple[Weeks, Weeks, Weeks]:
        """Return the week in which each run was called: with the harm, by the best test, and without the harm."""
        sites = SITES if self.planted.everywhere else 1
        held = np.broadcast_to(np.array(PACE, dtype=np.float64) * sites, (runs, self.weeks, len(PACE)))
        harmed = draw.binomial(held.astype(np.int64), self._risks(self.size)).astype(np.float64)
        quiet = draw.binomial(held.astype(np.int64), self._risks(1.0)).astype(np.float64)
        tested = self._everywhere if self.planted.everywhere else self._at_a_site
        return tested(draw, harmed, held), self._best(harmed, held), tested(draw, quiet, held)

    def _risks(self, size: float) -> Counts:
        """Return the risk in each week and stratum."""
        week = np.arange(self.weeks) - self.start
        grown = np.clip((week + 1) / max(1, self.planted.ramp), 0, 1)
        if self.planted.lasts is not None:
            grown = np.where(week < self.planted.lasts, grown, 0.0)
        times = 1 + (size - 1) * grown[:, None] * self._affected
        odds = times * np.array(self.planted.risks) / (1 - np.array(self.planted.risks))
        risks: Counts = odds / (1 + odds)
        return risks

    @property
    def _affected(self) -> Counts:
        return np.array([not self.planted.later_only] * 2 + [True], dtype=np.float64)

    def _at_a_site(self, draw: np.random.Generator, events: Counts, held: Counts) -> Weeks:
        """Return where the chart of a site called, its risks learnt from the other sites' sessions."""
        elsewhere = held.sum(axis=1) * (SITES - 1)
        seen = draw.binomial(elsewhere.astype(np.int64), np.array(self.planted.risks)).astype(np.float64)
        risks = risks_of(seen, elsewhere)
        return tested_sites(events.sum(axis=-1), held, risks, self.watched, self.surveillance.sureness).cusum_at

    def _everywhere(self, draw: np.random.Generator, events: Counts, held: Counts) -> Weeks:
        """Return where the test of the register's rates called, in weeks of the register."""
        tested = tested_rates(events, held, self.surveillance.sureness)
        if tested is None:
            raise CannotTry("The definition's reference is longer than the trial.")
        called: Weeks = np.where(tested.called_at == NEVER, NEVER, tested.called_at + self._first)
        return called

    def _best(self, events: Counts, held: Counts) -> Weeks:
        """Return where a CUSUM called that knows each risk, the size, and whom it strikes, at the same rate of false
        alarms: no test has a shorter worst delay (Moustakides GV. Ann Stat 1986;14:1379-1387).
        """
        struck = self._affected > 0
        risks, pace = np.array(self.planted.risks)[struck], held[0, 0, struck]
        weeks = WEEKS_A_YEAR / self.nominal
        if self.planted.everywhere:
            weeks = -(self.weeks - self._first) / log(1 - float(self.surveillance.sureness.maxsprt_alpha))
        mean_risk = float(risks @ pace / pace.sum())
        threshold = weekly_threshold(per_week=float(pace.sum()), risk=mean_risk, odds_ratio=self.size, weeks=weeks)
        since = self._first if self.planted.everywhere else 0
        own = events[:, since:][..., struck].sum(axis=-1)
        scores = weekly_scores(own, held[:, since:][..., struck], risks, odds_ratio=self.size)
        called = first_reached(cusum_path(scores), threshold)
        found: Weeks = np.where(called == NEVER, NEVER, called + since)
        return found

    @property
    def _first(self) -> int:
        return int(self.surveillance.sureness.reference_weeks)


def _checked(surveillance: Surveillance, harm: str, size: float, runs: int) -> tuple[Planted, WatchedHarm]:
    planted = HARMS.get(harm)
    if planted is None:
        raise CannotTry(f"There is no harm “{harm}” to plant. It is one of: {', '.join(HARMS)}.")
    if not 1 < size <= LARGEST:
        raise CannotTry(f"The size is how many times the odds are multiplied: above 1, at most {LARGEST:g}.")
    if not 1 <= runs <= MOST_RUNS:
        raise CannotTry(f"A trial has 1 to {MOST_RUNS} runs.")
    watched = next((each for each in surveillance.watched if each.id == planted.kind), None)
    if watched is None:
        raise CannotTry(f"The definition {surveillance.id} does not watch “{planted.kind}”.")
    return planted, watched


def _delay(called: Weeks, start: int) -> Delay:
    in_time = called[(called == NEVER) | (called >= start)]
    after = in_time[in_time != NEVER] - start + 1
    if not after.size:
        return Delay(0.0, None, None)
    return Delay(after.size / in_time.size, float(np.median(after)), float(after.mean()))
