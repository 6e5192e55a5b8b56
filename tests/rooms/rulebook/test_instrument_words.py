"""An instrument is read as sentences, in every language that it speaks."""

from daybreak.rulebook.public import chapters, differences
from tests.definitions.shipped import library


def rules(name):
    """Return the rules of an instrument's page: chapter to rule to what it says."""
    return {each.title: {rule.id: rule for rule in each.rules} for each in chapters(library().definition(name))}


def test_a_questionnaire_says_who_answers_what_and_what_the_answers_mean():
    page = rules("instruments/phq9")

    assert list(page) == ["How it is used", "Questions", "Answers", "Scores", "What calls for someone", "Cut-offs"]
    assert page["How it is used"]["rater"].title == "The patient answers"
    assert page["How it is used"]["rater"].words == "About the last 14 days."
    assert page["Answers"]["usual"].words.startswith("0 Not at all · 1 Several days · ")
    assert page["Scores"]["total"].words.endswith(
        "and self harm: 0 to 27. From 0 Minimal, from 5 Mild, "
        "from 10 Moderate, from 15 Moderately severe, from 20 Severe."
    )
    assert page["What calls for someone"]["thoughts_of_self_harm"].words == "Where self harm is at least 1."


def test_a_rating_by_number_says_why_it_has_no_words_and_how_answers_count():
    madrs, screener = rules("instruments/madrs"), rules("instruments/c_ssrs_screener")

    assert "licensed" in madrs["How it is used"]["wording"].words
    assert madrs["Answers"]["usual"].words == "A whole number from 0 to 6."
    assert "Item 3 counts 0, 2." in screener["Scores"]["risk"].words
    assert screener["Questions"]["item_3"].words == "Asked where item 2 is at least 1."


def test_a_changed_translation_is_seen_as_a_change():
    old = library().definition("instruments/phq9")
    first, *others = old.items
    new = old.model_copy(
        update={"items": (first.model_copy(update={"text": {**first.text, "es": "Otra cosa"}}), *others)}
    )

    [change] = differences(old, new)

    assert change.what == first.text["en"]
    assert "es: Otra cosa" in change.after
