"""A snapshot, reduced to sufficient statistics and estimated: the two steps of every figure."""

from daybreak.register.public import Dataset
from daybreak.rulebook.public import Measure
from daybreak.watch.definitions import measure_of, measures
from daybreak.watch.reductions.exposure import exposure
from daybreak.watch.reductions.harm import harm
from daybreak.watch.reductions.narrowing import Tables, of_site
from daybreak.watch.reductions.outcome import outcome_counts
from daybreak.watch.reductions.relapse import relapse_counts
from daybreak.watch.rules import (
    INDUCTION_DAYS,
    Monitor,
    OutcomeFigure,
    harm_figure,
    named,
    relapse_figure,
    window_outcome,
)


def computed(snapshot_id: str, site: str | None) -> Monitor:
    """Return every figure of an intact snapshot, of one site or of all."""
    from daybreak.register.public import dataset  # here: what is given as a folder is computed without a database

    return of_dataset(dataset(snapshot_id), site, measures())


def of_dataset(frozen: Dataset, site: str | None, among: tuple[Measure, ...]) -> Monitor:
    """Return every figure of frozen tables, by the measures given. Raises NoMeasure where one of the three
    outcomes is not defined.
    """
    tables, manifest = of_site(frozen.tables, site), frozen.manifest
    relapse = measure_of("first_observed_relapse", among)
    return Monitor(
        snapshot=manifest.id,
        fingerprint=manifest.fingerprint,
        frozen_at=manifest.created_at,
        synthetic=manifest.synthetic,
        sites=manifest.sites,
        site=site,
        exposure=exposure(tables),
        response=_outcome(tables, measure_of("response", among)),
        remission=_outcome(tables, measure_of("remission", among)),
        relapse=relapse_figure(
            relapse,
            relapse_counts(tables, relapse),
            relapse_counts(tables, relapse, untreated_after=INDUCTION_DAYS),
        ),
        harm=harm_figure(harm(tables)),
    )


def _outcome(tables: Tables, measure: Measure) -> OutcomeFigure:
    counted = outcome_counts(tables, measure, measure.windows, within_days=INDUCTION_DAYS)
    windows = tuple(window_outcome(window, counts) for window, counts in zip(measure.windows, counted, strict=True))
    return OutcomeFigure(named(measure), windows)
