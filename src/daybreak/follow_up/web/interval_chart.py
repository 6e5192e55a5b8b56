"""The course so far as a drawing: scores with their cut-offs, sessions with doses, and the intervals between them.

Places only. Whether a score is in response or remission is told by the rulebook's one function.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.follow_up.queries.interval import NextInterval
from daybreak.follow_up.web.presenters import instrument_title, points
from daybreak.kernel.truth import Truth
from daybreak.measure.public import library
from daybreak.rulebook.public import CourseSoFar, DatedScore, Measure, reached

WIDTH, NARROW = 720, 360
TOP, BOTTOM, DOSES, INTERVALS, AXIS = 20, 230, 258, 284, 312
LEFT, RIGHT = 34, 16
STEPS = (7, 14, 28, 56, 112, 224)
SCORE_STEP = 5
MOST_TICKS = {WIDTH: 9, NARROW: 5}
CROWDED = 30  # of two words nearer than this one is left out
NEITHER, RESPONSE, REMISSION = "neither", "response", "remission"
Across = Callable[[datetime], float]


@dataclass(frozen=True, slots=True)
class Mark:
    """A score, a session, or the words between: where it stands, what is written, and which kind it is."""

    x: float
    y: float
    words: str
    kind: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything that one width of the chart shows."""

    width: int
    left: int
    right: int
    scale: tuple[Mark, ...]
    cut_offs: tuple[Mark, ...]
    runs: tuple[str, ...]
    scores: tuple[Mark, ...]
    sessions: tuple[Mark, ...]
    intervals: tuple[Mark, ...]
    ticks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class ScoreRow:
    """A score in the table: its day of the course, and what it is called beside its cut-offs."""

    at: datetime
    day: str
    value: str
    stands: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The course so far: what it says in a sentence, where the cut-offs come from, two drawings, and the table."""

    title: str
    alt: str
    sources: tuple[tuple[str, str, str], ...]
    wide: Drawing
    narrow: Drawing
    rows: tuple[ScoreRow, ...]


@dataclass(frozen=True, slots=True)
class _Facts:
    course: CourseSoFar
    kinds: tuple[str, ...]
    sessions: tuple[tuple[datetime, int, Decimal | None], ...]
    upcoming: datetime | None
    highest: float
    gap: timedelta | None
    lines: tuple[tuple[float, str], ...]
    zone: str

    def day(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()

    def day_of_course(self, at: datetime) -> int:
        """Day 1 is the first session's; before it days count down from 0."""
        return (self.day(at) - self.day(self.sessions[0][0])).days + 1


def chart(found: NextInterval, zone: str) -> Chart | None:
    """Return the course as a drawing, or None before the first session or the first score."""
    course = found.so_far
    if course is None or not course.scores or not found.given:
        return None
    measures = {each.rule.kind: each for each in library().outcome_measures(course.instrument)}
    response, remission = measures.get("response"), measures.get("remission")
    facts = _Facts(
        course=course,
        kinds=tuple(_kind(response, remission, course.baseline, each) for each in course.scores),
        sessions=tuple((each.started_at, each.number, each.dose_mg) for each in found.given),
        upcoming=found.upcoming.planned_for if found.upcoming else None,
        highest=float(max(score.highest for score in library().instrument(course.instrument).scores)),
        gap=timedelta(days=response.latest.within_days) if response and response.latest else None,
        lines=tuple(_cut_offs(response, remission, course.baseline)),
        zone=zone,
    )
    return Chart(
        title=instrument_title(course.instrument),
        alt=_alt(facts),
        sources=tuple((m.title, m.rule.source, m.rule.reference) for m in (response, remission) if m),
        wide=_drawing(facts, WIDTH),
        narrow=_drawing(facts, NARROW),
        rows=tuple(
            ScoreRow(each.at, str(facts.day_of_course(each.at)), points(each.value), _stands(kind))
            for each, kind in zip(course.scores, facts.kinds, strict=True)
        ),
    )


def _kind(response: Measure | None, remission: Measure | None, baseline: DatedScore | None, score: DatedScore) -> str:
    if score == baseline or (baseline is not None and score.at <= baseline.at):
        return NEITHER
    if remission and reached(remission, baseline=baseline, score=score).truth is Truth.MET:
        return REMISSION
    if response and reached(response, baseline=baseline, score=score).truth is Truth.MET:
        return RESPONSE
    return NEITHER


def _stands(kind: str) -> str:
    return {NEITHER: _("neither"), RESPONSE: _("response"), REMISSION: _("remission")}[kind]


