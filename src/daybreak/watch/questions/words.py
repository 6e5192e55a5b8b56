"""An answer in sentences, for the command line and the page. Never a cause: what goes together is “associated with”.

Plain English, as the definitions are: it needs no database and no translation.
"""

from collections.abc import Iterator
from math import isfinite

from daybreak.rulebook.public import ANALYSES, VARIABLES, Question, QuestionVerdict, Reason
from daybreak.watch.questions.results import Answer, Comparison, Interval, Lasting, Side, Tried

VERDICTS: dict[QuestionVerdict, str] = {
    "enough": "Enough",
    "not_enough": "Not enough",
    "needs_trial": "Cannot be answered without a trial",
}
_LEFT_OUT = {
    "other_route": "had another route",
    "too_few_infusions": "had too few sessions in the induction",
    "too_many_infusions": "had too many",
    "too_short": "had them in too few days",
    "too_long": "had them over too many days",
    "no_baseline": "have no usable baseline",
    "no_outcome": "have no score in the window",
}
SYNTHETIC = "Every person is invented: this is synthetic data, and no evidence."


def verdict_words(question: Question, answer: Answer) -> str:
    """Return the verdict with its first reasons in a sentence."""
    if answer.verdict == "enough":
        return f"{VERDICTS['enough']}: {_finding(question, answer)}"
    return f"{VERDICTS[answer.verdict]}: {'; '.join(reason_words(question, answer, each) for each in answer.reasons)}."


def line_words(question: Question, answer: Answer) -> str:
    """Return the verdict in one line, for the list of questions: its first reason only."""
    if answer.verdict == "enough" or not answer.reasons:
        return verdict_words(question, answer)
    return f"{VERDICTS[answer.verdict]}: {reason_words(question, answer, answer.reasons[0])}."


def finding_words(question: Question, answer: Answer) -> str:
    """Return the number with its interval in a sentence, whatever the verdict; empty where there is none."""
    return "" if answer.main is None else _finding(question, answer)


def reason_words(question: Question, answer: Answer, reason: Reason) -> str:
    """Return one reason of a verdict, as the end of a sentence."""
    enough, seen = question.enough, answer.comparison
    whose = "in each group" if question.compares else "in response"
    who = "in the smaller group" if seen else "people in response"
    told = {
        "design": _lower(question.needs_trial.because.rstrip(".")) if question.needs_trial is not None else "",
        "not_recorded": f"nobody recorded {unrecorded_words(question, answer)}",
        "nobody": "nobody in this snapshot is among the people asked about",
        "one_group": _one_group(seen),
        "too_few_people": f"{number_of(_fewest(answer))} {who}, of whom at least {enough.people_at_least} are asked "
        f"for {whose}",
        "too_few_sites": f"{_sites(seen)}, and at least {enough.sites_at_least} are asked for {whose}",
        "too_few_outcomes": f"too few with or without the outcome, of whom at least {enough.outcomes_at_least} "
        f"are asked for {whose}",
        "too_much_missing": f"the outcome is missing in {percent_of(missing_share(answer))}, and at most "
        f"{enough.missing_at_most_percent:f} % may be",
        "no_overlap": "what is known before tells the two groups apart: nobody in one is like anybody in the other",
        "not_alike": f"the groups stay unlike after weighting, by up to {_deviations(seen)} standard deviations",
        "control_differs": "the groups differ in what the treatment cannot have changed, and so in something "
        "that nobody measured",
        "too_wide": _too_wide(question, answer),
    }
    return told[reason]


def unrecorded_words(question: Question, answer: Answer) -> str:
    """Return what nobody recorded."""
    if answer.unrecorded == "exposure" and question.exposure is not None:
        return VARIABLES[question.exposure.variable]
    if question.outcome.checked is not None:
        return f"checks of “{question.outcome.checked}” after the first one"
    return question.outcome.title


