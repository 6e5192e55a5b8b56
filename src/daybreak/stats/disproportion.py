"""Reports of drugs and events: which pairs stand out from all the others of the file.

They say nothing about how often an event happens; a drug's own register answers that.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import gammaincinv

from daybreak.stats.arrays import Numbers, numbers, same_length
from daybreak.stats.estimate import ImpossibleCounts

_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Disproportion:
    """For each pair of drug and event: reports with both (`n`), those `expected` were they independent, the
    proportional reporting ratio and the reporting odds ratio with their 95 % intervals, and the information component
    with its lower 2.5 % bound. NaN where a ratio has an empty denominator.
    """

    n: Numbers
    expected: Numbers
    prr: Numbers
    prr_lower: Numbers
    prr_upper: Numbers
    ror: Numbers
    ror_lower: Numbers
    ror_upper: Numbers
    ic: Numbers
    ic025: Numbers


def disproportion(n: ArrayLike, with_drug: ArrayLike, with_event: ArrayLike, reports: float) -> Disproportion:
    """Return the figures of pairs: `n` reports with both, out of those `with_drug`, those `with_event`, and all.

    Sources: Evans SJW et al. Pharmacoepidemiol Drug Saf 2001;10:483-486 (PRR); van Puijenbroek EP et al. ibid.
    2002;11:3-10 (ROR); Norén GN et al. Stat Methods Med Res 2013;22:57-69 (IC, shrunk by a half, its bound from the
    gamma distribution). Raises ImpossibleCounts for counts that no reports could give.
    """
    a, drug, event = numbers(n, "n"), numbers(with_drug, "with drug"), numbers(with_event, "with event")
    same_length(n=a, with_drug=drug, with_event=event)
    b, c = drug - a, event - a
    d = reports - drug - c
    if (a < 0).any() or (b < 0).any() or (c < 0).any() or (d < 0).any():
        raise ImpossibleCounts("More reports hold a pair than hold its drug, its event, or anything at all.")
    expected = drug * event / reports
    with np.errstate(divide="ignore", invalid="ignore"):
        prr = (a / drug) / (c / (reports - drug))
        spread = _Z * np.sqrt(1 / a - 1 / drug + 1 / c - 1 / (reports - drug))
        ror = a * d / (b * c)
        wide = _Z * np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
        prr, ror = (np.where(np.isfinite(ratio), ratio, np.nan) for ratio in (prr, ror))
        counts, place = np.unique(a, return_inverse=True)  # many pairs, few counts: what costs is done once for each
        lower = gammaincinv(counts + 0.5, 0.025)[place] / (expected + 0.5)
        return Disproportion(
            n=a,
            expected=expected,
            prr=prr,
            prr_lower=prr * np.exp(-spread),
            prr_upper=prr * np.exp(spread),
            ror=ror,
            ror_lower=ror * np.exp(-wide),
            ror_upper=ror * np.exp(wide),
            ic=np.log2((a + 0.5) / (expected + 0.5)),
            ic025=np.log2(lower),
        )
