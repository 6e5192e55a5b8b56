"""A published trial in words: what was compared, in whom, and every number with how far it was checked."""

from collections.abc import Iterator, Mapping

from daybreak.rulebook.published_trial import (
    Arm,
    Published,
    PublishedTrial,
    TrialContrast,
    TrialCounts,
    TrialMean,
    TrialOutcome,
)
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, titles_of
from daybreak.rulebook.words import words_of

_MARKS = {
    "read": "read at the source",
    "secondary": "read in another source only: not pooled",
    "rebuilt": "counts rebuilt, and checked by arithmetic against a published figure",
    "provisional": "rebuilt from a percentage that was not read at its source: provisional",
    "unverified": "not checked at its source: not pooled",
}
_DOMAINS = {
    "randomisation": "Bias from the randomisation",
    "deviations": "Bias from deviations from what was intended",
    "missing_outcomes": "Bias from missing outcomes",
    "measurement": "Bias in how the outcome was measured",
    "reporting": "Bias in what was reported",
}
_KINDS = {
    "response": "Response",
    "remission": "Remission",
    "relapse": "Relapse",
    "depression_score": "Score of depression",
    "suicidal_ideation_score": "Score of suicidal ideation",
    "suicidal_ideation_response": "Response of suicidal ideation",
}


def trial_chapters(trial: PublishedTrial) -> list[Chapter]:
    """Return the trial as chapters; what was not judged or not read is said, not left to be guessed."""
    titles = titles_of(trial)
    found = [
        Chapter("The trial", list(_trial(trial))),
        Chapter("What was given", [_numbered(arm, arm.title, _arm(arm), titles, arm.id) for arm in trial.arms]),
        Chapter("What it found", list(_results(trial, titles))),
        Chapter("Risk of bias", list(_bias(trial, titles))),
    ]
    return [chapter for chapter in found if chapter.rules]


def when_of(outcome: TrialOutcome) -> str:
    """Return when an outcome was measured: in hours up to two days, else in days, or as the file says."""
    if outcome.after_hours is None:
        return outcome.when
    if outcome.after_hours == 0:
        return "before the first dose"
    hours = outcome.after_hours
    return f"after {hours} hours" if hours <= 48 else f"after {words_of(hours // 24)} days"


def outcome_words(outcome: TrialOutcome) -> str:
    """Return an outcome as a reader says it, such as “Response on the MADRS after 24 hours”."""
    return f"{_KINDS[outcome.kind]} on the {outcome.scale} {when_of(outcome)}"


def _trial(trial: PublishedTrial) -> Iterator[Rule]:
    people = f" {trial.people} people." if trial.people else ""
    yield Rule("population", "In whom", f"{trial.population}.{people}")
    design = {"open": "open", "double": "double-blind", "anaesthesia": "masked by anaesthesia"}[trial.masking]
    yield Rule("design", "How", f"{capital(read_as(trial.design))}, {design}, {trial.year}.")
    if trial.pmid:
        yield Rule("pmid", "Where", f"PubMed {trial.pmid}.")


def _arm(arm: Arm) -> str:
    minutes = f" over {arm.minutes} minutes" if arm.minutes else ""
    dose = f"{words_of(arm.dose)} {arm.unit}{minutes}, " if arm.dose is not None else ""
    route = "" if arm.route in ("none", "not_read") else f"{read_as(arm.route)}, "
    people = f"{arm.people} people" if arm.people else "how many people was not read"
    return f"{capital(f'{dose}{route}sessions: {arm.sessions}; {people}')}."


def _results(trial: PublishedTrial, titles: Mapping[str, str]) -> Iterator[Rule]:
    for outcome in trial.outcomes:
        title = outcome_words(outcome) + (f" ({outcome.cut_off})" if outcome.cut_off else "")
        for result in trial.results:
            if result.outcome == outcome.id:
                words = _counts(result) if isinstance(result, TrialCounts) else _mean(result)
                said = f"{trial.arm(result.arm).title}: {words}."
                yield _numbered(result, title, said, titles, f"{type(result).__name__}_{outcome.id}_{result.arm}")
        for each in trial.contrasts:
            if each.outcome == outcome.id:
                yield _numbered(each, title, _contrast(trial, each), titles, f"{outcome.id}_{each.arm}_{each.against}")


def _counts(counts: TrialCounts) -> str:
    return f"{counts.events} of {counts.total}"


def _mean(mean: TrialMean) -> str:
    spread = f", standard deviation {words_of(mean.sd)}" if mean.sd is not None else ""
    spread = f", standard error {words_of(mean.standard_error)}" if mean.standard_error is not None else spread
    people = f", {mean.total} people" if mean.total else ""
    return f"{'mean change' if mean.is_change else 'mean'} {words_of(mean.mean)}{spread}{people}"


def _contrast(trial: PublishedTrial, each: TrialContrast) -> str:
    pair = f"{trial.arm(each.arm).title} against {trial.arm(each.against).title}"
    interval = f"{words_of(each.lower)} to {words_of(each.upper)}"
    return f"{pair}: difference {words_of(each.estimate)}, 95 % interval {interval}."


def _bias(trial: PublishedTrial, titles: Mapping[str, str]) -> Iterator[Rule]:
    judged = {each.domain: each for each in trial.bias}
    for domain, title in _DOMAINS.items():
        if domain in judged:
            each = judged[domain]
            words = f"{capital(read_as(each.judgement))}. {each.because}"
            yield Rule(domain, title, words, reference=titles.get(each.reference, each.reference))
    if missing := [words for domain, words in _DOMAINS.items() if domain not in judged]:
        yield Rule("not_judged", "Not judged", f"{'; '.join(missing)}: the full text was not read.")


def _numbered(form: Published, title: str, words: str, titles: Mapping[str, str], name: str) -> Rule:
    source = titles.get(form.reference, form.reference)
    note = " ".join(part for part in (form.note, f"{source}; {_MARKS[form.mark]}.") if part)
    return Rule(name, title, words, note=note)
