"""`daybreak estimate mixed`: outcomes over time, each group with a course of its own."""

import re
from itertools import combinations
from pathlib import Path

import numpy as np

from daybreak.register.estimates.answer import Answer, left_out
from daybreak.register.estimates.terms import codes_of, covariates_wanted, numbers_of, terms_of, told_terms
from daybreak.register.files import Kind, UnusableFile, narrowed, opened
from daybreak.stats.public import group_sums
from daybreak.stats.public import mixed as fitted

INTERCEPT = "(Intercept)"
Parts = tuple[str, ...]


def mixed(path: Path, *, outcome: str, fixed: str, random: str, restricted: bool = True, level: float = 0.95) -> Answer:
    """Return the linear mixed model of the rows of a file, by restricted or full maximum likelihood.

    `fixed` is such as `day*arm` or `day + arm + day:arm`, `random` such as `day|person` or `1|person`. Raises
    UnusableFile where the file does not hold what was asked, NothingToLearn where it cannot answer.
    """
    within, group = _split(random)
    constant, parts = _parts(fixed)
    constant_within, parts_within = _parts(within)
    file = opened(path)
    asked = covariates_wanted(file, sorted({name for each in (*parts, *parts_within) for name in each}))
    wanted = {"outcome": (outcome, Kind.NUMBER), "group": (group, Kind.LABEL), **asked}
    found = narrowed(file, wanted)
    rows = found.rows.to_pyarrow()
    columns = terms_of(rows, asked)
    x, z = (
        _design(columns, constant, parts, rows.num_rows),
        _design(columns, constant_within, parts_within, rows.num_rows),
    )
    sums = group_sums(
        numbers_of(rows, "outcome"),
        np.stack(list(x.values()), axis=1),
        np.stack(list(z.values()), axis=1),
        codes_of(rows, "group"),
    )
    fit = fitted(sums, restricted=restricted, names=list(x))
    variances = dict(zip(z, np.diag(fit.random).tolist(), strict=True))
    for (i, one), (j, other) in combinations(enumerate(z), 2):
        variances[f"{one},{other}"] = float(fit.random[i, j])
    variances["residual"] = fit.residual
    told = told_terms(list(x), fit.coefficients, fit.standard_errors, level)
    notes = [
        f"{fit.rows:,} rows in {fit.groups:,} groups; {'REML' if restricted else 'ML'} criterion {fit.criterion:.6g}."
    ]
    notes += [f"Variance {name}: {value:.5g}" for name, value in variances.items()]
    if fit.is_singular:
        notes.append("A variance between groups is 0, or their effects move together: the data do not tell them apart.")
    values = {
        "terms": told,
        "criterion": fit.criterion,
        "variances": variances,
        "restricted": restricted,
        "singular": fit.is_singular,
        "rows": fit.rows,
        "groups": fit.groups,
        "level": level,
    }
    shown = tuple((name, t["estimate"], t["se"], t["lower"], t["upper"]) for name, t in told.items())
    return Answer(values, ("term", "estimate", "se", "lower", "upper"), shown, (*notes, *left_out(found.left_out)))


def _split(random: str) -> tuple[str, str]:
    inside = random.strip().removeprefix("(").removesuffix(")")
    if inside.count("|") != 1 or not all(part.strip() for part in inside.split("|")):
        raise UnusableFile(f"“{random}” is not such as “day|person” (a line for each person) or “1|person” (a level).")
    within, group = inside.split("|")
    return within, group.strip()


def _parts(formula: str) -> tuple[bool, list[Parts]]:
    """Return whether there is an intercept, and the terms: a column each, or columns whose product is a term."""
    constant, found = True, list[Parts]()
    for word in re.sub(r"-\s*1\b", "+0", formula).split("+"):
        term = word.strip()
        if term in ("0", "1"):
            constant = term == "1"
            continue
        pieces = [piece.strip() for piece in re.split(r"[*:]", term)]
        if not all(pieces):
            raise UnusableFile(f"“{formula}” is not such as “day*arm”, “day + arm” or “day:arm”.")
        sizes = range(1, len(pieces) + 1) if "*" in term else (len(pieces),)
        found += [part for size in sizes for part in combinations(pieces, size) if part not in found]
    return constant, sorted(found, key=len)


def _design(
    columns: dict[str, dict[str, np.ndarray]], constant: bool, parts: list[Parts], rows: int
) -> dict[str, np.ndarray]:
    design = {INTERCEPT: np.ones(rows)} if constant else {}
    for part in parts:
        product: dict[str, np.ndarray] = {"": np.ones(rows)}
        for name in part:
            product = {
                f"{before}:{term}".strip(":"): values * column
                for before, values in product.items()
                for term, column in columns[name].items()
            }
        design |= product
    if not design:
        raise UnusableFile("A model needs at least one term, such as “1”.")
    return design
