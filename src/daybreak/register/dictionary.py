"""The data dictionary: what each table and column means, as a page, as a document to print and as a table for programs,
all of the one description.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined

from daybreak.register.description import Column, Table
from daybreak.register.manifest import Manifest
from daybreak.register.releasing.profiles import profiles

HEADING = (
    "table", "column", "meaning", "type", "unit", "how it is made", "constraint", "classification", "who may see it",
)  # fmt: skip
_IN_THE_HOUSE, _RECIPIENT = "readers of the register", "whom the release was made for"
_EVERY_FREEZE = (
    "A freeze takes these columns and no other. There is no name, no date and no free text among them; keys are random "
    "and made anew for each snapshot."
)
# A document to be kept needs a date, and a release without dates may tell no day: each bears the same one.
_NO_MOMENT = datetime(1970, 1, 1, tzinfo=UTC)
TEMPLATE = Path(__file__).parent / "dictionary.typ"


@dataclass(frozen=True, slots=True)
class Dictionary:
    """What a dictionary is of: tables with their rows, and the manifest of the snapshot; a release says how it was made
    besides. Without a manifest it is of the description itself, which every freeze follows.
    """

    tables: Sequence[Table]
    rows: Mapping[str, int] | None = None
    manifest: Manifest | None = None
    release: Mapping[str, Any] | None = None

    @property
    def title(self) -> str:
        """Return what it is called."""
        if self.release:
            return f"Data dictionary, release by the profile {self.release['title']}"
        return f"Data dictionary, snapshot {self.manifest.id}" if self.manifest else "Data dictionary of the register"

    def sentences(self) -> list[str]:
        """Return what must be known before the tables are read."""
        if self.release:
            return _of_release(self.release, self.manifest)
        said = _of_snapshot(self.manifest) if self.manifest else [_EVERY_FREEZE]
        return [
            *said,
            "Times are counted from the start of each person's first session, or from registration where there was "
            "none. An empty cell is not known; nothing stands for it.",
        ]


def dictionary_of(manifest: Manifest, tables: Sequence[Table]) -> Dictionary:
    """Return the dictionary of a snapshot."""
    return Dictionary(tables, manifest.rows(), manifest)


def write_dictionary(folder: Path, dictionary: Dictionary) -> None:
    """Write a dictionary into a folder: a page to read, a document to print, and a table for programs."""
    (folder / "dictionary.html").write_text(as_page(dictionary), encoding="utf-8")
    (folder / "dictionary.pdf").write_bytes(as_paper(dictionary))
    with (folder / "dictionary.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEADING, *dictionary_rows(dictionary.tables, released=bool(dictionary.release))])


def dictionary_rows(tables: Sequence[Table], *, released: bool = False) -> Iterator[tuple[str, ...]]:
    """Yield a row for each described column, by HEADING; `released` where they are those of a release."""
    for table in tables:
        for column in table.columns:
            yield (
                table.name,
                column.name,
                column.meaning,
                column.type,
                column.unit,
                column.taken.value,
                column.constraint,
                column.classification.value,
                _RECIPIENT if released else who_may_see(table, column),
            )


def who_may_see(table: Table, column: Column) -> str:
    """Return who sees a column, in words: readers of the register, and whoever gets a release that lets it out."""
    titles = [profile.title for profile in profiles() if column.name in profile.tables.get(table.name, ())]
    return f"{_IN_THE_HOUSE}; releases: {', '.join(titles)}" if titles else _IN_THE_HOUSE


def as_page(dictionary: Dictionary) -> str:
    """Return a dictionary as a page that stands alone."""
    text = (files("daybreak.register") / "data_dictionary.html").read_text(encoding="utf-8")
    page = Environment(autoescape=True, undefined=StrictUndefined).from_string(text)
    return page.render(said=dictionary.sentences(), **_content(dictionary))


def as_paper(dictionary: Dictionary) -> bytes:
    """Return a dictionary as a PDF; the same one gives the same bytes."""
    from daybreak.design.paper import on_paper

    content = {"said": dictionary.sentences(), **_content(dictionary), "source": _source(dictionary)}
    return on_paper(TEMPLATE, content, at=_NO_MOMENT)


def _content(dictionary: Dictionary) -> dict[str, Any]:
    synthetic = dictionary.manifest is not None and dictionary.manifest.synthetic
    return {
        "title": dictionary.title,
        "synthetic": "Synthetic data: every person is invented." if synthetic else "",
        "heads": [name.capitalize() for name in HEADING[1:]],
        "tables": [_table(dictionary, table) for table in dictionary.tables],
    }


def _table(dictionary: Dictionary, table: Table) -> dict[str, Any]:
    counted = "" if dictionary.rows is None else f" {dictionary.rows.get(table.name, 0):,} rows."
    made = dictionary.release["made"] if dictionary.release else {}
    rows = []
    for _name, column, meaning, kind, unit, taken, *more in dictionary_rows([table], released=bool(dictionary.release)):
        rows.append([column, meaning, kind, unit or "–", made.get(f"{table.name}.{column}", taken), *more])
    said = f"{table.meaning} Sorted by {', '.join(table.sorted_by) or 'site'}.{counted}"
    return {"name": table.name, "said": said, "rows": rows}


def _source(dictionary: Dictionary) -> str:
    if dictionary.manifest is None:
        return "The description that every freeze follows"
    return f"Snapshot with the fingerprint {dictionary.manifest.fingerprint}"


def _people(manifest: Manifest | None, what: str) -> str:
    if manifest is not None and manifest.synthetic:
        return "Synthetic data: every person is invented."
    return f"Real people, under random keys made for this {what} alone."


def _of_snapshot(manifest: Manifest) -> list[str]:
    used = ", ".join(f"{used.kind}/{used.id}/{used.version}" for used in manifest.definitions) or "none were used"
    return [
        f"Snapshot {manifest.id}, {manifest.created_at}. {_people(manifest, 'snapshot')}",
        f"Fingerprint {manifest.fingerprint}",
        f"Definitions: {used}",
    ]


def _of_release(release: Mapping[str, Any], manifest: Manifest | None) -> list[str]:
    fingerprint = manifest.fingerprint if manifest else ""
    asked = ""
    if release["request"]:
        recipient = f", for {release['recipient']}" if release["recipient"] else ""
        agreement = f", under {release['agreement']}" if release["agreement"] else ""
        asked = f" Asked for and approved as {release['request']}{recipient}{agreement}."
    days = (
        "Days are counted from the start of each person's first session, or from registration where there was none."
        if release["days"]
        else "Dates and moments are in UTC."
    )
    return [
        f"Rows of the register by the profile {release['title']} ({release['profile']}, version {release['version']}). "
        f"{_people(manifest, 'release')}",
        release["statement"],
        f"Made from the snapshot with the fingerprint {fingerprint}.{asked}",
        f"{days} An empty cell is not known; nothing stands for it. Rows are in a new order.",
    ]
