"""What each test of a gate means: the closed vocabulary, each word with the reason it gives."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.facts import Fact, moments_in, number_in
from daybreak.rulebook.gate import Gate
from daybreak.rulebook.words import counted, day_words, spoken, words_of


def age_allowed(gate: Gate) -> timedelta:
    """Return how old a fact may be."""
    return timedelta(days=gate.within_days or 0, minutes=gate.within_minutes or 0)


def words_of_age(gate: Gate) -> str:
    """Return how old a fact may be, in words."""
    if gate.within_days:
        return counted(gate.within_days, "day")
    return counted(gate.within_minutes or 0, "minute")


def _number_test(passes: Callable[[Gate, Decimal], bool], words: Callable[[Gate], str]) -> "GateTest":
    def test(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
        value = number_in(fact, gate.unit)
        passed = passes(gate, value)
        unit = spoken(gate.unit)
        return passed, f"{words_of(value)} {unit} is {'' if passed else 'not '}{words(gate)}."

    return test


def _is(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    wanted = gate.is_ if gate.is_ is not None else ""
    passed = type(fact.value) is type(wanted) and fact.value == wanted
    return passed, f"The answer is {words_of(fact.value)}" + ("." if passed else f"; {words_of(wanted)} is needed.")


def _one_of(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = fact.value in (gate.one_of or ())
    wanted = words_of(gate.one_of or ())
    return passed, f"The answer is {words_of(fact.value)}" + ("." if passed else f"; one of these is needed: {wanted}.")


def _count_of(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    count = _words(fact).count(gate.count_of or "")
    if gate.at_least is not None:
        return count >= gate.at_least, f"{count} counted; at least {words_of(gate.at_least)} needed."
    at_most = gate.at_most if gate.at_most is not None else Decimal(0)
    return count <= at_most, f"{count} counted; at most {words_of(at_most)} allowed."


def _consented(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = gate.consented_to in _words(fact)
    return passed, "A consent is in force." if passed else "No such consent is in force."


def _certified(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    passed = gate.certified_in in _words(fact)
    return passed, "The certificate is current." if passed else "No current certificate."


def _within(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    if fact.at is None:
        raise Undated("The fact has no moment.")
    passed = at - fact.at <= age_allowed(gate)
    return passed, f"It is from {day_words(fact.at.astimezone(at.tzinfo).date())}; needed within {words_of_age(gate)}."


class Undated(Refusal):
    """A fact without a moment where its age decides."""


def _words(fact: Fact) -> tuple[str, ...]:
    return fact.value if isinstance(fact.value, tuple) else (str(fact.value),)


def _limit(value: Decimal | None) -> Decimal:
    if value is None:
        raise Refusal("The gate carries no number.")
    return value


def _days_apart(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    before = earlier(fact, at)
    if not before:
        return True, "No session was given yet."
    days = days_between(before[-1], at)
    return days >= _whole(
        gate.days_apart
    ), f"The last session was {counted(days, 'day')} ago; {gate.days_apart} needed."


def _hours_apart(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    before = earlier(fact, at)
    if not before:
        return True, "No session was given yet."
    passed = at - before[-1] >= timedelta(hours=_whole(gate.hours_apart))
    hours = (at - before[-1]) // timedelta(hours=1)
    return passed, f"The last session was {counted(hours, 'hour')} ago; {gate.hours_apart} needed."


def _in_days(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    window = _whole(gate.in_days)
    count = 1 + sum(days_between(moment, at) < window for moment in earlier(fact, at))
    most = words_of(_limit(gate.at_most))
    reason = f"With this one, {counted(count, 'session')} in {counted(window, 'day')}; at most {most} allowed."
    return count <= _limit(gate.at_most), reason


def _on_days(gate: Gate, fact: Fact, at: datetime) -> tuple[bool, str]:
    today, named = day_of_course(fact, at), gate.on_days or ()
    return today in named, f"This is day {today} of the course; sessions are on days {', '.join(map(str, named))}."


def earlier(fact: Fact, at: datetime) -> list[datetime]:
    """Return the moments in `fact` that lie before `at`, the earliest first."""
    return [moment for moment in moments_in(_words(fact)) if moment < at]


def days_between(earlier_one: datetime, later: datetime) -> int:
    """Return how many calendar days lie between two moments, where the later one is."""
    return (later.date() - earlier_one.astimezone(later.tzinfo).date()).days


def day_of_course(fact: Fact, at: datetime) -> int:
    """Return which day of the course `at` is: 1 on the day of the first session, and before any."""
    before = earlier(fact, at)
    return 1 + days_between(before[0], at) if before else 1


def _whole(number: int | None) -> int:
    if number is None:
        raise Refusal("The gate carries no number.")
    return number


GateTest = Callable[[Gate, Fact, datetime], tuple[bool, str]]

# The closed vocabulary: a definition may choose among these and nothing else.
TESTS: dict[str, GateTest] = {
    "below": _number_test(lambda g, v: v < _limit(g.below), lambda g: f"below {words_of(_limit(g.below))}"),
    "at_most": _number_test(lambda g, v: v <= _limit(g.at_most), lambda g: f"at most {words_of(_limit(g.at_most))}"),
    "at_least": _number_test(
        lambda g, v: v >= _limit(g.at_least), lambda g: f"at least {words_of(_limit(g.at_least))}"
    ),
    "between": _number_test(
        lambda g, v: g.between is not None and g.between[0] <= v <= g.between[1],
        lambda g: f"between {words_of(g.between[0])} and {words_of(g.between[1])}" if g.between else "",
    ),
    "is_": _is,
    "one_of": _one_of,
    "count_of": _count_of,
    "consented_to": _consented,
    "certified_in": _certified,
    "days_apart": _days_apart,
    "hours_apart": _hours_apart,
    "in_days": _in_days,
    "on_days": _on_days,
    "within": _within,
}
