"""The register's own figures beside those of the published trials, for one outcome at one time: two rooms, one look."""

from dataclasses import dataclass

from daybreak.evidence.public import NotPooled, TrialShare, pooled_words_of, shares_of
from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.register.public import NotIntact
from daybreak.stats.public import Estimate
from daybreak.watch.public import NOTHING, Monitor, NothingFrozen, OutcomeFigure, hidden_from, monitor, newest

# Windows of the trials (after the first dose) and of the register's measures (after induction), as near as they come.
WINDOWS = {"day": "day_after", "week": "week_after", "month": "four_weeks_after"}
OUTCOMES = ("response", "remission")


@dataclass(frozen=True, slots=True)
class Own:
    """A share of the register: of all sites (`site` empty) or of the own one; None where it may not be shown."""

    site: str
    share: Estimate | None


@dataclass(frozen=True, slots=True)
class Beside:
    """What stands side by side. `problem` says why the register has no figures, where it has none."""

    own: tuple[Own, ...]
    measure: str
    frozen_at: str
    trials: tuple[TrialShare, ...]
    pooled: str
    problem: str = ""


def beside(scope: Scope, *, outcome: str, window: str) -> Beside:
    """Return the register's share of people with the outcome, and each trial's, as the policy of small groups lets the
    site see them.
    """
    trials = tuple(shares_of(outcome, window))
    try:
        pooled = pooled_words_of(outcome, window, "placebo", "OR")
    except NotPooled:
        pooled = ""
    try:
        whole, own, hidden = _seen(scope)
    except (NothingFrozen, NotIntact) as no:
        return Beside((), "", "", trials, pooled, str(no))
    name = f"{outcome}/{WINDOWS[window]}"
    shares = [Own("", None if name in hidden else _share(_figure(whole, outcome), window))]
    if own is not None:
        shares.append(Own(own.site or "", _share(_figure(own, outcome), window)))
    return Beside(tuple(shares), _figure(whole, outcome).definition.title, whole.frozen_at, trials, pooled)


def _seen(scope: Scope) -> tuple[Monitor, Monitor | None, frozenset[str]]:
    """Return the newest snapshot's figures of all sites, those of the own clinic, and what stays hidden from it."""
    here = site_named(scope.site)
    whole = monitor(newest(synthetic=here is not None and here.synthetic))
    if here is None or here.kind == "centre":
        return whole, None, NOTHING
    own = monitor(whole.snapshot, site=here.code)
    return whole, own, hidden_from(whole, own)


def _figure(found: Monitor, outcome: str) -> OutcomeFigure:
    return found.response if outcome == "response" else found.remission


def _share(figure: OutcomeFigure, window: str) -> Estimate | None:
    return next((each.share for each in figure.windows if each.window == WINDOWS[window]), None)