def missing_share(answer: Answer) -> float:
    """Return the share of people (or checks) whose outcome nobody knows."""
    if answer.comparison is not None:
        both = (answer.comparison.group, answer.comparison.compared)
        people = sum(side.people for side in both)
        return sum(side.missing for side in both) / people if people else 0.0
    found = answer.lasting
    return found.unseen / found.responders if found is not None and found.responders else 0.0


def told(question: Question, answer: Answer) -> Iterator[str]:
    """Yield everything that an answer says, a line each, for the command line."""
    yield f"{question.title} ({question.id} {question.version})"
    yield question.question
    yield ""
    yield verdict_words(question, answer)
    if answer.verdict != "enough" and answer.main is not None:
        yield f"What was seen: {_finding(question, answer)}"
    yield ""
    if answer.comparison is not None:
        yield from _comparison(question, answer.comparison)
    if answer.lasting is not None:
        yield from _lasting(answer.lasting)
    tried = answer.comparison.tried if answer.comparison is not None else answer.lasting.tried if answer.lasting else ()
    if tried:
        yield ""
        yield "Tried otherwise:"
        for each in tried:
            yield f"  {tried_words(each)}: {points(each.found) if question.compares else share_of(each.found)}"
    yield ""
    yield f"Snapshot {answer.snapshot}, fingerprint {answer.fingerprint}. Question's fingerprint {answer.definition}."
    if answer.synthetic:
        yield SYNTHETIC


def tried_words(each: Tried) -> str:
    """Return the name of a sensitivity analysis."""
    return f"{ANALYSES[each.analysis]}: {each.line.replace('_', ' ')}" if each.line else ANALYSES[each.analysis]


def side_words(side: Side) -> str:
    """Return a group's counts in words."""
    known = side.with_outcome + side.without
    weighted = f"; {share_of(side.share)} after weighting" if side.share is not None else ""
    return (
        f"{side.title}: {number_of(side.people)}; {number_of(side.with_outcome)} of {number_of(known)} with the outcome"
        f"{weighted}; {number_of(side.missing)} missing"
    )


def control_words(found: Comparison) -> str:
    """Return what the negative control shows."""
    if found.control is None:
        return "Nobody recorded it, so that it says nothing."
    holds = "no difference, as it should be" if found.control.holds_nothing else "a difference, where there can be none"
    return f"{points(found.control)}: {holds}."


def who_words(found: Comparison) -> list[str]:
    """Return who is in no number of the comparison, a sentence each."""
    said = [
        (found.neither, "in neither group"),
        (found.unrecorded, "without a record of what is compared"),
        (found.no_counterpart, "of a site, an age or another level that was seen in one group only"),
    ]
    words = [f"{number_of(people)} {why}" for people, why in said if people]
    first = [f"Not compared, of {number_of(found.eligible)} asked about: {'; '.join(words)}."] if words else []
    return first + left_out_words(found.left_out)


def left_out_words(left_out: dict[str, int]) -> list[str]:
    """Return why others were treated and are not asked about."""
    told = [f"{number_of(people)} {_LEFT_OUT.get(why, why)}" for why, people in left_out.items()]
    return [f"Treated and not asked about: {'; '.join(told)}."] if told else []


def e_value_words(found: Comparison) -> str:
    """Return how strong something unmeasured would have to be."""
    if found.e_values is None:
        return ""
    value, near = found.e_values
    if near == 1:
        return "The interval holds no difference, so that nothing unmeasured is needed to explain it."
    return (
        "Something that nobody measured would have to go with both the group and the outcome by a ratio of "
        f"{value:.2f} to explain the association away, and of {near:.2f} for the interval to hold no difference "
        "(E-values)."
    )


def points(found: Interval | None) -> str:
    """Return a difference of shares in percentage points: “+4.5 points (95 % interval +2.3 to +6.7)”."""
    if found is None:
        return "could not be worked out"
    if found.lower is None or found.upper is None:
        return f"{signed(found.value)} points"
    return f"{signed(found.value)} points (95 % interval {signed(found.lower)} to {signed(found.upper)})"


def signed(share: float) -> str:
    """Return a difference of shares in percentage points with its sign: “+4.5”, “−9.8”."""
    return f"{100 * share:+.1f}".replace("-", "−")


