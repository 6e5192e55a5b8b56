"""The effect of one trial and its variance: from events, from means, for parallel arms and for crossover.

Effects of ratios are logarithms. Zero cells: where a table of events has one, a half is added to each of its four
cells, and to no other table's; these are metafor's defaults. The risk difference and its variance use the same rule.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaln

from daybreak.stats.arrays import Numbers, numbers, same_length
from daybreak.stats.estimate import ImpossibleCounts


class Measure(StrEnum):
    """Odds ratio, risk ratio, risk difference, mean difference, standardised mean difference (Hedges' g)."""

    OR = "OR"
    RR = "RR"
    RD = "RD"
    MD = "MD"
    SMD = "SMD"

    @property
    def is_ratio(self) -> bool:
        """Return whether it is pooled as a logarithm."""
        return self in (Measure.OR, Measure.RR)

    @property
    def is_of_events(self) -> bool:
        """Return whether it comes from counts of events."""
        return self in (Measure.OR, Measure.RR, Measure.RD)


@dataclass(frozen=True, slots=True)
class Tables:
    """Fourfold tables, one a trial: with the event (`a` treated, `c` control) and without it (`b`, `d`)."""

    a: Numbers
    b: Numbers
    c: Numbers
    d: Numbers

    @classmethod
    def of(cls, events_1: ArrayLike, total_1: ArrayLike, events_2: ArrayLike, total_2: ArrayLike) -> "Tables":
        """Return the tables of events among totals in two arms. Raises ImpossibleCounts where nobody could have
        counted so.
        """
        a, n = numbers(events_1, "events"), numbers(total_1, "totals")
        c, m = numbers(events_2, "events"), numbers(total_2, "totals")
        same_length(events=a, totals=n, control_events=c, control_totals=m)
        wrong = (a < 0) | (c < 0) | (a > n) | (c > m) | (n <= 0) | (m <= 0)
        if wrong.any():
            at = int(np.argmax(wrong))
            raise ImpossibleCounts(
                f"Trial {at + 1}: {a[at]:g} of {n[at]:g} and {c[at]:g} of {m[at]:g} could not have been counted."
            )
        return cls(a, n - a, c, m - c)

    @classmethod
    def of_cells(cls, a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike) -> "Tables":
        """Return the tables of four cells each. An arm may be empty, as in metafor: its cells are halves then, and it
        says next to nothing. Raises ImpossibleCounts for a cell below 0, and a table without anybody.
        """
        cells = [numbers(each, "cells") for each in (a, b, c, d)]
        same_length(a=cells[0], b=cells[1], c=cells[2], d=cells[3])
        wrong = (np.min(cells, axis=0) < 0) | (np.sum(cells, axis=0) == 0)
        if wrong.any():
            raise ImpossibleCounts(f"Trial {int(np.argmax(wrong)) + 1}: nobody could have counted this table.")
        return cls(*cells)

    def halved(self) -> "Tables":
        """Return the tables with a half added to each cell of those that have an empty one."""
        empty = (self.a == 0) | (self.b == 0) | (self.c == 0) | (self.d == 0)
        more = np.where(empty, 0.5, 0.0)
        return Tables(self.a + more, self.b + more, self.c + more, self.d + more)

    def with_empty_arm(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which tables have nobody in one of their arms."""
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (self.a + self.b == 0) | (self.c + self.d == 0)
        return found

    def without_information(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Return which tables have no event, or nothing but events, in both arms."""
        found: np.ndarray[tuple[int], np.dtype[np.bool_]] = (self.a + self.c == 0) | (self.b + self.d == 0)
        return found


def of_events(measure: Measure, tables: Tables, correlation: ArrayLike = 0.0) -> tuple[Numbers, Numbers]:
    """Return effects and their variances.

    `correlation` is that of a person's two outcomes in a crossover trial, 0 for parallel arms: the covariance of
    the arms is then taken off (Elbourne DR et al. Int J Epidemiol 2002;31:140-149).
    """
    t = tables.halved()
    n, m = t.a + t.b, t.c + t.d
    if measure is Measure.OR:
        effect, one, two = np.log(t.a * t.d / (t.b * t.c)), 1 / t.a + 1 / t.b, 1 / t.c + 1 / t.d
    elif measure is Measure.RR:
        effect, one, two = np.log(t.a / n / (t.c / m)), 1 / t.a - 1 / n, 1 / t.c - 1 / m
    elif measure is Measure.RD:
        effect, one, two = t.a / n - t.c / m, t.a * t.b / n**3, t.c * t.d / m**3
    else:
        raise ImpossibleCounts(f"{measure} does not come from counts of events.")
    return effect, _together(one, two, correlation)


def of_means(
    measure: Measure,
    *,
    mean_1: ArrayLike,
    sd_1: ArrayLike,
    n_1: ArrayLike,
    mean_2: ArrayLike,
    sd_2: ArrayLike,
    n_2: ArrayLike,
    correlation: ArrayLike = 0.0,
) -> tuple[Numbers, Numbers]:
    """Return effects and their variances from means, standard deviations and numbers of people in two arms.

    The standardised difference is Hedges' g with the exact correction (Hedges LV. J Educ Stat 1981;6:107-128) and
    the large-sample variance. Raises ImpossibleCounts for a deviation of 0 or fewer than two people.
    """
    x, y = numbers(mean_1, "means"), numbers(mean_2, "means")
    s, u = numbers(sd_1, "standard deviations"), numbers(sd_2, "standard deviations")
    n, m = numbers(n_1, "numbers of people"), numbers(n_2, "numbers of people")
    same_length(means=x, deviations=s, people=n, control_means=y, control_deviations=u, control_people=m)
    wrong = (s <= 0) | (u <= 0) | (n < 2) | (m < 2)
    if wrong.any():
        raise ImpossibleCounts(
            f"Trial {int(np.argmax(wrong)) + 1}: a mean needs at least two people in each arm, and a standard deviation"
            " above 0."
        )
    if measure is Measure.MD:
        return x - y, _together(s**2 / n, u**2 / m, correlation)
    if measure is not Measure.SMD:
        raise ImpossibleCounts(f"{measure} does not come from means.")
    freedom = n + m - 2
    pooled = np.sqrt(((n - 1) * s**2 + (m - 1) * u**2) / freedom)
    correction = np.exp(gammaln(freedom / 2) - np.log(np.sqrt(freedom / 2)) - gammaln((freedom - 1) / 2))
    effect = correction * (x - y) / pooled
    return effect, _together(1 / n, 1 / m, correlation) + effect**2 / (2 * (n + m))


def _together(one: Numbers, two: Numbers, correlation: ArrayLike) -> Numbers:
    r = np.asarray(correlation, dtype=np.float64)
    if (np.abs(r) >= 1).any():
        raise ImpossibleCounts("A correlation lies between -1 and 1.")
    variance: Numbers = one + two - 2 * r * np.sqrt(one * two)
    return variance
