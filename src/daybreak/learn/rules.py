"""Decisions of learning: what comes next, which questions are drawn, what may be claimed, what a certificate says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Literal

from daybreak.rulebook.public import LearningActivity, is_claim

Step = Literal["begin", "read", "quiz", "evaluate", "claim", "done"]
CODE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 16
PHYSICIAN, OTHER = "physician", "other"
PARTICIPATION, CATEGORY_1 = "participation", "ama_pra_category_1"
PLANNER_DAYS = 90
"""So many days before a course ends, its planner is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """How far somebody has come in one version of a course."""

    enrolled: bool = False
    read: frozenset[str] = frozenset()
    passed: bool = False
    evaluated: bool = False
    claimed: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """An item as an attempt shows it; `order` holds the indices of its answers as they stand on the page."""

    item: str
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Accreditation:
    """An accredited provider, and the days (half-open) on which the installation may name it."""

    name: str
    from_day: date
    until_day: date | None = None

    def holds(self, on: date) -> bool:
        """Return whether it may be named on a day."""
        return self.from_day <= on and (self.until_day is None or on < self.until_day)


def next_step(course: LearningActivity, progress: Progress) -> Step:
    """Return what comes next: the sections, the quiz, the evaluation, the claim, in this order."""
    if not progress.enrolled:
        return "begin"
    if unread(course, progress):
        return "read"
    if not progress.passed:
        return "quiz"
    if not progress.evaluated:
        return "evaluate"
    return "done" if progress.claimed else "claim"


def unread(course: LearningActivity, progress: Progress) -> tuple[str, ...]:
    """Return the sections that are still to be read, in the order of the course."""
    return tuple(each.id for each in course.sections if each.id not in progress.read)


def is_open(course: LearningActivity, on: date) -> bool:
    """Return whether the course may be started, and credit claimed: from its release to its expiry, both included."""
    return course.release_date <= on <= course.expiry_date


def days_left(course: LearningActivity, on: date) -> int:
    """Return how many days the course may still be started after `on`; negative once it has expired."""
    return (course.expiry_date - on).days


def draw(course: LearningActivity, chance: Random) -> tuple[Drawn, ...]:
    """Return the items of an attempt with their answers shuffled: at least one for each objective, the rest by
    chance.
    """
    pool = list(course.items)
    chance.shuffle(pool)
    taken = [next(item for item in pool if item.objective == each.id) for each in course.objectives]
    taken += [item for item in pool if item not in taken][: course.draws - len(taken)]
    chance.shuffle(taken)
    return tuple(Drawn(item.id, tuple(chance.sample(range(len(item.answers)), len(item.answers)))) for item in taken)


def unanswered(drawn: Iterable[Drawn], answers: Mapping[str, int]) -> tuple[str, ...]:
    """Return the drawn items without an answer that they offer."""
    return tuple(each.item for each in drawn if answers.get(each.item) not in each.order)


def claim_refused(course: LearningActivity, *, credit: Decimal, minutes: int, type_: str) -> str:
    """Return why a claim is refused, as a sentence, or nothing where it may be made."""
    most = course.maximum("ama_pra_category_1" if type_ == CATEGORY_1 else "participation")
    if most is None:
        return "This course does not offer that credit."
    if is_claim(credit, maximum=most, minutes_taken=minutes, minutes=course.minutes):
        return ""
    if credit > most:
        return f"This course gives at most {most:f}."
    if credit <= 0 or credit % Decimal("0.25"):
        return "Credit is claimed in quarters: 0.25, 0.5 …"
    return (
        f"{minutes} of {course.minutes} minutes give less than {credit:f}: claim only the time in which you took part."
    )


def designation_refused(
    course: LearningActivity, *, profession: str, provider: Accreditation | None, enrolled_on: date, on: date
) -> str:
    """Return why credit of a physician cannot be given, as a sentence, or nothing where it can.

    Only an accredited provider designates it, only to physicians, and never for what was begun before (facts 6.5).
    """
    if course.maximum("ama_pra_category_1") is None:
        return "This course does not offer that credit."
    if profession != PHYSICIAN:
        return (
            "Only physicians (MD, DO or equivalent) claim this credit. A certificate of participation is for everyone."
        )
    if provider is None or not provider.holds(on):
        return "No accredited provider is configured here, so this credit cannot be given. Claim participation instead."
    if enrolled_on < provider.from_day:
        return "You began before the provider was accredited here, and credit is not designated in retrospect."
    return ""


def statements(course: LearningActivity, *, provider: Accreditation, credit_maximum: Decimal) -> tuple[str, str]:
    """Return the accreditation statement and the designation statement of a course.

    Their form is that of facts 6.5, which nobody has read at its source yet: a provider compares them first.
    """
    form = {"enduring_material": "enduring material"}[course.format]
    word = "Credit" if credit_maximum <= 1 else "Credits"
    return (
        f"{provider.name} is accredited by the Accreditation Council for Continuing Medical Education (ACCME) to"
        " provide continuing medical education for physicians.",
        f"{provider.name} designates this {form} for a maximum of {credit_maximum:f} AMA PRA Category 1 {word}™."
        " Physicians should claim only the credit commensurate with the extent of their participation in the activity.",
    )


def code_from(letters: Iterable[str]) -> str:
    """Return a certificate's code as it is printed, in groups of four."""
    text = "".join(letters)
    return "-".join(text[n : n + 4] for n in range(0, len(text), 4))


def read_code(typed: str) -> str:
    """Return a code as it is stored, from what somebody typed in any case and grouping; empty if it is none."""
    plain = "".join(typed.upper().split()).replace("-", "")
    is_code = len(plain) == CODE_LENGTH and not set(plain) - set(CODE_LETTERS)
    return code_from(plain) if is_code else ""
