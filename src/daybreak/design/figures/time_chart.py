"""Values over time, and under them what was given: for a page and for paper, told apart without any colour.

Each trace has its own mark and dash and carries its name at its end. The ink is the text's own (`currentColor`), so
that one drawing serves light, dark and print.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from markupsafe import Markup

from daybreak.design.figures.svg import Svg
from daybreak.design.formats import clock

WIDTH, HEIGHT = 1000, 450
LEFT, RIGHT, TOP, BOTTOM = 52, 792, 18, 312
FLOW_TOP, FLOW_BOTTOM, AXIS = 352, 420, 440
# Above so many points a trace keeps the lowest and the highest of each stretch of time: no extreme is lost.
MOST_POINTS = 240
_MARKS_UP_TO = 48
_LABEL_ROOM, _RULE_ROOM = 19, 15
_TICKS = (1, 2, 5, 10, 15, 20, 30, 60, 120, 240, 360, 720, 1440, 2880)
_DASHES = ("", "7 3", "2 3", "10 3 2 3")
_SHAPES = (
    "M-5 -4L5 -4L0 5Z",
    "M-5 4L5 4L0 -5Z",
    "M-4 0A4 4 0 1 0 4 0A4 4 0 1 0 -4 0Z",
    "M-4 -4H4V4H-4Z",
)
_FILLED = ("currentColor", "none", "currentColor", "none")

_FRAME = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{alt}" '
    'font-family="Public Sans, sans-serif" font-size="14" fill="currentColor" stroke="none">{body}</svg>'
)
_GRID = Markup('<path d="M{0} {2}H{1}" stroke="currentColor" stroke-opacity="0.18"/>')
_WORDS = Markup('<text x="{}" y="{}" text-anchor="{}">{}</text>')
_SMALL = Markup('<text x="{}" y="{}" font-size="12">{}</text>')
_LINE = Markup(
    '<polyline points="{points}" fill="none" stroke="currentColor" stroke-width="1.6" stroke-dasharray="{dash}"/>'
)
_MARK = Markup('<path d="{shape}" transform="translate({x} {y})" fill="{fill}" stroke="currentColor"/>')
_LEADER = Markup('<path d="M{} {}L{} {}" stroke="currentColor" stroke-opacity="0.4"/>')
_RULE = Markup('<path d="M{0} {2}H{1}" stroke="currentColor" stroke-width="1" stroke-dasharray="1 4"/>')
_SPAN = Markup('<rect x="{x}" y="{top}" width="{width}" height="{height}" fill="currentColor" fill-opacity="0.12"/>')
_FLOW = Markup('<path d="{path}" fill="currentColor" fill-opacity="0.2" stroke="currentColor" stroke-width="1.6"/>')


@dataclass(frozen=True, slots=True)
class Trace:
    """Values of one kind over time, with the words that stand at its end."""

    words: str
    points: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """A limit: a height with its words."""

    words: str
    value: float


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time that is shaded, such as a pause."""

    since: datetime
    until: datetime
    words: str


@dataclass(frozen=True, slots=True)
class Flow:
    """How much was given by when: a sum that only grows."""

    words: str
    points: tuple[tuple[datetime, float], ...]


def time_chart(
    *,
    starts: datetime,
    ends: datetime,
    zone: str,
    traces: Sequence[Trace],
    rules: Sequence[Rule] = (),
    spans: Sequence[Span] = (),
    flow: Flow | None = None,
    alt: str,
) -> Svg:
    """This function will draw traces over [starts, ends] by the clock of `zone`; `alt` says what it shows.

    At most four traces. Raises ValueError for more, or where the time ends before it starts.
    """
    if ends <= starts or len(traces) > len(_SHAPES):
        raise ValueError("A chart has at most four traces, and ends after it starts.")
    values = [value for trace in traces for _at, value in trace.points] + [rule.value for rule in rules]
    place = _Place(starts, ends, *_scale(values))
    body = [
        *_spans(place, spans),
        *_grid(place, zone),
        *_rules(place, rules),
        *(part for number, trace in enumerate(traces) for part in _trace(place, number, trace)),
        *_names(place, traces),
        *(_flow(place, flow) if flow else ()),
    ]
    return Svg(_FRAME.format(width=WIDTH, height=HEIGHT, alt=alt, body=Markup("").join(body)))


@dataclass(frozen=True, slots=True)
class _Place:
    starts: datetime
    ends: datetime
    lowest: float
    highest: float

    def x(self, at: datetime) -> float:
        share = min(1.0, max(0.0, (at - self.starts) / (self.ends - self.starts)))
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(self, value: float) -> float:
        share = (value - self.lowest) / (self.highest - self.lowest)
        return round(BOTTOM - share * (BOTTOM - TOP), 1)


def _scale(values: Sequence[float]) -> tuple[float, float]:
    """Whole twenties around every value."""
    if not values:
        return 40, 200
    lowest, highest = min(values) // 20 * 20, -(-max(values) // 20) * 20
    return lowest, max(highest, lowest + 20)


