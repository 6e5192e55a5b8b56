"""Any definition in words: each table a rule, each value after its name. For kinds without a page of their own."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from daybreak.rulebook.form import Definition, Form
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, rule_of, titles_of
from daybreak.rulebook.words import words_of

_HEAD = {*Definition.model_fields, "examples"}
_TITLES = ("question", "title", "heading", "text", "display", "name", "id", "rule", "kind")
_SAID_ELSEWHERE = {"source", "reference", "verified", "note", "blanks"}


def plain_chapters(definition: Definition) -> list[Chapter]:
    """Return the tables of `definition` as chapters, and its single values as one, called “General”."""
    titles = titles_of(definition)
    single: list[Rule] = []
    found: list[Chapter] = []
    for name in type(definition).model_fields:
        value = getattr(definition, name)
        if name in _HEAD or value in (None, "", (), {}):
            continue
        if isinstance(value, Form):
            found.append(Chapter(capital(read_as(name)), [_rule(value, titles, name)]))
        elif isinstance(value, tuple) and isinstance(value[0], Form):
            found.append(Chapter(capital(read_as(name)), [_rule(each, titles) for each in value]))
        else:
            single.append(Rule(name, capital(read_as(name)), _said(value)))
    return [*([Chapter("General", single)] if single else []), *found]


def _rule(form: Form, titles: Mapping[str, str], name: str = "") -> Rule:
    title_key = next((key for key in _TITLES if getattr(form, key, "")), "")
    title = _said(getattr(form, title_key)) if title_key else read_as(name or type(form).__name__)
    words = "; ".join(f"{read_as(key)}: {said}" for key, said in _values(form, {title_key, *_SAID_ELSEWHERE}))
    return rule_of(form, capital(title), f"{capital(words).rstrip('.')}." if words else "", titles, name=name)


def _values(form: Form, without: set[str]) -> Iterator[tuple[str, str]]:
    for name in type(form).model_fields:
        value = getattr(form, name)
        if name not in without and value not in (None, "", (), {}):
            yield name.rstrip("_"), _said(value)


def _said(value: object) -> str:
    if isinstance(value, Form):
        return ", ".join(f"{read_as(key)} {said}" for key, said in _values(value, _SAID_ELSEWHERE))
    if isinstance(value, tuple):
        return " / ".join(_said(each) for each in value)
    if isinstance(value, Mapping) and "en" in value:
        others = ", ".join(str(language) for language in value if language != "en")
        return str(value["en"]) + (f" (also in {others})" if others else "")
    if isinstance(value, Mapping):
        return ", ".join(f"{read_as(str(key))} {_said(each)}" for key, each in value.items())
    return words_of(value) if isinstance(value, bool | int | Decimal) else str(value)
