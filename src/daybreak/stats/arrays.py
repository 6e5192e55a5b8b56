"""What estimators agree on about arrays: one shape, one type, nothing that is not a number."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from daybreak.stats.estimate import ImpossibleCounts

Numbers = NDArray[np.float64]
Indices = NDArray[np.int64]


def numbers(values: ArrayLike, what: str) -> Numbers:
    """Return one-dimensional finite numbers. Raises ImpossibleCounts, naming `what`, for anything else."""
    found = np.asarray(values, dtype=np.float64)
    if found.ndim != 1:
        raise ImpossibleCounts(f"{what} is one column of numbers.")
    if not np.isfinite(found).all():
        raise ImpossibleCounts(f"{what} holds something that is not a finite number.")
    return found


def same_length(**columns: Sequence[object] | Numbers) -> None:
    """Raise ImpossibleCounts unless all columns have as many values."""
    if len({len(column) for column in columns.values()}) > 1:
        raise ImpossibleCounts(f"{', '.join(columns)} must have as many values each.")


def told(values: Iterable[float]) -> tuple[float | None, ...]:
    """Return numbers as an answer tells them: what is not finite is None."""
    return tuple(value if -np.inf < value < np.inf else None for value in values)


def totals(place: Indices, values: Numbers, size: int) -> Numbers:
    """Return the sum of the `values` at each place from 0 to `size` - 1."""
    return np.bincount(place, values, size).astype(np.float64)