def thinned(points: Sequence[tuple[datetime, float]]) -> list[tuple[datetime, float]]:
    """This function will return at most `MOST_POINTS` points, with the lowest and the highest of each stretch."""
    if len(points) <= MOST_POINTS:
        return list(points)
    stretches = MOST_POINTS // 2
    first, whole = points[0][0], (points[-1][0] - points[0][0]) or timedelta(microseconds=1)
    buckets: dict[int, list[tuple[datetime, float]]] = {}
    for point in points:
        buckets.setdefault(min(stretches - 1, int((point[0] - first) / whole * stretches)), []).append(point)
    kept = []
    for bucket in buckets.values():
        low, high = min(bucket, key=lambda p: p[1]), max(bucket, key=lambda p: p[1])
        kept += sorted({low, high})
    return kept


def _spans(place: _Place, spans: Sequence[Span]) -> Iterator[Markup]:
    for span in spans:
        left, right = place.x(span.since), place.x(span.until)
        yield _SPAN.format(x=left, top=TOP, width=round(right - left, 1), height=FLOW_BOTTOM - TOP)
        yield _WORDS.format(left + 3, TOP + 12, "start", span.words)


def _grid(place: _Place, zone: str) -> Iterator[Markup]:
    step = next(size for size in (20, 40, 60, 100, 200, 100_000) if (place.highest - place.lowest) / size <= 9)
    value = place.lowest
    while value <= place.highest:
        yield _GRID.format(LEFT, RIGHT, place.y(value))
        yield _WORDS.format(LEFT - 8, place.y(value) + 5, "end", f"{value:g}")
        value += step
    for at in _ticks(place):
        x = place.x(at)
        yield Markup('<path d="M{0} {1}v6" stroke="currentColor"/>').format(x, FLOW_BOTTOM)
        yield _WORDS.format(x, AXIS, "middle", clock(at, zone))


def _ticks(place: _Place) -> Iterator[datetime]:
    minutes = (place.ends - place.starts) / timedelta(minutes=1)
    step = next((size for size in _TICKS if minutes / size <= 11), _TICKS[-1])
    seconds = step * 60
    at = datetime.fromtimestamp(-(-place.starts.timestamp() // seconds) * seconds, place.starts.tzinfo)
    while at <= place.ends:
        yield at
        at += timedelta(seconds=seconds)


def _rules(place: _Place, rules: Sequence[Rule]) -> Iterator[Markup]:
    """The limits; words that would lie on each other stand side by side."""
    taken: list[tuple[float, int]] = []
    for rule in sorted(rules, key=lambda each: -each.value):
        y = place.y(rule.value)
        beside = {column for height, column in taken if abs(height - y) < _RULE_ROOM}
        column = next(n for n in range(len(rules)) if n not in beside)
        taken.append((y, column))
        yield _RULE.format(LEFT, RIGHT, y)
        yield _SMALL.format(LEFT + 4 + column * 170, y - 4, rule.words)


def _trace(place: _Place, number: int, trace: Trace) -> Iterator[Markup]:
    points = thinned(trace.points)
    spots = [(place.x(at), place.y(value)) for at, value in points]
    if len(spots) > 1:
        yield _LINE.format(points=" ".join(f"{x},{y}" for x, y in spots), dash=_DASHES[number] or "none")
    every = max(1, len(spots) // _MARKS_UP_TO)
    for x, y in spots[::every]:
        yield _MARK.format(shape=_SHAPES[number], x=x, y=y, fill=_FILLED[number])


def _names(place: _Place, traces: Sequence[Trace]) -> Iterator[Markup]:
    """The name of each trace beside its end, moved apart where they would lie on each other."""
    ends = sorted((place.y(trace.points[-1][1]), number) for number, trace in enumerate(traces) if trace.points)
    heights = [y for y, _number in ends]
    for lower in range(1, len(heights)):
        heights[lower] = max(heights[lower], heights[lower - 1] + _LABEL_ROOM)
    over = max(0.0, heights[-1] - BOTTOM) if heights else 0.0
    for (own, number), height in zip(ends, heights, strict=True):
        at, y = place.x(traces[number].points[-1][0]), round(height - over, 1)
        yield _LEADER.format(at, own, RIGHT + 10, y)
        yield _MARK.format(shape=_SHAPES[number], x=RIGHT + 18, y=y, fill=_FILLED[number])
        yield _WORDS.format(RIGHT + 30, y + 5, "start", traces[number].words)


def _flow(place: _Place, flow: Flow) -> Iterator[Markup]:
    most = max((amount for _at, amount in flow.points), default=0.0) or 1.0
    spots = [
        (place.x(at), round(FLOW_BOTTOM - amount / most * (FLOW_BOTTOM - FLOW_TOP), 1)) for at, amount in flow.points
    ]
    if spots:
        path = f"M{spots[0][0]} {FLOW_BOTTOM}" + "".join(f"L{x} {y}" for x, y in spots) + f"V{FLOW_BOTTOM}Z"
        yield _FLOW.format(path=path)
    yield _GRID.format(LEFT, RIGHT, FLOW_BOTTOM)
    yield _WORDS.format(LEFT - 8, FLOW_BOTTOM + 5, "end", "0")
    yield _WORDS.format(LEFT - 8, FLOW_TOP + 5, "end", f"{most:g}")
    yield _WORDS.format(RIGHT + 10, round(spots[-1][1], 1) + 5 if spots else FLOW_BOTTOM, "start", flow.words)
