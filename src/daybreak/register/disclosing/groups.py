"""Groups of people, tables of their numbers, and the groups that two tables can tell apart. Pure.

A group is said by a category for some dimensions and stands for everybody to whom these apply. A table tells the
numbers of the groups that its dimensions make within one group (`within`), with the totals of rows, of columns and of
all.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

Group = frozenset[tuple[str, str]]
EVERYBODY: Group = frozenset()


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way of telling people apart: each is in exactly one category."""

    name: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """A table that is asked for: one or two dimensions, within one group."""

    dimensions: tuple[Dimension, ...]
    within: Group = EVERYBODY

    def groups(self) -> list[Group]:
        """Return every group whose number the table tells: its cells, and the totals over each dimension."""
        choices = [[None, *dimension.categories] for dimension in self.dimensions]
        return [self.group(chosen) for chosen in product(*choices)]

    def group(self, chosen: tuple[str | None, ...]) -> Group:
        """Return the group of a cell; None for the total over a dimension."""
        pairs = zip(self.dimensions, chosen, strict=True)
        return self.within | {(dimension.name, category) for dimension, category in pairs if category is not None}

    def lines(self) -> Iterator[tuple[Group, tuple[Group, ...]]]:
        """Yield each total with the groups that add up to it: along rows and along columns, totals too."""
        for place, dimension in enumerate(self.dimensions):
            others = [[None, *other.categories] for i, other in enumerate(self.dimensions) if i != place]
            for rest in product(*others):
                parts = tuple(self.group((*rest[:place], each, *rest[place:])) for each in dimension.categories)
                yield self.group((*rest[:place], None, *rest[place:])), parts


Told = Mapping[Group, int | None]
"""The number of each group of a table; None where it is suppressed."""
