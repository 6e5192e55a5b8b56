"""A frozen decision as words: only from what was frozen, never from what the definitions or records say today."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from daybreak.design.public import day
from daybreak.rulebook.public import spoken
from daybreak.screen.changes import Changes
from daybreak.screen.queries import DecisionEntry
from daybreak.screen.web.forms import choice_word
from daybreak.screen.web.presenters import origin
from daybreak.screen.web.treatment_words import stage_word, weeks_words

DASHES = 2
TRUTHS = {"met": "check", "not_met": "cross", "unknown": "question"}


@dataclass(frozen=True, slots=True)
class FrozenAnswer:
    """One criterion as it was answered then."""

    truth: str
    question: str
    reason: str
    reference: str
    source: str
    overridden: bool


@dataclass(frozen=True, slots=True)
class FrozenFact:
    """One fact as it was then."""

    question: str
    value: str
    origin: str
    at: datetime | None


def frozen_words(entry: DecisionEntry) -> dict[str, object]:
    """Return the answers, facts and background of a decision as they were."""
    questions = {used["name"]: used["question"] for answer in entry.answers for used in answer["used"]}
    background = entry.background or {}
    return {
        "answers": [_answer(each, entry.overridden) for each in entry.answers],
        "facts": [_fact(questions.get(name, name), fact) for name, fact in entry.facts.items()],
        "staged": [_staged(each) for each in background.get("resistance", ())],
        "flags": [f"{each['drug']} – {each['title']}" for each in background.get("medicines", ())],
        "history": [(each["question"], said_words(each["value"])) for each in background.get("history", {}).values()],
        "treatments": [_treatment(each) for each in background.get("treatments", ())],
    }


def _answer(answer: Mapping[str, object], overridden: tuple[str, ...]) -> FrozenAnswer:
    return FrozenAnswer(
        truth=str(answer["truth"]),
        question=str(answer["question"]),
        reason=str(answer["reason"]),
        reference=str(answer["reference"]),
        source=str(answer["source"]),
        overridden=answer["id"] in overridden,
    )


def _fact(question: str, fact: Mapping[str, object]) -> FrozenFact:
    at = fact.get("at")
    unit = str(fact.get("unit") or "")
    return FrozenFact(
        question,
        f"{said_words(fact['value'])} {spoken(unit)}".strip(),
        origin(str(fact.get("source") or "")),
        datetime.fromisoformat(str(at)) if at and "T" in str(at) else None,
    )


def _staged(each: Mapping[str, object]) -> tuple[str, str, str]:
    rule = "ladder" if str(each["word"]).isupper() else ""
    said = stage_word(rule, str(each["word"]), str(each.get("grade") or ""))
    version = _("version %(version)s") % {"version": each["version"]}
    return str(each["title"]), said, version


def _treatment(each: Mapping[str, object]) -> str:
    adequate = {True: _("adequate"), False: _("not adequate")}.get(each["adequate"], _("adequacy not known"))
    dose = f" {each['dose_mg']} mg" if each["dose_mg"] else ""
    weeks = f", {weeks_words(each['weeks'])}" if each["weeks"] else ""
    return f"{choice_word(str(each['drug']))}{dose}{weeks}: {each['outcome']}, {adequate}"


def said_words(value: object) -> str:
    """Return a frozen value as it is read."""
    if value is None:
        return _("not known")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(choice_word(str(each)).lower() for each in value) or _("none")
    if as_day := _day_in(value):
        return day(as_day)
    return choice_word(str(value)) if str(value)[:1].isalpha() else str(value)


def _day_in(value: object) -> date | None:
    """Return the day that a frozen value is, or nothing: frozen, a day is written as 2026-11-14."""
    try:
        return date.fromisoformat(str(value)) if str(value).count("-") == DASHES else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class ChangeWords:
    """One thing that changed since a decision."""

    what: str
    before: str
    after: str


def change_words(changes: Changes, questions: Mapping[str, str]) -> list[ChangeWords]:
    """Return what changed since a decision: the protocol, criteria that turned, facts with another value."""
    words = {"met": _("met"), "not_met": _("not met"), "unknown": _("unknown"), "": _("not asked")}
    found = []
    if changes.other_version:
        then, now = changes.other_version
        found.append(ChangeWords(_("The protocol"), _("version %(v)s") % {"v": then}, _("version %(v)s") % {"v": now}))
    found += [ChangeWords(each.question, words[each.before], words[each.after]) for each in changes.criteria]
    found += [
        ChangeWords(questions.get(each.name, choice_word(each.name)), said_words(each.before), said_words(each.after))
        for each in changes.facts
    ]
    return found
