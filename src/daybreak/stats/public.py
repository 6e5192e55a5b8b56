"""The door of the estimators.

Those that search for a maximum or need special functions take a second to load, so they are loaded when the first
one is asked for.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from daybreak.stats.estimate import Estimate, ImpossibleCounts
from daybreak.stats.proportion import proportion
from daybreak.stats.rate import Band, piecewise_rates, rate

if TYPE_CHECKING:
    from daybreak.stats.clustering import design_effect, spread_between
    from daybreak.stats.competing import Incidence, cumulative_incidence
    from daybreak.stats.cox import CoxFit, NothingToLearn, cox
    from daybreak.stats.disproportion import Disproportion, disproportion
    from daybreak.stats.effects import Measure, Tables, of_events, of_means
    from daybreak.stats.event_table import EventTable, event_table
    from daybreak.stats.exact import exact_proportion
    from daybreak.stats.interval_censored import IntervalCurve, turnbull
    from daybreak.stats.logistic import Logistic, Separated, logistic
    from daybreak.stats.mixed import GroupSums, MixedFit, group_sums, mixed
    from daybreak.stats.monitoring import (
        Limits,
        Sequential,
        binomial_limits,
        maximised_ratio,
        maxsprt_critical_value,
        poisson_limits,
        risk_adjusted_cusum,
        sequential_probability_ratio,
    )
    from daybreak.stats.pooling import Asymmetry, Method, Pooled, Regression, egger, pool, pool_events, regress
    from daybreak.stats.shrinkage import Prior, Shrunk, fitted_prior, shrunk
    from daybreak.stats.survival import Curve, Mean, curve_of, kaplan_meier, restricted_mean
    from daybreak.stats.weekly import (
        NEVER,
        conditional_critical_value,
        cusum_path,
        first_reached,
        maximised_path,
        weekly_scores,
        weekly_threshold,
    )
    from daybreak.stats.weighting import (
        Effect,
        Score,
        Weighted,
        Weights,
        e_value,
        propensity,
        score_weights,
        standardised_differences,
        weighted_shares,
    )

__all__ = [
    "NEVER",
    "Asymmetry",
    "Band",
    "CoxFit",
    "Curve",
    "Disproportion",
    "Effect",
    "Estimate",
    "EventTable",
    "GroupSums",
    "ImpossibleCounts",
    "Incidence",
    "IntervalCurve",
    "Limits",
    "Logistic",
    "Mean",
    "Measure",
    "Method",
    "MixedFit",
    "NothingToLearn",
    "Pooled",
    "Prior",
    "Regression",
    "Score",
    "Separated",
    "Sequential",
    "Shrunk",
    "Tables",
    "Weighted",
    "Weights",
    "binomial_limits",
    "conditional_critical_value",
    "cox",
    "cumulative_incidence",
    "curve_of",
    "cusum_path",
    "design_effect",
    "disproportion",
    "e_value",
    "egger",
    "event_table",
    "exact_proportion",
    "first_reached",
    "fitted_prior",
    "group_sums",
    "kaplan_meier",
    "logistic",
    "maximised_path",
    "maximised_ratio",
    "maxsprt_critical_value",
    "mixed",
    "of_events",
    "of_means",
    "piecewise_rates",
    "poisson_limits",
    "pool",
    "pool_events",
    "propensity",
    "proportion",
    "rate",
    "regress",
    "restricted_mean",
    "risk_adjusted_cusum",
    "score_weights",
    "sequential_probability_ratio",
    "shrunk",
    "spread_between",
    "standardised_differences",
    "turnbull",
    "weekly_scores",
    "weekly_threshold",
    "weighted_shares",
]

_LATER = {
    "clustering": ("design_effect", "spread_between"),
    "competing": ("Incidence", "cumulative_incidence"),
    "cox": ("CoxFit", "NothingToLearn", "cox"),
    "disproportion": ("Disproportion", "disproportion"),
    "exact": ("exact_proportion",),
    "effects": ("Measure", "Tables", "of_events", "of_means"),
    "event_table": ("EventTable", "event_table"),
    "interval_censored": ("IntervalCurve", "turnbull"),
    "logistic": ("Logistic", "Separated", "logistic"),
    "mixed": ("GroupSums", "MixedFit", "group_sums", "mixed"),
    "monitoring": (
        "Limits",
        "Sequential",
        "binomial_limits",
        "maximised_ratio",
        "maxsprt_critical_value",
        "poisson_limits",
        "risk_adjusted_cusum",
        "sequential_probability_ratio",
    ),
    "pooling": ("Asymmetry", "Method", "Pooled", "Regression", "egger", "pool", "pool_events", "regress"),
    "shrinkage": ("Prior", "Shrunk", "fitted_prior", "shrunk"),
    "survival": ("Curve", "Mean", "curve_of", "kaplan_meier", "restricted_mean"),
    "weekly": (
        "NEVER",
        "conditional_critical_value",
        "cusum_path",
        "first_reached",
        "maximised_path",
        "weekly_scores",
        "weekly_threshold",
    ),
    "weighting": (
        "Effect",
        "Score",
        "Weighted",
        "Weights",
        "e_value",
        "propensity",
        "score_weights",
        "standardised_differences",
        "weighted_shares",
    ),
}


def __getattr__(name: str) -> Any:
    """Load the module of an estimator when its name is first asked for."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"daybreak.stats.{module}"), name)
    raise AttributeError(f"The door of the estimators has no {name!r}.")
