"""A dose in words, by the way in which it is given: what is prepared, what two people confirm, what comes next."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.utils.translation import gettext as _

from daybreak.design.public import clock
from daybreak.measure.public import Allergies
from daybreak.rulebook.public import Choices, spoken
from daybreak.treat.queries.sessions import Order, SessionNow
from daybreak.treat.rules.medicines import Planned
from daybreak.treat.rules.route import PUMPED, Manner, TitrationLine, next_rate
from daybreak.treat.rules.steps import State, Step, in_words
from daybreak.treat.web.presenters import plain

_FORMS = {
    "tablet": ("tablet", "tablets"),
    "capsule": ("capsule", "capsules"),
    "lozenge": ("lozenge", "lozenges"),
    "liquid": ("liquid", "liquid"),
}


@dataclass(frozen=True, slots=True)
class DoseLine:
    """One line of what is prepared; `large` is read from afar."""

    label: str
    value: str
    more: str = ""
    large: bool = False


@dataclass(frozen=True, slots=True)
class NextGiven:
    """What the chair offers next: a button, until when it waits, and what is left."""

    label: str
    waits_until: str
    left: str
    offered: bool
    places: tuple[str, ...]


def dose_lines(now: SessionNow) -> list[DoseLine]:
    """Return what is drawn up, counted out or set, for the order that counts."""
    order = now.order
    if order is None:
        return []
    return [
        DoseLine(_("Dose"), f"{plain(order.dose_mg)} mg", _drug(now, order), large=True),
        *_BY_MANNER[now.manner](now, order),
        *_with_it(order),
    ]


def plan_times(plan: Planned) -> str:
    """Return when a medicine of the order is due, and how much of it is most in a day, in sentences."""
    times = []
    if plan.first_hours is not None:
        first = _("At the start") if not plan.first_hours else _("%(n)s h after the start") % {"n": plan.first_hours}
        then = _(", then every %(n)s h") % {"n": plan.every_hours} if plan.every_hours else ""
        times.append(f"{first}{then}.")
    if plan.at_most_each_day is not None:
        times.append(_("At most %(n)s %(unit)s in 24 hours.") % {"n": plain(plan.at_most_each_day), "unit": plan.unit})
    return " ".join(times)


def _with_it(order: Order) -> list[DoseLine]:
    plans = [Planned.of(each) for each in order.co_medication]
    return [
        DoseLine(
            _("With it: %(drug)s") % {"drug": in_words(each.drug)},
            "" if each.amount is None else f"{plain(each.amount)} {each.unit}",
            f"{each.route}. {plan_times(each)} {each.text}",
        )
        for each in plans
    ]


def ordered_words(now: SessionNow) -> str:
    """Return the order in one line; nothing where there is none."""
    return "; ".join(f"{each.value} {each.more}".strip() for each in dose_lines(now))


def _infusion(now: SessionNow, order: Order) -> list[DoseLine]:
    return [_volume(order), _rate(order, _("for %(n)s minutes") % {"n": order.over_minutes})]


def _titration(now: SessionNow, order: Order) -> list[DoseLine]:
    unit = spoken(now.protocol.dose.unit)
    hours = Decimal(order.over_minutes or 0) / 60
    target = TitrationLine.of(order.titration[-1])
    found = [
        _volume(order),
        DoseLine(_("First syringe"), f"{plain(order.syringe_ml or Decimal(0))} mL"),
        DoseLine(
            _("Target"),
            f"{plain(target.amount)} {unit}",
            _("over %(n)s hours; what it gives all the time is the dose above") % {"n": plain(hours)},
        ),
    ]
    for each in map(TitrationLine.of, order.titration):
        when = _("from %(n)s h on, signed by a clinician") % {"n": each.after_hours} if each.after_hours else ""
        label = in_words(each.id).capitalize()
        words = f"{plain(each.amount)} {unit}. {when or _('at the start')}"
        found.append(DoseLine(label, f"{plain(each.rate_ml_per_hour)} mL/h", words, large=not each.after_hours))
    return found


def _injection(now: SessionNow, order: Order) -> list[DoseLine]:
    line = _volume(order)
    return [DoseLine(_("Volume to inject"), line.value, line.more, large=True)]


def _devices(now: SessionNow, order: Order) -> list[DoseLine]:
    devices = now.protocol.dose.devices
    apart = devices.minutes_apart if devices else 0
    more = _("of %(mg)s mg each, %(n)s minutes apart") % {"mg": plain(order.unit_mg or Decimal(0)), "n": apart}
    return [DoseLine(_("Devices"), str(order.units), more, large=True)]


def _mouth(now: SessionNow, order: Order) -> list[DoseLine]:
    if order.units is None:
        return [_volume(order)]
    more = _("of %(mg)s mg each") % {"mg": plain(order.unit_mg or Decimal(0))}
    return [DoseLine(_("Count"), f"{order.units} {_FORMS[order.form][order.units != 1]}", more, large=True)]


_BY_MANNER: dict[Manner, Callable[[SessionNow, Order], list[DoseLine]]] = {
    Manner.INFUSION: _infusion,
    Manner.TITRATION: _titration,
    Manner.INJECTION: _injection,
    Manner.DEVICES: _devices,
    Manner.MOUTH: _mouth,
}


def _volume(order: Order) -> DoseLine:
    at = _("at %(c)s mg/mL") % {"c": plain(order.concentration_mg_per_ml or Decimal(0))}
    return DoseLine(_("Volume"), f"{plain(order.volume_ml or Decimal(0))} mL", at)


def _rate(order: Order, more: str) -> DoseLine:
    return DoseLine(_("Pump rate"), f"{plain(order.rate_ml_per_hour or Decimal(0))} mL/h", more, large=True)


def _drug(now: SessionNow, order: Order) -> str:
    return f"{in_words(now.protocol.dose.drug)}, {order.route}"


def confirmations(now: SessionNow, known: Allergies) -> list[tuple[str, str]]:
    """Return what each of two people confirms: the item, and its words with today's numbers."""
    order = now.order
    if order is None:
        return []
    how = [each for each in dose_lines(now)[1:] if each.large] or dose_lines(now)[1:]
    drug = _drug(now, order)
    if order.concentration_mg_per_ml:
        drug += f", {plain(order.concentration_mg_per_ml)} mg/mL"
    dose = f"{plain(order.dose_mg)} mg"
    if order.volume_ml:
        dose += _(" in %(ml)s mL") % {"ml": plain(order.volume_ml)}
    substances = ", ".join(known.substances) if known.state == "known" else _(known.state)
    fourth = {Manner.INJECTION: "injection", Manner.DEVICES: "devices", Manner.MOUTH: "form"}.get(now.manner, "rate")
    return [
        ("identity", _("Identity: name and birth date, asked of the patient")),
        ("drug", _("Drug: %(words)s") % {"words": drug}),
        ("dose", _("Dose: %(words)s") % {"words": dose}),
        (fourth, _FOURTH[fourth]() % {"words": "; ".join(f"{each.value} {each.more}".strip() for each in how)}),
        ("allergies", _("Allergies: %(words)s") % {"words": substances}),
    ]


