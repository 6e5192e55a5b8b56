"""`daybreak estimate cox`: proportional hazards."""

from math import exp
from pathlib import Path

import numpy as np

from daybreak.register.estimates.answer import Answer, left_out
from daybreak.register.estimates.survival import refuse_late_entry
from daybreak.register.estimates.terms import (
    codes_of,
    covariates_wanted,
    listed,
    numbers_of,
    terms_of,
    told_terms,
)
from daybreak.register.files import Kind, narrowed, opened
from daybreak.stats.public import cox as fitted


def cox(
    path: Path,
    *,
    time: str,
    event: str,
    covariates: str,
    entry: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    level: float = 0.95,
) -> Answer:
    """Return the logarithm of the hazard ratio for each covariate, Efron's ties, from the rows of a file.

    Raises UnusableFile where the file does not hold what was asked, NothingToLearn where it cannot answer.
    """
    file = opened(path)
    asked = covariates_wanted(file, listed(covariates))
    wanted = {"time": (time, Kind.TIME), "event": (event, Kind.EVENT), **asked}
    wanted |= {"entry": (entry, Kind.TIME)} if entry else {}
    labels = {"strata": strata, "cluster": cluster}
    wanted |= {name: (column, Kind.LABEL) for name, column in labels.items() if column}
    found = narrowed(file, wanted)
    if entry:
        refuse_late_entry(found, entry=entry, time=time)
    rows = found.rows.to_pyarrow()
    terms = {name: column for each in terms_of(rows, asked).values() for name, column in each.items()}
    fit = fitted(
        numbers_of(rows, "time"),
        numbers_of(rows, "event"),
        np.stack(list(terms.values()), axis=1),
        entry=numbers_of(rows, "entry") if entry else None,
        strata=codes_of(rows, "strata") if strata else None,
        clusters=codes_of(rows, "cluster") if cluster else None,
        names=list(terms),
    )
    told = told_terms(list(terms), fit.coefficients, fit.standard_errors, level)
    for term in told.values():
        term |= {"hazard_ratio": exp(term["estimate"])}
    values = {
        "terms": told,
        "criterion": -2 * fit.log_likelihood,
        "log_likelihood": fit.log_likelihood,
        "log_likelihood_without": fit.log_likelihood_without,
        "rows": fit.rows,
        "events": fit.events,
        "robust": fit.robust is not None,
        "level": level,
    }
    heading = ("term", "estimate", "se", "lower", "upper", "hazard ratio", "lower", "upper")
    shown = tuple(
        (n, t["estimate"], t["se"], t["lower"], t["upper"], t["hazard_ratio"], exp(t["lower"]), exp(t["upper"]))
        for n, t in told.items()
    )
    errors = "allow for clusters" if cluster else "are those of the information"
    return Answer(
        values,
        heading,
        shown,
        (f"{fit.rows:,} rows, {fit.events:,} events; the errors {errors}.", *left_out(found.left_out)),
    )
