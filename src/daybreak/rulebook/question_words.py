"""An open question in words: what is asked, of whom, how, and when an answer would be one."""

from collections.abc import Iterator, Mapping

from daybreak.rulebook.question import AskedOutcome, ComparedGroup, Question
from daybreak.rulebook.question_verdict import Enough
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, rule_of, titles_of
from daybreak.rulebook.words import words_of

VARIABLES = {
    "baseline_score": "the score before the first session",
    "failed_treatments": "how many treatments had failed before",
    "dose_mg_per_kg": "milligrams per kilogram in the first session",
    "infusion_minutes": "minutes that the first infusion took",
    "route": "the route of the first session",
    "dampened_share_percent": "the share of the induction's sessions with a dampening drug, in per cent",
    "sessions_before": "how many sessions came before the check",
    "days_between_sessions": "days between the sessions up to the landmark, on average",
    "site_in_time_percent": "the share of the readings asked for that the site took in time, in per cent",
    "age": "age",
    "sex": "sex",
    "site": "the site",
    "first_check": "the person's own first check",
    "pressure_before": "systolic blood pressure before the first session",
}
ANALYSES = {
    "unadjusted": "Without any adjustment",
    "inverse_weights": "For everybody: inverse weights",
    "trimmed": "Without those almost sure of one group",
    "missing_as_no": "Missing outcomes counted as none",
    "missing_against": "Missing outcomes counted against it",
    "other_line": "Another outcome",
    "interval_censored": "Loss between two scores",
    "until_treated_again": "Only until the next session",
}
_ROWS = {
    "induction": "One row for each person, after the induction.",
    "first_sessions": "One row for each person, with the sessions of their first {within} days.",
    "checks": "One row for each long-term check but the first; rows of one person belong together.",
    "maintenance": "One row for each person in response and in treatment {landmark} days after the response was seen.",
    "lasting": "One row for each person in response after the induction.",
}
_METHODS = {
    "overlap": "Overlap weights",
    "inverse": "Inverse-probability weights, stabilised",
    "curve": "A curve with its interval",
}


def question_chapters(question: Question) -> list[Chapter]:
    """Return the question as chapters, in the order in which a reader asks them."""
    titles = titles_of(question)
    found = [
        Chapter("The question", list(_asked(question, titles))),
        Chapter("What is estimated", list(_estimand(question, titles))),
        Chapter("How", list(_how(question, titles))),
        Chapter("What else is tried", [_tried(question, each.analysis, each.line, each.because) for each in
                                       question.sensitivity]),
        Chapter("When it is an answer", list(_answer(question, titles))),
        Chapter("Published trials", [_published(question)]),
    ]  # fmt: skip
    return [chapter for chapter in found if chapter.rules]


def group_in_words(group: ComparedGroup) -> str:
    """Return the bounds of a group: “0.45 or more, below 0.55”."""
    if group.one_of:
        return ", ".join(read_as(each) for each in group.one_of)
    parts = [f"{words_of(group.from_)} or more"] if group.from_ is not None else []
    parts += [f"below {words_of(group.below)}"] if group.below is not None else []
    return ", ".join(parts)


def _asked(question: Question, titles: Mapping[str, str]) -> Iterator[Rule]:
    yield Rule("question", "The question", question.question)
    yield rule_of(question.open_, "Why it is open", question.open_.because, titles, name="open")
    people = question.people
    rows = _ROWS[people.rows].format(within=people.within_days, landmark=people.landmark_days)
    chosen = f" Chosen by the cohort {people.cohort}." if people.cohort else ""
    yield rule_of(people, "Who", f"{people.words} {rows}{chosen}", titles, name="people")
    if question.exposure is not None:
        each = question.exposure
        words = (
            f"{capital(VARIABLES[each.variable])}. {each.group.title} ({group_in_words(each.group)}) beside "
            f"{each.compared_with.title} ({group_in_words(each.compared_with)})."
        )
        yield rule_of(each, "What is compared", words, titles, name="exposure")
    outcome = question.outcome
    yield rule_of(outcome, "What is counted", f"{capital(outcome.title)}. {_outcome(outcome)}".strip(), titles,
                  name="outcome")  # fmt: skip


def _outcome(outcome: AskedOutcome) -> str:
    told = (
        (outcome.line, "By the line “{}” of the cohort."),
        (outcome.measure, "By the measure {}."),
        (outcome.term, "The event “{}”."),
        (outcome.within_days, "Within {} days."),
        (outcome.from_, "From {} on."),
    )
    return " ".join(words.format(words_of(value) if not isinstance(value, str) else value)
                    for value, words in told if value is not None)  # fmt: skip


def _estimand(question: Question, titles: Mapping[str, str]) -> Iterator[Rule]:
    each = question.estimand
    yield rule_of(each, "Population", each.population, titles, name="population")
    for name in ("contrast", "outcome", "time"):
        yield Rule(name, capital(name), getattr(each, name))
    for event in each.intercurrent:
        yield Rule(event.event, f"On the way: {event.event}", event.handled)


def _how(question: Question, titles: Mapping[str, str]) -> Iterator[Rule]:
    method = question.method
    yield rule_of(method, _METHODS[method.kind], method.words, titles, name="method")
    for each in question.confounders:
        bands = f" In bands from {', '.join(map(words_of, each.bands_from))}." if each.bands_from else ""
        yield Rule(each.variable, f"Made alike: {VARIABLES[each.variable]}", f"{each.because}{bands}")
    if question.not_measured:
        yield Rule("not_measured", "What nobody measured", " ".join(question.not_measured))
    control = question.negative_control
    if control is not None:
        words = f"{capital(control.title)}. {_outcome(control)} {control.because}"
        yield rule_of(control, "Negative control", words, titles, name="negative_control")


def _tried(question: Question, analysis: str, line: str | None, because: str) -> Rule:
    title = f"{ANALYSES[analysis]}: {read_as(line)}" if line else ANALYSES[analysis]
    return Rule(f"{analysis}/{line}" if line else analysis, title, because)


def _answer(question: Question, titles: Mapping[str, str]) -> Iterator[Rule]:
    yield rule_of(question.enough, "Enough", enough_in_words(question.enough, compares=question.compares), titles,
                  name="enough")  # fmt: skip
    if question.needs_trial is not None:
        yield Rule("needs_trial", "It cannot be answered without a trial", question.needs_trial.because)
    yield Rule("changes_our_mind", "What would change our mind", " ".join(question.changes_our_mind))


def enough_in_words(enough: Enough, *, compares: bool) -> str:
    """Return the thresholds of a verdict in a sentence or two."""
    whose = " in each group" if compares else ""
    people = f"At least {enough.people_at_least} people{whose}, {enough.outcomes_at_least} with and without the outcome"
    sites = f", at {enough.sites_at_least} sites or more{whose}" if enough.sites_at_least > 1 else ""
    alike = (
        f", groups that differ by at most {words_of(enough.difference_at_most)} standard deviations" if compares else ""
    )
    return (
        f"{people}{sites}; at most {words_of(enough.missing_at_most_percent)} % without an outcome{alike}, and an "
        f"interval of at most {words_of(enough.interval_at_most_points)} percentage points."
    )


def _published(question: Question) -> Rule:
    named = ", ".join((*question.published.trials, *question.published.reviews))
    return Rule("published", "What they say", f"{question.published.words}{f' Files: {named}.' if named else ''}")
