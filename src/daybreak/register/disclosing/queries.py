"""Reads of the tables that are told to anybody."""

from dataclasses import dataclass
from datetime import datetime

from daybreak.register.disclosing.actions import groups_of
from daybreak.register.disclosing.counting import ELSE
from daybreak.register.disclosing.groups import Group
from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.models import PublicTable
from daybreak.rulebook.public import Disclosure, Telling

Rows = tuple[tuple[str, tuple[int | None, ...]], ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A table as it is told: its heads, its rows (the last is the total), and why a newer one is not told. Numbers are
    rounded, and None where they are suppressed; `rows` is empty where none was ever told.
    """

    id: str
    title: str
    by: str
    heads: tuple[str, ...]
    rows: Rows
    frozen_at: datetime | None
    synthetic: bool
    refused: str


def tables_told(*, synthetic: bool) -> list[Shown]:
    """Return each table of the policy as it was told last, of synthetic or of real people."""
    policy = disclosure_policy()
    found = []
    for wanted in policy.tables:
        made = list(
            PublicTable.objects.filter(table=wanted.id, snapshot__synthetic=synthetic)
            .select_related("snapshot").order_by("-made_at", "-id")[:50]
        )  # fmt: skip
        told = next((each for each in made if not each.refused), None)
        refused = made[0].refused if made else ""
        tellings = [next(each for each in policy.telling if each.id == name) for name in wanted.by]
        heads, rows = _without_empty_else(_heads(tellings), _rows(groups_of(told), tellings) if told else ())
        found.append(
            Shown(wanted.id, wanted.title, tellings[0].title, heads, rows, told.snapshot.created_at if told else None,
                  synthetic, refused)
        )  # fmt: skip
    return found


def policy_told() -> Disclosure:
    """Return the policy by which they are told."""
    return disclosure_policy()


def _heads(tellings: list[Telling]) -> tuple[str, ...]:
    return (*(head for _, head in _choices(tellings[1])), "") if len(tellings) > 1 else ("",)


def _without_empty_else(heads: tuple[str, ...], rows: Rows) -> tuple[tuple[str, ...], Rows]:
    """Leave the column of whoever fits no category out, where nobody is in it: it stands before the total."""
    if len(heads) == 1 or any(numbers[-2] != 0 for _, numbers in rows):
        return heads, rows
    return (*heads[:-2], heads[-1]), tuple((name, (*numbers[:-2], numbers[-1])) for name, numbers in rows)


def _rows(cells: dict[Group, int | None], tellings: list[Telling]) -> Rows:
    """Return a row for each category that anybody is in, and the total; an empty name stands for a total."""
    first = tellings[0]
    columns = [*(_choices(tellings[1]) if len(tellings) > 1 else ()), (None, "")]
    rows = []
    for category, name in [*_choices(first), (None, "")]:
        numbers = tuple(cells.get(_group((first, category), (tellings[-1], other))) for other, _ in columns)
        if category != ELSE or any(number != 0 for number in numbers):
            rows.append((name, numbers))
    return tuple(rows)


def _group(*chosen: tuple[Telling, str | None]) -> Group:
    return frozenset((telling.id, category) for telling, category in chosen if category is not None)


def _choices(telling: Telling) -> list[tuple[str, str]]:
    """Return the categories with their words; a band as “40 to 59”, the last as “60 and more”."""
    if telling.words:
        return [*telling.words.items(), (ELSE, "not known or else")]
    starts = list(telling.bands_from)
    ends = [*(start - 1 for start in starts[1:]), None]
    named = [
        (str(start), f"{start} and more" if end is None else str(start) if start == end else f"{start} to {end}")
        for start, end in zip(starts, ends, strict=True)
    ]
    return [*named, (ELSE, "not known")]
