"""The patient's line as SVG: the score's curve over its severity, then sessions, events and consents on one time axis.

Everything with a place in time says it as a share of the axis (data-at), so that the page's script can stretch the axis
without drawing anything again. Without the script the drawing is whole and scrolls.
"""

import datetime
import hashlib
import math
from itertools import pairwise

from django.utils.translation import gettext as _
from markupsafe import Markup

from daybreak.design.figures.line import Band, EventKind, EventMark, Line, Score, SessionMark
from daybreak.design.figures.ticks import Tick, ticks

_WIDTH, _LEFT, _RIGHT = 1080, 132, 1060
_TOP, _BOTTOM = 16, 196
_SESSIONS, _EVENTS, _CONSENTS, _AXIS = 234, 280, 318, 348
_HEIGHT = 384
_LARGEST = 15.0


def patient_line(line: Line, *, title: str, alt: str) -> Markup:
    """This function will draw a patient's line for a page; `alt` says in a sentence what it shows."""
    if line.ends <= line.starts:
        raise ValueError("A line ends after it starts.")
    key = "line-" + hashlib.sha256(repr((line, title, alt)).encode()).hexdigest()[:10]
    parts = [
        *(_band(band, line, index) for index, band in enumerate(line.bands)),
        *_rows(line),
        *(_tick(tick, line) for tick in ticks(line.starts, line.ends, line.zone, _RIGHT - _LEFT)),
        *(
            _gap(before, after, line, key)
            for before, after in pairwise(line.scores)
            if _is_gap(before, after, line)
        ),
        *(_curve(run, line) for run in _runs(line)),
        *(_score(score, line) for score in line.scores),
        *(_session(session, line) for session in line.sessions),
        *(_event(event, line) for event in line.events),
    ]
    return _frame(key, title, alt, Markup("").join(parts))


def _frame(key: str, title: str, alt: str, body: Markup) -> Markup:
    return Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="group" '
        'aria-labelledby="{key}-title" aria-describedby="{key}-alt" font-size="13" data-width="{width}" '
        'data-height="{height}" data-left="{left}" data-right="{right}">'
        '<title id="{key}-title">{title}</title><desc id="{key}-alt">{alt}</desc>'
        '<defs><pattern id="{key}-gap" width="8" height="8" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><rect width="8" height="8" fill="var(--panel)"/>'
        '<path d="M0 0v8" stroke="var(--line)" stroke-width="3"/></pattern></defs>{body}</svg>'
    ).format(key=key, title=title, alt=alt, body=body, width=_WIDTH, height=_HEIGHT, left=_LEFT, right=_RIGHT)


def _at(moment: datetime.datetime, line: Line) -> float:
    """Return a moment as a share of the axis, between 0 and 1."""
    share = (moment - line.starts) / (line.ends - line.starts)
    return round(min(1.0, max(0.0, share)), 6)


def _x(share: float) -> float:
    return round(_LEFT + share * (_RIGHT - _LEFT), 1)


def _y(value: float, line: Line) -> float:
    return round(_BOTTOM - value / line.maximum * (_BOTTOM - _TOP), 1)


def _band(band: Band, line: Line, index: int) -> Markup:
    """Return one range of severity: a quiet stripe, its name and its numbers at the left."""
    top, bottom = _y(min(band.upper + 0.5, line.maximum), line), _y(max(band.lower - 0.5, 0), line)
    middle = round((top + bottom) / 2, 1)
    return Markup(
        '<rect data-grow x="{left}" y="{top}" width="{width}" height="{height}" fill="var(--ink)" opacity="{tint}"/>'
        '<text x="{words}" y="{baseline}" text-anchor="end" fill="var(--ink-quiet)">{label} '
        '<tspan fill="var(--ink)">{range}</tspan></text>'
    ).format(
        left=_LEFT,
        top=top,
        width=_RIGHT - _LEFT,
        height=round(bottom - top, 1),
        tint=round(0.015 + 0.022 * index, 3),
        words=_LEFT - 10,
        baseline=round(middle + 4.5, 1),
        label=band.label,
        range=f"{band.lower:g}–{band.upper:g}",
    )


def _rows(line: Line) -> list[Markup]:
    """Return the names of the rows and the axis."""
    names = ((_SESSIONS, _("Infusions")), (_EVENTS, _("Events")), (_CONSENTS, _("Consents")))
    words = Markup('<text x="{}" y="{}" text-anchor="end" fill="var(--ink-quiet)">{}</text>')
    rule = Markup('<path d="M{0} {1}H{2}" stroke="var(--line)"/>')
    drawn = [words.format(_LEFT - 10, y + 4.5, name) for y, name in names]
    axis = Markup('<line data-grow-line x1="{0}" x2="{1}" y1="{2}" y2="{2}" stroke="{3}"/>')
    drawn += [axis.format(_LEFT, _RIGHT, y, "var(--line)") for y, _name in names]
    drawn.append(axis.format(_LEFT, _RIGHT, _AXIS, "var(--edge)"))
    scale = Markup('<text x="{}" y="{}" text-anchor="end" fill="var(--ink)" font-weight="600">{}</text>')
    return [
        *drawn,
        rule.format(0, _BOTTOM + 12, _LEFT - 10),
        scale.format(_LEFT - 10, _BOTTOM + 4, line.scale),
    ]


