"""A snapshot's harm against cumulative exposure, reduced and estimated."""

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist

from daybreak.register.public import Dataset, dataset
from daybreak.rulebook.public import CumulativeExposure, Measure, Surveillance
from daybreak.stats.public import Estimate, proportion, rate
from daybreak.watch.counts import CheckCounts, PersonTime, SessionCounts
from daybreak.watch.definitions import surveillance, worsenings
from daybreak.watch.reductions.cumulative import PRESSURE, check_counts, labels, session_counts
from daybreak.watch.reductions.narrowing import of_site
from daybreak.watch.reductions.person_time import person_time, person_time_by_sessions

Z = NormalDist().inv_cdf(0.975)


@dataclass(frozen=True, slots=True)
class SessionBand:
    """Sessions from one to another of a person's, and the share of them in which a harm was seen."""

    first: int
    last: int | None
    counts: SessionCounts
    share: Estimate


@dataclass(frozen=True, slots=True)
class SessionHarm:
    """One harm of sessions, “severe_pressure” or a term, by how many sessions the person had had."""

    kind: str
    bands: tuple[SessionBand, ...]


@dataclass(frozen=True, slots=True)
class TimeBand:
    """The time from one of a person's sessions to a later one, and the rate of adverse events in it per person-year."""

    first: int
    last: int | None
    counts: PersonTime
    per_year: Estimate


@dataclass(frozen=True, slots=True)
class CheckBand:
    """Between checks, by the sessions held before: the rate of becoming worse per person-year, and the mean change
    since the first check with its interval; None where there are too few.
    """

    first: int
    last: int | None
    counts: CheckCounts
    per_year: Estimate
    change: tuple[float, float, float] | None


@dataclass(frozen=True, slots=True)
class CheckHarm:
    """One kind of long-term check. Without a measure it is exploratory: nothing says what counts as worse."""

    checked: str
    measure: Measure | None
    bands: tuple[CheckBand, ...]


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Everything that the page of harm against exposure shows, of one site or of all."""

    snapshot: str
    fingerprint: str
    frozen_at: str
    synthetic: bool
    surveillance: Surveillance
    site: str | None
    exposure: CumulativeExposure | None
    sessions: tuple[SessionHarm, ...]
    in_time: tuple[TimeBand, ...]
    whole_time: PersonTime
    checks: tuple[CheckHarm, ...]


def accumulated(snapshot_id: str, site: str | None) -> Cumulative:
    """Return harm against exposure of an intact snapshot."""
    return of_dataset(dataset(snapshot_id), site, surveillance(), worsenings())


def of_dataset(frozen: Dataset, site: str | None, watched: Surveillance, among: tuple[Measure, ...]) -> Cumulative:
    """Return the same of frozen tables, by the measures of worsening given."""
    tables, manifest, exposure = of_site(frozen.tables, site), frozen.manifest, watched.exposure
    sessions: tuple[SessionHarm, ...] = ()
    checks: tuple[CheckHarm, ...] = ()
    in_time: tuple[TimeBand, ...] = ()
    if exposure is not None:
        bands = labels(exposure)
        for kind in (PRESSURE, *exposure.terms):
            counted = session_counts(tables, exposure, kind)
            sessions += (SessionHarm(kind, tuple(map(_session_band, bands, counted))),)
        in_time = tuple(map(_time_band, bands, person_time_by_sessions(tables, exposure.from_sessions)))
        for checked in exposure.checked:
            measure = next((each for each in among if checked in (each.score, each.instrument)), None)
            found = check_counts(tables, exposure, checked, measure)
            checks += (CheckHarm(checked, measure, tuple(map(_check_band, bands, found))),)
    return Cumulative(
        snapshot=manifest.id,
        fingerprint=manifest.fingerprint,
        frozen_at=manifest.created_at,
        synthetic=manifest.synthetic,
        surveillance=watched,
        site=site,
        exposure=exposure,
        sessions=sessions,
        in_time=in_time,
        whole_time=person_time(tables),
        checks=checks,
    )


def _session_band(band: tuple[int, int | None], counts: SessionCounts) -> SessionBand:
    return SessionBand(*band, counts, proportion(counts.seen, counts.sessions, effect=counts.effect))


def _time_band(band: tuple[int, int | None], counts: PersonTime) -> TimeBand:
    told = counts.any_event
    return TimeBand(*band, counts, rate(told.events, counts.years, effect=told.effect))


def _check_band(band: tuple[int, int | None], counts: CheckCounts) -> CheckBand:
    change = None
    if counts.changed > 1 and counts.mean_change is not None and counts.sd_change is not None:
        half = Z * counts.sd_change / sqrt(counts.changed)
        change = (counts.mean_change, counts.mean_change - half, counts.mean_change + half)
    return CheckBand(*band, counts, rate(counts.worse, counts.years), change)
