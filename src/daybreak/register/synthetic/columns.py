"""Columns of invented rows as Arrow arrays, and the check that a table holds what its description says."""

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from daybreak.register.description import Table

LENGTH = 12
# The letters of a snapshot's keys, rising, so that keys rise with what they are made from.
_LETTERS = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype=np.uint8)
_ARROW = {"text": pa.string(), "integer": pa.int64(), "number": pa.float64(), "boolean": pa.bool_()}
Columns = Mapping[str, "np.ndarray | pa.Array"]


def keys(numbers: np.ndarray) -> pa.Array:
    """Return a key of 12 letters for each number of 0 or above: an “s” and eleven letters that rise with it."""
    letters = np.empty((len(numbers), LENGTH), dtype=np.uint8)
    letters[:, 0] = ord("s")
    left = numbers.astype(np.int64)
    for place in range(LENGTH - 1, 0, -1):
        letters[:, place] = _LETTERS[left & 31]
        left = left >> 5
    offsets = np.arange(len(numbers) + 1, dtype=np.int32) * LENGTH
    return pa.StringArray.from_buffers(len(numbers), pa.py_buffer(offsets), pa.py_buffer(letters))


def words(codes: np.ndarray, vocabulary: Sequence[str]) -> pa.Array:
    """Return the word of each code; a code below 0 gives an empty cell."""
    places = pa.array(codes.astype(np.int32), mask=codes < 0)
    return pa.DictionaryArray.from_arrays(places, pa.array(vocabulary, pa.string()))


def same(word: str | None, count: int) -> pa.Array:
    """Return one word, or an empty cell, so many times."""
    return words(np.full(count, -1 if word is None else 0), [word or ""])


def arrow(table: Table, columns: Columns) -> pa.Table:
    """Return the columns in the order and of the types of the description.

    A number that is not one, or is masked, becomes an empty cell. Raises ValueError where the columns are not those
    described, or a cell is empty that may not be.
    """
    names = [column.name for column in table.columns]
    if set(names) != set(columns):
        raise ValueError(f"{table.name}: {sorted(set(names) ^ set(columns))} are not in both")
    made = {column.name: _cells(columns[column.name], _ARROW[column.type]) for column in table.columns}
    for column in table.columns:
        if not column.may_be_empty and made[column.name].null_count:
            raise ValueError(f"{table.name}.{column.name} may not be empty")
    return pa.table(made)


def _cells(given: "np.ndarray | pa.Array", kind: pa.DataType) -> pa.Array:
    if isinstance(given, pa.Array):
        return given.cast(kind)
    missing = np.ma.getmaskarray(given)
    values = np.ma.getdata(given)
    if values.dtype.kind == "f":
        missing = missing | np.isnan(values)
        values = np.where(missing, 0, values)
    return pa.array(values, mask=missing).cast(kind)
