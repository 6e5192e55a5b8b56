"""Words of learning: where somebody is, what was right and wrong, what a certificate is called."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.html import escape
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from daybreak.design.public import day, number
from daybreak.learn.queries import Certificate, Submission, Verified
from daybreak.learn.rules import CATEGORY_1, Accreditation, Drawn, Progress, days_left, is_open, next_step, unread
from daybreak.rulebook.public import Contributor, Film, LearningActivity, Lesson, cues_of

_CREDIT = re.compile("AMA PRA Category 1 Credits?™")
ORDER = ("read", "quiz", "evaluate", "claim", "done")


@dataclass(frozen=True, slots=True)
class Feedback:
    """One question after an attempt: what was answered, whether it was right, why, and where to read again."""

    place: int
    question: str
    answer: str
    right: bool
    because: str
    source: str
    verified: bool
    section: Lesson | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A course on the list: how far one is, in a word, with the badge's kind."""

    course: LearningActivity
    word: str
    badge: str
    credit: SafeString


def step_labels() -> list[str]:
    """Return the steps of every course, in their order."""
    return [_("Read"), _("Quiz"), _("Evaluation"), _("Claim"), _("Certificate")]


def step_place(step: str) -> int:
    """Return which of the steps comes next, counted from 1."""
    return ORDER.index(step) + 1 if step in ORDER else 1


def listed(course: LearningActivity, progress: Progress, *, on: date, provider: Accreditation | None) -> Listed:
    """Return a course as its row says it."""
    step = next_step(course, progress)
    credit = in_italics(", ".join(credits_offered(course, provider)))
    if step == "done":
        return Listed(course, _("done"), "good", credit)
    if not is_open(course, on):
        word = _("ended") if days_left(course, on) < 0 else _("not open yet")
        return Listed(course, word, "neutral", credit)
    if step == "begin":
        return Listed(course, _("not begun"), "neutral", credit)
    return Listed(course, step_labels()[step_place(step) - 1], "attention", credit)


def credits_offered(course: LearningActivity, provider: Accreditation | None) -> list[str]:
    """Return the credits of a course in words: that of physicians only where a provider may be named."""
    return [credit_words(each.type, each.maximum) for each in course.credits if provider or each.type != CATEGORY_1]


def credit_words(type_: str, amount: Decimal) -> str:
    """Return a credit in words."""
    plain = number(amount.normalize())
    if type_ == CATEGORY_1:
        return _("%(n)s AMA PRA Category 1 Credit™") % {"n": plain}
    return ngettext("%(n)s hour of participation", "%(n)s hours of participation", 1 if amount == 1 else 2) % {
        "n": plain
    }


def in_italics(words: str) -> SafeString:
    """Return words for a page with the name of the credit in italics, as its owner asks (facts 6.5)."""
    return SafeString(_CREDIT.sub(r"<i>\g<0></i>", escape(words)))


def fee_words(course: LearningActivity) -> str:
    """Return what the course costs."""
    return f"{number(course.fee, 2)} {course.currency}" if course.fee else _("None")


def disclosure_words(person: Contributor) -> list[str]:
    """Return what a contributor disclosed, and how each relationship was mitigated."""
    if person.nothing_to_disclose:
        return [_("No relevant financial relationships (said on %(day)s).") % {"day": day(person.disclosed_on)}]
    return [
        _("%(company)s: %(nature)s. Mitigated: %(how)s")
        % {"company": each.company, "nature": each.nature.replace("_", " "), "how": each.mitigated_by}
        for each in person.relationships
    ]


def role_word(role: str) -> str:
    """Return the role of a contributor."""
    words = {"author": _("Author"), "presenter": _("Presenter"), "planner": _("Planner"), "reviewer": _("Reviewer")}
    return words[role]


def feedback(course: LearningActivity, drawn: tuple[Drawn, ...], handed_in: Submission) -> list[Feedback]:
    """Return what an attempt shows after it was handed in."""
    titles = {reference.id: reference.title for reference in course.provenance.references}
    answers: Mapping[str, int] = handed_in.answers
    found = []
    for place, each in enumerate(drawn, start=1):
        item = course.item(each.item)
        found.append(
            Feedback(
                place=place,
                question=item.question,
                answer=item.answers[answers[item.id]],
                right=item.id not in handed_in.wrong,
                because=item.because,
                source=titles[item.reference],
                verified=item.verified,
                section=course.section(item.section),
            )
        )
    return found


def result_words(handed_in: Submission) -> str:
    """Return how an attempt went."""
    total, wrong = len(handed_in.answers), len(handed_in.wrong)
    if handed_in.passed:
        return _("Passed: all %(n)s right") % {"n": total} if not wrong else _("Passed")
    said = ngettext("%(wrong)s of %(n)s is not right yet", "%(wrong)s of %(n)s are not right yet", wrong)
    return said % {"wrong": wrong, "n": total}


def section_line(course: LearningActivity, section: Lesson) -> str:
    """Return which section this is, and how long it takes."""
    place = course.sections.index(section) + 1
    words = {"place": place, "of": len(course.sections), "minutes": section.minutes}
    return _("Section %(place)s of %(of)s, about %(minutes)s minutes") % words


def section_states(course: LearningActivity, progress: Progress) -> list[tuple[Lesson, str]]:
    """Return each section and whether it is read, the next to read, or waits."""
    waiting = unread(course, progress)
    return [(s, "read" if s.id not in waiting else "next" if s.id == waiting[0] else "waits") for s in course.sections]


def certificate_title(certificate: Certificate | Verified) -> str:
    """Return what a certificate is called."""
    if certificate.credit_type == CATEGORY_1:
        return _("Certificate of continuing medical education")
    return _("Certificate of participation")


def language_word(code: str) -> str:
    """Return what a language calls itself, or its code where nobody knows."""
    try:
        return str(get_language_info(code)["name_local"]).capitalize()
    except KeyError:
        return code


def said_in(film: Film) -> tuple[tuple[str, str], ...]:
    """Return what the captions of a video say, each with its moment as minutes and seconds."""
    moments = ((divmod(int(cue.begins), 60), cue.words) for cue in cues_of(film.captions))
    return tuple((f"{minutes}:{seconds:02}", words) for (minutes, seconds), words in moments)
