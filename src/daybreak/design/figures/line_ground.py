"""What lies under the marks of the patient's line: severity, rows, ticks, gaps and the curve."""

import datetime
from itertools import pairwise

from django.utils.translation import gettext as _
from markupsafe import Markup

from daybreak.design.figures.line import Band, Score
from daybreak.design.figures.line_axis import AXIS, BOTTOM, CONSENTS, EVENTS, LEFT, RIGHT, SESSIONS, TOP, Axis
from daybreak.design.figures.ticks import Tick, ticks

_BAND = Markup(
    '<rect data-grow x="{left}" y="{top}" width="{width}" height="{height}" fill="var(--ink)" opacity="{tint}"/>'
)
_BAND_WORDS = Markup(
    '<text x="{words}" y="{baseline}" text-anchor="end" fill="var(--ink-quiet)">{label} '
    '<tspan fill="var(--ink)">{range}</tspan></text>'
)
_WORDS = Markup('<text x="{}" y="{}" text-anchor="end" fill="var(--ink-quiet)">{}</text>')
_RULE = Markup('<line data-grow-line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="{3}"/>')
_SCALE = Markup('<text x="{}" y="{}" text-anchor="end" fill="var(--ink)" font-weight="600">{}</text>')
_NAMES = Markup('<g data-names><rect width="{width}" height="{height}" fill="var(--panel)"/>{words}</g>')
_HIDDEN = Markup(' display="none"')
_TICK = Markup(
    '<g data-at="{share}" data-y="0" data-fine="{factor}" transform="translate({x} 0)"{hidden}>'
    '<path d="M0 {top}V{axis}" stroke="var(--line)" stroke-dasharray="1 3"/>'
    '<path d="M0 {axis}v5" stroke="var(--edge)"/>'
    '<text y="{words_at}" text-anchor="middle" fill="var(--ink-quiet)">{words}</text></g>'
)
_GAP = Markup(
    '<rect data-from="{start}" data-to="{end}" x="{x}" y="{top}" width="{width}" height="{height}" '
    'fill="url(#{key}-gap)"><title>{words}</title></rect>'
    '<g data-at="{middle}" data-y="{text_y}" data-fine="{room}" '
    'transform="translate({text_x} {text_y})"{hidden}>'
    '<text text-anchor="middle" fill="var(--ink-quiet)">{words}</text></g>'
)
_CURVE = Markup(
    '<polyline data-points="{shares}" points="{points}" fill="none" stroke="var(--blue)" stroke-width="2.5" '
    'stroke-linejoin="round"/>'
)


def ground(axis: Axis, key: str) -> list[Markup]:
    """This function will return everything that is drawn before the marks, in order."""
    line = axis.line
    gaps = [pair for pair in pairwise(line.scores) if _is_gap(*pair, axis)]
    return [
        *(_band(band, axis, index) for index, band in enumerate(line.bands)),
        *_rules(),
        *(_tick(tick, axis) for tick in ticks(line.starts, line.ends, line.zone, RIGHT - LEFT)),
        *(_gap(before, after, axis, key) for before, after in gaps),
        *(_curve(run, axis) for run in _runs(axis)),
    ]


def _band(band: Band, axis: Axis, index: int) -> Markup:
    """Return the quiet stripe of one range of severity."""
    top = axis.y(min(band.upper + 0.5, axis.line.maximum))
    bottom = axis.y(max(band.lower - 0.5, 0))
    return _BAND.format(
        left=LEFT,
        top=top,
        width=RIGHT - LEFT,
        height=round(bottom - top, 1),
        tint=round(0.015 + 0.022 * index, 3),
    )


def _band_words(band: Band, axis: Axis) -> Markup:
    middle = (axis.y(min(band.upper + 0.5, axis.line.maximum)) + axis.y(max(band.lower - 0.5, 0))) / 2
    return _BAND_WORDS.format(
        words=LEFT - 10,
        baseline=round(middle + 4.5, 1),
        label=band.label,
        range=f"{band.lower:g}–{band.upper:g}",
    )


def _rules() -> list[Markup]:
    """Return the lines of the rows and the time axis."""
    rows = [_RULE.format(LEFT, RIGHT, y, "var(--line)") for y in (SESSIONS, EVENTS, CONSENTS)]
    return [*rows, _RULE.format(LEFT, RIGHT, AXIS, "var(--edge)")]


def names(axis: Axis) -> Markup:
    """This function will return the names at the left, which the page's script keeps in sight."""
    rows = ((SESSIONS, _("Infusions")), (EVENTS, _("Events")), (CONSENTS, _("Consents")))
    words = [
        _SCALE.format(LEFT - 10, TOP - 12, axis.line.scale),
        *(_band_words(band, axis) for band in axis.line.bands),
        *(_WORDS.format(LEFT - 10, y + 4.5, name) for y, name in rows),
    ]
    return _NAMES.format(width=LEFT - 2, height=AXIS, words=Markup("").join(words))


def _tick(tick: Tick, axis: Axis) -> Markup:
    share = axis.share(tick.at)
    return _TICK.format(
        share=share,
        factor=tick.factor,
        x=axis.x(share),
        hidden=_HIDDEN if tick.factor > 1 else "",
        top=TOP,
        axis=AXIS,
        words_at=AXIS + 21,
        words=tick.words,
    )


def _is_gap(before: Score, after: Score, axis: Axis) -> bool:
    return (after.at - before.at) / datetime.timedelta(days=1) > axis.line.gap_days


def _gap(before: Score, after: Score, axis: Axis, key: str) -> Markup:
    """Return a hatched field that says for how long nothing was measured."""
    start, end = axis.share(before.at), axis.share(after.at)
    days = round((after.at - before.at) / datetime.timedelta(days=1))
    width, middle = round(axis.x(end) - axis.x(start), 1), round((start + end) / 2, 6)
    room = 1 if width > 160 else 4
    return _GAP.format(
        start=start,
        end=end,
        x=axis.x(start),
        top=TOP,
        width=width,
        height=BOTTOM - TOP,
        key=key,
        words=_("%(days)d days not measured") % {"days": days},
        middle=middle,
        text_x=axis.x(middle),
        text_y=(TOP + BOTTOM) / 2,
        room=room,
        hidden=_HIDDEN if room > 1 else "",
    )


def _runs(axis: Axis) -> list[list[Score]]:
    """Return the scores in runs without a gap; a score between two gaps has no curve."""
    runs: list[list[Score]] = []
    for score in axis.line.scores:
        if runs and not _is_gap(runs[-1][-1], score, axis):
            runs[-1].append(score)
        else:
            runs.append([score])
    return [run for run in runs if len(run) > 1]


def _curve(run: list[Score], axis: Axis) -> Markup:
    pairs = [(axis.share(score.at), axis.y(score.value)) for score in run]
    return _CURVE.format(
        shares=" ".join(f"{share},{y}" for share, y in pairs),
        points=" ".join(f"{axis.x(share)},{y}" for share, y in pairs),
    )
