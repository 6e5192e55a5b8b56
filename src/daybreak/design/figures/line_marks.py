"""The marks of the patient's line: scores, infusions, events, consents; each can be reached and read."""

import math
from decimal import Decimal

from markupsafe import Markup

from daybreak.design.figures.line import EventKind, EventMark, Score, SessionMark
from daybreak.design.figures.line_axis import CONSENTS, EVENTS, SESSIONS, Axis
from daybreak.design.formats import number

_TENTH = Decimal("0.1")
_LARGEST = 15.0
_ROOM = 46
_LINK = Markup('<a href="{}" aria-label="{}"')
_GROUP = Markup('<g tabindex="0" role="img" aria-label="{}"')
_MARK = Markup(
    '{opening} data-words="{words}" data-at="{share}" data-y="{y}" transform="translate({x} {y})">'
    "<title>{words}</title>{drawing}</{tag}>"
)
_DOT = Markup(
    '<circle class="halo" r="10" fill="transparent"/>'
    '<circle r="4.5" fill="var(--blue)" stroke="var(--panel)" stroke-width="1.5"/>'
)
_RING = Markup(
    '<circle class="halo" r="12" fill="transparent"/>'
    '<circle r="5" fill="var(--panel)" stroke="var(--dawn)" stroke-width="2"/>'
)
_DISC = Markup(
    '<circle class="halo" r="{}" fill="transparent"/>'
    '<circle r="{}" fill="var(--dawn)" fill-opacity="0.8" stroke="var(--panel)"/>'
)
_DIAMOND = Markup(
    '<circle class="halo" r="12" fill="transparent"/>'
    '<path d="M0-8 8 0 0 8-8 0z" fill="var(--violet)" stroke="var(--panel)"/>'
)
_TICKED = Markup(
    '<circle class="halo" r="12" fill="transparent"/>'
    '<rect x="-6.5" y="-6.5" width="13" height="13" rx="2" fill="var(--good)" stroke="var(--panel)"/>'
    '<path d="m-3 0 2 2.5 4-4.5" fill="none" stroke="var(--on-good)" stroke-width="1.75"/>'
)
_DOSE = Markup(
    '<g data-at="{share}" data-y="{y}" transform="translate({x} {y})">'
    '<text x="-4" font-size="12" '
    'fill="var(--ink-quiet)">{words}</text></g>'
)
_EVENT = {EventKind.EVENT: (EVENTS, _DIAMOND), EventKind.CONSENT: (CONSENTS, _TICKED)}


def marks(axis: Axis) -> list[Markup]:
    """This function will return every mark, in order of time, as the keyboard walks through the course."""
    line = axis.line
    largest = max((session.dose_mg for session in line.sessions if session.dose_mg), default=Decimal(1))
    placed = [
        *((score, axis.y(score.value), _DOT) for score in line.scores),
        *((session, SESSIONS, _session(session, largest)) for session in line.sessions),
        *((event, *_EVENT[event.kind]) for event in line.events),
    ]
    return [_mark(fact, y, drawing, axis) for fact, y, drawing in sorted(placed, key=lambda mark: mark[0].at)]


def doses(axis: Axis) -> list[Markup]:
    """This function will return the doses in words, under the first infusion and wherever it changed."""
    words, told, told_at = [], None, float("-inf")
    for session in axis.line.sessions:
        share = axis.share(session.at)
        if session.dose_mg and session.dose_mg != told and axis.x(share) - told_at >= _ROOM:
            told, told_at = session.dose_mg, axis.x(share)
            dose = f"{number(session.dose_mg.quantize(_TENTH).normalize())} mg"
            words.append(_DOSE.format(share=share, x=told_at, y=SESSIONS + 30, words=dose))
    return words


def _session(session: SessionMark, largest: Decimal) -> Markup:
    """Return a disc whose area is the dose; an open ring where no dose was given."""
    if not session.dose_mg:
        return _RING
    radius = round(_LARGEST * math.sqrt(session.dose_mg / largest), 1)
    return _DISC.format(radius + 3, radius)


def _mark(fact: Score | SessionMark | EventMark, y: float, drawing: Markup, axis: Axis) -> Markup:
    """Return a drawing at its place in time; a link if the fact has a page."""
    share = axis.share(fact.at)
    opening = _LINK.format(fact.url, fact.words) if fact.url else _GROUP.format(fact.words)
    return _MARK.format(
        opening=opening,
        words=fact.words,
        share=share,
        x=axis.x(share),
        y=y,
        drawing=drawing,
        tag="a" if fact.url else "g",
    )
