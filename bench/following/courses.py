"""Random courses for the outcome function: sessions and scores at odd times, doubled, missing, at every boundary."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from bench.following.oracle import DAY, Opinion, opinion
from daybreak.rulebook.public import CourseSoFar, DatedScore, Measure, course_so_far

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
EDGES = (-14, -1, 0, 0.5, 1, 2, 4, 7, 10, 14, 28, 35, 63)


@dataclass(frozen=True, slots=True)
class Random:
    """One made-up course, in minutes from its first planned session."""

    scores: list[tuple[int, int]]
    sessions: list[int]
    now: int


def courses(draw: random.Random, count: int) -> Iterator[Random]:
    """Yield made-up courses; a quarter of their scores lie at, just before or just after an edge of a window."""
    for _ in range(count):
        sessions = sorted({int(draw.uniform(0, 60) * DAY) for _ in range(draw.randint(0, 9))})
        zero = sessions[0] if sessions else 0
        minutes = {int(draw.uniform(-30, 380) * DAY) for _ in range(draw.randint(0, 30))}
        for _ in range(draw.randint(0, 10)):
            edge = draw.choice(sessions or [zero]) + int(draw.choice(EDGES) * DAY) + draw.choice([-1, 0, 1])
            minutes.add(edge)
        high = draw.choice([4, 12, 27])
        scores = [(minute, draw.randint(0, high)) for minute in minutes]
        draw.shuffle(scores)
        yield Random(scores, sessions, int(draw.choice([-1, 1, 30, 200, 380]) * DAY) + zero)


def disagreement(measures: dict[str, Measure], each: Random, *, told: dict[str, Measure] | None = None) -> str:
    """Return in which answers the product and the oracle differ on one course, or nothing.

    `told` are other measures for the product alone: a control, which must differ.
    """
    found = course_so_far(
        (told or measures).values(),
        scores=[DatedScore(Decimal(value), START + minute * MINUTE) for minute, value in each.scores],
        sessions=[START + minute * MINUTE for minute in each.sessions],
        at=START + each.now * MINUTE,
    )
    expected = opinion(measures, each.scores, each.sessions, each.now)
    if expected is None:
        return "" if found.response is None and not found.windows else "an outcome before the first session"
    got = in_its_words(measures, found)
    return ", ".join(name for name in Opinion._fields if getattr(got, name) != getattr(expected, name))


def in_its_words(measures: dict[str, Measure], found: CourseSoFar) -> Opinion:
    """Return the product's answers in the words of the oracle."""
    kinds = {measure.id: kind for kind, measure in measures.items()}
    ends = (found.relapse.last_in_response, found.relapse.observed_at)
    return Opinion(
        response=str(found.response.truth),
        remission=str(found.remission.truth),
        worsening=str(found.worsening.truth),
        sustained=str(found.sustained.truth),
        relapse=str(found.relapse.course),
        between=tuple((moment - START) // MINUTE for moment in ends if moment),
        windows={
            (kinds[each.measure], each.window.id, (each.session - START) // MINUTE): str(each.outcome.truth)
            for each in found.windows
        },
    )
