"""`daybreak estimate signals` and `daybreak estimate funnel`."""

from math import isfinite
from pathlib import Path
from typing import Any

from daybreak.register.estimates.answer import Answer, left_out
from daybreak.register.files import Kind, UnusableFile, narrowed, opened
from daybreak.register.reductions.pairs import pairs
from daybreak.stats.public import disproportion, fitted_prior, poisson_limits, shrunk

FEWEST_PAIRS = 10
SHOWN = 20
WIDE, FAR = 0.95, 0.998


def signals(path: Path, *, report: str, drug: str, event: str) -> Answer:
    """Return the figures of every pair of drug and event that a file of reports holds, the strongest first.

    Raises UnusableFile where the file does not hold what was asked.
    """
    wanted = {"report": (report, Kind.LABEL), "drug": (drug, Kind.LABEL), "event": (event, Kind.LABEL)}
    found = narrowed(opened(path), wanted)
    counted = pairs(found.rows)
    if len(set(counted.drug)) < 2:
        raise UnusableFile(f"“{drug}” holds one drug only, so there is nothing to compare it with.")
    if len(set(counted.event)) < 2:
        raise UnusableFile(f"“{event}” holds one event only, so there is nothing to compare it with.")
    ratio = disproportion(counted.n, counted.with_drug, counted.with_event, counted.reports)
    columns: dict[str, list[Any]] = {"drug": counted.drug, "event": counted.event, "n": counted.n.tolist()}
    columns |= {name: getattr(ratio, name).tolist() for name in ("expected", "prr", "prr_lower", "prr_upper", "ror")}
    columns |= {name: getattr(ratio, name).tolist() for name in ("ror_lower", "ror_upper")}
    prior: dict[str, float] | None = None
    nothing = [None] * len(counted.drug)
    columns |= {"ebgm": nothing, "eb05": nothing, "eb95": nothing}
    notes = list(left_out(found.left_out))
    if len(counted.drug) >= FEWEST_PAIRS:
        learned = fitted_prior(ratio.n, ratio.expected)
        after = shrunk(ratio.n, ratio.expected, learned)
        columns |= {name: getattr(after, name).tolist() for name in ("ebgm", "eb05", "eb95")}
        prior = {name: getattr(learned, name) for name in ("shape_1", "rate_1", "shape_2", "rate_2", "share")}
    else:
        notes.append(f"Fewer than {FEWEST_PAIRS} pairs: there is too little to learn a prior from, so no EBGM.")
    columns |= {"ic": ratio.ic.tolist(), "ic025": ratio.ic025.tolist()}
    told = [_row(dict(zip(columns, values, strict=True))) for values in zip(*columns.values(), strict=True)]
    told.sort(key=lambda row: (-(row["eb05"] or row["ic025"]), row["drug"], row["event"]))
    notes.append(
        f"{counted.reports:,} reports, {len(told):,} pairs. Reports say what was reported, not how often it happens."
    )
    if len(told) > SHOWN:
        notes.append(f"The strongest {SHOWN} are shown; --json has all.")
    names = ("n", "expected", "prr", "ror", "ebgm", "eb05", "eb95", "ic", "ic025")
    shown = tuple((f"{row['drug']}: {row['event']}", *(row[name] for name in names)) for row in told[:SHOWN])
    return Answer({"rows": told, "reports": counted.reports, "prior": prior}, ("", *names), shown, tuple(notes))


def funnel(path: Path, *, site: str, observed: str, expected: str) -> Answer:
    """Return observed over expected for each site of a file, with exact limits around 1 at 95 % and 99.8 %.

    Raises UnusableFile where the file does not hold what was asked, and for a site where nothing was expected.
    """
    wanted = {"site": (site, Kind.LABEL), "observed": (observed, Kind.COUNT), "expected": (expected, Kind.TIME)}
    found = narrowed(opened(path), wanted)
    table = found.rows.group_by("site").agg(observed=found.rows.observed.sum(), expected=found.rows.expected.sum())
    told = []
    for row in table.order_by("site").to_pyarrow().to_pylist():
        if not row["expected"] > 0:
            raise UnusableFile(f"Nothing was expected at “{row['site']}”, so nothing can be compared with it.")
        near, far = (poisson_limits(row["observed"], row["expected"], level=level) for level in (WIDE, FAR))
        ratio = row["observed"] / row["expected"]
        outside = next(
            (name for name, at in (("99.8 %", far), ("95 %", near)) if not at.lower <= ratio <= at.upper), None
        )
        told.append(
            {
                **row,
                "ratio": ratio,
                "lower_95": near.lower,
                "upper_95": near.upper,
                "lower_998": far.lower,
                "upper_998": far.upper,
                "mid_p": near.mid_p,
                "outside": outside,
            }
        )
    heading = ("site", "observed", "expected", "ratio", "95 %", "", "99.8 %", "", "mid-P", "outside")
    notes = [
        *left_out(found.left_out),
        "Limits are exact Poisson, interpolated between whole events; sites are not ranked.",
    ]
    if len(told) == 1:
        notes.append(f"“{site}” holds one site only, so there is no funnel to compare it with.")
    return Answer({"rows": told}, heading, tuple(tuple(row.values()) for row in told), tuple(notes))


def _row(row: dict[str, Any]) -> dict[str, Any]:
    return {name: None if isinstance(v, float) and not isfinite(v) else v for name, v in row.items()}
