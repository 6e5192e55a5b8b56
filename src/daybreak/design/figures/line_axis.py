"""Where a moment and a score lie on the patient's line."""

import datetime
from dataclasses import dataclass

from daybreak.design.figures.line import Line

WIDTH, HEIGHT = 1080, 396
LEFT, RIGHT = 176, 1050
TOP, BOTTOM = 28, 208
SESSIONS, EVENTS, CONSENTS, AXIS = 242, 294, 330, 360


@dataclass(frozen=True)
class Axis:
    """The places of one line's drawing, in pixels of an unstretched drawing."""

    line: Line

    def share(self, moment: datetime.datetime) -> float:
        """This function will return a moment as a share of the time axis, kept between 0 and 1."""
        share = (moment - self.line.starts) / (self.line.ends - self.line.starts)
        return round(min(1.0, max(0.0, share)), 6)

    def x(self, share: float) -> float:
        """This function will return the place of a share of the time axis."""
        return round(LEFT + share * (RIGHT - LEFT), 1)

    def y(self, value: float) -> float:
        """This function will return the height of a score, zero at the bottom."""
        return round(BOTTOM - value / self.line.maximum * (BOTTOM - TOP), 1)
