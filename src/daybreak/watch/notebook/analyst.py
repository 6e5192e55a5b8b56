"""What an analyst's notebook calls: a snapshot or a release in a folder, its description, the cohort and the figure of
the monitor, each by the functions that the pages use. Tables come back as data frames.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
from django.conf import settings

from daybreak.register.public import (
    HEADING,
    TABLES,
    cohort_people,
    cohort_table,
    dataset_in,
    dictionary_rows,
    is_release,
    release_in,
)
from daybreak.rulebook.public import Cohort, Library, shipped_folder

if TYPE_CHECKING:
    import ibis.expr.types as ir
    import pandas as pd

    from daybreak.design.figures.svg import Svg

ABOUT = {table.name: table.meaning for table in TABLES}


@dataclass(frozen=True, slots=True)
class Source:
    """What a data set says of itself. `id` is the name of its folder, `fingerprint` that of the snapshot it is of."""

    id: str
    fingerprint: str
    created_at: str
    synthetic: bool
    sites: tuple[str, ...]
    whole_days: bool


@dataclass(frozen=True, slots=True)
class Data:
    """A data set that is what was frozen or handed out: its tables as expressions, and the dictionary of what is in
    it, a row for each column by HEADING.
    """

    manifest: Source
    tables: "dict[str, ir.Table]"
    dictionary: tuple[dict[str, str], ...]

    def overview(self) -> "pd.DataFrame":
        """Return a row for each table that is there: what one row of it is, and how many there are."""
        names = list(dict.fromkeys(row["table"] for row in self.dictionary))
        counted = {name: int(self.tables[name].count().to_pyarrow().as_py()) for name in names}
        return _frame([{"table": name, "one row is": ABOUT[name], "rows": counted[name]} for name in names])

    def columns(self, table: str) -> "pd.DataFrame":
        """Return what each column of a table means, with unit and constraint."""
        wanted = ("column", "meaning", "type", "unit", "constraint")
        return _frame([{name: row[name] for name in wanted} for row in self.dictionary if row["table"] == table])


@dataclass(frozen=True, slots=True)
class Shown:
    """A figure as the monitor shows it: its finding, what it is of, its table and its drawing."""

    title: str
    subtitle: str
    table: "pd.DataFrame"
    drawing: "Svg | None"


def opened(folder: str | Path) -> Data:
    """Return the data set in a folder: a snapshot, or a release of one by a profile. Raises ForeignSnapshot and
    NotIntact.
    """
    home = Path(folder).resolve()
    if is_release(home):
        given = release_in(home)
        told = given.manifest
        source = Source(
            home.name, told["snapshot"]["fingerprint"], told["made"], told["synthetic"], (), given.whole_days
        )
        return Data(source, given.tables, given.dictionary)
    frozen = dataset_in(home)
    said = frozen.manifest
    source = Source(said.id, said.fingerprint, said.created_at, said.synthetic, said.sites, whole_days=False)
    return Data(source, frozen.tables, tuple(dict(zip(HEADING, row, strict=True)) for row in dictionary_rows(TABLES)))


def beside(folder: str | Path) -> "pd.DataFrame":
    """Return the data sets that lie beside a folder, by their manifests."""
    found = []
    for path in sorted(Path(folder).resolve().parent.glob("*/manifest.json")):
        text = path.read_text(encoding="utf-8")
        said, _ = json.JSONDecoder().raw_decode(text)
        people = said.get("profile", {}).get("id") or "snapshot"
        found.append({"data set": path.parent.name, "kind": people, "synthetic": bool(said.get("synthetic"))})
    return _frame(found)


def cohort(name: str = "orka1_induction", **changes: dict[str, Any]) -> Cohort:
    """Return a cohort of the definitions, with parts of it changed: `induction={"sessions_at_least": 6}`. A change that
    is no cohort is refused, as it would be in a file. Raises UnknownDefinition, and pydantic's ValidationError.
    """
    found = Library.load(shipped_folder()).cohort(name)
    if not changes:
        return found
    said = found.model_dump()
    for part, change in changes.items():
        said[part] = {**said[part], **change} if isinstance(said.get(part), dict) else change
    return Cohort.model_validate({**said, "fingerprint": "", "title": f"{found.title} (changed)"})


def people_of(data: Data, wanted: Cohort) -> "pd.DataFrame":
    """Return each treated person with the induction's first and last minute, baseline, outcome and its minute, and why
    they are not in the cohort (nothing for those who are).
    """
    return cohort_people(data.tables, wanted).order_by("person").to_pyarrow().to_pandas()


def table_of(data: Data, wanted: Cohort) -> "pd.DataFrame":
    """Return the cohort's table: numerator, denominator, estimate, interval and what was published."""
    answer = cohort_table(data, wanted)
    return _frame([dict(zip(answer.heading, row, strict=True)) for row in answer.rows])


def first_relapse(data: Data) -> Shown:
    """Return the monitor's figure of time to first observed relapse, of all people of a data set."""
    if not settings.configured:
        settings.configure(USE_I18N=False)  # words as they stand in the code; nothing else of the house is asked
    from daybreak.watch.computing import of_dataset
    from daybreak.watch.web.relapse import relapse_figures

    found = of_dataset(data, None, Library.load(shipped_folder()).outcome_measures())
    figure = relapse_figures(found, frozenset())[0]
    table = _frame([dict(zip(figure.heads, row, strict=True)) for row in figure.rows])
    return Shown(figure.title, figure.subtitle, table, None if figure.chart is None else _drawing(figure.chart()))


def _drawing(chart: Any) -> "Svg":
    from daybreak.design.figures.rendering import drawn
    from daybreak.design.figures.svg import Svg

    return Svg(drawn(chart))


def _frame(rows: list[dict[str, Any]]) -> "pd.DataFrame":
    return pa.Table.from_pylist([{name: _plain(value) for name, value in row.items()} for row in rows]).to_pandas()


def _plain(value: Any) -> Any:
    return None if value == "–" else value
