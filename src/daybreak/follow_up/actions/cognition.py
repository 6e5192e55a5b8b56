"""Keep the runs of the short open tasks."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.follow_up.models import TaskRun
from daybreak.follow_up.rules.cognition import TASKS, VERSION
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record
from daybreak.people.public import patient as patient_of

MOST_TRIALS = 400
LONGEST_MS = 3_600_000  # an hour: whatever answers later is no trial


class NotARun(Refusal):
    """What came is no run of a task."""


@one_step()
def note_task_runs(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    device: str,
    timing: Mapping,
    runs: Sequence[Mapping],
    at: datetime,
    invitation: UUID | None = None,
) -> list[TaskRun]:
    """Keep what a device measured of some tasks; the same `key` again is the same runs. Raises NotARun.

    `timing` holds `frame_ms` and `timer_ms`; each run its `task`, its `practice` and its `trials`.
    """
    if patient_of(scope, patient) is None:
        raise NotARun(_("There is no such patient at this site."))
    frame, timer = (_milliseconds(timing, name) for name in ("frame_ms", "timer_ms"))
    if not 0 < frame <= 1000 or not 0 <= timer <= 1000 or not device.strip() or not runs:
        raise NotARun(_("The device did not say how it measures time. Do the tasks again."))
    keys = {each.get("task"): run_key(scope, key, str(each.get("task"))) for each in runs}
    if known := list(TaskRun.objects.filter(site=scope.site, key__in=list(keys.values()))):
        return known
    for each in runs:
        told = [*_listed(each, "practice"), *_listed(each, "trials")]
        if each.get("task") not in TASKS or len(told) > MOST_TRIALS or not all(map(_is_trial, told)):
            raise NotARun(_("What came is no run of a task. Do the tasks again."))
    return record(
        [
            TaskRun(
                site=scope.site,
                key=keys[each["task"]],
                patient_key=patient,
                task=each["task"],
                version=VERSION,
                device=device.strip()[:64],
                frame_ms=frame,
                timer_ms=timer,
                practice=_listed(each, "practice"),
                trials=_listed(each, "trials"),
                watched_by=scope.actor,
                invitation_key=invitation,
                done_at=at,
            )
            for each in runs
        ]
    )


def run_key(scope: Scope, key: UUID, task: str) -> UUID:
    """Return the key of one task's run among those that a device sent under `key`."""
    return key_from("task run", scope.site, str(key), task)


def _is_trial(said: object) -> bool:
    """Return whether something is a trial: its milliseconds are a time, or missing."""
    if not isinstance(said, dict):
        return False
    ms = said.get("ms")
    return ms is None or (type(ms) in (int, float) and 0 <= ms <= LONGEST_MS)


def _listed(run: Mapping, name: str) -> list:
    found = run.get(name, [])
    return found if isinstance(found, list) else []


def _milliseconds(timing: Mapping, name: str) -> Decimal:
    try:
        found = Decimal(str(timing.get(name, "")))
    except InvalidOperation:
        return Decimal(-1)
    return round(found, 3) if found.is_finite() else Decimal(-1)
