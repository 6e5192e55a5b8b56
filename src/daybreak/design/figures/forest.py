"""A forest plot: an effect a row with its interval, what is pooled below; numbers not yet checked are hatched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

from markupsafe import Markup

from daybreak.design.figures.svg import Svg

_TICKS = (0.001, 0.01, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000)
_STEPS = (0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20)
_LETTER = 8.2  # how wide a letter of the rows is at most on average, as in a name with capitals
_LONGEST = 100.0  # a ratio beyond it is drawn as an arrow
_INTERVAL = Markup('<path d="M{} {}H{}" stroke="var(--blue)" stroke-width="1.5" stroke-dasharray="{}"/>')
_ARROW = Markup('<path d="M{} {}l{} -4v8z" fill="var(--blue)"/>')
_WORDS = Markup('<text x="{}" y="{}" text-anchor="{}" font-weight="{}" fill="{}">{}</text>')


@dataclass(frozen=True, kw_only=True)
class Effect:
    """One row. `numbers` are words such as “12 of 20 and 10 of 20”; `words` the effect with its interval.

    `weight` is in per cent; a pooled row has none and becomes a diamond, with its prediction interval as a bar.
    """

    label: str
    numbers: str
    words: str
    estimate: float
    lower: float
    upper: float
    weight: float | None = None
    is_provisional: bool = False
    prediction: tuple[float, float] | None = None


@dataclass(frozen=True, kw_only=True)
class _Plane:
    """Where things lie: the plot from `left` over `width`, rows of `row`, texts beside or above, those of the numbers
    from `numbers`.
    """

    numbers: float
    left: float
    width: float
    row: float
    total: float
    narrow: bool
    log: bool
    domain: tuple[float, float]

    def x(self, value: float) -> float:
        low, high = (log(end) if self.log else end for end in self.domain)
        at = (log(max(value, 1e-9)) if self.log else value) - low
        return round(self.left + self.width * min(max(at / (high - low), 0.0), 1.0), 1)

    def inside(self, value: float) -> bool:
        return self.domain[0] <= value <= self.domain[1]


def forest(
    rows: Sequence[Effect],
    pooled: Sequence[Effect],
    *,
    title: str,
    alt: str,
    is_ratio: bool,
    favours: tuple[str, str],
    narrow: bool = False,
) -> Svg:
    """This function will draw the rows and, below a rule, what is pooled of them; at least one row."""
    if not rows:
        raise ValueError("A forest plot needs at least one row.")
    plane = _plane([*rows, *pooled], is_ratio, narrow)
    key = "forest-" + hashlib.sha256(f"{title}{alt}{rows}{pooled}{narrow}".encode()).hexdigest()[:10]
    top = 8.0
    drawn = []
    for index, effect in enumerate((*rows, *pooled)):
        if index == len(rows):
            top += 10
            drawn.append(Markup('<path d="M0 {0}H{1}" stroke="var(--line)"/>').format(top - 5, plane.total))
        drawn.append(_row(effect, plane, top, key))
        top += plane.row
    ground = _ground(plane, top, favours)
    return Svg(_frame(key, title, alt, plane.total, top + 62, [ground, *drawn]))


def _plane(effects: Sequence[Effect], is_ratio: bool, narrow: bool) -> _Plane:
    ends = [end for each in effects for end in (each.lower, each.upper, *(each.prediction or ()))]
    null = 1.0 if is_ratio else 0.0
    if is_ratio:
        low = min(max(min(ends), 1 / _LONGEST), 0.5)
        high = max(min(max(ends), _LONGEST), 2.0)
        domain = (exp(log(low) - 0.1), exp(log(high) + 0.1))
    else:
        low, high = min([*ends, null]), max([*ends, null])
        edge = 0.05 * (high - low or 1)
        domain = (low - edge, high + edge)
    if narrow:
        return _Plane(numbers=0, left=8, width=324, row=62, total=340, narrow=True, log=is_ratio, domain=domain)
    numbers = max(225.0, 12 + _LETTER * max(len(each.label) for each in effects))
    left = numbers + max(195.0, 12 + _LETTER * max(len(each.numbers) for each in effects))
    return _Plane(
        numbers=numbers, left=left, width=330, row=34, total=left + 540, narrow=False, log=is_ratio, domain=domain
    )


def _row(effect: Effect, plane: _Plane, top: float, key: str) -> Markup:
    """Return one row: its words, its interval, and a square by weight or a diamond."""
    middle = top + (plane.row - 14 if plane.narrow else plane.row / 2)
    base = top + 15 if plane.narrow else middle + 5
    weight = "400" if effect.weight is not None else "600"
    below = 17 if plane.narrow else 0  # on a phone the name stands alone on its line
    words = [
        _text(0, base, effect.label, weight),
        _text(plane.numbers, base + below, effect.numbers, "400", quiet=True),
        _text(plane.total, base + below, effect.words, weight, "end"),
    ]
    mark = _square(effect, plane, middle, key) if effect.weight is not None else _diamond(effect, plane, middle, key)
    return Markup("").join([*words, mark])


def _square(effect: Effect, plane: _Plane, y: float, key: str) -> Markup:
    side = round(6 + 12 * ((effect.weight or 0) / 100) ** 0.5, 1)
    x = plane.x(effect.estimate)
    fill = f"url(#{key}-hatch)" if effect.is_provisional else "var(--blue)"
    shape = Markup('<rect x="{}" y="{}" width="{}" height="{}" fill="{}" stroke="var(--blue)"/>').format(
        round(x - side / 2, 1), round(y - side / 2, 1), side, side, fill
    )
    dash = "4 3" if effect.is_provisional else "none"
    line = _INTERVAL.format(plane.x(effect.lower), y, plane.x(effect.upper), dash)
    return line + _arrows(effect, plane, y) + shape


def _arrows(effect: Effect, plane: _Plane, y: float) -> Markup:
    """Return arrows where an interval goes on beyond the plot."""
    drawn = Markup("")
    for value, step in ((effect.lower, 6), (effect.upper, -6)):
        if not plane.inside(value):
            drawn += _ARROW.format(plane.x(value), y, step)
    return drawn


def _diamond(effect: Effect, plane: _Plane, y: float, key: str) -> Markup:
    low, middle, high = (plane.x(value) for value in (effect.lower, effect.estimate, effect.upper))
    fill = f"url(#{key}-hatch)" if effect.is_provisional else "var(--dawn)"
    bar = Markup("")
    if effect.prediction is not None:
        ends = [plane.x(value) for value in effect.prediction]
        bar = Markup('<path d="M{} {}H{}" stroke="var(--dawn)" stroke-width="4" opacity="0.35"/>').format(
            ends[0], y, ends[1]
        )
    return bar + Markup('<path d="M{0} {3}L{1} {4}L{2} {3}L{1} {5}z" fill="{6}" stroke="var(--dawn)"/>').format(
        low, middle, high, y, y - 7, y + 7, fill
    )


def _ground(plane: _Plane, bottom: float, favours: tuple[str, str]) -> Markup:
    """Return the line of no effect, the axis with its ticks, and which side favours whom."""
    null = plane.x(1.0 if plane.log else 0.0)
    parts = [Markup('<path d="M{} 0V{}" stroke="var(--edge)" stroke-dasharray="2 3"/>').format(null, bottom)]
    axis = bottom + 4
    parts.append(
        Markup('<path d="M{} {}H{}" stroke="var(--edge)"/>').format(plane.left, axis, plane.left + plane.width)
    )
    last = -100.0
    for tick in _ticks(plane):
        x = plane.x(tick)
        if x - last < 30:
            continue
        last = x
        parts.append(Markup('<path d="M{} {}v5" stroke="var(--edge)"/>').format(x, axis))
        parts.append(_text(x, axis + 20, f"{tick:g}", "400", "middle", quiet=True))
    parts.append(_text(plane.left, axis + 44, f"← {favours[0]}", "400", quiet=True))
    parts.append(_text(plane.left + plane.width, axis + 44, f"{favours[1]} →", "400", "end", quiet=True))
    return Markup("").join(parts)


def _ticks(plane: _Plane) -> list[float]:
    if plane.log:
        return [tick for tick in _TICKS if plane.inside(tick)]
    span = plane.domain[1] - plane.domain[0]
    step = next((each for each in _STEPS if span / each <= 8), 50.0)
    first = int(plane.domain[0] / step) - 1
    found = [round((first + number) * step, 6) for number in range(12)]
    return [tick + 0.0 for tick in found if plane.inside(tick)]


def _text(x: float, y: float, words: str, weight: str, anchor: str = "start", *, quiet: bool = False) -> Markup:
    colour = "var(--ink-quiet)" if quiet else "var(--ink)"
    return _WORDS.format(x, round(y, 1), anchor, weight, colour, words)


def _frame(key: str, title: str, alt: str, width: float, height: float, parts: Sequence[Markup]) -> str:
    hatch = Markup(
        '<defs><pattern id="{}-hatch" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="5" height="5" fill="var(--panel)"/><path d="M0 0V5" stroke="var(--blue)" stroke-width="3"/>'
        "</pattern></defs>"
    ).format(key)
    return Markup(
        '<svg viewBox="0 0 {width} {height}" role="img" aria-labelledby="{key}-title {key}-alt" font-size="14" '
        'font-family="Public Sans, sans-serif"><title id="{key}-title">{title}</title><desc id="{key}-alt">{alt}</desc>'
        "{hatch}{parts}</svg>"
    ).format(width=width, height=height, key=key, title=title, alt=alt, hatch=hatch, parts=Markup("").join(parts))