def _cut_offs(
    response: Measure | None, remission: Measure | None, baseline: DatedScore | None
) -> Iterator[tuple[float, str]]:
    """Yield the height of each cut-off and its words."""
    if response and response.rule.response_fall_percent and baseline is not None and baseline.value > 0:
        height = baseline.value * (100 - response.rule.response_fall_percent) / 100
        yield float(height), _("response: at most %(points)s") % {"points": f"{height.normalize():f}"}
    if remission and remission.rule.below is not None:
        yield float(remission.rule.below), _("remission: below %(points)s") % {"points": points(remission.rule.below)}
    elif remission and remission.rule.at_most is not None:
        said = points(remission.rule.at_most)
        yield float(remission.rule.at_most), _("remission: at most %(points)s") % {"points": said}


def _alt(facts: _Facts) -> str:
    first, last = facts.course.baseline or facts.course.scores[0], facts.course.scores[-1]
    held = len(facts.sessions)
    said = {
        "scale": instrument_title(facts.course.instrument),
        "first": points(first.value),
        "last": points(last.value),
        "stands": _stands(facts.kinds[-1]),
        "sessions": ngettext("%(n)s session", "%(n)s sessions", held) % {"n": held},
    }
    if facts.kinds[-1] == NEITHER:
        return _("%(scale)s went from %(first)s to %(last)s over %(sessions)s.") % said
    return _("%(scale)s went from %(first)s to %(last)s over %(sessions)s: %(stands)s.") % said


def _drawing(facts: _Facts, width: int) -> Drawing:
    scores = facts.course.scores
    moments = [*(each.at for each in scores), *(at for at, _n, _dose in facts.sessions)]
    moments += [facts.upcoming] if facts.upcoming else []
    start, end = min(moments), max(moments)
    span = (end - start).total_seconds() or 1.0

    def across(at: datetime) -> float:
        return round(LEFT + 8 + (width - LEFT - RIGHT - 16) * (at - start).total_seconds() / span, 1)

    def down(value: float) -> float:
        return round(BOTTOM - (BOTTOM - TOP) * value / facts.highest, 1)

    return Drawing(
        width=width,
        left=LEFT,
        right=width - RIGHT,
        scale=tuple(Mark(LEFT - 6, down(value), str(value)) for value in range(0, int(facts.highest) + 1, SCORE_STEP)),
        cut_offs=tuple(Mark(width - RIGHT, down(value), words) for value, words in facts.lines),
        runs=tuple(
            " ".join(f"{across(each.at)},{down(float(each.value))}" for each in run) for run in _runs(scores, facts.gap)
        ),
        scores=tuple(
            Mark(
                across(each.at),
                down(float(each.value)),
                points(each.value),
                kind,
                _("Day %(day)s: %(points)s, %(stands)s")
                % {"day": facts.day_of_course(each.at), "points": points(each.value), "stands": _stands(kind)},
            )
            for each, kind in zip(scores, facts.kinds, strict=True)
        ),
        sessions=tuple(_sessions(facts, across)),
        intervals=tuple(_intervals(facts, across)),
        ticks=tuple(_ticks(facts, across, start, end, width)),
    )


def _runs(scores: Sequence[DatedScore], gap: timedelta | None) -> list[list[DatedScore]]:
    """Return the scores in runs: across a time in which nothing is known no line is drawn."""
    runs: list[list[DatedScore]] = [[scores[0]]]
    for before, each in pairwise(scores):
        if gap is not None and each.at - before.at > gap:
            runs.append([each])
        else:
            runs[-1].append(each)
    return [run for run in runs if len(run) > 1]


def _sessions(facts: _Facts, across: Across) -> Iterator[Mark]:
    last = -1000.0
    for at, number, dose in facts.sessions:
        x, said = across(at), "–" if dose is None else points(dose)
        title = _("Session %(n)s, day %(day)s: %(dose)s mg") % {
            "n": number,
            "day": facts.day_of_course(at),
            "dose": said,
        }
        crowded = x - last < CROWDED
        yield Mark(x, DOSES, "" if crowded else said, "given", title)
        last = last if crowded else x
    if facts.upcoming:
        title = _("Planned for day %(day)s") % {"day": facts.day_of_course(facts.upcoming)}
        yield Mark(across(facts.upcoming), DOSES, "", "planned", title)


def _intervals(facts: _Facts, across: Across) -> Iterator[Mark]:
    """Yield the days between neighbours, in the middle, where there is room to write them."""
    moments = [at for at, _n, _dose in facts.sessions] + ([facts.upcoming] if facts.upcoming else [])
    for before, after in pairwise(moments):
        days = (facts.day(after) - facts.day(before)).days
        left, right = across(before), across(after)
        if right - left >= CROWDED / 2 + 6 * len(str(days)):
            yield Mark(round((left + right) / 2, 1), INTERVALS, str(days))


def _ticks(facts: _Facts, across: Across, start: datetime, end: datetime, width: int) -> Iterator[Mark]:
    first = facts.sessions[0][0]
    step = next((each for each in STEPS if (end - start).days / each <= MOST_TICKS[width]), STEPS[-1])
    day = 0
    while (at := first + timedelta(days=day)) <= end:
        yield Mark(across(at), AXIS, str(day + 1))
        day += step
