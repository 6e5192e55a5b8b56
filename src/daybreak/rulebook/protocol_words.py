"""A protocol in words, in the order in which a patient meets it."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from daybreak.rulebook.bedside import Limit, Recovery, Sign, Watch
from daybreak.rulebook.course import Duty, FollowUp, Phase, Report
from daybreak.rulebook.dosing import CoMedication, DoseRule, DoseStep, TitrationStep
from daybreak.rulebook.gate import Criterion, Gate
from daybreak.rulebook.presence import TeamRole
from daybreak.rulebook.protocol import Protocol, Stage
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, rule_of, titles_of
from daybreak.rulebook.words import counted, spoken, words_of

BLANK = "______ (left blank: the source gives no number)"
OTHERWISE = {
    "inform": "say so",
    "review": "a clinician reviews it",
    "postpone": "wait",
    "refuse": "do not treat",
    "stop": "end the course",
}
_STOPS = {"stop": "Stop the dose. ", "review": "A clinician reviews it. ", "inform": "", None: ""}
_WHO = {"nobody": "Nobody can override it.", "two_clinicians": "Overriding it takes two clinicians."}
_SEEN = "Confirmed by somebody before each dose."
_TESTS = {"above": "above", "at_least": "at least", "below": "below", "at_most": "at most"}
_CHANGES = {"rise_above": "a rise of more than", "fall_above": "a fall of more than"}
_ANCHORS = {
    "before_session": "before each session",
    "after_session": "after each session",
    "after_first_session": "after the first session",
    "after_last_session": "after the last session",
}


def protocol_chapters(protocol: Protocol) -> list[Chapter]:
    """Return the whole protocol in words."""
    titles = titles_of(protocol)
    found = [
        _stage(protocol, "screening", "Screening", titles),
        _stage(protocol, "before_each_dose", "Before each dose", titles),
        Chapter("Team", [rule_of(r, capital(read_as(r.id)), _role(r), titles) for r in protocol.team]),
        Chapter("Equipment", [rule_of(e, e.title, _SEEN, titles) for e in protocol.equipment]),
        Chapter("Dose", _dose(protocol, titles)),
        Chapter("Schedule", [rule_of(p, capital(p.title), _phase(p), titles) for p in protocol.schedule]),
        Chapter("During the treatment", _watch(protocol.during, titles)),
        Chapter("Afterwards", [_after(protocol.after, titles), *_watch(protocol.after, titles)]),
        _stage(protocol, "before_leaving", "Before leaving", titles),
        _stage(protocol, "before_going_on", "Before going on with the course", titles),
        Chapter("Follow-up", [rule_of(f, f.instrument.upper(), _follow_up(f), titles) for f in protocol.follow_up]),
        Chapter("Reports", [rule_of(r, r.title, _report(r, protocol), titles) for r in protocol.reports]),
        Chapter(
            "Duties that no fact decides",
            [_duty(duty, titles) for duty in protocol.duties],
        ),
    ]
    return [chapter for chapter in found if chapter.rules]


def _stage(protocol: Protocol, stage: Stage, title: str, titles: Mapping[str, str]) -> Chapter:
    criteria: tuple[Criterion, ...] = getattr(protocol, stage)
    return Chapter(title, [rule_of(c, c.question, _criterion(c, protocol), titles) for c in criteria])


def _role(role: TeamRole) -> str:
    papers, few = ", ".join(map(read_as, role.certified_in)), role.alone_after
    held = f" Each holds a current certificate: {papers}." if papers else ""
    alone = f" Whoever has started fewer than {few} sessions in it has a supervisor." if few else ""
    return f"At least {role.at_least} in each session.{held}{alone}"


def _criterion(criterion: Criterion, protocol: Protocol) -> str:
    joined = {"one": " ", "all": " and ", "any": " or ", "none": " or "}[criterion.group]
    needed = joined.join(gate_in_words(gate, protocol) for gate in criterion.gates)
    parts = [
        _when(criterion.period),
        f"Needs {'none of: ' if criterion.group == 'none' else ''}{needed}.",
        f"Otherwise: {OTHERWISE[criterion.otherwise]}.",
        _WHO.get(criterion.override, ""),
        criterion.advice,
    ]
    return " ".join(part for part in parts if part)


def _when(period: tuple[int, int | None] | None) -> str:
    if period is None:
        return ""
    first, last = period
    if last is None:
        return f"From day {first} of the course on."
    return f"Until day {last} of the course." if first == 1 else f"From day {first} until day {last} of the course."


def gate_in_words(gate: Gate, protocol: Protocol) -> str:
    """Return what a gate needs: the question, and the answers that meet it."""
    asked = protocol.fact(gate.ask).question if gate.ask in protocol.facts_by_name else read_as(gate.ask)
    said = ", ".join(part for part in (_GATES[gate.test](gate), _age(gate)) if part)
    return f"“{asked}”: {said}"


def _number(value: int | Decimal | None) -> str:
    return BLANK if value is None else words_of(value)


def _timed(value: int | Decimal | None, unit: str) -> str:
    return counted(_number(value), unit)


def _bound(gate: Gate) -> str:
    return f"{_TESTS[gate.test]} {_number(getattr(gate, gate.test))} {spoken(gate.unit)}"


def _counted(gate: Gate) -> str:
    at_least = gate.says("at_least")
    number = gate.at_least if at_least else gate.at_most
    return f"{read_as(gate.count_of or '')} {'at least' if at_least else 'at most'} {_number(number)} times"


def _between(gate: Gate) -> str:
    low, high = gate.between or (None, None)
    return f"from {_number(low)} to {_number(high)} {spoken(gate.unit)}"


_GATES: dict[str, Callable[[Gate], str]] = {
    **dict.fromkeys(("below", "at_most", "at_least"), _bound),
    "between": _between,
    "is_": lambda gate: read_as(words_of(gate.is_)) if gate.is_ is not None else "",
    "one_of": lambda gate: " or ".join(map(read_as, gate.one_of or ())),
    "count_of": _counted,
    "consented_to": lambda gate: f"the consent “{read_as(gate.consented_to or '')}” is in force",
    "certified_in": lambda gate: f"a current certificate, {read_as(gate.certified_in or '')}",
    "days_apart": lambda gate: f"the last one at least {_timed(gate.days_apart, 'day')} ago",
    "hours_apart": lambda gate: f"the last one at least {_timed(gate.hours_apart, 'hour')} ago",
    "in_days": lambda gate: f"at most {_number(gate.at_most)} in {_timed(gate.in_days, 'day')}, this one counted",
    "on_days": lambda gate: f"today is day {' or '.join(map(str, gate.on_days or ()))} of the course",
    "within": lambda gate: "",
}


def _age(gate: Gate) -> str:
    for name, unit in (("within_days", "day"), ("within_minutes", "minute")):
        if gate.says(name):
            return f"no older than {_timed(getattr(gate, name), unit)}"
    return ""


def _dose(protocol: Protocol, titles: Mapping[str, str]) -> list[Rule]:
    dose = protocol.dose
    found = [rule_of(dose, capital(read_as(dose.drug)), _amount(dose), titles, name="dose")]
    found += [rule_of(s, capital(read_as(s.id)), _step(s, dose, protocol), titles) for s in dose.steps]
    found += [rule_of(t, capital(read_as(t.id)), _climb(t, dose), titles) for t in dose.titration]
    if dose.devices:
        apart = _timed(dose.devices.minutes_apart, "minute")
        words = f"{words_of(dose.devices.amount)} {dose.devices.unit} each, {apart} apart."
        found.append(rule_of(dose.devices, "Devices", words, titles, name="devices"))
    if dose.ideal_weight:
        found.append(rule_of(dose.ideal_weight, "Ideal body weight", _ideal(dose), titles, name="ideal_weight"))
    for each in protocol.co_medication:
        found.append(rule_of(each, capital(read_as(each.drug)), _with_it(each), titles))
    return found


def _amount(dose: DoseRule) -> str:
    amount = "an amount by the steps below" if dose.steps else f"{_number(dose.amount)} {_per(dose.unit)}"
    over = f", over {_timed(dose.over_minutes, 'minute')}" if dose.says("over_minutes") else ""
    ceiling = f" Never more than {_number(dose.at_most)} mg." if dose.says("at_most") else ""
    rounded = f" Rounded down to a step of {_number(dose.round_to)} mg." if dose.says("round_to") else ""
    return f"{capital(dose.route)}, {amount}{over}.{ceiling}{rounded}"


def _per(unit: str) -> str:
    return unit.replace("/kg", " for each kilogram").replace("/h", " and hour")


def _step(step: DoseStep, dose: DoseRule, protocol: Protocol) -> str:
    who = f"Where {gate_in_words(step.gate, protocol)}: " if step.gate else ""
    amounts = BLANK if step.amounts is None else " or ".join(map(words_of, step.amounts))
    until = f" up to session {step.until_session}" if step.until_session else " on"
    slow = " Nobody jumps over an amount." if step.one_step_at_a_time else ""
    return capital(f"{who}from session {step.from_session}{until}, {amounts} {_per(dose.unit)}.{slow}")


def _climb(step: TitrationStep, dose: DoseRule) -> str:
    when = f"at the earliest {_timed(step.after_hours, 'hour')} after the start" if step.says("after_hours") else ""
    return f"Titration: {_number(step.amount)} {_per(dose.unit)}{', ' + when if when else ' at the start'}. Signed for."


def _with_it(each: CoMedication) -> str:
    much = f", {_number(each.amount)} {each.unit}" if each.says("amount") else ""
    first = f", first {_number(each.first_hours)} hours after the start" if each.says("first_hours") else ""
    then = f", then every {_number(each.every_hours)} hours" if each.says("every_hours") else ""
    most = f" At most {_number(each.at_most_each_day)} {each.unit} in a day." if each.at_most_each_day else ""
    return f"{capital(each.route)}{much}{first}{then}.{most} {each.text}"


def _ideal(dose: DoseRule) -> str:
    rule = dose.ideal_weight
    if rule is None:
        return ""
    female, male, inch = words_of(rule.female_base), words_of(rule.male_base), words_of(rule.per_inch)
    return (
        f"From a body-mass index of {words_of(rule.offer_from_body_mass_index)} on, a clinician may choose it, and "
        f"the choice is recorded: {female} kg for women, {male} kg for men, and {inch} kg for each inch of height "
        f"above {words_of(rule.above_inches)} inches. The lower of this and the weight on the scale is used."
    )


def _phase(phase: Phase) -> str:
    when = _when(phase.days)
    often = f"{_times(phase.times)} {_weeks(phase.every_weeks)}"
    if phase.says("every_days"):
        often = f"every {_timed(phase.every_days, 'day')}"
    elif phase.on_days:
        often = f"on days {', '.join(map(str, phase.on_days))} of the course"
    longer = f", or as rarely as every {phase.up_to_every_weeks} weeks" if phase.up_to_every_weeks else ""
    more = f" More often: {OTHERWISE[phase.otherwise]}." if phase.otherwise else ""
    return f"{when} Sessions {often}{longer}.{more} {phase.advice}".strip()


def _times(times: int | None) -> str:
    return {1: "once", 2: "twice"}.get(times or 0) or f"{_number(times)} times"


def _weeks(weeks: int | None) -> str:
    return "a week" if weeks == 1 else f"every {_number(weeks)} weeks"


def _watch(watch: Watch, titles: Mapping[str, str]) -> list[Rule]:
    signs = [rule_of(s, capital(read_as(s.sign)), _sign(s), titles, name=f"sign {s.sign}") for s in watch.signs]
    return [*signs, *(rule_of(limit, capital(read_as(limit.sign)), _limit(limit), titles) for limit in watch.limits)]


def _sign(sign: Sign) -> str:
    when = f"every {_timed(sign.every_minutes, 'minute')}"
    if sign.at_minutes:
        when = f"at minute {', '.join(map(str, sign.at_minutes))}"
    return f"Read {when}; overdue after {sign.grace_minutes} more."


def _limit(limit: Limit) -> str:
    test = _CHANGES.get(limit.test) or _TESTS[limit.test]
    bound = f"{test} {_number(getattr(limit, limit.test))} {spoken(limit.unit)}"
    return f"Alarm of {limit.priority} priority: {bound}. {_STOPS[limit.then]}{limit.advise}"


def _after(after: Recovery, titles: Mapping[str, str]) -> Rule:
    least = _timed(after.minimum_observation_minutes, "minute")
    words = f"At least {least} from the {after.counted_from} of the dose."
    return rule_of(after, "Observation", words, titles, name="observation")


def _follow_up(rule: FollowUp) -> str:
    words = f"{capital(_length(rule.offset_hours))} {_ANCHORS[rule.anchor]}"
    if rule.every_hours is not None and rule.until_hours is not None:
        words += f", then every {_length(rule.every_hours)} until {_length(rule.until_hours)}"
    if rule.every_sessions is not None:
        words += f", each {rule.every_sessions} sessions"
    room = f"opens {_length(rule.opens_hours_before)} before, closes {_length(rule.closes_hours_after)} after"
    return f"{words}; {room}."


def _length(hours: int) -> str:
    for size, word in ((168, "week"), (24, "day"), (1, "hour")):
        if hours and hours % size == 0:
            return f"{hours // size} {word}{'s' if hours != size else ''}"
    return "at once" if hours == 0 else f"{hours} hours"


def _duty(duty: Duty, titles: Mapping[str, str]) -> Rule:
    return rule_of(duty, duty.text, f"{capital(read_as(duty.stage))}.", titles)


def _report(report: Report, protocol: Protocol) -> str:
    where = f" Where {gate_in_words(report.gate, protocol)}." if report.gate else ""
    fields = "; ".join(each.title for each in report.fields)
    return f"To {report.to}, within {_timed(report.due_days, 'day')} of each session.{where} Fields: {fields}."
