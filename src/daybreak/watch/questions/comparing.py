"""Two groups beside one another: cells in, shares made alike by weights, their difference, and what else was tried."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from daybreak.rulebook.public import Question, Seen, Sensitivity
from daybreak.stats.public import (
    ImpossibleCounts,
    Score,
    Separated,
    Weighted,
    Weights,
    e_value,
    propensity,
    score_weights,
    standardised_differences,
    weighted_shares,
)
from daybreak.watch.questions.cells import CONTROL, MAIN, Cells, Numbers, with_counterparts
from daybreak.watch.questions.results import Alike, Comparison, Side, Tried, interval

# Sensitivity “trimmed”: who was almost sure to be in one group.
TRIM = 0.05
_PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class Counted:
    """The cells of a question's two groups, and everybody who is in neither."""

    cells: Cells
    eligible: int
    neither: int
    unrecorded: int
    left_out: dict[str, int]


def compared(question: Question, counted: Counted) -> tuple[Comparison, Seen]:
    """Return the comparison that a question asks for, and what the verdict is about. What cannot be worked out is None:
    a group with nobody in it, groups that can be told apart.
    """
    if question.exposure is None:
        raise ValueError(f"{question.id} compares nobody.")
    kind: Weights = "inverse" if question.method.kind == "inverse" else "overlap"
    cells, alone = with_counterparts(counted.cells) if _both(counted.cells) else (counted.cells, 0)
    cells = _clustered(question, cells)
    score, no = _scored(cells)
    main, control = (_weighted(cells, score, outcome, kind) for outcome in (MAIN, CONTROL))
    sides = [
        _side(cells, side, title, main)
        for side, title in ((1, question.exposure.group.title), (0, question.exposure.compared_with.title))
    ]
    found = Comparison(
        group=sides[0],
        compared=sides[1],
        eligible=counted.eligible,
        neither=counted.neither,
        unrecorded=counted.unrecorded,
        no_counterpart=alone,
        left_out=counted.left_out,
        difference=interval(main.difference) if main is not None else None,
        ratio=interval(main.ratio) if main is not None else None,
        e_values=e_value(main.ratio) if main is not None and main.ratio is not None else None,
        alike=_alike(cells, score, kind) if main is not None and score is not None else (),
        control=interval(control.difference) if control is not None else None,
        tried=tuple(_tried(each, cells, score, kind, main) for each in question.sensitivity)
        if main is not None
        else (),
        places=cells.by_place(),
        by_site=question.method.cluster == "site" and cells.cluster is not None,
    )
    return found, _seen(question, found, counted, cells, no)


def _both(cells: Cells) -> bool:
    return min(cells.counted(1), cells.counted(0)) > 0


def _clustered(question: Question, cells: Cells) -> Cells:
    """Return the cells without their sites as clusters where a group has too few of them: so few would make the
    interval look narrower than it is, and the verdict says that they are too few.
    """
    few = min(cells.sites(1), cells.sites(0)) < question.enough.sites_at_least
    if question.method.cluster != "site" or not few:
        return cells
    return replace(cells, cluster=None)


def _seen(question: Question, found: Comparison, counted: Counted, cells: Cells, no: str) -> Seen:
    known = counted.eligible - counted.unrecorded
    both = (found.group, found.compared)
    people = sum(side.people for side in both)
    recorded = ""
    if not counted.eligible and question.people.rows == "checks":
        recorded = "outcome"  # a check that nobody made has no row
    elif counted.eligible and not known:
        recorded = "exposure"
    elif people and all(side.missing == side.people for side in both):
        recorded = "outcome"
    return Seen(
        unrecorded=recorded,
        people=min(side.people for side in both),
        groups_empty=bool(counted.eligible) and not _both(cells),
        sites=min(side.sites for side in both),
        outcomes=min(number for side in both for number in (side.with_outcome, side.without)),
        missing_percent=_PERCENT * sum(side.missing for side in both) / people if people else 0.0,
        overlaps=no != "separated",
        largest_difference=found.largest,
        control_holds=None if found.control is None else found.control.holds_nothing,
        interval_points=found.difference.points if found.difference is not None else None,
    )


