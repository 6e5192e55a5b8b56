"""The parts of a page that a definition becomes: rules in words, under headings."""

from collections.abc import Mapping
from dataclasses import dataclass

from daybreak.rulebook.form import Definition, Form


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is read: what, then what follows, with the source and how far it was checked."""

    id: str
    title: str
    words: str
    source: str = ""
    reference: str = ""
    verified: bool = True
    note: str = ""


@dataclass(frozen=True, slots=True)
class Chapter:
    """Some rules under one heading."""

    title: str
    rules: list[Rule]


def rule_of(form: Form, title: str, words: str, titles: Mapping[str, str], *, name: str = "") -> Rule:
    """Return a table of a definition as a rule, with the source that the table names, if any."""
    reference = str(getattr(form, "reference", "") or "")
    return Rule(
        id=name or str(getattr(form, "id", "") or title),
        title=title,
        words=words,
        source=str(getattr(form, "source", "") or ""),
        reference=titles.get(reference, reference),
        verified=bool(getattr(form, "verified", True)),
        note=str(getattr(form, "note", "")),
    )


def titles_of(definition: Definition) -> dict[str, str]:
    """Return the title of each reference of a definition, by its id."""
    return {reference.id: reference.title for reference in definition.provenance.references}


def read_as(word: str) -> str:
    """Return a word of a definition as a reader says it."""
    return word.replace("_", " ")


def capital(words: str) -> str:
    """Return words with a capital at the beginning, the rest as it is."""
    return words[:1].upper() + words[1:]
