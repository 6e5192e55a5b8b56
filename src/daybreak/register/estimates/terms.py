"""Covariates of a model: columns of numbers as they are, columns of words as one term for each but the first."""

import csv
import re
from collections.abc import Mapping, Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
import pyarrow as pa

from daybreak.register.files import File, Kind, UnusableFile, kinds_of

Column = np.ndarray
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)")


def covariates_wanted(file: File, columns: Sequence[str]) -> dict[str, tuple[str, Kind]]:
    """Return how each covariate is read, under the names `x0`, `x1` …"""
    kinds = kinds_of(file, columns)
    return {f"x{place}": (column, kinds[column]) for place, column in enumerate(columns)}


def terms_of(rows: pa.Table, wanted: Mapping[str, tuple[str, Kind]]) -> dict[str, dict[str, Column]]:
    """Return for each covariate its terms: itself, or “column=word” for each word after the first."""
    found: dict[str, dict[str, Column]] = {}
    for name, (column, kind) in wanted.items():
        if kind is not Kind.LABEL:
            found[column] = {column: numbers_of(rows, name)}
            continue
        words = np.asarray(rows[name].to_pylist())
        levels = np.unique(words)
        if len(levels) < 2:
            raise UnusableFile(f"“{column}” is the same in every row, so it cannot explain anything.")
        if all(map(_DAY.match, levels.tolist())):
            raise UnusableFile(f"“{column}” holds dates. Give the days since one of them as a number.")
        found[column] = {f"{column}={level}": (words == level).astype(np.float64) for level in levels[1:].tolist()}
    return found


def numbers_of(rows: pa.Table, name: str) -> Column:
    """Return a column of numbers."""
    return rows[name].to_numpy().astype(np.float64)


def codes_of(rows: pa.Table, name: str) -> Column:
    """Return a column of words as numbers from 0, one for each word."""
    return np.unique(np.asarray(rows[name].to_pylist()), return_inverse=True)[1]


def listed(columns: str) -> list[str]:
    """Return names that were given separated by commas; one that holds a comma stands in quotation marks. Raises
    UnusableFile where there is none.
    """
    names = [name.strip() for line in csv.reader([columns], skipinitialspace=True) for name in line if name.strip()]
    if not names:
        raise UnusableFile("Name at least one column.")
    return names


def told_terms(names: Sequence[str], estimates: Column, errors: Column, level: float) -> dict[str, dict[str, Any]]:
    """Return each term's estimate, standard error and normal interval."""
    z = NormalDist().inv_cdf((1 + level) / 2)
    return {
        name: {"estimate": value, "se": error, "lower": value - z * error, "upper": value + z * error}
        for name, value, error in zip(names, estimates.tolist(), errors.tolist(), strict=True)
    }
