"""The patient's line as SVG: the score's curve over its severity, then infusions, events and consents.

Everything with a place in time says it as a share of the axis (data-at), so that the page's script can
stretch the axis without drawing anything again. Without the script the drawing is whole and scrolls.
"""

import hashlib

from markupsafe import Markup

from daybreak.design.figures.line import Line
from daybreak.design.figures.line_axis import HEIGHT, LEFT, RIGHT, WIDTH, Axis
from daybreak.design.figures.line_ground import ground, names
from daybreak.design.figures.line_marks import doses, marks
from daybreak.design.figures.svg import Svg

_FRAME = Markup(
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="group" '
    'aria-labelledby="{key}-title" aria-describedby="{key}-alt" font-size="13" data-width="{width}" '
    'data-height="{height}" data-left="{left}" data-right="{right}">'
    '<title id="{key}-title">{title}</title><desc id="{key}-alt">{alt}</desc>'
    '<defs><pattern id="{key}-gap" width="8" height="8" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="8" height="8" fill="var(--panel)"/>'
    '<path d="M0 0v8" stroke="var(--line)" stroke-width="3"/></pattern></defs>{body}</svg>'
)


def patient_line(line: Line, *, title: str, alt: str) -> Svg:
    """This function will draw a patient's line for a page; `alt` says in a sentence what it shows.

    Raises ValueError where the line ends before it starts. The same facts give the same bytes.
    """
    if line.ends <= line.starts:
        raise ValueError("A line ends after it starts.")
    key = "line-" + hashlib.sha256(repr((line, title, alt)).encode()).hexdigest()[:10]
    axis = Axis(line)
    body = Markup("").join([*ground(axis, key), *doses(axis), *marks(axis), names(axis)])
    drawing = _FRAME.format(
        key=key, title=title, alt=alt, body=body, width=WIDTH, height=HEIGHT, left=LEFT, right=RIGHT
    )
    return Svg(drawing)