def _tick(tick: Tick, line: Line) -> Markup:
    share = _at(tick.at, line)
    return Markup(
        '<g data-at="{share}" data-y="0" data-fine="{factor}" transform="translate({x} 0)"{hidden}>'
        '<path d="M0 {top}V{axis}" stroke="var(--line)" stroke-dasharray="1 3"/><path d="M0 {axis}v5" stroke="var(--edge)"/>'
        '<text y="{words_at}" text-anchor="middle" fill="var(--ink-quiet)">{words}</text></g>'
    ).format(
        share=share,
        factor=tick.factor,
        x=_x(share),
        hidden=Markup(" hidden") if tick.factor > 1 else "",
        top=_TOP,
        axis=_AXIS,
        words_at=_AXIS + 21,
        words=tick.words,
    )


def _is_gap(before: Score, after: Score, line: Line) -> bool:
    return (after.at - before.at) / datetime.timedelta(days=1) > line.gap_days


def _gap(before: Score, after: Score, line: Line, key: str) -> Markup:
    """Return a hatched field that says for how long nothing was measured."""
    start, end = _at(before.at, line), _at(after.at, line)
    words = _("%(days)d days not measured") % {
        "days": round((after.at - before.at) / datetime.timedelta(days=1))
    }
    middle = (start + end) / 2
    room = 1 if (_x(end) - _x(start)) > 150 else 4
    return Markup(
        '<rect data-from="{start}" data-to="{end}" x="{x}" y="{top}" width="{width}" height="{height}" '
        'fill="url(#{key}-gap)"><title>{words}</title></rect>'
        '<g data-at="{middle}" data-y="{text_y}" data-fine="{room}" transform="translate({text_x} {text_y})"{hidden}>'
        '<text text-anchor="middle" fill="var(--ink-quiet)">{words}</text></g>'
    ).format(
        start=start,
        end=end,
        x=_x(start),
        top=_TOP,
        width=round(_x(end) - _x(start), 1),
        height=_BOTTOM - _TOP,
        key=key,
        words=words,
        middle=round(middle, 6),
        text_x=_x(middle),
        text_y=(_TOP + _BOTTOM) / 2,
        room=room,
        hidden=Markup(" hidden") if room > 1 else "",
    )


def _runs(line: Line) -> list[list[Score]]:
    """Return the scores in runs without a gap."""
    runs: list[list[Score]] = []
    for score in line.scores:
        if runs and not _is_gap(runs[-1][-1], score, line):
            runs[-1].append(score)
        else:
            runs.append([score])
    return [run for run in runs if len(run) > 1]


def _curve(run: list[Score], line: Line) -> Markup:
    pairs = [(_at(score.at, line), _y(score.value, line)) for score in run]
    return Markup(
        '<polyline data-points="{shares}" points="{points}" fill="none" stroke="var(--blue)" stroke-width="2.5" '
        'stroke-linejoin="round"/>'
    ).format(
        shares=" ".join(f"{share},{y}" for share, y in pairs),
        points=" ".join(f"{_x(share)},{y}" for share, y in pairs),
    )


def _mark(
    moment: datetime.datetime, y: float, words: str, url: str | None, drawing: Markup, line: Line
) -> Markup:
    """Return a drawing at its place in time, that can be reached with the keyboard and read aloud."""
    share = _at(moment, line)
    opening = (
        Markup('<a href="{}" aria-label="{}"').format(url, words)
        if url
        else Markup('<g tabindex="0" role="img" aria-label="{}"').format(words)
    )
    return Markup(
        '{opening} data-words="{words}" data-at="{share}" data-y="{y}" transform="translate({x} {y})">'
        "<title>{words}</title>{drawing}</{tag}>"
    ).format(
        opening=opening, words=words, share=share, x=_x(share), y=y, drawing=drawing, tag="a" if url else "g"
    )


def _score(score: Score, line: Line) -> Markup:
    dot = Markup(
        '<circle class="halo" r="10" fill="transparent"/><circle r="4.5" fill="var(--blue)" stroke="var(--panel)" stroke-width="1.5"/>'
    )
    return _mark(score.at, _y(score.value, line), score.words, score.url, dot, line)


def _session(session: SessionMark, line: Line) -> Markup:
    """Return a disc whose area is the dose; an open ring where no dose was given."""
    doses = [other.dose_mg for other in line.sessions if other.dose_mg]
    if not session.dose_mg:
        ring = Markup(
            '<circle class="halo" r="12" fill="transparent"/><circle r="5" fill="var(--panel)" stroke="var(--dawn)" stroke-width="2"/>'
        )
        return _mark(session.at, _SESSIONS, session.words, session.url, ring, line)
    radius = round(_LARGEST * math.sqrt(session.dose_mg / max(doses)), 1)
    disc = Markup(
        '<circle class="halo" r="{}" fill="transparent"/><circle r="{}" fill="var(--dawn)" fill-opacity="0.8" stroke="var(--panel)"/>'
    )
    return _mark(session.at, _SESSIONS, session.words, session.url, disc.format(radius + 3, radius), line)


_SHAPES = {
    EventKind.EVENT: (_EVENTS, '<path d="M0-8 8 0 0 8-8 0z" fill="var(--violet)" stroke="var(--panel)"/>'),
    EventKind.CONSENT: (
        _CONSENTS,
        '<rect x="-6.5" y="-6.5" width="13" height="13" rx="2" fill="var(--good)" stroke="var(--panel)"/>'
        '<path d="m-3 0 2 2.5 4-4.5" fill="none" stroke="var(--on-good)" stroke-width="1.75"/>',
    ),
}


def _event(event: EventMark, line: Line) -> Markup:
    y, shape = _SHAPES[event.kind]
    halo = '<circle class="halo" r="12" fill="transparent"/>'
    return _mark(event.at, y, event.words, event.url, Markup(halo + shape), line)  # both are ours
