"""`daybreak evidence pool`: one effect from the trials of a file."""

from collections.abc import Sequence
from dataclasses import asdict
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from daybreak.register.estimates.answer import Answer, left_out
from daybreak.register.estimates.terms import covariates_wanted, listed, numbers_of, terms_of
from daybreak.register.files import File, Kind, UnusableFile, narrowed, opened
from daybreak.stats.public import (
    ImpossibleCounts,
    Measure,
    Method,
    Pooled,
    Tables,
    egger,
    of_events,
    of_means,
    pool,
    pool_events,
    regress,
)

EVENTS = (
    ("events_1", "total_1", "events_2", "total_2"),
    ("events_treated", "total_treated", "events_control", "total_control"),
    ("ai", "n1i", "ci", "n2i"),
)
CELLS = (("ai", "bi", "ci", "di"), ("tpos", "tneg", "cpos", "cneg"))
MEANS = (
    ("mean_1", "sd_1", "n_1", "mean_2", "sd_2", "n_2"),
    ("mean_treated", "sd_treated", "n_treated", "mean_control", "sd_control", "n_control"),
    ("m1i", "sd1i", "n1i", "m2i", "sd2i", "n2i"),
)
ESTIMATES = (("estimate", "standard_error"), ("yi", "sei"), ("estimate", "se"))
VARIANCES = (("yi", "vi"),)


class Trials:
    """The trials of a file: their effects and variances, and their events where there are such."""

    def __init__(
        self, path: Path, measure: Measure, *, also: Sequence[str], by: str | None, correlation: float | None
    ) -> None:
        file = opened(path)
        columns, form = _form(file, measure)
        self.also = covariates_wanted(file, also)
        self.also |= {"by": (by, Kind.LABEL)} if by else {}
        kind = Kind.COUNT if form in (EVENTS, CELLS) else Kind.NUMBER
        wanted = {f"c{place}": (column, kind) for place, column in enumerate(columns)} | self.also
        if correlation is not None:
            wanted["crossover"] = ("crossover", Kind.EVENT)
        found = narrowed(file, wanted)
        self.rows: pa.Table = found.rows.order_by("row_of_file").to_pyarrow()
        self.left_out, self.measure, self.tables = found.left_out, measure, None
        values = [numbers_of(self.rows, f"c{place}") for place in range(len(columns))]
        paired = np.zeros(len(values[0]))
        if correlation is not None:
            paired = numbers_of(self.rows, "crossover") * correlation
        if form in (EVENTS, CELLS):
            a, b, c, d = values
            self.tables = (Tables.of if form is EVENTS else Tables.of_cells)(a, b, c, d)
            self.effects, self.variances = of_events(measure, self.tables, paired)
        elif form is MEANS:
            names = MEANS[0]
            self.effects, self.variances = of_means(
                measure, **dict(zip(names, values, strict=True)), correlation=paired
            )
        else:
            self.effects, self.variances = values[0], values[1] if form is VARIANCES else _squared(values[1])
        self.paired = bool(paired.any())

    def pooled(self, method: Method, interval: str, level: float, only: np.ndarray | slice = slice(None)) -> Pooled:
        """Return the pooled effect of all trials, or of some."""
        if method in (Method.MH, Method.PETO):
            if self.tables is None or self.paired:
                raise ImpossibleCounts(f"{method} needs the events and totals of parallel arms.")
            t = self.tables
            some = Tables(t.a[only], t.b[only], t.c[only], t.d[only])
            return pool_events(self.measure, some, method=method, interval=interval, level=level)
        y, v = self.effects[only].tolist(), self.variances[only].tolist()
        return pool(y, v, method=method, interval=interval, level=level)


def pool_file(
    path: Path,
    *,
    measure: str,
    method: str,
    interval: str = "wald",
    by: str | None = None,
    moderators: str | None = None,
    leave_one_out: bool = False,
    cumulative: str | None = None,
    asymmetry: bool = False,
    correlation: float | None = None,
    level: float = 0.95,
) -> Answer:
    """Return the pooled effect of a file's trials on its natural scale, and what else was asked.

    Raises UnusableFile where the file does not hold what was asked, ImpossibleCounts where it cannot be pooled.
    """
    how, what = Method(method), Measure(measure)
    names = listed(moderators) if moderators else []
    also = [name for name in (*names, cumulative) if name]
    trials = Trials(path, what, also=also, by=by, correlation=correlation)
    found = trials.pooled(how, interval, level)
    values: dict[str, Any] = told(found, what)
    heading = ("", "estimate", "lower", "upper", "k", "tau2", "i2 %", "prediction lower", "prediction upper")
    rows = [("pooled", *_row(values))]

    def again(label: str, only: np.ndarray) -> dict[str, Any]:
        each = told(trials.pooled(how, interval, level, only), what)
        rows.append((label, *_row(each)))
        return each

    place = np.arange(found.k)
    if by:
        key = trials.rows["by"].to_pylist()
        groups = sorted(set(key), key=str)
        parts = {str(group): again(f"{by}: {group}", np.array([k == group for k in key])) for group in groups}
        values["subgroups"] = parts
    if leave_one_out:
        values["leave_one_out"] = [again(f"without trial {out + 1}", place != out) for out in place if found.k > 1]
    if cumulative:
        order = np.argsort(np.asarray(trials.rows[_name(trials, cumulative)].to_pylist()), kind="stable")
        fewest = 1 if interval == "wald" else 2
        values["cumulative"] = [again(f"first {n}", order[:n]) for n in range(fewest, found.k + 1)]
    if asymmetry:
        values["egger"] = asdict(egger(trials.effects.tolist(), trials.variances.tolist()))
    if names:
        values["moderators"] = _regressed(trials, names, how, interval, level)
        terms = values["moderators"]["terms"].items()
        rows += [(f"  {name}", t["estimate"], t["lower"], t["upper"], *[None] * 5) for name, t in terms]
    return Answer(values, heading, tuple(rows), _notes(values, trials, by, found))


