"""The form of a published pharmacokinetic model: compartments, what flows between them, and how a dose comes in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.compartments import Dose, concentrations
from daybreak.rulebook.form import Definition, Form, Number, Sentence, Word, demand

KineticRoute = Literal["intravenous", "intranasal", "oral"]
Molecule = Literal["ketamine", "esketamine", "norketamine", "noresketamine"]


class Parameter(Form):
    """One number of a model, for a person of the model's weight.

    `variance` is that of its logarithm between people (`on_logit`: of its logit); `weight_exponent` says how it
    follows body weight. The unit is L, L/h, /h, h or none (a share).
    """

    id: Word
    title: Sentence
    value: Annotated[Number, Field(gt=0)]
    unit: Literal["L", "L/h", "/h", "h", ""] = ""
    variance: Annotated[Number, Field(gt=0)] | None = None
    on_logit: StrictBool = False
    weight_exponent: Number = Decimal(0)
    reference: Sentence
    note: str = ""


class Covariance(Form):
    """The covariance of the logarithms of two parameters between people."""

    of: tuple[Word, Word]
    value: Number
    reference: Sentence


class Compartment(Form):
    """A part of the body that is taken as evenly mixed; without `volume` it only hands on what it holds."""

    id: Word
    title: Sentence
    volume: str = ""


class Flow(Form):
    """What leaves a compartment: by a clearance (L/h, divided by the volume it leaves) or a rate (/h).

    Without `into` it leaves the body. `both_ways` is for a clearance between two volumes.
    """

    out_of: Word
    into: str = ""
    by: Word
    both_ways: StrictBool = False


class Entrance(Form):
    """How a share of a dose given by `route` comes in: at once, or evenly over the hours of `over`.

    `shares` are parameters whose product is the share; one with `not_` before it counts as one minus it.
    """

    route: KineticRoute
    into: Word
    shares: tuple[str, ...] = ()
    over: str = ""


class Observed(Form):
    """What the model predicts: the concentration of a molecule in one compartment."""

    molecule: Molecule
    compartment: Word
    title: Sentence


class KineticExample(Form):
    """Concentrations in ng/mL for a dose of the model's own molecule, equal within half a per cent.

    `dose_mg` over `infused_minutes` (0: at once) by `route` at time 0; `expect` at `minutes`.
    """

    name: Sentence
    route: KineticRoute
    dose_mg: Number
    infused_minutes: Annotated[StrictInt, Field(ge=0)]
    weight_kg: Number
    molecule: Molecule
    minutes: tuple[StrictInt, ...]
    expect: tuple[Number, ...]


class KineticModel(Definition):
    """A model of how the concentration of a drug in blood follows a dose. It doses nobody."""

    molecule: Literal["ketamine", "esketamine"]
    sampled_from: Literal["vein", "artery", "mixed"]
    people: Annotated[StrictInt, Field(ge=1)] | None = None
    in_whom: Sentence
    weight_kg: Number = Decimal(70)
    read: Literal["whole", "secondary"]
    parameters: tuple[Parameter, ...] = Field(min_length=2)
    covariances: tuple[Covariance, ...] = ()
    compartments: tuple[Compartment, ...] = Field(min_length=1)
    flows: tuple[Flow, ...] = Field(min_length=1)
    entrances: tuple[Entrance, ...] = Field(min_length=1)
    observed: tuple[Observed, ...] = Field(min_length=1)
    examples: tuple[KineticExample, ...] = Field(min_length=1)

    @property
    def routes(self) -> tuple[str, ...]:
        """Return the routes by which the model knows how a dose comes in."""
        return tuple(dict.fromkeys(entrance.route for entrance in self.entrances))

    def parameter(self, parameter_id: str) -> Parameter:
        """Return the parameter `parameter_id`."""
        return next(each for each in self.parameters if each.id == parameter_id)

    @model_validator(mode="after")
    def _holds_together(self) -> "KineticModel":
        parameters = {each.id: each for each in self.parameters}
        places = {each.id: each for each in self.compartments}
        for name in self._named():
            demand(name in parameters, f"there is no parameter “{name}”")
        for place in self._places():
            demand(place in places, f"there is no compartment “{place}”")
        for flow in self.flows:
            is_clearance = parameters[flow.by].unit == "L/h"
            ends = [flow.out_of, flow.into] if flow.both_ways else [flow.out_of]
            for place in ends if is_clearance else ():
                demand(bool(places[place].volume), f"a clearance needs the volume of “{place}”")
            demand(is_clearance or not flow.both_ways, "only a clearance goes both ways")
            demand(parameters[flow.by].unit in ("L/h", "/h"), f"“{flow.by}” is neither a clearance nor a rate")
        return self

    def _named(self) -> Iterator[str]:
        yield from (place.volume for place in self.compartments if place.volume)
        yield from (flow.by for flow in self.flows)
        for entrance in self.entrances:
            yield from (share.removeprefix("not_") for share in entrance.shares)
            yield from (entrance.over,) if entrance.over else ()
        for covariance in self.covariances:
            yield from covariance.of

    def _places(self) -> Iterator[str]:
        yield from (flow.out_of for flow in self.flows)
        yield from (flow.into for flow in self.flows if flow.into)
        yield from (entrance.into for entrance in self.entrances)
        yield from (seen.compartment for seen in self.observed)


def kinetic_wrongs(model: KineticModel) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield where an example of `model` is not what its parameters give, with a sentence."""
    for index, example in enumerate(model.examples):
        place = next((each.compartment for each in model.observed if each.molecule == example.molecule), None)
        if place is None or example.route not in model.routes or len(example.minutes) != len(example.expect):
            yield ("examples", index), f"example “{example.name}”: the model does not know that molecule or route"
            continue
        dose = Dose(example.route, float(example.dose_mg), 0, example.infused_minutes / 60)
        hours = [minute / 60 for minute in example.minutes]
        got = concentrations(model, (dose,), weight_kg=float(example.weight_kg), compartment=place, hours=hours)
        for minute, wanted, found in zip(example.minutes, example.expect, got, strict=True):
            if abs(found - float(wanted)) > 0.005 * float(wanted):
                message = f"example “{example.name}”: at {minute} minutes it is {found:.2f} ng/mL, not {wanted}"
                yield ("examples", index), message
