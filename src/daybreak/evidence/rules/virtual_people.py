"""Concentrations of many virtual people at once, by a published model and a regimen.

The model is linear, so each stretch of time is one matrix exponential for each person. scipy's takes the matrices of a
stack one by one; here the whole stack is squared together, which is some eighty times as fast.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import GivenDose, KineticModel, inflows, rates, typical

LONGEST_HOURS = 96
PEOPLE = 1000
Array = NDArray[np.float64]
_TERMS = 12
_SMALL = 0.5
_POINTS = 240


class NotSimulated(Refusal):
    """A regimen that the model cannot be asked about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """`mg` of the model's molecule by `route` over `minutes` (0: at once), `times` times, every `every_hours`."""

    route: str
    mg: float
    minutes: float = 0
    times: int = 1
    every_hours: float = 0

    def doses(self) -> tuple[GivenDose, ...]:
        """Return each dose with its time."""
        return tuple(
            GivenDose(self.route, self.mg, number * self.every_hours, self.minutes / 60) for number in range(self.times)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What the model predicts: at `hours`, the ng/mL (people by hours) of one molecule."""

    hours: Array
    ng_per_ml: Array

    def share(self, *, below: float) -> Array:
        """Return at each hour the concentration below which the share `below` of the people lies."""
        found: Array = np.quantile(self.ng_per_ml, below, axis=0)
        return found


def simulate(
    model: KineticModel,
    regimen: Regimen,
    *,
    molecule: str,
    weight_kg: float,
    until_hour: float,
    people: int = PEOPLE,
    seed: int = 1,
) -> Course:
    """Return the course of `people` virtual people of one weight; the same seed gives the same people.

    A model that does not say how people differ gives one, the typical person. How they differ is what the model says
    of its parameters; error of measuring is left out. Raise NotSimulated for a route the model does not know, and for
    more than 96 hours.
    """
    if regimen.route not in model.routes:
        raise NotSimulated(f"{model.title} does not know the route {regimen.route}.")
    if not 0 < until_hour <= LONGEST_HOURS or regimen.every_hours * (regimen.times - 1) > LONGEST_HOURS:
        raise NotSimulated(f"The explorer shows at most {LONGEST_HOURS} hours.")
    people = people if any(each.variance is not None for each in model.parameters) else 1
    values = drawn(model, weight_kg=weight_kg, people=people, seed=seed)
    seen = next(each for each in model.observed if each.molecule == molecule)
    place = next(number for number, each in enumerate(model.compartments) if each.id == seen.compartment)
    litres = values[model.compartments[place].volume]
    hours, held = _amounts(model, values, regimen.doses(), place, people, until_hour)
    return Course(hours=hours, ng_per_ml=held / np.broadcast_to(litres, (people,))[:, None] * 1000)


def drawn(model: KineticModel, *, weight_kg: float, people: int, seed: int) -> dict[str, Array | float]:
    """Return each parameter, for each person where people differ in it."""
    values: dict[str, Array | float] = dict(typical(model, weight_kg))
    varied = [each for each in model.parameters if each.variance is not None]
    if not varied:
        return values
    index = {each.id: number for number, each in enumerate(varied)}
    covariance = np.diag([float(each.variance or 0) for each in varied])
    for pair in model.covariances:
        first, second = (index[name] for name in pair.of)
        covariance[first, second] = covariance[second, first] = float(pair.value)
    apart = np.random.default_rng(seed).multivariate_normal(np.zeros(len(varied)), covariance, size=people)
    for each, eta in zip(varied, apart.T, strict=True):
        middle = values[each.id]
        if each.on_logit:
            values[each.id] = 1 / (1 + (1 - middle) / middle * np.exp(-eta))
        else:
            values[each.id] = middle * np.exp(eta)
    return values


def _amounts(
    model: KineticModel,
    values: dict[str, Array | float],
    doses: Sequence[GivenDose],
    place: int,
    people: int,
    until_hour: float,
) -> tuple[Array, Array]:
    """Return the hours that are drawn, and what the compartment `place` then holds in mg (people by hours)."""
    coming = inflows(model, values, doses)  # type: ignore[arg-type]
    flow = _stacked(rates(model, values), people)  # type: ignore[arg-type]
    size = flow.shape[1]
    edges = {0.0, until_hour, *(each.start for each in coming), *(each.end for each in coming)}
    moments = sorted(edge for edge in edges if edge <= until_hour)
    held = np.zeros((people, size + 1))
    held[:, size] = 1.0
    hours, shown = [0.0], [held[:, place].copy()]
    known: dict[tuple[float, tuple[int, ...]], Array] = {}
    for before, now in pairwise(moments):
        for each in coming:
            if each.start == before == each.end:
                held[:, each.into] += each.mg
        if before == 0.0:
            shown[0] = held[:, place].copy()
        steps = max(4, round(_POINTS * (now - before) / until_hour))
        step = (now - before) / steps
        running = tuple(n for n, each in enumerate(coming) if each.start <= before and each.end >= now)
        key = (round(step, 9), tuple(coming[n].into for n in running))
        if key not in known:
            gain = np.zeros((people, size))
            for n in running:
                gain[:, coming[n].into] += coming[n].mg_per_hour
            known[key] = _exponential(np.dstack([np.hstack([flow, np.zeros((people, 1, size))]), _column(gain)]) * step)
        for number in range(1, steps + 1):
            held = (known[key] @ held[:, :, None])[:, :, 0]
            hours.append(before + number * step)
            shown.append(held[:, place].copy())
    return np.array(hours), np.array(shown).T


def _stacked(matrix: list[list[float]], people: int) -> Array:
    """Return the rates as one matrix for each person."""
    return np.array([[np.broadcast_to(cell, (people,)) for cell in row] for row in matrix]).transpose(2, 0, 1)


def _column(gain: Array) -> Array:
    """Return what comes in as the last column, with nothing in the last row."""
    return np.concatenate([gain, np.zeros((len(gain), 1))], axis=1)[:, :, None]


def _exponential(stack: Array) -> Array:
    """Return the exponential of each matrix, by its series for a small part of it, squared."""
    norm = float(np.abs(stack).sum(axis=1).max())
    squarings = max(0, int(np.ceil(np.log2(norm / _SMALL))) if norm > 0 else 0)
    small = stack / 2**squarings
    one = np.broadcast_to(np.eye(stack.shape[1]), stack.shape)
    summed: Array = reduce(lambda found, power: one + small @ found / power, range(_TERMS, 0, -1), one.copy())
    for _ in range(squarings):
        summed = summed @ summed
    return summed
