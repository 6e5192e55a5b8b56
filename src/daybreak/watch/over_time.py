"""A snapshot's calendar and outcomes by site, reduced and tested."""

from daybreak.register.public import Dataset, dataset
from daybreak.rulebook.public import Surveillance
from daybreak.watch.definitions import measure_of, measures, surveillance
from daybreak.watch.reductions.calendar import calendar_counts
from daybreak.watch.reductions.clustering import design_effects
from daybreak.watch.reductions.narrowing import started
from daybreak.watch.reductions.outcome import outcomes_by_mix
from daybreak.watch.rules import HEADLINE, INDUCTION_DAYS
from daybreak.watch.surveillance.charts import charts, signals
from daybreak.watch.surveillance.funnels import Funnel, funnel, harm_funnel
from daybreak.watch.surveillance.overview import OverTime

OUTCOMES = ("response", "remission")


def tested(snapshot_id: str) -> OverTime:
    """Return harm over time and sites beside one another, of an intact snapshot."""
    return of_dataset(dataset(snapshot_id), surveillance())


def of_dataset(frozen: Dataset, watched: Surveillance) -> OverTime:
    """Return the same of frozen tables."""
    manifest, counts = frozen.manifest, calendar_counts(frozen.tables)
    effects = design_effects(frozen.tables, watched.watched) if counts else {}
    every = charts(counts, watched, effects) if counts else ()
    harms = {
        each.id: harm_funnel(counts, each, watched.sureness, effect=effects[each.id]) if counts else None
        for each in watched.watched
    }
    begun = started(frozen.tables)
    treated = begun.group_by("site").agg(people=begun.person.nunique()).to_pyarrow().to_pylist()
    return OverTime(
        snapshot=manifest.id,
        fingerprint=manifest.fingerprint,
        frozen_at=manifest.created_at,
        synthetic=manifest.synthetic,
        surveillance=watched,
        last_week=counts.first_week + counts.weeks - 1 if counts else None,
        kinds=every,
        funnels={**{name: _outcome_funnel(frozen, name, watched) for name in OUTCOMES}, **harms},
        signals=signals(every),
        treated={row["site"]: int(row["people"]) for row in treated},
    )


def _outcome_funnel(frozen: Dataset, kind: str, watched: Surveillance) -> Funnel | None:
    measure = measure_of(kind, measures())
    window = next((each for each in measure.windows if each.id == HEADLINE), measure.windows[0])
    strata = outcomes_by_mix(frozen.tables, measure, window, watched.case_mix.bands_from, within_days=INDUCTION_DAYS)
    return funnel(strata, watched.sureness)
