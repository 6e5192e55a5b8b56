"""Run the worked examples of a definition; what a kind expects of its examples is in a module of its own."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from daybreak.kernel.truth import Truth
from daybreak.rulebook.activity import LearningActivity, activity_wrongs
from daybreak.rulebook.calling import Calling, level_after, told_at
from daybreak.rulebook.codelist import CodeList
from daybreak.rulebook.cohort import Cohort
from daybreak.rulebook.cohort_members import cohort_wrongs
from daybreak.rulebook.consent import Consent, understanding
from daybreak.rulebook.continuation import OUTCOMES, Continuation, CourseFacts, advised
from daybreak.rulebook.disclosure import Disclosure, disclosure_wrongs
from daybreak.rulebook.facts import Fact, Vocabulary, trouble_with
from daybreak.rulebook.faults import Fault, did_you_mean
from daybreak.rulebook.form import Definition
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.instrument_examples import instrument_wrongs
from daybreak.rulebook.kinetics import KineticModel, kinetic_wrongs
from daybreak.rulebook.lines import Path
from daybreak.rulebook.measure import Measure, MeasureExample
from daybreak.rulebook.outcomes import DatedScore
from daybreak.rulebook.profile import Profile, profile_wrongs
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.protocol_examples import protocol_wrongs
from daybreak.rulebook.published_review import PublishedReview, review_wrongs
from daybreak.rulebook.published_trial import PublishedTrial, trial_wrongs
from daybreak.rulebook.quality import Quality
from daybreak.rulebook.quality_rows import quality_wrongs
from daybreak.rulebook.question import Question
from daybreak.rulebook.question_verdict import verdict_wrongs
from daybreak.rulebook.reading import Source
from daybreak.rulebook.reporting import Reporting, owed
from daybreak.rulebook.resistance_examples import adequacy_wrongs, resistance_wrongs
from daybreak.rulebook.safety import Safety, asked_by, sharp_worsening
from daybreak.rulebook.so_far import course_so_far
from daybreak.rulebook.staging import Adequacy, Resistance
from daybreak.rulebook.surveillance import Surveillance, counted_by
from daybreak.rulebook.tightening import Tightened

_NOON = datetime(2026, 1, 15, 12, tzinfo=UTC)
Wrong = Iterator[tuple[Path, str]]


def example_faults(source: Source, definition: Definition) -> list[Fault]:
    """Run every example of `definition` (as the library gives it.

    `source` says where it stands) and return what is wrong.
    """
    return [source.fault(definition.place(path), message) for path, message in _RUN[type(definition)](definition)]


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
        got, hours = _measured(measure, example)
        if got != example.answer:
            yield ("examples", index), f"example “{example.name}”: it is {got}, not {example.answer}"
        if example.between and hours != example.between:
            yield ("examples", index), f"example “{example.name}”: it is between the hours {hours}"


def _measured(measure: Measure, example: MeasureExample) -> tuple[str, tuple[int, ...]]:
    """Return what the measure answers, and for a relapse the hours between which it lies."""
    hour = timedelta(hours=1)
    scores = [DatedScore(value, _NOON + at * hour) for at, value in zip(example.hours, example.scores, strict=False)]
    sessions = [_NOON + at * hour for at in example.sessions]
    at = _NOON + max((*example.hours, 0) if example.at_hour is None else (example.at_hour,)) * hour
    found = course_so_far([measure], scores=scores, sessions=sessions, at=max(at, _NOON))
    if found.relapse is not None:
        moments = (found.relapse.last_in_response, found.relapse.observed_at)
        return str(found.relapse.course), tuple(int((m - _NOON) / hour) for m in moments if m)
    if example.window:
        session = _NOON + example.after_session_at * hour
        inside = [each for each in found.windows if (each.window.id, each.session) == (example.window, session)]
        return (str(inside[0].outcome.truth) if inside else "without such a window"), ()
    now = found.response or found.remission or found.sustained or found.worsening
    return str(now.truth if now else Truth.UNKNOWN), ()


def _calling(calling: Calling) -> Wrong:
    for index, example in enumerate(calling.examples):
        escalation = calling.escalates(example.priority)
        got = told_at(escalation, level_after(escalation, example.after_seconds))
        if got != example.told:
            yield ("examples", index), f"example “{example.name}”: told are {', '.join(got) or 'nobody'}"


def _safety(safety: Safety) -> Wrong:
    for index, example in enumerate(safety.examples):
        got = asked_by(safety.passes_on(example.priority), example.after_minutes)
        if got != example.asked:
            yield ("examples", index), f"example “{example.name}”: asked are {', '.join(got)}"
    for index, told in enumerate(safety.worsening_examples):
        before = [] if told.before is None else [DatedScore(told.before, _NOON - timedelta(days=told.days_before))]
        rule = sharp_worsening(safety, told.instrument, score=DatedScore(told.now, _NOON), earlier=before)
        if (rule is not None) != told.sharp:
            yield ("worsening_examples", index), f"example “{told.name}”: it is {'' if rule else 'not '}sharp"


def _reporting(reporting: Reporting) -> Wrong:
    for index, example in enumerate(reporting.examples):
        got = {notice.id: notice.within_hours for notice in owed(reporting, example.criteria)}
        if got != example.owed:
            yield ("examples", index), f"example “{example.name}”: owed are {got or 'none'}"


def _continuation(continuation: Continuation) -> Wrong:
    for index, example in enumerate(continuation.examples):
        told = {name: Truth(getattr(example, name)) for name in OUTCOMES}
        facts = CourseFacts(example.day, example.sessions, example.last_interval_days, told)
        rule = advised(continuation, facts)
        if (rule.id, rule.advise, rule.decide) != (example.rule, example.advise, example.decide):
            yield ("examples", index), f"example “{example.name}”: {rule.id} applies, and it advises {rule.advise}"
    yield from _laboratory(continuation)


def _laboratory(continuation: Continuation) -> Wrong:
    checks, opened = {check.id: check for check in continuation.laboratory}, datetime(2000, 1, 1, tzinfo=UTC)
    for index, example in enumerate(continuation.laboratory_examples):
        path = ("laboratory_examples", index)
        if example.check not in checks:
            yield path, f"example “{example.name}”: there is no check “{example.check}”"
            continue
        last = None if example.weeks_since is None else opened
        at = opened + timedelta(weeks=example.weeks_since or 0)
        sessions = [opened + timedelta(minutes=n + 1) for n in range(example.sessions_since)]
        due = checks[example.check].due_from(opened_at=opened, last=last, sessions=sessions)
        is_due = due is not None and due <= max([at, *sessions])
        if is_due != example.due:
            yield path, f"example “{example.name}”: they are {'' if is_due else 'not '}due"


def _surveillance(surveillance: Surveillance) -> Wrong:
    for index, example in enumerate(surveillance.examples):
        told = example.model_dump(include={"terms", "severe", "serious", "mostly_missed"})
        got = counted_by(surveillance, **told)
        if got != example.counted_by:
            yield ("examples", index), f"example “{example.name}”: counted by {', '.join(got) or 'none'}"


def _question(question: Question) -> Wrong:
    return verdict_wrongs(question.enough, question.examples, needs_trial=question.needs_trial is not None)


_RUN: dict[type[Definition], Callable[..., Wrong]] = {
    Protocol: protocol_wrongs,
    Tightened: protocol_wrongs,
    Instrument: instrument_wrongs,
    Consent: _consent,
    Measure: _measure,
    CodeList: _codelist,
    Vocabulary: _vocabulary,
    Resistance: resistance_wrongs,
    Adequacy: adequacy_wrongs,
    Calling: _calling,
    Reporting: _reporting,
    Safety: _safety,
    PublishedTrial: trial_wrongs,
    PublishedReview: review_wrongs,
    KineticModel: kinetic_wrongs,
    Continuation: _continuation,
    Cohort: cohort_wrongs,
    LearningActivity: activity_wrongs,
    Surveillance: _surveillance,
    Question: _question,
    Profile: profile_wrongs,
    Disclosure: disclosure_wrongs,
    Quality: quality_wrongs,
}
