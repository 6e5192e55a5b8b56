"""Linear mixed models: effects that each group has of its own, by restricted or full maximum likelihood.

A group of rows is known by its cross-products alone. The likelihood is profiled over everything but the relative
Cholesky factor of the random effects' covariance, as in Bates D et al. J Stat Softw 2015;67(1), and climbed with its
exact slope; each step costs a few passes over the groups and none over the rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from daybreak.stats.arrays import Indices, Numbers
from daybreak.stats.cox import NothingToLearn
from daybreak.stats.linear import dependent, inverse

_STARTS = (1.0, 0.2, 3.0)
_MANY_GROUPS = 5_000
_STUCK = 1e-4


@dataclass(frozen=True, slots=True)
class GroupSums:
    """The sufficient statistics: for each group the products of its random columns with each other (`zz`, q x q x
    groups), with the fixed columns (`zx`, q x p x groups) and with the outcome (`zy`, q x groups); of all rows
    the products of fixed columns and outcome.
    """

    zz: Numbers
    zx: Numbers
    zy: Numbers
    xx: Numbers
    xy: Numbers
    yy: float
    rows: int


@dataclass(frozen=True, slots=True)
class MixedFit:
    """Fixed `coefficients` with their `covariance`; the covariance of the random effects, in which a variance may
    be 0; the residual variance. `criterion` is minus twice the (restricted) log-likelihood.
    """

    coefficients: Numbers
    covariance: Numbers
    random: Numbers
    residual: float
    criterion: float
    restricted: bool
    groups: int
    rows: int

    @property
    def standard_errors(self) -> Numbers:
        """Return the standard errors of the fixed coefficients."""
        errors: Numbers = np.sqrt(np.diag(self.covariance))
        return errors

    @property
    def is_singular(self) -> bool:
        """Return whether the random effects vary in fewer directions than they have, as a variance of 0 does."""
        spread = np.sqrt(np.maximum(np.diag(self.random), 0))
        if (spread**2 <= 1e-8 * self.residual).any():
            return True
        return bool(np.linalg.eigvalsh(self.random / np.outer(spread, spread))[0] < 1e-6)


def group_sums(outcome: Numbers, fixed: Numbers, random: Numbers, groups: Indices) -> GroupSums:
    """Return the sufficient statistics of rows: the outcome, the columns of fixed and of random effects (rows x
    columns), and the group of each row, numbered from 0.
    """
    order = np.argsort(groups, kind="stable")
    of = groups[order]
    starts = np.flatnonzero(np.concatenate(([True], of[1:] != of[:-1])))
    x, z, y = fixed[order].T.copy(), random[order].T.copy(), outcome[order]

    def summed(values: Numbers) -> Numbers:
        found: Numbers = np.add.reduceat(values, starts)
        return found

    return GroupSums(
        zz=np.stack([np.stack([summed(a * b) for b in z]) for a in z]),
        zx=np.stack([np.stack([summed(a * b) for b in x]) for a in z]),
        zy=np.stack([summed(a * y) for a in z]),
        xx=x @ x.T,
        xy=x @ y,
        yy=float(y @ y),
        rows=len(y),
    )


def mixed(sums: GroupSums, *, restricted: bool = True, names: Sequence[str] = ()) -> MixedFit:
    """Return the model of highest restricted (or full) likelihood.

    Raises NothingToLearn, naming fixed columns by `names`: for one that follows from the others, for as many rows as
    groups or fewer, and for an outcome that the fixed columns explain to the last digit.
    """
    p, q, groups = len(sums.xx), len(sums.zz), sums.zz.shape[2]
    for place in dependent(sums.xx):
        name = list(names)[place] if names else f"column {place + 1}"
        raise NothingToLearn(f"“{name}” is constant, or follows from the other terms.")
    if groups < 2 or sums.rows <= groups or sums.rows <= p + q:
        raise NothingToLearn(f"{sums.rows} rows in {groups} groups are too few to tell groups from chance.")
    if not sums.yy - sums.xy @ np.linalg.solve(sums.xx, sums.xy) > 1e-12 * sums.yy:
        raise NothingToLearn("The fixed terms explain the outcome to the last digit; nothing is left to vary.")
    scale_x, scale_z = 1 / np.sqrt(np.diag(sums.xx)), 1 / np.sqrt(np.einsum("iig->i", sums.zz) / sums.rows)
    scaled = GroupSums(
        zz=sums.zz * scale_z[:, None, None] * scale_z[None, :, None],
        zx=sums.zx * scale_z[:, None, None] * scale_x[None, :, None],
        zy=sums.zy * scale_z[:, None],
        xx=sums.xx * np.outer(scale_x, scale_x),
        xy=sums.xy * scale_x,
        yy=sums.yy,
        rows=sums.rows,
    )
    factor = _best(scaled, restricted, _STARTS if groups <= _MANY_GROUPS else _STARTS[:1])
    found = _Profile(scaled, right_of(scaled), factor, restricted)
    lengthened = 2 * float(np.log(scale_x).sum()) if restricted else 0.0
    relative = factor * scale_z[:, None]
    return MixedFit(
        coefficients=found.beta * scale_x,
        covariance=found.residual * inverse(found.xvx) * np.outer(scale_x, scale_x),
        random=found.residual * (relative @ relative.T),
        residual=found.residual,
        criterion=found.criterion - lengthened,
        restricted=restricted,
        groups=groups,
        rows=sums.rows,
    )


class _Profile:
    """The likelihood at one relative factor: the criterion, its slope, and what it implies for everything else."""

    def __init__(self, sums: GroupSums, right: Numbers, factor: Numbers, restricted: bool) -> None:
        q, p = len(factor), len(sums.xx)
        solved = np.tensordot(factor.T, right, axes=1)
        inner = [[sum(solved[i, k] * factor[k, j] for k in range(j, q)) for j in range(i + 1)] for i in range(q)]
        lower = _cholesky(inner)
        _solve(lower, solved)
        gram = sum(each @ each.T for each in solved)
        self.xvx = sums.xx - gram[q : q + p, q : q + p]
        xvy = sums.xy - gram[q : q + p, -1]
        self.beta = np.linalg.solve(self.xvx, xvy)
        left = float(sums.yy - gram[-1, -1] - xvy @ self.beta)
        freedom = sums.rows - p if restricted else sums.rows
        self.residual = left / freedom
        spread = 2 * float(sum(np.log(lower[i][i]).sum() for i in range(q)))
        self.criterion = freedom * (1 + np.log(2 * np.pi * self.residual)) + spread
        if restricted:
            self.criterion += float(np.linalg.slogdet(self.xvx)[1])
        # What Z'V⁻¹ leaves of X and y in each group: the products over all groups give the slope.
        cross = right[:, q:].copy()
        for own in solved:
            for i in range(q):
                cross[i] -= own[i] * own[q:]
        flat = cross.reshape(q * (p + 1), -1)
        products = (flat @ flat.T).reshape(q, p + 1, q, p + 1)
        weights = np.outer(off := np.append(-self.beta, 1.0), off) / self.residual
        if restricted:
            weights[:p, :p] += np.linalg.inv(self.xvx)
        self.curve = right[:, :q].sum(axis=2) - gram[:q, :q] - np.einsum("iajb,ab->ij", products, weights)
        self.slope = 2 * self.curve @ factor


def _best(sums: GroupSums, restricted: bool, starts: Sequence[float]) -> Numbers:
    """Return the relative factor of lowest criterion."""
    q, right = len(sums.zz), right_of(sums)
    places = np.tril_indices(q)
    on_diagonal = places[0] == places[1]
    bounds = [(0.0, None) if diagonal else (None, None) for diagonal in on_diagonal]

    def factor_of(values: Numbers) -> Numbers:
        factor = np.zeros((q, q))
        factor[places] = values
        return factor

    def looked_at(values: Numbers) -> tuple[float, Numbers]:
        here = _Profile(sums, right, factor_of(values), restricted)
        return here.criterion, here.slope[places]

    def climbed(start: Numbers) -> tuple[float, Numbers]:
        found = minimize(
            looked_at,
            start,
            jac=True,
            method="L-BFGS-B",
            bounds=bounds,
            options={"ftol": 1e-12, "gtol": 1e-6, "maxiter": 500},
        )
        return float(found.fun), found.x

    best = min((climbed(np.where(on_diagonal, start, 0.0)) for start in starts), key=lambda each: each[0])
    for _ in range(q):
        # At a variance of 0 the slope in its factor is 0 whatever lies beyond: look there.
        here = _Profile(sums, right, factor_of(best[1]), restricted)
        stuck = [k for k in range(q) if factor_of(best[1])[k, k] < 1e-3 and here.curve[k, k] < -_STUCK]
        if not stuck:
            break
        again = best[1].copy()
        for k in stuck:
            again[on_diagonal.nonzero()[0][k]] = 0.1
        best = min(best, climbed(again), key=lambda each: each[0])
    return factor_of(best[1])


def right_of(sums: GroupSums) -> Numbers:
    """Return the products of the random columns with themselves, the fixed columns and the outcome, side by side."""
    found: Numbers = np.concatenate((sums.zz, sums.zx, sums.zy[:, None]), axis=1)
    return found


def _cholesky(inner: list[list[Numbers]]) -> list[list[Numbers]]:
    """Return the lower factor of 1 + `inner` for every group, entry by entry."""
    lower: list[list[Numbers]] = [[] for _ in inner]
    for i, row in enumerate(inner):
        for j, entry in enumerate(row):
            rest = entry + (1.0 if i == j else 0.0)
            for k in range(j):
                rest -= lower[i][k] * lower[j][k]
            lower[i].append(np.sqrt(rest) if i == j else rest / lower[j][j])
    return lower


def _solve(lower: list[list[Numbers]], right: Numbers) -> None:
    """Put the solution of lower · solution = right in its place, for every group and column."""
    for i, row in enumerate(lower):
        for k in range(i):
            right[i] -= row[k] * right[k]
        right[i] /= row[i]
