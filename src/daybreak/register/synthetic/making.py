"""The invented cohort, written: site by site and piece by piece, so that memory stays flat."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

from daybreak.register.description import Table
from daybreak.register.manifest import FrozenFile
from daybreak.register.synthetic.calendar import Calendar
from daybreak.register.synthetic.calibration import calibration
from daybreak.register.synthetic.cognition import cognition_columns
from daybreak.register.synthetic.columns import Columns, arrow, keys, same, words
from daybreak.register.synthetic.harms import event_columns, happened
from daybreak.register.synthetic.outcomes import check_columns, checked, end_columns, score_columns
from daybreak.register.synthetic.oversight import consent_columns, credential_columns, quality_columns, watched
from daybreak.register.synthetic.people import SEXES, People, drawn
from daybreak.register.synthetic.recipe import Place, Recipe
from daybreak.register.synthetic.treatment import (
    course_columns,
    held,
    medicine_columns,
    reading_columns,
    session_columns,
)
from daybreak.register.tables import TABLES
from daybreak.register.tables import table as table_named
from daybreak.register.verification import digest_of

# How many people are drawn at a time. It is part of the recipe: another number would give another cohort.
PIECE = 20_000
_MORE_ARE_REGISTERED = 1.12
Progress = Callable[[int, int, str], None]
_SAID = {"synthetic": "true", "origin": "daybreak cohort make: invented people, no evidence"}


def write_cohort(folder: Path, recipe: Recipe, *, progress: Progress) -> dict[str, FrozenFile]:
    """Write every described table of the cohort below `folder`, partitioned by site; return the files.

    `progress(done, of, what)` is called with the number of people that are written.
    """
    files: dict[str, FrozenFile] = {}
    for place in recipe.places():
        done = place.first_person
        with ExitStack() as open_files:
            sinks = {table.name: _sink(open_files, folder, table, place) for table in TABLES}
            for people, columns in _pieces(recipe, place):
                for name, values in columns.items():
                    sinks[name].write_table(arrow(table_named(name), values))
                done += people
                progress(done, recipe.persons, place.code)
        for table in TABLES:
            path = _path(table, place)
            files[path] = _described(folder / path, table, place)
    return files


def _pieces(recipe: Recipe, place: Place) -> Iterator[tuple[int, dict[str, Columns]]]:
    """Yield the columns of every table, of so many people at a time; the site's row comes first, its calendar last."""
    yield 0, {"site": _site_columns(place)}
    end, calendar = place.first_person + place.people, Calendar()
    for nth, first in enumerate(range(place.first_person, end, PIECE)):
        rng = np.random.default_rng([recipe.seed, 2, place.number, nth])
        numbers = np.arange(first, min(first + PIECE, end))
        yield len(numbers), _piece(rng, recipe, place, numbers, calendar)
    if place.people:
        yield 0, {"calendar": calendar.columns(place.code)}


def _piece(
    rng: np.random.Generator, recipe: Recipe, place: Place, numbers: np.ndarray, calendar: Calendar
) -> dict[str, Columns]:
    known = calibration()
    people = drawn(rng, recipe, known.model, place, numbers)
    sessions = held(rng, known, place, people)
    checks = checked(rng, recipe, known.model, sessions)
    events = happened(rng, recipe, known, place, sessions)
    watch = watched(rng, place, sessions)
    calendar.add(people, sessions, watch, events)
    return {
        "person": _person_columns(people, place),
        "consent": consent_columns(rng, place, people),
        "course": course_columns(rng, people, place.code),
        "session": session_columns(rng, people, sessions, place.code),
        "credential": credential_columns(rng, place, people, sessions),
        "quality": quality_columns(rng, place, people, sessions, watch),
        "score": score_columns(rng, known.model, place, people, sessions, checks),
        "check": check_columns(place, people, sessions, checks),
        "event": event_columns(rng, place, people, sessions, events),
        "reading": reading_columns(rng, people, sessions, place),
        "medicine": medicine_columns(rng, people, sessions, place),
        "end": end_columns(rng, people, place),
        "cognition": cognition_columns(rng, place, people, sessions, checks),
    }


def _site_columns(place: Place) -> Columns:
    return {
        "site": same(place.code, 1),
        "kind": same("clinic", 1),
        "registered": np.array([round(place.people * _MORE_ARE_REGISTERED)]),
        "consenting": np.array([place.people]),
    }


def _person_columns(people: People, place: Place) -> Columns:
    return {
        "site": same(place.code, people.count),
        "person": keys(people.number),
        "sex": words(people.sex, SEXES),
        "age": people.age,
        "counted_from": same("first session", people.count),
    }


def _path(table: Table, place: Place) -> str:
    return f"{table.name}/site={place.code}/rows.parquet"


def _sink(open_files: ExitStack, folder: Path, table: Table, place: Place) -> pq.ParquetWriter:
    path = folder / _path(table, place)
    path.parent.mkdir(parents=True)
    empty = arrow(table, {column.name: np.array([]) for column in table.columns})
    sink = open_files.enter_context(pq.ParquetWriter(path, empty.schema, compression="zstd", store_schema=False))
    sink.add_key_value_metadata(_SAID)
    return sink


def _described(path: Path, table: Table, place: Place) -> FrozenFile:
    rows = pq.read_metadata(path).num_rows
    return FrozenFile(sha256=digest_of(path), bytes=path.stat().st_size, table=table.name, site=place.code, rows=rows)
