"""Run the worked examples of a definition, and say which boundary has none."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.truth import Truth
from daybreak.rulebook.codelist import CodeList
from daybreak.rulebook.consent import Consent, understanding
from daybreak.rulebook.dose import dose_for
from daybreak.rulebook.evaluation import evaluate
from daybreak.rulebook.facts import Fact, FactDefinition, Vocabulary, trouble_with
from daybreak.rulebook.faults import Fault, did_you_mean
from daybreak.rulebook.form import Definition, Value
from daybreak.rulebook.instrument import ExpectedScore, Instrument
from daybreak.rulebook.limits import Reading, breaches
from daybreak.rulebook.lines import Path
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.outcomes import DatedScore, baseline_of, first_observed_relapse, reached, score_in
from daybreak.rulebook.protocol import NUMERIC_TESTS, Gate, Limit, Protocol, ProtocolExample, Stage, Watch
from daybreak.rulebook.reading import Source
from daybreak.rulebook.scoring import ImpossibleAnswer, score

_NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
_STAGES: tuple[Stage, ...] = ("screening", "before_each_dose", "before_leaving")
Wrong = Iterator[tuple[Path, str]]


def example_faults(source: Source, definition: Definition) -> list[Fault]:
    """Run every example of `definition` (as the library gives it.

    `source` says where it stands) and return what is wrong.
    """
    return [source.fault(path, message) for path, message in _RUN[type(definition)](definition)]


@dataclass(frozen=True, slots=True)
class _Case:
    """An example with what it takes from its base."""

    given: Mapping[str, Value]
    days_ago: Mapping[str, int]
    minutes_ago: Mapping[str, int]
    baseline: Mapping[str, Decimal]


def _case(protocol: Protocol, example: ProtocolExample) -> _Case:
    under = _Case({}, {}, {}, {})
    if example.base:
        named = [each for each in protocol.examples if each.name == example.base and each is not example]
        if not named:
            near = did_you_mean(example.base, [each.name for each in protocol.examples])
            raise Refusal(f"there is no example “{example.base}”{near}")
        under = _case(protocol, named[0])
    given = {**under.given, **example.given}
    return _Case(
        {name: value for name, value in given.items() if name not in example.without},
        {**under.days_ago, **example.days_ago},
        {**under.minutes_ago, **example.minutes_ago},
        {**under.baseline, **example.baseline},
    )


def _protocol(protocol: Protocol) -> Wrong:
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
    yield from _uncovered(protocol, cases)


def _outcome(protocol: Protocol, example: ProtocolExample, case: _Case) -> Iterator[str]:
    expect, name = example.expect, example.name
    if example.stage in _STAGES:
        yield from _decided(protocol, example, case)
    elif example.stage == "dose":
        weight = Fact(_decimal(case.given["weight"]), "kg", _NOON)
        given = case.given.get("concentration_mg_per_ml")
        dose = dose_for(protocol, weight=weight, concentration_mg_per_ml=None if given is None else _decimal(given))
        for field in ("dose_mg", "volume_ml", "rate_ml_per_hour"):
            wanted, got = getattr(expect, field), getattr(dose, field)
            if wanted is not None and wanted != got:
                yield f"example “{name}”: {field} is {got}, not {wanted}"
    else:
        watch: Watch = protocol.during if example.stage == "during" else protocol.after
        found = tuple(b.limit.id for reading in _readings(protocol, case) for b in breaches(watch.limits, *reading))
        if expect.breaches is not None and found != expect.breaches:
            yield f"example “{name}”: it breaches {_listed(found)}, not {_listed(expect.breaches)}"


def _decided(protocol: Protocol, example: ProtocolExample, case: _Case) -> Iterator[str]:
    stage = next(stage for stage in _STAGES if stage == example.stage)
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


def _facts(protocol: Protocol, case: _Case) -> dict[str, Fact]:
    return {name: _fact(protocol.fact(name), value, case) for name, value in case.given.items()}


def _fact(definition: FactDefinition, value: Value, case: _Case) -> Fact:
    ago = timedelta(days=case.days_ago.get(definition.id, 0), minutes=case.minutes_ago.get(definition.id, 0))
    return Fact(value, definition.unit, _NOON - ago)


def _readings(protocol: Protocol, case: _Case) -> Iterator[tuple[dict[str, Reading], Reading]]:
    baseline = {name: Reading(name, value, protocol.fact(name).unit) for name, value in case.baseline.items()}
    for name, value in case.given.items():
        yield baseline, Reading(name, _decimal(value), protocol.fact(name).unit)


def _decimal(value: Value) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, Decimal):
        raise Refusal(f"“{value}” is not a number")
    return value


def _uncovered(protocol: Protocol, cases: list[tuple[ProtocolExample, _Case]]) -> Wrong:
    for stage in _STAGES:
        here = [(example, case) for example, case in cases if example.stage == stage]
        for index, criterion in enumerate(protocol.criteria(stage)):
            names = {criterion.id, *(gate.ask for gate in criterion.gates)}
            if criterion.otherwise != "inform" and not any(example.expect.because in names for example, _ in here):
                yield (stage, index), f"“{criterion.id}” has no worked example in which it decides"
            for gate in criterion.gates:
                for words in _boundaries_without(gate, [case for _, case in here]):
                    yield (stage, index), f"“{criterion.id}” has no worked example at its boundary, {words}"
    for name, watch in (("during", protocol.during), ("after", protocol.after)):
        at = [case for example, case in cases if example.stage == name]
        for index, limit in enumerate(watch.limits):
            if not any(_on_boundary(limit, case) for case in at):
                yield (name, "limits", index), f"“{limit.id}” has no worked example at its boundary"


def _boundaries_without(gate: Gate, cases: list[_Case]) -> Iterator[str]:
    numbers = [getattr(gate, test) for test in NUMERIC_TESTS if getattr(gate, test) is not None]
    for number in (bound for each in numbers for bound in (each if isinstance(each, tuple) else (each,))):
        if not any(_counted(gate, case) == number for case in cases):
            yield f"{gate.ask} = {number}"
    for field, ages in (("within_days", "days_ago"), ("within_minutes", "minutes_ago")):
        wanted = getattr(gate, field)
        if wanted is not None and not any(getattr(case, ages).get(gate.ask) == wanted for case in cases):
            yield f"{ages}.{gate.ask} = {wanted}"


def _counted(gate: Gate, case: _Case) -> Value | None:
    value = case.given.get(gate.ask)
    return Decimal(value.count(gate.count_of)) if gate.count_of and isinstance(value, tuple) else value


def _on_boundary(limit: Limit, case: _Case) -> bool:
    value, bound = case.given.get(limit.sign), getattr(limit, limit.test)
    if not isinstance(value, Decimal):
        return False
    if limit.test not in ("rise_above", "fall_above"):
        return bool(value == bound)
    before = case.baseline.get(limit.sign)
    return before is not None and bool(abs(value - before) == bound)


def _instrument(instrument: Instrument) -> Wrong:
    seen: set[tuple[str, Decimal]] = set()
    for index, example in enumerate(instrument.examples):
        given = example.given or dict(zip((item.id for item in instrument.items), example.answers, strict=False))
        for message in _scored(instrument, given, example.expect, seen):
            yield ("examples", index), f"example “{example.name}”: {message}"
    for index, rule in enumerate(instrument.scores):
        for band in rule.bands:
            if (rule.id, band.at_least) not in seen:
                yield (
                    ("scores", index),
                    f"“{rule.id}” has no worked example at its boundary, {rule.id} = {band.at_least}",
                )


def _scored(
    instrument: Instrument, given: Mapping[str, int], expect: ExpectedScore, seen: set[tuple[str, Decimal]]
) -> Iterator[str]:
    try:
        result = score(instrument, given)
    except ImpossibleAnswer as refusal:
        if tuple(refusal.problems) != expect.refused:
            yield str(refusal)
        return
    if expect.refused:
        yield f"{', '.join(expect.refused)} should have been refused"
    for each in result.scores:
        if each.value is not None:
            seen.add((each.id, each.value))
        wanted = expect.scores.get(each.id)
        if (wanted is not None or each.id in expect.unscored) and each.value != wanted:
            yield f"{each.id} is {each.value}, not {wanted}"
        band = expect.bands.get(each.id)
        if band is not None and (each.band is None or each.band.name != band):
            yield f"{each.id} lies in {each.band.name if each.band else 'no band'}, not in {band}"
    raised = tuple(flag.id for flag in result.raised)
    if expect.flags is not None and raised != expect.flags:
        yield f"it raises {', '.join(raised) or 'no flag'}"


def _consent(consent: Consent) -> Wrong:
    words = {Truth.MET: "understood", Truth.NOT_MET: "not_understood", Truth.UNKNOWN: "unanswered"}
    for index, example in enumerate(consent.examples):
        if strangers := set(example.given) - {check.id for check in consent.checks}:
            yield (
                ("examples", index),
                f"example “{example.name}”: there is no check {', '.join(sorted(strangers))}",
            )
        got = words[understanding(consent, example.given).truth]
        if got != example.expect:
            yield ("examples", index), f"example “{example.name}”: it is {got}, not {example.expect}"


def _codelist(codelist: CodeList) -> Wrong:
    for index, example in enumerate(codelist.examples):
        got = codelist.means(example.system, example.code) or ""
        if got != example.means:
            yield ("examples", index), f"example “{example.name}”: it means “{got}”, not “{example.means}”"


def _vocabulary(vocabulary: Vocabulary) -> Wrong:
    facts = {fact.id: fact for fact in vocabulary.facts}
    for index, example in enumerate(vocabulary.examples):
        for name, value in example.given.items():
            if name not in facts:
                yield ("examples", index), f"nobody knows the fact “{name}”{did_you_mean(name, facts)}"
                continue
            trouble = trouble_with(facts[name], Fact(value, facts[name].unit, _NOON))
            if (trouble is None) != (example.expect == "accepted"):
                yield ("examples", index), f"example “{example.name}”: {trouble or 'it is accepted'}"


def _measure(measure: Measure) -> Wrong:
    for index, example in enumerate(measure.examples):
        scores = [
            DatedScore(value, _NOON + timedelta(hours=hour))
            for hour, value in zip(example.hours, example.scores, strict=False)
        ]
        baseline = baseline_of(measure, scores, first_session_at=_NOON)
        if measure.rule.kind == "first_observed_relapse":
            relapse = first_observed_relapse(measure, baseline=baseline, scores=scores)
            moments = (relapse.last_in_response, relapse.observed_at)
            hours = tuple(int((m - _NOON) / timedelta(hours=1)) for m in moments if m)
            got = str(relapse.course)
            if example.between and hours != example.between:
                yield ("examples", index), f"example “{example.name}”: it is between the hours {hours}"
        else:
            score_then = score_in(measure.window(example.window), scores, anchor=_NOON)
            got = str(reached(measure, baseline=baseline, score=score_then).truth)
        if got != example.answer:
            yield ("examples", index), f"example “{example.name}”: it is {got}, not {example.answer}"


_RUN: dict[type[Definition], Callable[..., Wrong]] = {
    Protocol: _protocol,
    Instrument: _instrument,
    Consent: _consent,
    Measure: _measure,
    CodeList: _codelist,
    Vocabulary: _vocabulary,
}
