"""Takes the measurements of one patient in at once, and falls back to one resource at a time where some
cannot be kept.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from uuid import UUID

from daybreak.interop.fhir.intake import DIFFERENT, NEW, SAME, Outcome, refused
from daybreak.interop.fhir.records import KeyParts, MeasurementRecord
from daybreak.interop.knock import UNFIT, Run, unfit
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Recorded, one_step
from daybreak.measure.public import NewMeasurement, read_measurement, record_measurements

# What is imported is history, a grown patient's childhood included: its limits are those of
# `fhir/plausible.toml`.
read_history = partial(read_measurement, bounded=False)
record_history = partial(record_measurements, bounded=False)

Groups = dict[KeyParts, list[NewMeasurement]]
"""The measurements of each resource: all of them are kept, or none."""


class _HalfKept(Exception):
    """Of one resource some measurements would be new while others differ from what is there."""


def take_measurements(run: Run, patient: UUID, records: Sequence[MeasurementRecord]) -> dict[KeyParts, Outcome]:
    """Record the measurements and return the outcome of each by its key parts."""
    groups: Groups = defaultdict(list)
    for record in records:
        groups[record.key_parts[:3]].append(_new(run, patient, record))
    refusals = {resource: refused(why) for resource, news in groups.items() if (why := _trouble(news))}
    kept = _recorded(run.scope, {resource: news for resource, news in groups.items() if resource not in refusals})
    return {record.key_parts: (refusals | kept)[record.key_parts[:3]] for record in records}


def _new(run: Run, patient: UUID, record: MeasurementRecord) -> NewMeasurement:
    """Return the measurement as it was stated where measure can read that, so that both values are kept, else
    as converted.
    """
    stated = NewMeasurement(
        key=run.key(*record.key_parts),
        patient=patient,
        sign=record.sign,
        value=record.stated_value,
        unit=record.stated_unit,
        measured_at=record.measured_at.start(run.zone),
    )
    if read_history(stated).value is not None:
        return stated
    return replace(stated, value=record.value, unit=record.unit)


def _trouble(news: list[NewMeasurement]) -> str:
    return next((why for new in news if (why := read_history(new).trouble)), "")


def _recorded(scope: Scope, groups: Groups) -> dict[KeyParts, Outcome]:
    try:
        with one_step():
            told = record_history(scope, [new for news in groups.values() for new in news])
            return {resource: _outcome(told, news) for resource, news in groups.items()}
    except (_HalfKept, *UNFIT):
        return {resource: _alone(scope, news) for resource, news in groups.items()}


def _alone(scope: Scope, news: list[NewMeasurement]) -> Outcome:
    """Record the measurements of one resource. Where only some differ from what is there, those alone go, to
    the tray.
    """
    told = Recorded()
    try:
        with one_step():
            told = record_history(scope, news)
            return _outcome(told, news)
    except _HalfKept:
        record_history(scope, [new for new in news if new.key in told.different])
        return DIFFERENT
    except UNFIT as fault:
        return refused(unfit(fault))


def _outcome(told: Recorded, news: list[NewMeasurement]) -> Outcome:
    keys = {new.key for new in news}
    if keys & told.different:
        if keys & told.new:
            raise _HalfKept
        return DIFFERENT
    return NEW if keys & told.new else SAME
