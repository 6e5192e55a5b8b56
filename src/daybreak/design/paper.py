"""From facts to paper: everything that people wrote goes to typst as data, never as markup.

Nothing is fetched: the fonts are those of this room and of typst itself, and those of the machine where a letter needs
one.
"""

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

import typst
from django.utils.translation import gettext as _

from daybreak.design.assets import BUILT

ACCESSIBLE = ["ua-1", "a-2a"]


def on_paper(template: Path, content: Mapping[str, object], *, at: datetime) -> bytes:
    """This function will set `content` by a typst template and return the PDF, tagged for screen readers (PDF/UA-1)
    and for keeping (PDF/A-2a); the same content at the same moment gives the same bytes.

    The template reads the content as JSON from the input that bears its own name: `record.typ` from “record”. Where no
    font has a letter, the PDF says so (the content's `missing`) and is not called accessible.
    """
    for machine_fonts in (False, True):
        try:
            return _compiled(template, content, at, standards=ACCESSIBLE, machine_fonts=machine_fonts)
        except typst.TypstError:
            continue
    missing = _("Some letters cannot be printed with the fonts of this server. On its screen they can be read.")
    return _compiled(template, {**content, "missing": missing}, at, standards=[], machine_fonts=True)


def _compiled(
    template: Path, content: Mapping[str, object], at: datetime, *, standards: list[str], machine_fonts: bool
) -> bytes:
    fonts = BUILT / "fonts"
    return typst.compile(
        str(template),
        root=str(template.parent),
        format="pdf",
        font_paths=[str(fonts)] if fonts.is_dir() else [],
        ignore_system_fonts=not machine_fonts,
        sys_inputs={template.stem: json.dumps(content)},
        pdf_standards=standards,
        timestamp=at.replace(microsecond=0),
    )