def _scored(cells: Cells) -> tuple[Score | None, str]:
    """Return the score of cells, or why there is none: nobody to compare, or groups that can be told apart."""
    if not _both(cells):
        return None, "nobody"
    try:
        return propensity(*cells.patterns, cells.group, cells.people), ""
    except Separated:
        return None, "separated"


def _weighted(cells: Cells, score: Score | None, outcome: str, kind: Weights) -> Weighted | None:
    """Return the weighted shares; None where there is no score, or an outcome that nobody in a group is known for."""
    if score is None:
        return None
    told = cells.outcomes[outcome]
    try:
        return weighted_shares(score, cells.group, told, cells.people, kind=kind, cluster=cells.cluster)
    except ImpossibleCounts:
        return None


def _side(cells: Cells, side: int, title: str, main: Weighted | None) -> Side:
    outcome = cells.outcomes[MAIN]
    share = None if main is None else (main.group if side else main.compared)
    return Side(
        title=title,
        people=cells.counted(side),
        with_outcome=cells.counted(side, outcome == 1),
        without=cells.counted(side, outcome == 0),
        missing=cells.counted(side, np.isnan(outcome)),
        sites=cells.sites(side),
        share=interval(share),
        effective=None if main is None else main.effective[0 if side else 1],
    )


def _alike(cells: Cells, score: Score, kind: Weights) -> tuple[Alike, ...]:
    """Return how alike the groups are among those whose outcome is known: they are what is compared."""
    known = cells.people * ~np.isnan(cells.outcomes[MAIN])
    weights = score_weights(score.chance, cells.group, cells.people, kind=kind)
    found = []
    for each in cells.adjusting:
        size = len(each.levels)
        place = each.code + size * (cells.group == 1)
        people = np.bincount(place, known, 2 * size)
        mean = np.divide(np.bincount(place, known * weights, 2 * size), people, out=np.ones(2 * size), where=people > 0)
        level, side = np.tile(np.arange(size), 2), np.repeat((0.0, 1.0), size)
        there = np.flatnonzero(people[:size] + people[size:])
        columns = (level[:, None] == there).astype(np.float64)
        before, after = (standardised_differences(columns, side, people, by) for by in (np.ones(2 * size), mean))
        found += [
            Alike(each.name, each.levels[at], float(apart), float(left))
            for at, apart, left in zip(there, before, after, strict=True)
        ]
    return tuple(found)


def _tried(each: Sensitivity, cells: Cells, score: Score | None, kind: Weights, main: Weighted | None) -> Tried:
    name, given, using = MAIN, cells, kind
    if each.analysis == "unadjusted":
        using = "none"
    elif each.analysis == "inverse_weights":
        using = "overlap" if kind == "inverse" else "inverse"
    elif each.analysis == "other_line":
        name = f"line_{each.line}"
    elif each.analysis == "trimmed":
        given, score = _trimmed(cells, score)
    elif each.analysis == "missing_as_no":
        given = _filled(cells, 0.0, 0.0)
    elif each.analysis == "missing_against":
        above = main is not None and main.difference.value > 0
        given = _filled(cells, 0.0 if above else 1.0, 1.0 if above else 0.0)
    found = _weighted(given, score, name, using)
    return Tried(each.analysis, each.line, None if found is None else interval(found.difference))


def _filled(cells: Cells, group: float, compared: float) -> Cells:
    """Return the cells with these outcomes where nobody knows them."""
    outcome = cells.outcomes[MAIN]
    told: Numbers = np.where(np.isnan(outcome), np.where(cells.group == 1, group, compared), outcome)
    return replace(cells, outcomes={**cells.outcomes, MAIN: told})


def _trimmed(cells: Cells, score: Score | None) -> tuple[Cells, Score | None]:
    """Return the cells without who was almost sure to be in one group, and the score of those who are left."""
    if score is None:
        return cells, None
    kept: NDArray[np.bool_] = (score.chance >= TRIM) & (score.chance <= 1 - TRIM)
    if kept.all():
        return cells, score
    left = with_counterparts(cells.where(kept))[0]
    return left, _scored(left)[0]
