"""A definition as a page: its head, its rules in words under headings, each with its source, and all sources."""

import textwrap
from collections.abc import Callable, Iterator
from typing import Any

from daybreak.rulebook.activity import LearningActivity
from daybreak.rulebook.activity_words import activity_chapters
from daybreak.rulebook.form import Definition, Reference
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.instrument_words import instrument_chapters
from daybreak.rulebook.plain_words import plain_chapters
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.protocol_words import protocol_chapters
from daybreak.rulebook.published_review import PublishedReview
from daybreak.rulebook.published_trial import PublishedTrial
from daybreak.rulebook.question import Question
from daybreak.rulebook.question_words import question_chapters
from daybreak.rulebook.review_words import review_chapters
from daybreak.rulebook.rules_in_words import Chapter, Rule
from daybreak.rulebook.tightening import Tightened
from daybreak.rulebook.trial_words import trial_chapters
from daybreak.rulebook.words import day_words

_WIDTH = 84
_KINDS = {
    "label": "drug label",
    "rems": "REMS programme",
    "guideline": "guideline",
    "practice": "published practice",
    "site": "the site's own value",
}
_TOLD_BY: tuple[tuple[type[Definition], Callable[[Any], list[Chapter]]], ...] = (
    (Protocol, protocol_chapters),
    (Instrument, instrument_chapters),
    (PublishedTrial, trial_chapters),
    (PublishedReview, review_chapters),
    (LearningActivity, activity_chapters),
    (Question, question_chapters),
)
UNVERIFIED = "not checked against the full text"


def chapters(definition: Definition) -> list[Chapter]:
    """Return every rule of `definition` in words, under headings, in the order in which a reader meets them."""
    for kind, told in _TOLD_BY:
        if isinstance(definition, kind):
            return told(definition)
    return plain_chapters(definition)


def source_in_words(rule: Rule) -> str:
    """Return where a rule comes from, as a reader says it; empty for a rule that names no source."""
    if not rule.source:
        return ""
    said = f"Source: {_KINDS.get(rule.source, rule.source)}: {rule.reference}"
    return f"{said} – UNVERIFIED, {UNVERIFIED}." if not rule.verified else f"{said}."


def page(definition: Definition) -> str:
    """Return the whole definition as wrapped text, with all its sources, to be read aloud in a committee."""
    lines = [*_head(definition)]
    for chapter in chapters(definition):
        lines += ["", chapter.title.upper(), ""]
        for number, rule in enumerate(chapter.rules, start=1):
            lines += _rule(number, rule)
    lines += ["", "SOURCES", "", *_sources(definition)]
    return "\n".join(lines) + "\n"


def _head(definition: Definition) -> Iterator[str]:
    provenance = definition.provenance
    yield from _wrapped(definition.title)
    yield "=" * min(len(definition.title), _WIDTH)
    yield from _wrapped(definition.summary)
    yield ""
    yield from _wrapped(f"{definition.id}, version {definition.version}, {definition.status}.")
    if isinstance(definition, Tightened):
        yield from _wrapped(f"It tightens the shared protocol {definition.tightens}: nothing in it is looser.")
    yield from _wrapped(f"Written by: {provenance.authored_by}.")
    yield from _wrapped(f"Checked by: {provenance.checked_by}.")
    yield from _wrapped(f"To be reviewed by {day_words(provenance.next_review)}. Licence: {definition.licence}.")
    yield from _wrapped(f"Fingerprint: {definition.fingerprint}")
    unverified = sum(not rule.verified for chapter in chapters(definition) for rule in chapter.rules)
    if unverified:
        yield from _wrapped(f"{unverified} of its rules are marked UNVERIFIED: {UNVERIFIED}.")


def _rule(number: int, rule: Rule) -> Iterator[str]:
    indent = " " * 4
    yield from _wrapped(f"{number}. {rule.title}", rest=indent)
    for words in (rule.words, rule.note, source_in_words(rule)):
        yield from _wrapped(words, first=indent, rest=indent)


def _sources(definition: Definition) -> Iterator[str]:
    for reference in definition.provenance.references:
        yield from _wrapped(f"- {source_line(reference)}", rest="  ")


def source_line(reference: Reference) -> str:
    """Return one source with its address, and whether it may be named for numbers."""
    if reference.numbers:
        return f"{reference.title} ({reference.id})"
    except_for = f", except for {', '.join(reference.but_for)}" if reference.but_for else ""
    return f"{reference.title} ({reference.id}); names duties, gives no numbers{except_for}"


def _wrapped(text: str, *, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(text, _WIDTH, initial_indent=first, subsequent_indent=rest, break_on_hyphens=False)
