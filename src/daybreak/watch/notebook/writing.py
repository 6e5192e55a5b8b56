"""The notebook of a data set, written in the form that Jupyter reads (nbformat 4.5): code and words, no output."""

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from daybreak.kernel.refusal import Refusal
from daybreak.watch.notebook.analyst import ABOUT, Data, opened

_CODE = re.compile(r"^```python\n(.*?)^```$", flags=re.DOTALL | re.MULTILINE)


class NotWritten(Refusal):
    """A notebook that cannot be written where it should be."""


def write_notebook(folder: Path, file: Path) -> int:
    """Write the notebook of the data set in `folder` into a new file; return how many cells it has. Raises NotWritten,
    ForeignSnapshot and NotIntact.
    """
    made = notebook(folder)
    try:
        with file.open("x", encoding="utf-8") as out:
            json.dump(made, out, ensure_ascii=False, indent=1)
            out.write("\n")
    except FileExistsError as fault:
        raise NotWritten(f"“{file}” is there already. Remove it, or name another file.") from fault
    except OSError as fault:
        raise NotWritten(f"“{file}” cannot be written ({fault.strerror}).") from fault
    return len(made["cells"])


def notebook(folder: Path) -> dict[str, Any]:
    """Return the notebook of the data set in a folder."""
    return {
        "cells": [_cell(place, kind, source) for place, (kind, source) in enumerate(_parts(_text(folder)), 1)],
        "metadata": {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        },
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _text(folder: Path) -> str:
    data = opened(folder)
    snapshot = bool(data.manifest.sites)
    text = (files("daybreak.watch.notebook") / "first_hour.md").read_text(encoding="utf-8")
    made = Environment(undefined=StrictUndefined, autoescape=False).from_string(text)  # noqa: S701 - a notebook, no page
    path = "{FOLDER}/session/*/*.parquet" if snapshot else "{FOLDER}/session.csv"
    return made.render(
        name=data.manifest.id,
        synthetic=data.manifest.synthetic,
        kind=f"A snapshot of the register, frozen {data.manifest.created_at}"
        if snapshot
        else "A release of the register",
        fingerprint=data.manifest.fingerprint,
        folder=json.dumps(str(folder.resolve())),
        whole_days=data.manifest.whole_days,
        tables=_tables(data),
        plain=f"read_parquet('{path}')" if snapshot else f"read_csv('{path}')",
        held=_held(data),
        in_house=snapshot,
    )


def _tables(data: Data) -> str:
    names = dict.fromkeys(row["table"] for row in data.dictionary)
    return "\n".join(["| table | one row is |", "|---|---|", *(f"| `{name}` | {ABOUT[name]} |" for name in names)])


def _held(data: Data) -> str:
    """Return what says that a session was started, in the columns of this data set."""
    there = {row["column"] for row in data.dictionary if row["table"] == "session"}
    return f"{next(name for name in ('minute', 'at', 'day') if name in there)} IS NOT NULL"


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the cells: what stands in a fence is code, what stands between is words."""
    pieces = _CODE.split(text)
    kinds = ("markdown", "code")
    return [(kinds[place % 2], piece.strip("\n")) for place, piece in enumerate(pieces) if piece.strip()]


def _cell(place: int, kind: str, source: str) -> dict[str, Any]:
    cell = {"cell_type": kind, "id": f"cell-{place:02}", "metadata": {}, "source": source.splitlines(keepends=True)}
    return cell if kind == "markdown" else {**cell, "execution_count": None, "outputs": []}
