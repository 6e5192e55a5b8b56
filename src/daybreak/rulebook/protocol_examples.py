"""Run the worked examples of a protocol, and say which boundary has none."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.bedside import Watch
from daybreak.rulebook.dose import NoDose, choices_for, dose_for, titrated_to
from daybreak.rulebook.evaluation import evaluate
from daybreak.rulebook.facts import Fact, FactDefinition
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.form import Value
from daybreak.rulebook.gate import SESSIONS
from daybreak.rulebook.limits import Reading, breaches
from daybreak.rulebook.lines import Path
from daybreak.rulebook.presence import roles_missing
from daybreak.rulebook.protocol import STAGES, Protocol, ProtocolExample, Stage
from daybreak.rulebook.protocol_boundaries import Case, uncovered
from daybreak.rulebook.tightening import Tightened
from daybreak.rulebook.words import words_of

_NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
_EARLIER_TODAY = timedelta(hours=1)
_CONCENTRATION = "concentration_mg_per_ml"
Wrong = Iterator[tuple[Path, str]]


def _case(protocol: Protocol, example: ProtocolExample) -> Case:
    under = Case({}, {}, {}, {}, None, _NOON)
    if example.base:
        named = [each for each in _all_examples(protocol) if each.name == example.base and each is not example]
        if not named:
            near = did_you_mean(example.base, [each.name for each in _all_examples(protocol)])
            raise Refusal(f"there is no example “{example.base}”{near}")
        under = _case(protocol, named[0])
    given = {**under.given, **example.given}
    return Case(
        {name: value for name, value in given.items() if name not in example.without},
        {**under.days_ago, **example.days_ago},
        {**under.minutes_ago, **example.minutes_ago},
        {**under.baseline, **example.baseline},
        None if SESSIONS in example.without else _sessions(example, under.sessions),
        _NOON,
    )


def _all_examples(protocol: Protocol) -> tuple[ProtocolExample, ...]:
    return (*protocol.examples, *(protocol.inherited if isinstance(protocol, Tightened) else ()))


def _sessions(example: ProtocolExample, under: tuple[datetime, ...] | None) -> tuple[datetime, ...] | None:
    days, hours = example.sessions_days_ago, example.sessions_hours_ago
    if days is None and hours is None:
        return under
    # Zero days ago is earlier today: an earlier session never lies at the very moment of the next.
    ago = [timedelta(days=each) or _EARLIER_TODAY for each in days or ()] + [
        timedelta(hours=each) for each in hours or ()
    ]
    return tuple(_NOON - each for each in sorted(ago, reverse=True))


def protocol_wrongs(protocol: Protocol) -> Wrong:
    """Yield what is wrong with the examples of `protocol`: where, and a sentence."""
    cases = []
    for index, example in enumerate(protocol.examples):
        path = ("examples", index)
        try:
            case = _case(protocol, example)
            cases.append((example, case))
            yield from ((path, message) for message in _outcome(protocol, example, case))
        except Refusal as refusal:
            yield path, f"example “{example.name}”: {refusal}"
        except KeyError as error:
            near = did_you_mean(str(error.args[0]), protocol.facts_by_name)
            yield path, f"example “{example.name}”: nobody knows the fact “{error.args[0]}”{near}"
    yield from uncovered(protocol, cases)


def _outcome(protocol: Protocol, example: ProtocolExample, case: Case) -> Iterator[str]:
    expect, name = example.expect, example.name
    if example.stage in STAGES:
        yield from _decided(protocol, example, case)
    elif example.stage == "dose":
        yield from _dosed(protocol, example, case)
    elif example.stage == "team":
        found = roles_missing(protocol.team, example.present)
        if found != (expect.missing or ()):
            yield f"example “{name}”: missing are {_listed(found)}, not {_listed(expect.missing or ())}"
    else:
        watch: Watch = protocol.during if example.stage == "during" else protocol.after
        found = tuple(b.limit.id for reading in _readings(protocol, case) for b in breaches(watch.limits, *reading))
        if expect.breaches is not None and found != expect.breaches:
            yield f"example “{name}”: it breaches {_listed(found)}, not {_listed(expect.breaches)}"


def _dosed(protocol: Protocol, example: ProtocolExample, case: Case) -> Iterator[str]:
    expect, name = example.expect, example.name
    facts = _facts(protocol, case)
    given = case.given.get(_CONCENTRATION)
    try:
        choices = choices_for(protocol, facts=facts, session=example.session, last=example.last).amounts
        if expect.choices is not None and choices != expect.choices:
            yield f"example “{name}”: to choose from are {_numbers(choices)}, not {_numbers(expect.choices)}"
        if expect.choices is not None and example.chosen is None and len(choices) > 1:
            return
        reached = None if example.hours is None else titrated_to(protocol.dose, hours=Decimal(example.hours))
        dose = dose_for(
            protocol,
            weight=facts.get("weight"),
            concentration_mg_per_ml=None if given is None else _decimal(given),
            facts=facts,
            session=example.session,
            chosen=example.chosen,
            last=example.last,
            weight_used=example.weight_used,
        )
    except NoDose as refusal:
        if not expect.no_dose:
            yield f"example “{name}”: {refusal}"
        return
    if expect.no_dose:
        yield f"example “{name}”: there is a dose, {dose.dose_mg} mg"
    if expect.devices is not None and expect.devices != len(dose.device_minutes):
        yield f"example “{name}”: it takes {len(dose.device_minutes)} devices, not {expect.devices}"
    if expect.titrated_to is not None and expect.titrated_to != reached:
        yield f"example “{name}”: it may run at {reached}, not at {expect.titrated_to}"
    rates = tuple(each.rate_ml_per_hour for each in dose.titration)
    if expect.rates_ml_per_hour is not None and expect.rates_ml_per_hour != rates:
        yield f"example “{name}”: the rates are {', '.join(map(str, rates))}"
    for field in ("dose_mg", "volume_ml", "rate_ml_per_hour"):
        wanted, got = getattr(expect, field), getattr(dose, field)
        if wanted is not None and wanted != got:
            yield f"example “{name}”: {field} is {got}, not {wanted}"


def _numbers(amounts: tuple[Decimal, ...]) -> str:
    return ", ".join(map(words_of, amounts))


def _decided(protocol: Protocol, example: ProtocolExample, case: Case) -> Iterator[str]:
    stage = next(stage for stage in STAGES if stage == example.stage)
    verdict = evaluate(protocol, stage, _facts(protocol, case), at=_NOON)
    expect, name = example.expect, example.name
    decisive = verdict.decisive[0] if verdict.decisive else None
    if expect.decision is not None and verdict.decision != expect.decision:
        why = f" because of {decisive.id}: {decisive.reason}" if decisive else ""
        yield f"example “{name}”: the decision is {verdict.decision}{why}, not {expect.decision}"
    elif expect.because and not _is_because(protocol, stage, expect.because, decisive.id if decisive else ""):
        got = decisive.id if decisive else "nothing"
        yield f"example “{name}”: it is because of {got}, not of {expect.because}"
    unknown = tuple(answer.id for answer in verdict.unknown)
    if expect.unknown is not None and unknown != expect.unknown:
        yield f"example “{name}”: unknown are {_listed(unknown)}, not {_listed(expect.unknown)}"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(names) or "nothing"


def _is_because(protocol: Protocol, stage: Stage, because: str, decisive: str) -> bool:
    criterion = next((each for each in protocol.criteria(stage) if each.id == decisive), None)
    return because == decisive or (criterion is not None and because in [gate.ask for gate in criterion.gates])


def _facts(protocol: Protocol, case: Case) -> dict[str, Fact]:
    given = {name: value for name, value in case.given.items() if name != _CONCENTRATION}
    facts = {name: _fact(protocol.fact(name), value, case) for name, value in given.items()}
    if case.sessions is not None:
        facts[SESSIONS] = Fact(tuple(each.isoformat() for each in case.sessions), "", _NOON)
    return facts


def _fact(definition: FactDefinition, value: Value, case: Case) -> Fact:
    ago = timedelta(days=case.days_ago.get(definition.id, 0), minutes=case.minutes_ago.get(definition.id, 0))
    return Fact(value, definition.unit, _NOON - ago)


def _readings(protocol: Protocol, case: Case) -> Iterator[tuple[dict[str, Reading], Reading]]:
    baseline = {name: Reading(name, value, protocol.fact(name).unit) for name, value in case.baseline.items()}
    for name, value in case.given.items():
        yield baseline, Reading(name, _decimal(value), protocol.fact(name).unit)


def facts_of_example(protocol: Protocol, example: ProtocolExample) -> dict[str, Fact]:
    """Return the facts that an example gives, with those of its base."""
    return _facts(protocol, _case(protocol, example))


def _decimal(value: Value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal):
        raise Refusal(f"“{value}” is not a number")
    return value
