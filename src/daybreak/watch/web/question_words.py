"""What a page of an open question says beside its figures."""

from daybreak.rulebook.public import Library, PublishedReview, PublishedTrial, Question, chapters, effect_in_words
from daybreak.watch.questions import words
from daybreak.watch.questions.results import Answer
from daybreak.watch.wording import too_few

# Reasons that hold a number about people.
_COUNTED = frozenset(
    {"too_few_people", "too_few_sites", "too_few_outcomes", "too_much_missing", "not_alike", "too_wide"}
)
_BEFORE_NUMBERS = {
    "too_few_people": "too few people",
    "too_few_sites": "too few sites",
    "too_few_outcomes": "too few with or without the outcome",
    "too_much_missing": "too much is missing",
    "not_alike": "the groups stay unlike after weighting",
    "too_wide": "the interval is too wide",
}


def standing_words(question: Question, answer: Answer, *, shown: bool, every: bool = False) -> str:
    """Return why the verdict is so, without a number where none may be `shown`: `every` reason, or the first."""
    if answer.verdict == "enough":
        said = words.finding_words(question, answer) if shown else too_few()
        return said[:1].upper() + said[1:]
    reasons = answer.reasons if every else answer.reasons[:1]
    told = [
        _BEFORE_NUMBERS[each] if each in _COUNTED and not shown else words.reason_words(question, answer, each)
        for each in reasons
    ]
    said = "; ".join(told)
    return f"{said[:1].upper()}{said[1:]}."


def who_is_missing(question: Question, answer: Answer) -> list[str]:
    """Return who is in no number, a sentence each."""
    found = answer.comparison
    if found is None:
        last = answer.lasting
        return [f"{words.number_of(last.unseen)} in response were never asked again."] if last is not None else []
    people = found.group.people + found.compared.people
    if not people:
        return words.who_words(found)
    missing = found.group.missing + found.compared.missing
    first = (
        f"{words.number_of(missing)} of {words.number_of(people)} ({words.percent_of(missing / people)}) have no "
        f"outcome; at most {question.enough.missing_at_most_percent:f} % may be missing."
    )
    return [first, *words.who_words(found)]


def published_rows(question: Question, library: Library) -> list[tuple[str, str, str]]:
    """Return each published trial and review that the question names: its title, in whom, and what was read of it."""
    rows = []
    for name in question.published.trials:
        trial = library.definition(f"trials/{name}")
        if isinstance(trial, PublishedTrial):
            people = f", {trial.people} people" if trial.people else ""
            rows.append((trial.title, f"{trial.population}{people}.", _found(trial)))
    for name in question.published.reviews:
        review = library.definition(f"reviews/{name}")
        if isinstance(review, PublishedReview):
            effects = "; ".join(f"{each.kind.replace('_', ' ')}: {effect_in_words(each)}" for each in review.targets)
            rows.append((review.title, f"{review.trials} trials together.", effects))
    return rows


def _found(trial: PublishedTrial) -> str:
    results = next((each.rules for each in chapters(trial) if each.title == "What it found"), [])
    return " ".join(f"{rule.title}: {rule.words}" for rule in results) or "Its results were not read at their source."