_FOURTH: dict[str, Callable[[], str]] = {
    "rate": lambda: _("Rate: %(words)s"),
    "injection": lambda: _("Injection: %(words)s"),
    "devices": lambda: _("Devices: %(words)s"),
    "form": lambda: _("Form: %(words)s"),
}


def start_words(now: SessionNow) -> str:
    """Return what the button of the start says."""
    words: dict[Manner, str] = {
        Manner.INJECTION: _("The injection is given"),
        Manner.DEVICES: _("The first device is given"),
        Manner.MOUTH: _("The dose is taken"),
    }
    return words.get(now.manner) or _("Start the infusion")


def choice_words(choices: Choices) -> list[tuple[str, str]]:
    """Return the amounts to choose from, as a form offers them."""
    return [(plain(each), f"{plain(each)} {spoken(choices.unit)}") for each in choices.amounts]


def next_given(now: SessionNow, *, at: datetime, zone: str, places: tuple[str, ...]) -> NextGiven | None:
    """Return what the chair offers next of a dose in parts; nothing for a pump, or while nothing runs."""
    offer, order = now.next_part_at(at), now.order
    if offer is None or order is None or now.state is not State.RUNNING:
        return None
    number = 1 + sum(step.step in (Step.STARTED, Step.GIVEN) for step in now.steps)
    label = _("Give the rest")
    if now.manner is Manner.DEVICES:
        label = _("Device %(n)s of %(m)s is given") % {"n": number, "m": order.units}
    waits = ""
    if offer.from_moment and offer.from_moment > at and offer.next_mg:
        waits = _not_before(offer.from_moment, zone)
    left = _("Nothing is left: complete the dose.")
    if offer.left_mg:
        left = _("%(mg)s mg are left.") % {"mg": plain(offer.left_mg)}
    return NextGiven(label, waits, left, offer.is_offered(at), places)


def _not_before(moment: datetime, zone: str) -> str:
    """Return the first whole minute that is not too early."""
    return clock(moment + timedelta(minutes=1, microseconds=-1), zone)


def climb(now: SessionNow, *, at: datetime, zone: str) -> tuple[str, str]:
    """Return the next step of titration in words, and why it waits; empty where there is none."""
    if now.order is None or now.started_at is None or not now.order.titration or now.state is not State.RUNNING:
        return "", ""
    lines = [TitrationLine.of(each) for each in now.order.titration]
    reached = sum(step.step == Step.RATE_RAISED for step in now.steps)
    found = next_rate(lines, reached=reached, running_ml_per_hour=now.flowing, started_at=now.started_at, at=at)
    words = ""
    if reached + 1 < len(lines):
        line = lines[reached + 1]
        words = _("Raise to %(rate)s mL/h (%(amount)s %(unit)s)") % {
            "rate": plain(line.rate_ml_per_hour),
            "amount": plain(line.amount),
            "unit": spoken(now.protocol.dose.unit),
        }
    why = _("From %(when)s on.") % {"when": _not_before(found.from_moment, zone)} if found.from_moment else found.why
    return words, "" if found.line else why


def syringe_words(now: SessionNow, *, at: datetime) -> str:
    """Return how much may be drawn into the next syringe; nothing where no pump runs."""
    so_far, order = now.given_at(at), now.order
    if so_far is None or order is None or order.volume_ml is None or now.manner not in PUMPED:
        return ""
    left = order.volume_ml - so_far.volume_ml
    return _("At most %(ml)s mL are left of the order.") % {"ml": plain(left)}
