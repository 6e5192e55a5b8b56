"""The door of the estimators."""

from daybreak.stats.estimate import Estimate, ImpossibleCounts
from daybreak.stats.proportion import proportion
from daybreak.stats.rate import rate
from daybreak.stats.survival import Curve, kaplan_meier

__all__ = ["Curve", "Estimate", "ImpossibleCounts", "kaplan_meier", "proportion", "rate"]
