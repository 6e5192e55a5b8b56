"""A course in words: what a learner is shown before it begins, and what it asks. The right answers are not told."""

from collections.abc import Iterator, Mapping

from daybreak.rulebook.activity import Contributor, LearningActivity, QuizItem
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, titles_of
from daybreak.rulebook.words import day_words, words_of


def activity_chapters(activity: LearningActivity) -> list[Chapter]:
    """Return the course as chapters."""
    titles = titles_of(activity)
    return [
        Chapter("The activity", list(_activity(activity))),
        Chapter("Objectives", [Rule(each.id, each.text, "") for each in activity.objectives]),
        Chapter("Who made it", [Rule(each.id, each.name, _disclosed(each)) for each in activity.contributors]),
        Chapter("Who paid", list(_support(activity))),
        Chapter("Sections", list(_sections(activity))),
        Chapter("Quiz", [_item(each, titles) for each in activity.items]),
        Chapter("Evaluation", [Rule(q.id, q.ask, f"{' / '.join(q.choices)}.") for q in activity.evaluation]),
    ]


def _activity(activity: LearningActivity) -> Iterator[Rule]:
    yield Rule("format", "What it is", f"{capital(read_as(activity.format))}, {activity.minutes} minutes.")
    days = f"From {day_words(activity.release_date)} to {day_words(activity.expiry_date)}"
    yield Rule("dates", "When", f"{days}; its content is of {day_words(activity.content_date)}.")
    worth = "; ".join(f"{read_as(each.type)}: at most {words_of(each.maximum)}" for each in activity.credits)
    yield Rule("credits", "Credit", f"{capital(worth)}.")
    yield Rule("audience", "For whom", f"{'; '.join(activity.audience)}.")
    passed = f"{activity.draws} of {len(activity.items)} items are asked in each attempt"
    yield Rule("pass", "To pass", f"{activity.pass_percent} % right; {passed}, as often as needed.")
    fee = f"{words_of(activity.fee)} {activity.currency}" if activity.fee else "None"
    yield Rule("fee", "Fee", f"{fee}.")
    if activity.grants:
        yield Rule("grants", "What it opens", f"Its certificate becomes the credential “{activity.grants}”.")
    yield Rule("requirements", "What it needs", f"{'; '.join(activity.requirements)}.")
    yield Rule("accessibility", "Accessibility", activity.accessibility)
    yield Rule("help", "Help", activity.help)
    yield Rule("copyright", "Copyright", activity.copyright)


def _disclosed(person: Contributor) -> str:
    head = f"{capital(person.role)}; {person.affiliation}."
    if person.nothing_to_disclose:
        return f"{head} No relevant financial relationships; said on {day_words(person.disclosed_on)}."
    told = "; ".join(f"{e.company}: {read_as(e.nature)}, mitigated: {e.mitigated_by}" for e in person.relationships)
    return f"{head} {told}."


def _support(activity: LearningActivity) -> Iterator[Rule]:
    for each in activity.support:
        title = f"{capital(each.kind)} support" if each.kind != "none" else "No support"
        yield Rule(f"{each.from_day}", f"From {day_words(each.from_day)}: {title}", each.text)


def _sections(activity: LearningActivity) -> Iterator[Rule]:
    for each in activity.sections:
        seen = "".join(f"; a video with captions: {film.file}" for film in each.films)
        words = f"{each.minutes} minutes; {len(each.text.split())} words{seen}; for: {', '.join(each.objectives)}."
        yield Rule(each.id, each.title, words)


def _item(item: QuizItem, titles: Mapping[str, str]) -> Rule:
    note = f"{titles.get(item.reference, item.reference)}."
    words = f"{' / '.join(item.answers)} (objective: {read_as(item.objective)})"
    return Rule(item.id, item.question, f"{words}.", note=note, verified=item.verified)
