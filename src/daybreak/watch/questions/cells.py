"""The sufficient statistics of a comparison: how many people are alike in group, outcomes and what is adjusted for."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
MAIN, CONTROL = "main", "control"


@dataclass(frozen=True, slots=True)
class Adjusting:
    """One confounder: the level of each cell, the levels' names, and whether it is the site."""

    name: str
    levels: tuple[str, ...]
    code: Codes


@dataclass(frozen=True)
class Cells:
    """One row for people alike. `group` is 1 in the group and 0 in the one it is compared with; an outcome is 1, 0 or
    NaN where it is not known. `site` numbers the `places`; `cluster` numbers what belongs together, or is None where
    each person stands alone.
    """

    group: Numbers
    outcomes: dict[str, Numbers]
    adjusting: tuple[Adjusting, ...]
    site: Codes
    places: tuple[str, ...]
    people: Numbers
    cluster: Codes | None = None

    def __len__(self) -> int:
        return len(self.group)

    def where(self, kept: NDArray[np.bool_]) -> "Cells":
        """Return the cells that are kept."""
        return Cells(
            group=self.group[kept],
            outcomes={name: values[kept] for name, values in self.outcomes.items()},
            adjusting=tuple(replace(each, code=each.code[kept]) for each in self.adjusting),
            site=self.site[kept],
            places=self.places,
            people=self.people[kept],
            cluster=None if self.cluster is None else self.cluster[kept],
        )

    @cached_property
    def patterns(self) -> tuple[Numbers, Codes]:
        """Return each pattern of levels that is there as one column of 0 and 1 for each level but the most frequent of
        each confounder, and the number of the pattern of each cell.
        """
        codes = np.column_stack([each.code for each in self.adjusting])
        patterns, place = np.unique(codes, axis=0, return_inverse=True)
        columns = [np.zeros((len(patterns), 0))]
        for at, each in enumerate(self.adjusting):
            sizes = np.bincount(each.code, self.people, len(each.levels))
            told = [level for level in np.flatnonzero(sizes) if level != sizes.argmax()]
            columns.append((patterns[:, at, None] == np.array(told, dtype=np.int64)).astype(np.float64))
        return np.column_stack(columns), place.reshape(-1)

    def counted(self, side: int, kept: NDArray[np.bool_] | None = None) -> int:
        """Return how many people are on one side."""
        here = self.group == side
        return int(self.people[here if kept is None else here & kept].sum())

    def by_place(self) -> dict[str, tuple[int, ...]]:
        """Return for each site how many people of the group, then of the compared, have the main outcome, do not have
        it, or are not known.
        """
        outcome = self.outcomes[MAIN]
        kinds = [
            (self.group == side) & told for side in (1, 0) for told in (outcome == 1, outcome == 0, np.isnan(outcome))
        ]
        counts = np.stack([np.bincount(self.site, self.people * each, len(self.places)) for each in kinds], axis=1)
        return {
            place: tuple(int(count) for count in row)
            for place, row in zip(self.places, counts, strict=True)
            if row.any()
        }

    def sites(self, side: int) -> int:
        """Return at how many sites people are on one side."""
        return len(np.unique(self.site[(self.group == side) & (self.people > 0)]))


def with_counterparts(cells: Cells) -> tuple[Cells, int]:
    """Return the cells whose every level is seen in both groups, and how many people were left out for it: about them
    nothing can be compared.
    """
    before = cells.people.sum()
    while True:
        kept = np.ones(len(cells), dtype=bool)
        for each in cells.adjusting:
            sizes = [np.bincount(each.code, cells.people * (cells.group == side), len(each.levels)) for side in (0, 1)]
            kept &= ((sizes[0] > 0) & (sizes[1] > 0))[each.code]
        if kept.all():
            return cells, int(before - cells.people.sum())
        cells = cells.where(kept)
