"""What a pharmacokinetic model predicts for one typical person, step by step and without arrays.

It says what a definition means, and checks its examples. The evidence room computes many people at once by another
way, and is tested against this one.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daybreak.rulebook.kinetics import KineticModel

NG_PER_ML = 1000.0  # of mg per litre
_TERMS = 18


@dataclass(frozen=True, slots=True)
class Dose:
    """So many mg of the model's molecule by a route, from `at_hour`, over `hours` (0: at once)."""

    route: str
    mg: float
    at_hour: float
    hours: float = 0


@dataclass(frozen=True, slots=True)
class Inflow:
    """What comes into a compartment: `mg_per_hour` from `start` to `end` in hours, or `mg` at `start`."""

    into: int
    start: float
    end: float
    mg: float

    @property
    def mg_per_hour(self) -> float:
        """Return the rate of an inflow that takes time."""
        return self.mg / (self.end - self.start)


def inflows(model: "KineticModel", values: dict[str, float], doses: Iterable[Dose]) -> list[Inflow]:
    """Return what comes in, where and when; a share of a dose by each entrance of its route."""
    index = {place.id: number for number, place in enumerate(model.compartments)}
    found = []
    for dose in doses:
        for entrance in (each for each in model.entrances if each.route == dose.route):
            share = 1.0
            for name in entrance.shares:
                value = values[name.removeprefix("not_")]
                share *= 1 - value if name.startswith("not_") else value
            hours = max(dose.hours, values[entrance.over] if entrance.over else 0.0)
            found.append(Inflow(index[entrance.into], dose.at_hour, dose.at_hour + hours, dose.mg * share))
    return found


def rates(model: "KineticModel", values: dict[str, float]) -> list[list[float]]:
    """Return how fast each compartment hands on what it holds: rates[into][out_of] per hour, losses on the diagonal."""
    index = {place.id: number for number, place in enumerate(model.compartments)}
    volume = {place.id: values[place.volume] for place in model.compartments if place.volume}
    units = {each.id: each.unit for each in model.parameters}
    found = [[0.0] * len(index) for _ in index]
    for flow in model.flows:
        pairs = [(flow.out_of, flow.into), (flow.into, flow.out_of)] if flow.both_ways else [(flow.out_of, flow.into)]
        for start, end in pairs:
            rate = values[flow.by] / volume[start] if units[flow.by] == "L/h" else values[flow.by]
            found[index[start]][index[start]] -= rate
            if end:
                found[index[end]][index[start]] += rate
    return found


def typical(model: "KineticModel", weight_kg: float) -> dict[str, float]:
    """Return each parameter for a typical person of `weight_kg`."""
    ratio = weight_kg / float(model.weight_kg)
    return {each.id: float(each.value) * ratio ** float(each.weight_exponent) for each in model.parameters}


def concentrations(
    model: "KineticModel", doses: Sequence[Dose], *, weight_kg: float, compartment: str, hours: Sequence[float]
) -> list[float]:
    """Return the concentration in ng/mL in `compartment` at `hours` (ascending) for a typical person."""
    values = typical(model, weight_kg)
    place = next(number for number, each in enumerate(model.compartments) if each.id == compartment)
    litres = values[model.compartments[place].volume]
    coming = inflows(model, values, doses)
    matrix = rates(model, values)
    moments = sorted({0.0, *hours, *(each.start for each in coming), *(each.end for each in coming)})
    held = [0.0] * len(matrix)
    found: dict[float, float] = {}
    for before, now in zip([0.0, *moments], moments, strict=False):
        if now > before:
            running = [each for each in coming if each.start <= before and each.end >= now and each.end > each.start]
            held = _later(matrix, held, running, now - before)
        found[now] = held[place] / litres * NG_PER_ML
        for each in coming:
            if each.start == now == each.end:
                held[each.into] += each.mg
    return [found[hour] for hour in hours]


def _later(matrix: list[list[float]], held: list[float], running: list[Inflow], hours: float) -> list[float]:
    """Return what is held after `hours`: the exponential by its series, in steps small enough for it to be exact."""
    gain = [0.0] * len(held)
    for each in running:
        gain[each.into] += each.mg_per_hour
    steps = max(1, int(hours * max(-matrix[n][n] for n in range(len(matrix)))) + 1)
    step = hours / steps
    for _ in range(steps):
        term = [sum(row[n] * held[n] for n in range(len(held))) + gain[m] for m, row in enumerate(matrix)]
        held = [now + step * change for now, change in zip(held, term, strict=True)]
        factor = step
        for power in range(2, _TERMS):
            term = [sum(row[n] * term[n] for n in range(len(term))) for row in matrix]
            factor *= step / power
            held = [now + factor * change for now, change in zip(held, term, strict=True)]
    return held
