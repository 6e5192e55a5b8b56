"""One figure of the monitor: finding, drawing, table and file, each from the same numbers."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import altair
from altair.utils.schemapi import debug_mode
from django.utils.translation import gettext as _

from daybreak.design.figures.rendering import drawn, exported_png, render
from daybreak.design.figures.svg import Svg
from daybreak.design.public import day, number

if TYPE_CHECKING:
    from daybreak.watch.cumulative import Cumulative
    from daybreak.watch.questions.results import Answer
    from daybreak.watch.rules import Monitor
    from daybreak.watch.surveillance.overview import OverTime

    Frozen = Monitor | OverTime | Cumulative | Answer

Cell = str | int | float


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: its finding as the title, what it is of, how it is drawn, its table. `chart` is None where
    it may not be shown.
    """

    name: str
    section: str
    title: str
    subtitle: str
    chart: Callable[..., altair.TopLevelMixin] | None
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    instead: str = ""

    @property
    def drawing(self) -> Svg:
        """Return the drawing for the page, and a narrow one for a phone; styles show one of them."""
        if self.chart is None:
            raise ValueError(f"{self.name} is not shown.")
        said = {"title": self.title, "alt": f"{self.title} {self.subtitle}"}
        with debug_mode(False):  # altair's check of each part takes twice as long as making it
            wide, narrow = render(self.chart(), **said), render(self.chart(narrow=True), **said)
        return Svg(f'<div class="is-wide">{wide}</div><div class="is-narrow">{narrow}</div>')

    @property
    def columns(self) -> list[dict[str, object]]:
        """Return the heads of the table: what follows the first column is numbers."""
        return [{"label": head, "number": place > 0} for place, head in enumerate(self.heads)]

    @property
    def cells(self) -> list[list[str]]:
        """Return the table's cells in words."""
        return [
            [cell if isinstance(cell, str) else number(cell, 3 if isinstance(cell, float) else None) for cell in row]
            for row in self.rows
        ]


def as_csv(figure: Figure, found: "Frozen") -> str:
    """Return a figure's table as CSV, each row with the snapshot it came from."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([*figure.heads, "snapshot", "fingerprint", "synthetic"])
    writer.writerows([*row, found.snapshot, found.fingerprint, str(found.synthetic).lower()] for row in figure.rows)
    return text.getvalue()


def as_svg(figure: Figure, found: "Frozen") -> str:
    """Return a figure as an SVG file that says its finding and where it came from."""
    return drawn(_titled(figure, found))


def as_png(figure: Figure, found: "Frozen") -> bytes:
    """Return a figure as a PNG on white, for slides and letters, which says the same."""
    return exported_png(_titled(figure, found))


def _titled(figure: Figure, found: "Frozen") -> altair.TopLevelMixin:
    """Return the drawing under its finding, and under what it is of: snapshot, fingerprint and day."""
    if figure.chart is None:
        raise ValueError(f"{figure.name} is not shown.")
    source = _("Snapshot %(id)s of %(day)s, fingerprint %(fingerprint)s") % {
        "id": found.snapshot,
        "day": day(datetime.fromisoformat(found.frozen_at).date(), year=True),
        "fingerprint": found.fingerprint[:16],
    }
    lines = [_("Synthetic data: invented people."), source] if found.synthetic else [source]
    return figure.chart().properties(title=altair.Title(figure.title, subtitle=lines, anchor="start"))
