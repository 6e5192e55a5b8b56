"""A protocol as a page that a committee can read: each rule in words, with its source."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from daybreak.rulebook.public import (
    Criterion,
    DoseRule,
    Duty,
    FollowUp,
    Gate,
    Limit,
    Protocol,
    Sign,
    Watch,
    words_of,
)
from daybreak.screen.web.forms import choice_word

UNITS = {
    "a": "years",
    "{score}": "points",
    "mm[Hg]": "mmHg",
    "kg/m2": "kg/m²",
    "{beats}/min": "/min",
    "min": "minutes",
}
OTHERWISE = {
    "inform": "say so",
    "review": "a clinician reviews it",
    "postpone": "wait",
    "refuse": "do not treat",
}
STAGES = {
    "screening": "Screening",
    "before_each_dose": "Before each dose",
    "before_leaving": "Before leaving",
}
TESTS = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is read: what, then what follows, with the source and how far it was checked."""

    title: str
    words: str
    source: str
    reference: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some rules under one heading."""

    title: str
    rules: list[Rule]


def chapters(protocol: Protocol) -> list[Chapter]:
    """Return the whole protocol in the order in which a patient meets it."""
    titles = {reference.id: reference.title for reference in protocol.provenance.references}
    found = [
        *(
            Chapter(_(title), [_criterion(c, protocol, titles) for c in protocol.criteria(stage)])
            for stage, title in STAGES.items()
        ),
        Chapter(_("Dose"), [_rule(_("Dose"), _dose(protocol.dose), protocol.dose, titles)]),
        Chapter(_("During the infusion"), _watch(protocol.during, titles)),
        Chapter(_("Afterwards"), [_after(protocol, titles), *_watch(protocol.after, titles)]),
        Chapter(
            _("Follow-up"),
            [_rule(choice_word(f.instrument), _follow_up(f), f, titles) for f in protocol.follow_up],
        ),
        Chapter(_("Duties that no fact decides"), [_duty(duty, titles) for duty in protocol.duties]),
    ]
    order = ("Screening", "Before each dose", "Dose", "During the infusion", "Afterwards", "Before leaving")
    ranked = {_(title): rank for rank, title in enumerate(order)}
    return sorted((c for c in found if c.rules), key=lambda c: ranked.get(c.title, len(order)))


def _rule(title: str, words: str, sourced: object, titles: dict[str, str]) -> Rule:
    reference = titles.get(sourced.reference, sourced.reference)
    return Rule(title, words, sourced.source, reference, sourced.verified, sourced.note)


def _criterion(criterion: Criterion, protocol: Protocol, titles: dict[str, str]) -> Rule:
    joined = {"one": " ", "all": _(" and "), "any": _(" or "), "none": _(" or ")}[criterion.group]
    needed = joined.join(_gate(gate, protocol) for gate in criterion.gates)
    needed = _("none of: ") + needed if criterion.group == "none" else needed
    who = {"nobody": _("Nobody can override it."), "two_clinicians": _("Overriding it takes two clinicians.")}
    parts = [
        _("Needs: %(what)s.") % {"what": needed},
        _("Otherwise: %(then)s.") % {"then": _(OTHERWISE[criterion.otherwise])},
        who.get(criterion.override, ""),
        criterion.advice,
    ]
    return _rule(criterion.question, " ".join(part for part in parts if part), criterion, titles)


def _gate(gate: Gate, protocol: Protocol) -> str:
    asked = protocol.fact(gate.ask).question
    answer = _test(gate) + _age(gate) if _test(gate) else _age(gate).removeprefix(", ")
    return f"“{asked}” – {answer}"


def _test(gate: Gate) -> str:
    if gate.test in TESTS:
        return f"{_(TESTS[gate.test])} {words_of(getattr(gate, gate.test))} {_unit(gate.unit)}".strip()
    return _WORDS[gate.test](gate)


def _counted(gate: Gate) -> str:
    bound = _("at least") if gate.at_least is not None else _("at most")
    number = gate.at_least if gate.at_least is not None else gate.at_most
    return f"{bound} {words_of(number)} × {choice_word(gate.count_of or '').lower()}"


def _between(gate: Gate) -> str:
    low, high = (words_of(end) for end in gate.between or ())
    return _("from %(low)s to %(high)s %(unit)s") % {"low": low, "high": high, "unit": _unit(gate.unit)}


_WORDS: dict[str, Callable[[Gate], str]] = {
    "is_": lambda gate: words_of(gate.is_) if gate.is_ is not None else "",
    "one_of": lambda gate: _(" or ").join(choice_word(each).lower() for each in gate.one_of or ()),
    "count_of": _counted,
    "consented_to": lambda gate: choice_word(gate.consented_to or "").lower(),
    "certified_in": lambda gate: choice_word(gate.certified_in or ""),
    "between": _between,
    "within": lambda gate: "",
}


def _age(gate: Gate) -> str:
    if gate.within_days:
        return _(", no older than %(n)s days") % {"n": gate.within_days}
    return _(", no older than %(n)s minutes") % {"n": gate.within_minutes} if gate.within_minutes else ""


def _unit(unit: str) -> str:
    return UNITS.get(unit, unit)


def _dose(dose: DoseRule) -> str:
    words = _("%(amount)s %(unit)s of %(drug)s, %(route)s, over %(minutes)s minutes, rounded down to %(round)s mg.") % {
        "amount": words_of(dose.amount),
        "unit": dose.unit,
        "drug": dose.drug,
        "route": dose.route,
        "minutes": dose.over_minutes,
        "round": words_of(dose.round_to),
    }
    ceiling = _(" Never more than %(most)s mg.") % {"most": words_of(dose.at_most)} if dose.at_most is not None else ""
    return words + ceiling


def _watch(watch: Watch, titles: dict[str, str]) -> list[Rule]:
    return [
        *(_rule(choice_word(sign.sign), _sign(sign), sign, titles) for sign in watch.signs),
        *(_rule(choice_word(limit.sign), _limit(limit), limit, titles) for limit in watch.limits),
    ]


def _sign(sign: Sign) -> str:
    if sign.every_minutes is not None:
        return _("Read every %(n)s minutes; overdue after %(grace)s more.") % {
            "n": sign.every_minutes,
            "grace": sign.grace_minutes,
        }
    minutes = ", ".join(str(minute) for minute in sign.at_minutes)
    return _("Read at minutes %(when)s; overdue after %(grace)s more.") % {
        "when": minutes,
        "grace": sign.grace_minutes,
    }


def _limit(limit: Limit) -> str:
    changes = {"rise_above": _("a rise of more than"), "fall_above": _("a fall of more than")}
    test = changes.get(limit.test) or _(TESTS[limit.test])
    bound = f"{test} {words_of(getattr(limit, limit.test))} {_unit(limit.unit)}"
    return _("Alarm of %(priority)s priority at %(bound)s. %(advise)s") % {
        "priority": limit.priority,
        "bound": bound,
        "advise": limit.advise,
    }


def _after(protocol: Protocol, titles: dict[str, str]) -> Rule:
    words = _("At least %(n)s minutes.") % {"n": protocol.after.minimum_observation_minutes}
    return _rule(_("Observation after the end of the infusion"), words, protocol.after, titles)


def _follow_up(rule: FollowUp) -> str:
    anchors = {
        "before_session": _("%(n)s hours before each session"),
        "after_session": _("%(n)s hours after each session"),
        "after_last_session": _("%(n)s hours after the last session"),
    }
    words = anchors[rule.anchor] % {"n": rule.offset_hours}
    if rule.every_hours is None:
        return words + "."
    return words + _(", then every %(n)s hours until %(until)s hours.") % {
        "n": rule.every_hours,
        "until": rule.until_hours,
    }


def _duty(duty: Duty, titles: dict[str, str]) -> Rule:
    return _rule(choice_word(duty.stage), duty.text, duty, titles)