def told(found: Pooled, measure: Measure) -> dict[str, Any]:
    """Return a pooled effect on the natural scale: ratios are no longer logarithms."""
    back = _ratio if measure.is_ratio else float
    natural = {
        name: None if (value := getattr(found, name)) is None else back(value)
        for name in ("estimate", "lower", "upper", "prediction_lower", "prediction_upper")
    }
    same = {name: value for name, value in asdict(found).items() if name not in natural}
    return natural | same | {"method": str(found.method)}


def _ratio(logarithm: float) -> float:
    try:
        return exp(logarithm)
    except OverflowError as no:
        raise ImpossibleCounts("The ratio is too large to be written. Are the estimates its logarithms?") from no


def _squared(errors: np.ndarray) -> np.ndarray:
    if (errors <= 0).any():
        raise ImpossibleCounts(f"Trial {int(np.argmax(errors <= 0)) + 1}: a standard error lies above 0.")
    return errors**2


def _form(file: File, measure: Measure) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    """Return the columns that carry the trials' results, and which form they have."""
    forms = (EVENTS, CELLS) if measure.is_of_events else (MEANS,)
    for form in (*forms, VARIANCES, ESTIMATES):
        for columns in form:
            if set(columns) <= set(file.columns):
                return columns, form
    first = EVENTS[0] if measure.is_of_events else MEANS[0]
    raise UnusableFile(
        f"{measure} needs the columns {', '.join(first)}, or estimate, standard_error; “{file.path.name}” has "
        f"{', '.join(file.columns[:20])}."
    )


def _name(trials: Trials, column: str) -> str:
    return next(name for name, (there, _) in trials.also.items() if there == column and name != "by")


def _row(each: dict[str, Any]) -> tuple[Any, ...]:
    shown = ("estimate", "lower", "upper", "k", "tau2", "i2", "prediction_lower", "prediction_upper")
    return tuple(each[name] for name in shown)


def _regressed(trials: Trials, names: list[str], method: Method, interval: str, level: float) -> dict[str, Any]:
    if method in (Method.MH, Method.PETO):
        raise ImpossibleCounts(f"{method} knows no moderators; ask FE, DL, PM or REML.")
    asked = {name: kind for name, kind in trials.also.items() if kind[0] in names and name != "by"}
    terms = {name: column for each in terms_of(trials.rows, asked).values() for name, column in each.items()}
    design = np.stack([np.ones(len(trials.effects)), *terms.values()], axis=1)
    fit = regress(
        trials.effects.tolist(), trials.variances.tolist(), design, method=method, interval=interval, level=level
    )
    lines = zip(("intercept", *terms), fit.coefficients, fit.standard_errors, fit.lower, fit.upper, fit.p, strict=True)
    return {
        "terms": {n: {"estimate": b, "se": e, "lower": low, "upper": high, "p": p} for n, b, e, low, high, p in lines},
        "tau2": fit.tau2,
        "residual_q": fit.residual_q,
        "residual_p": fit.residual_p,
        "statistic": fit.moderators_statistic,
        "p": fit.moderators_p,
    }


def _notes(values: dict[str, Any], trials: Trials, by: str | None, found: Pooled) -> tuple[str, ...]:
    trials_told = "1 trial" if found.k == 1 else f"{found.k} trials"
    notes = [f"{trials_told}, Q {found.q:.4g} on {found.q_freedom}.", *left_out(trials.left_out)]
    if by and len(values["subgroups"]) == 1:
        notes.append(f"“{by}” holds one group only, so there is nothing to compare.")
    if trials.tables is not None:
        halved = int((trials.tables.halved().a != trials.tables.a).sum())
        if halved and found.method not in (Method.MH, Method.PETO):
            notes.append(f"A half was added to each cell of {halved} of the tables, because they hold a 0.")
        if empty := int(trials.tables.with_empty_arm().sum()):
            notes.append(f"{empty} of the tables {'has' if empty == 1 else 'have'} an arm with nobody in it.")
    if "egger" in values:
        notes.append(f"Egger's test: t {values['egger']['t']:.4g}, p {values['egger']['p']:.4g}.")
    if "moderators" in values and trials.measure.is_ratio:
        notes.append("Coefficients of moderators are differences of logarithms.")
    return tuple(notes)
