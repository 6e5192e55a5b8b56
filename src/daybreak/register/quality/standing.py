"""How a site stands by a check: enough or not, against the snapshot before and the other clinics. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

from daybreak.register.disclosing.policy import disclosure_policy
from daybreak.register.disclosure import FEWEST
from daybreak.rulebook.public import DIMENSIONS, Quality, QualityCheck, rounded
from daybreak.stats.public import Estimate, proportion

if TYPE_CHECKING:
    from daybreak.register.quality.counting import Counts

# From how many other clinics on a median is told: of fewer, each could work out the other's.
FEWEST_OTHERS = 3
ByCheck = Mapping[str, Mapping[str, "Counts"]]


@dataclass(frozen=True, slots=True)
class Standing:
    """One check at one site. `share` is what is well, with Wilson's interval; `before` the share in the earlier
    snapshot; `others` the median of the other clinics in per cent, where it may be told.
    """

    check: QualityCheck
    share: Estimate
    before: float | None = None
    others: int | None = None

    @property
    def asked(self) -> bool:
        """Return whether there was anything to ask."""
        return self.share.value is not None

    @property
    def failing(self) -> int:
        """Return how many are not well."""
        return int(self.share.denominator) - self.share.events

    @property
    def enough(self) -> bool:
        """Return whether what is well is enough; where nothing was asked, nothing is wrong."""
        value = self.share.value
        return value is None or self.share.events * 100 >= self.check.enough_percent * int(self.share.denominator)

    @property
    def change(self) -> int | None:
        """Return by how many points of per cent the share has risen since the snapshot before."""
        if self.before is None or self.share.value is None:
            return None
        return round(100 * self.share.value) - round(100 * self.before)


def standings(quality: Quality, found: ByCheck, site: str, *, earlier: ByCheck | None = None) -> tuple[Standing, ...]:
    """This function will say how a site stands by every check, by dimension in their order."""
    made = [
        _standing(check, found.get(check.id, {}), site, (earlier or {}).get(check.id, {})) for check in quality.checks
    ]
    return tuple(sorted(made, key=lambda each: DIMENSIONS.index(each.check.dimension)))


def _standing(check: QualityCheck, here: Mapping[str, "Counts"], site: str, before: Mapping[str, "Counts"]) -> Standing:
    mine, then = here.get(site), before.get(site)
    return Standing(
        check=check,
        share=proportion(mine.well, mine.of) if mine else proportion(0, 0),
        before=then.well / then.of if then else None,
        others=median_of_others(here, site),
    )


def median_of_others(here: Mapping[str, "Counts"], site: str) -> int | None:
    """Return the median share of the other clinics in per cent, told so that it points at none of them: only of
    clinics with enough people, only where there are enough such clinics, and rounded as numbers of people are. Of an
    odd number of clinics it is the share of one of them, which is not named.
    """
    shares = [100 * each.well / each.of for code, each in here.items() if code != site and each.people >= FEWEST]
    if len(shares) < FEWEST_OTHERS:
        return None
    return min(100, rounded(disclosure_policy(), round(median(shares))))
