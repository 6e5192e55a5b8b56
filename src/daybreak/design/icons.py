"""The one icon set: small line drawings in the colour of the text beside them, read from icons.toml."""

import tomllib
from functools import cache
from pathlib import Path

from markupsafe import Markup

from daybreak.design.refusals import ComponentMisused

_FILE = Path(__file__).parent / "icons.toml"
_SILENT = Markup('<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">{}</svg>')
_SPOKEN = Markup('<svg class="icon" viewBox="0 0 24 24" role="img" aria-label="{}">{}</svg>')


def icon(name: str, label: str | None = None) -> Markup:
    """This function will return the icon as inline SVG; without a label it is silent to screen readers."""
    drawings = icons()
    if name not in drawings:
        raise ComponentMisused(f"There is no icon {name!r}; there are {', '.join(sorted(drawings))}.")
    return _SPOKEN.format(label, drawings[name]) if label else _SILENT.format(drawings[name])


@cache
def icons() -> dict[str, Markup]:
    """This function will return every icon's drawing by its name."""
    drawings: dict[str, str] = tomllib.loads(_FILE.read_text())
    return dict(zip(drawings, map(Markup, drawings.values()), strict=True))
