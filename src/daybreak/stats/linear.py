"""What estimators ask of small symmetric matrices."""

from collections.abc import Iterator

import numpy as np

from daybreak.stats.arrays import Numbers

_DEPENDENT = 1e-10


def inverse(matrix: Numbers) -> Numbers:
    """Return the inverse of a positive definite matrix, symmetric to the last digit."""
    found = np.linalg.inv(matrix)
    symmetric: Numbers = (found + found.T) / 2
    return symmetric


def dependent(matrix: Numbers) -> Iterator[int]:
    """Yield the columns of a matrix of cross-products that follow from those before them."""
    kept: list[int] = []
    for column in range(len(matrix)):
        own = matrix[column, column]
        rest = own
        if kept and own > 0:
            among = matrix[np.ix_(kept, kept)]
            with_kept = matrix[kept, column]
            rest = own - with_kept @ np.linalg.solve(among, with_kept)
        if not rest > _DEPENDENT * max(own, 1e-300) or own <= 0:
            yield column
        else:
            kept.append(column)
