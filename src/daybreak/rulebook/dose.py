"""How large a dose is, and what the pump or the devices give. All in Decimal; every step can be shown."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.units import convert
from daybreak.rulebook.dosing import DoseRule, DoseStep, IdealWeight
from daybreak.rulebook.facts import Fact, number_in, trouble_with
from daybreak.rulebook.gate_tests import TESTS
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.words import counted, words_of

WeightUsed = Literal["actual", "ideal"]
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)
_FACTS: Mapping[str, Fact] = {}


@dataclass(frozen=True, slots=True)
class TitratedRate:
    """A step of a long infusion: its amount in the rule's unit, the pump's rate, and from how many hours on."""

    id: str
    amount: Decimal
    rate_ml_per_hour: Decimal | None
    after_hours: int


class NoDose(Refusal):
    """A dose that cannot be computed, and why."""


@dataclass(frozen=True, slots=True)
class Dose:
    """A dose in mg, the volume and the pump rate that give it over `over_minutes`, and the steps in words.

    Volume and rate are None where no concentration was given; `weight_kg` is None where the dose does not look at it.
    `weight_used` says whether the weight on the scale or the ideal one was taken, as chosen. `device_minutes` are the
    minutes at which each device is given, empty where the dose does not come in devices. Where the rate is titrated,
    `titration` holds its steps, `rate_ml_per_hour` is the first, and `dose_mg` what the last would give all the time.
    """

    drug: str
    route: str
    weight_kg: Decimal | None
    wished_mg: Decimal
    dose_mg: Decimal
    over_minutes: int | None
    concentration_mg_per_ml: Decimal | None
    volume_ml: Decimal | None
    rate_ml_per_hour: Decimal | None
    ceiling_reached: bool
    steps: tuple[str, ...] = ()
    weight_used: WeightUsed = "actual"
    device_minutes: tuple[int, ...] = ()
    titration: tuple[TitratedRate, ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """The amounts (in the rule's unit) among which a clinician may choose, and the step that says so."""

    amounts: tuple[Decimal, ...]
    unit: str
    step: DoseStep | None


def choices_for(
    protocol: Protocol, *, facts: Mapping[str, Fact] = _FACTS, session: int = 1, last: Decimal | None = None
) -> Choices:
    """Return the amounts that may be chosen for the `session`-th session (from 1), after an amount of `last`.

    Raise NoDose where the definition leaves the amount blank, or where a fact that decides it is not known.
    """
    rule = protocol.dose
    if not rule.steps:
        return Choices((_filled(rule.amount, "amount"),), rule.unit, None)
    step = _step_for(protocol, facts, session)
    amounts = step.amounts
    if amounts is None:
        raise NoDose("The definition leaves “amounts” blank: no dose can be computed.")
    if step.one_step_at_a_time and session > 1:
        known = Decimal(0) if last is None else last
        amounts = tuple(a for i, a in enumerate(amounts) if i == 0 or amounts[i - 1] <= known)
    return Choices(amounts, rule.unit, step)


def dose_for(
    protocol: Protocol,
    *,
    weight: Fact | None = None,
    concentration_mg_per_ml: Decimal | None = None,
    facts: Mapping[str, Fact] = _FACTS,
    session: int = 1,
    chosen: Decimal | None = None,
    last: Decimal | None = None,
    weight_used: WeightUsed = "actual",
    signed: Decimal | None = None,
) -> Dose:
    """Compute the dose of `protocol`; raise NoDose for a weight, a concentration or a choice that cannot be right.

    `facts` holds what bands ask for, and `height` and `sex` where the ideal weight is used. An amount that a clinician
    has `signed` for is taken whether it is offered or not; the ceiling holds all the same. This function will round the
    dose, the volume and the rate down to the protocol's steps.
    """
    rule = protocol.dose
    if signed is not None:
        amount, steps = signed, [f"ordered: {words_of(signed)} {rule.unit}"]
    else:
        amount, steps = _chosen(choices_for(protocol, facts=facts, session=session, last=last), chosen)
    kilograms = None
    if rule.rule != "fixed":
        kilograms, words = _weight(protocol, weight, facts, weight_used)
        steps += words
    found, words = _amount(rule, amount, kilograms)
    found = replace(found, weight_used=weight_used, steps=(*steps, *words))
    if concentration_mg_per_ml is not None:
        found = _with_volume(rule, found, concentration_mg_per_ml)
    return _with_devices(rule, found)


def down_to(value: Decimal, step: Decimal) -> Decimal:
    """Return `value` rounded down to a multiple of `step`."""
    return (value / step).to_integral_value(rounding=ROUND_DOWN) * step


def ideal_kilograms(rule: IdealWeight, *, height: Fact, sex: Fact) -> Decimal:
    """Return the ideal body weight; raise NoDose where the formula does not know the height or the sex."""
    bases = {"female": rule.female_base, "male": rule.male_base}
    if not isinstance(sex.value, str) or sex.value not in bases:
        raise NoDose("The ideal weight needs a sex that its formula knows: female or male.")
    try:
        inches = number_in(height, "[in_i]")
    except Refusal as refusal:
        raise NoDose(f"The height cannot be used: {refusal}") from refusal
    if inches < rule.above_inches:
        raise NoDose(f"The formula of the ideal weight begins at {words_of(rule.above_inches)} inches of height.")
    return round(bases[sex.value] + rule.per_inch * (inches - rule.above_inches), 1)


def _step_for(protocol: Protocol, facts: Mapping[str, Fact], session: int) -> DoseStep:
    for step in protocol.dose.steps:
        within = step.from_session <= session and (step.until_session is None or session <= step.until_session)
        if within and (step.gate is None or _fits(protocol, step, facts)):
            return step
    raise NoDose(f"No step of the definition fits session {session}.")


def _fits(protocol: Protocol, step: DoseStep, facts: Mapping[str, Fact]) -> bool:
    gate = step.gate
    if gate is None:
        return True
    definition, fact = protocol.fact(gate.ask), facts.get(gate.ask)
    trouble = "It is not known yet." if fact is None else trouble_with(definition, fact)
    if fact is None or trouble or gate.blanks:
        raise NoDose(f"The dose depends on an answer: {definition.question} {trouble or 'The definition is blank.'}")
    return TESTS[gate.test](gate, fact, fact.at or _ANY_MOMENT)[0]


def _chosen(choices: Choices, chosen: Decimal | None) -> tuple[Decimal, list[str]]:
    offered = " or ".join(words_of(amount) for amount in choices.amounts)
    if chosen is None and len(choices.amounts) > 1:
        raise NoDose(f"Choose the amount: {offered} {choices.unit}.")
    amount = choices.amounts[0] if chosen is None else chosen
    if amount not in choices.amounts:
        raise NoDose(f"{words_of(amount)} {choices.unit} is not offered here: {offered} {choices.unit}.")
    return amount, [f"chosen: {words_of(amount)} of {offered} {choices.unit}"] if len(choices.amounts) > 1 else []


def _filled(value: Decimal | int | None, name: str) -> Decimal:
    if value is None:
        raise NoDose(f"The definition leaves “{name}” blank: no dose can be computed.")
    return Decimal(value)


def _amount(rule: DoseRule, amount: Decimal, kilograms: Decimal | None) -> tuple[Dose, list[str]]:
    """Return the dose without its volume, and the arithmetic in words."""
    if blank := next((name for name in rule.blanks if name != "amount"), None):
        raise NoDose(f"The definition leaves “{blank}” blank: no dose can be computed.")
    wished, words = _wished(rule, amount, kilograms)
    held = wished if rule.at_most is None else min(wished, rule.at_most)
    dose = held if rule.round_to is None else down_to(held, rule.round_to)
    if dose <= 0:
        raise NoDose(f"{kilograms} kg gives a dose of nothing.")
    if held < wished:
        words.append(f"held at the ceiling of {rule.at_most} mg")
    if rule.round_to is not None:
        words.append(f"rounded down to a step of {rule.round_to} mg = {dose} mg")
    return Dose(
        drug=rule.drug,
        route=rule.route,
        weight_kg=kilograms,
        wished_mg=wished,
        dose_mg=dose,
        over_minutes=rule.over_minutes,
        concentration_mg_per_ml=None,
        volume_ml=None,
        rate_ml_per_hour=None,
        ceiling_reached=held < wished,
    ), words


def _wished(rule: DoseRule, amount: Decimal, kilograms: Decimal | None) -> tuple[Decimal, list[str]]:
    milligrams = convert(amount, unit=rule.unit[:2], into="mg")
    if kilograms is None:
        return milligrams, [f"a fixed dose of {words_of(amount)} {rule.unit}"]
    if rule.rule == "per_kilogram_hour":
        hours = Decimal(rule.over_minutes or 0) / 60
        total = kilograms * milligrams * hours
        return total, [f"{kilograms} kg × {amount} {rule.unit} × {words_of(hours)} h = {total} mg"]
    return kilograms * milligrams, [f"{kilograms} kg × {amount} {rule.unit} = {kilograms * milligrams} mg"]


def _with_volume(rule: DoseRule, dose: Dose, concentration: Decimal) -> Dose:
    if not concentration.is_finite() or concentration <= 0:
        raise NoDose("The concentration must be a number of milligrams per millilitre above zero.")
    if rule.volume_round_to is None:
        return replace(dose, concentration_mg_per_ml=concentration)
    exact, rate = dose.dose_mg / concentration, None
    volume = down_to(exact, rule.volume_round_to)
    words = [f"{dose.dose_mg} mg ÷ {concentration} mg/mL = {volume} mL"]
    if rule.over_minutes is not None and rule.rate_round_to is not None:
        rate = down_to(exact * 60 / rule.over_minutes, rule.rate_round_to)
        words.append(f"over {counted(rule.over_minutes, 'minute')} = {rate} mL/h")
    found = replace(dose, concentration_mg_per_ml=concentration, volume_ml=volume, rate_ml_per_hour=rate)
    return _titrated(rule, replace(found, steps=(*dose.steps, *words)))


def _titrated(rule: DoseRule, dose: Dose) -> Dose:
    """Set the rates of titration; each is rounded down, and none is above what gives the whole dose in its time."""
    kilograms, concentration, ceiling = dose.weight_kg, dose.concentration_mg_per_ml, dose.rate_ml_per_hour
    if not rule.titration or kilograms is None or concentration is None or ceiling is None:
        return dose
    found, words = [], []
    for step in rule.titration:
        amount, unit = _filled(step.amount, "amount"), rule.unit[:2]
        flow = kilograms * convert(amount, unit=unit, into="mg") / concentration
        rate = min(down_to(flow, rule.rate_round_to) if rule.rate_round_to else flow, ceiling)
        hours = 0 if step is rule.titration[0] else int(_filled(step.after_hours, "after_hours"))
        found.append(TitratedRate(step.id, amount, rate, hours))
        when = f"from {hours} h after the start at the earliest" if hours else "at the start"
        words.append(f"{words_of(amount)} {rule.unit} = {rate} mL/h, {when}")
    return replace(
        dose, rate_ml_per_hour=found[0].rate_ml_per_hour, titration=tuple(found), steps=(*dose.steps, *words)
    )


def titrated_to(rule: DoseRule, *, hours: Decimal) -> Decimal:
    """Return the highest amount of titration (in the rule's unit) that may run `hours` after the start.

    Raise NoDose where the definition leaves a step blank.
    """
    reached = [
        _filled(step.amount, "amount")
        for index, step in enumerate(rule.titration)
        if index == 0 or _filled(step.after_hours, "after_hours") <= hours
    ]
    if not reached:
        raise NoDose("This definition has no steps of titration.")
    return reached[-1]


def _with_devices(rule: DoseRule, dose: Dose) -> Dose:
    if rule.devices is None:
        return dose
    each = convert(rule.devices.amount, unit=rule.devices.unit, into="mg")
    count = int(dose.dose_mg / each)
    words = f"{count} × {words_of(each)} mg, {counted(rule.devices.minutes_apart, 'minute')} apart"
    minutes = tuple(index * rule.devices.minutes_apart for index in range(count))
    return replace(dose, device_minutes=minutes, steps=(*dose.steps, words))


def _weight(
    protocol: Protocol, weight: Fact | None, facts: Mapping[str, Fact], used: WeightUsed
) -> tuple[Decimal, list[str]]:
    if weight is None:
        raise NoDose("The dose needs the weight of the patient.")
    actual = _plausible_weight(protocol, weight)
    if used == "actual":
        return actual, []
    rule = protocol.dose.ideal_weight
    if rule is None:
        raise NoDose("This definition does not offer the ideal weight.")
    if "height" not in facts or "sex" not in facts:
        raise NoDose("The ideal weight needs the height and the sex of the patient.")
    ideal = ideal_kilograms(rule, height=facts["height"], sex=facts["sex"])
    return min(ideal, actual), [f"ideal weight {ideal} kg, on the scale {actual} kg: the lower one is used"]


def _plausible_weight(protocol: Protocol, weight: Fact) -> Decimal:
    try:
        kilograms = number_in(weight, "kg")
    except Refusal as refusal:
        raise NoDose(f"The weight cannot be used: {refusal}") from refusal
    bounds = protocol.fact("weight")
    lowest = convert(bounds.lowest or Decimal(0), unit=bounds.unit, into="kg")
    if kilograms <= 0 or kilograms < lowest or (bounds.highest is not None and kilograms > bounds.highest):
        raise NoDose(f"A weight of {kilograms.normalize():f} kg cannot be right. Weigh again, and check the unit.")
    return kilograms
