"""The form of a dose: how large it is, for whom, by which steps it grows, and in which devices it comes."""

from typing import Annotated, ClassVar, Literal, get_args

from pydantic import Field, StrictBool, StrictInt, model_validator

from daybreak.rulebook.form import Blankable, Form, Number, Sentence, Sourced, Word, demand
from daybreak.rulebook.gate import Gate, Whole, flat_gate

Positive = Annotated[Number, Field(gt=0)]
FromZero = Annotated[StrictInt, Field(ge=0)]
Route = Literal[
    "intravenous", "intramuscular", "subcutaneous", "intranasal", "oral", "sublingual", "buccal", "inhaled", "rectal"
]
ROUTES: tuple[str, ...] = get_args(Route)
DoseUnit = Literal["mg", "ug", "mg/kg", "ug/kg", "mg/kg/h", "ug/kg/h"]
_UNITS = {"fixed": "", "per_kilogram": "/kg", "per_kilogram_hour": "/kg/h"}


class DoseStep(Sourced, Blankable):
    """Amounts that may be chosen, for whom (a gate, such as an age) and from which session up to and with which.

    The first step of the file that fits is the one that holds.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"amounts"})

    id: Word
    gate: Gate | None = None
    from_session: Whole = 1
    until_session: Whole | None = None
    amounts: tuple[Positive, ...] | None = None
    one_step_at_a_time: StrictBool = False

    @model_validator(mode="before")
    @classmethod
    def _flat(cls, data: object) -> object:
        return flat_gate(data)

    @model_validator(mode="after")
    def _whole(self) -> "DoseStep":
        demand(self.says("amounts") and self.amounts != (), "“amounts” is missing")
        grown = sorted(set(self.amounts or ()))
        demand(list(self.amounts or ()) == grown, "amounts grow from the first to the last")
        demand(
            self.until_session is None or self.from_session <= self.until_session,
            "this step can never be taken: it ends before it begins",
        )
        return self


class TitrationStep(Sourced, Blankable):
    """A rate on the way to the target of a long infusion, at the earliest so many hours after the start.

    Each is signed for before the pump is set to it, and nobody jumps over one. The first is the rate at the start.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"amount", "after_hours"})

    id: Word
    amount: Positive | None = None
    after_hours: Whole | None = None

    @model_validator(mode="after")
    def _whole(self) -> "TitrationStep":
        demand(self.says("amount"), "“amount” is missing")
        return self


class Devices(Sourced):
    """A dose that comes in whole devices, given some minutes apart."""

    amount: Positive
    unit: Literal["mg", "ug"]
    minutes_apart: Whole


class IdealWeight(Sourced):
    """Ideal body weight: a base for women and for men at a height, and so much for each inch above it.

    The choice between it and the weight on the scale is a clinician's, and is recorded. It is offered from a
    body-mass index on.
    """

    female_base: Positive
    male_base: Positive
    per_inch: Positive
    above_inches: Positive
    offer_from_body_mass_index: Positive


class DoseRule(Sourced, Blankable):
    """How large a dose is and how long it takes. Rounding is always down, never above what was wished."""

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"amount", "at_most", "over_minutes", "round_to"})

    rule: Literal["fixed", "per_kilogram", "per_kilogram_hour"]
    drug: Word
    route: Route
    amount: Positive | None = None
    unit: DoseUnit
    at_most: Positive | None = None
    round_to: Positive | None = None
    over_minutes: Whole | None = None
    volume_round_to: Positive | None = None
    rate_round_to: Positive | None = None
    steps: tuple[DoseStep, ...] = ()
    devices: Devices | None = None
    ideal_weight: IdealWeight | None = None
    titration: tuple[TitrationStep, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> "DoseRule":
        demand(self.says("amount") != bool(self.steps), "a dose has either an amount or [[dose.steps]]")
        demand(
            self.unit in (f"mg{_UNITS[self.rule]}", f"ug{_UNITS[self.rule]}"),
            f"{self.rule} is in mg{_UNITS[self.rule]} or ug{_UNITS[self.rule]}, not in {self.unit}",
        )
        infused = self.rule == "per_kilogram_hour"
        demand(not infused or self.says("over_minutes"), "an amount for each hour needs over_minutes")
        demand(self.rule != "fixed" or self.ideal_weight is None, "a fixed dose does not look at the weight")
        demand(self.devices is None or self.rule == "fixed", "devices go with a fixed dose")
        demand(not self.titration or infused, "titration goes with an amount for each hour")
        return self

    @model_validator(mode="after")
    def _climbs(self) -> "DoseRule":
        for index, step in enumerate(self.titration):
            demand(step.says("after_hours") == (index > 0), "every step of titration but the first names after_hours")
        amounts = [step.amount for step in self.titration if step.amount is not None]
        hours = [step.after_hours for step in self.titration if step.after_hours is not None]
        demand(amounts == sorted(set(amounts)), "amounts of titration grow from the first to the last")
        demand(hours == sorted(set(hours)), "hours of titration grow from the first to the last")
        last = self.titration[-1].amount if self.titration else None
        demand(last is None or self.amount is None or last == self.amount, "titration ends at the amount of the dose")
        return self

    @model_validator(mode="after")
    def _whole_devices(self) -> "DoseRule":
        each = self.devices.amount if self.devices else None
        chosen: list[Positive | None] = [amount for step in self.steps for amount in step.amounts or ()]
        chosen = chosen or [self.amount]
        for amount in chosen:
            demand(
                each is None or amount is None or amount % each == 0,
                f"{amount} cannot be given in whole devices of {each}",
            )
        return self


class CoMedication(Sourced, Blankable):
    """A medicine that goes with the treatment by a schedule of its own: which, why, and how much and when as far as the
    source says so.

    Hours count from the start of the dose; `at_most_each_day` is what is given in 24 hours, in `unit`.
    """

    may_be_blank: ClassVar[frozenset[str]] = frozenset({"amount", "first_hours", "every_hours"})

    id: Word
    drug: Word
    route: Route
    text: Sentence
    amount: Positive | None = None
    unit: DoseUnit | None = None
    first_hours: FromZero | None = None
    every_hours: Whole | None = None
    grace_minutes: FromZero = 0
    at_most_each_day: Positive | None = None

    @model_validator(mode="after")
    def _whole(self) -> "CoMedication":
        demand(self.says("amount") == (self.unit is not None), "an amount and its unit go together")
        demand(self.at_most_each_day is None or self.unit is not None, "what is most in a day has the amount's unit")
        demand(not self.says("first_hours") or self.says("amount"), "a medicine that falls due has an amount")
        demand(not self.says("every_hours") or self.says("first_hours"), "every_hours needs first_hours")
        most = self.at_most_each_day
        demand(
            most is None or self.amount is None or self.amount <= most, "a single amount is above what is most in a day"
        )
        return self


class DoseExpected(Form):
    """What an example of a dose expects."""

    dose_mg: Number | None = None
    volume_ml: Number | None = None
    rate_ml_per_hour: Number | None = None
    devices: Whole | None = None
    rates_ml_per_hour: tuple[Number, ...] | None = None
    titrated_to: Number | None = None
    choices: tuple[Number, ...] | None = None
    no_dose: StrictBool = False