def share_of(found: Interval | None) -> str:
    """Return a share with its interval."""
    if found is None:
        return "could not be worked out"
    if found.lower is None or found.upper is None:
        return percent_of(found.value)
    return f"{percent_of(found.value)} (95 % interval {percent_of(found.lower)} to {percent_of(found.upper)})"


def percent_of(share: float) -> str:
    """Return a share in per cent."""
    return f"{100 * share:.1f} %"


def number_of(count: float) -> str:
    """Return a count with its thousands apart."""
    return f"{count:,.0f}"


def _finding(question: Question, answer: Answer) -> str:
    if answer.lasting is not None:
        return f"{share_of(answer.main)} were still in response after {answer.lasting.day} days."
    found = answer.comparison
    if found is None or found.difference is None or question.exposure is None:
        return ""
    group, compared = question.exposure.group.title, question.exposure.compared_with.title
    if found.difference.holds_nothing:
        return (
            f"the interval holds no difference between “{group}” and “{compared}”: {points(found.difference)} in the "
            f"share with {question.outcome.short}."
        )
    larger = "larger" if found.difference.value > 0 else "smaller"
    return (
        f"“{group}” is associated with a {larger} share with {question.outcome.short} than “{compared}”: "
        f"{points(found.difference)}."
    )


def _comparison(question: Question, found: Comparison) -> Iterator[str]:
    what = "checks" if question.people.rows == "checks" else "people"
    yield f"Counted ({what}): {question.outcome.title}."
    for side in (found.group, found.compared):
        yield f"  {side_words(side)}."
    yield from who_words(found)
    if found.difference is not None:
        ratio = found.ratio
        on_ratio = f"; ratio {ratio.value:.2f} ({ratio.lower:.2f} to {ratio.upper:.2f})" if ratio else ""
        yield f"Difference: {points(found.difference)}{on_ratio}."
        yield e_value_words(found)
    if found.alike:
        worst = max(found.alike, key=lambda each: abs(each.before))
        yield (
            f"Balance: at most {abs(worst.before):.2f} standard deviations apart before weighting "
            f"({worst.variable.replace('_', ' ')}, {worst.level}), {found.largest:.3f} after."
        )
    if question.negative_control is not None:
        yield f"Negative control ({question.negative_control.title}): {control_words(found)}"


def _lasting(found: Lasting) -> Iterator[str]:
    yield (
        f"{number_of(found.responders)} people in response; by day {found.day} {number_of(found.lost)} were seen to "
        f"lose it, {number_of(found.beyond)} were watched beyond it, {number_of(found.unseen)} were never asked again."
    )
    median = found.curve.median if found.curve is not None else None
    if median is not None and isfinite(median):
        yield f"Half had lost it by day {median:.0f}."


def _fewest(answer: Answer) -> int:
    if answer.comparison is not None:
        return min(answer.comparison.group.people, answer.comparison.compared.people)
    return answer.lasting.responders if answer.lasting is not None else 0


def _one_group(seen: Comparison | None) -> str:
    if seen is None:
        return ""
    empty = [side for side in (seen.group, seen.compared) if not side.people]
    if len(empty) != 1:
        return "nobody in one group is like anybody in the other"
    return f"nobody in this snapshot is in the group “{empty[0].title}”"


def _sites(seen: Comparison | None) -> str:
    fewest = min(seen.group.sites, seen.compared.sites) if seen is not None else 0
    return f"people of {fewest} {'site' if fewest == 1 else 'sites'} in one group"


def _deviations(seen: Comparison | None) -> str:
    return "?" if seen is None or seen.largest is None else f"{seen.largest:.2f}"


def _too_wide(question: Question, answer: Answer) -> str:
    width = answer.main.points if answer.main is not None else None
    most = f"{question.enough.interval_at_most_points:f}"
    if width is None:
        return "nobody was watched long enough for a number"
    return f"the interval is {width:.1f} percentage points wide, and at most {most} is an answer"


def _lower(words: str) -> str:
    return words[:1].lower() + words[1:]
