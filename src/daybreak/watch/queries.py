"""Every read of the monitor: one named snapshot, reduced and estimated."""

from functools import lru_cache
from typing import TYPE_CHECKING

from daybreak.kernel.refusal import Refusal
from daybreak.register.public import Snapshot, dataset, disclosure_policy, frozen_snapshots, intact, snapshots
from daybreak.watch.definitions import library, measures, open_questions, surveillance, worsenings
from daybreak.watch.models import SignalReview
from daybreak.watch.questions.results import Answer
from daybreak.watch.rules import Monitor
from daybreak.watch.surveillance.charts import Signal, called_again
from daybreak.watch.surveillance.overview import OverTime

if TYPE_CHECKING:
    from daybreak.watch.cumulative import Cumulative
    from daybreak.watch.use import Use

_KEPT = 200
_ANSWERED: dict[tuple[str, str], Answer] = {}


class NothingFrozen(Refusal):
    """There is no snapshot to look at."""


def newest(*, synthetic: bool) -> str:
    """Return the id of the newest snapshot frozen from sites of one kind, never of an invented cohort; raise
    NothingFrozen.
    """
    found = frozen_snapshots(synthetic=synthetic)
    if not found:
        raise NothingFrozen("No snapshot of the register was frozen yet. The coordinating centre freezes the first.")
    return found[0].id


def to_be_seen(*, synthetic: bool) -> list[Snapshot]:
    """Return the snapshots that may be looked at from a site of one kind, newest first: from a synthetic one invented
    cohorts too, from a real one nothing that is synthetic.
    """
    return [each for each in snapshots() if each.synthetic == synthetic]


def monitor(snapshot_id: str, *, site: str | None = None) -> Monitor:
    """Return every figure of a snapshot, of one site or of all sites.

    The files are compared with their signed manifest first; raises the register's NoSuchSnapshot, or
    NotIntact. What was computed before from the same fingerprint and definitions is not computed again.
    """
    fingerprint = intact(snapshot_id)
    return _computed(snapshot_id, fingerprint, site, tuple(measure.fingerprint for measure in measures()))


def over_time(snapshot_id: str) -> OverTime:
    """Return harm over time and sites beside one another, of an intact snapshot; raise the register's NoSuchSnapshot,
    or NotIntact. What was computed before from the same fingerprint and definitions is not computed again.
    """
    made_by = (surveillance().fingerprint, *(measure.fingerprint for measure in measures()))
    return _tested(snapshot_id, intact(snapshot_id), made_by)


def cumulative(snapshot_id: str, *, site: str | None = None) -> "Cumulative":
    """Return harm against cumulative exposure, of one site or of all, of an intact snapshot; raise the register's
    NoSuchSnapshot, or NotIntact. What was computed before from the same fingerprint and definitions is not computed
    again.
    """
    made_by = (surveillance().fingerprint, *(measure.fingerprint for measure in worsenings()))
    return _accumulated(snapshot_id, intact(snapshot_id), site, made_by)


def use(snapshot_id: str, *, site: str | None = None) -> "Use":
    """Return use over time, of one site or of all, of an intact snapshot; raise the register's NoSuchSnapshot, or
    NotIntact. What was computed before from the same fingerprint and policy is not computed again.
    """
    return _used(snapshot_id, intact(snapshot_id), site, disclosure_policy().fingerprint)


def waiting(found: OverTime) -> list[Signal]:
    """Return the signals that nobody has decided on; one that was decided on waits again where its chart, begun anew
    after what was looked at, has reached its limit once more. What was decided about people of one kind says nothing
    about the other kind, nor about an invented cohort.
    """
    ours = {each.id for each in frozen_snapshots(synthetic=found.synthetic)}
    decided = reviews() if found.snapshot in ours else []
    seen = {review.signal: review.seen_until for review in decided if review.snapshot in ours}
    again = (called_again(found.kinds, each, seen[each.key]) if each.key in seen else each for each in found.signals)
    return [each for each in again if each is not None]


def reviews() -> list[SignalReview]:
    """Return what was decided about signals, oldest first."""
    return list(SignalReview.objects.order_by("decided_at", "key"))


@lru_cache(maxsize=64)
def _accumulated(snapshot_id: str, fingerprint: str, site: str | None, made_by: tuple[str, ...]) -> "Cumulative":
    from daybreak.watch.cumulative import accumulated

    return accumulated(snapshot_id, site)


@lru_cache(maxsize=64)
def _used(snapshot_id: str, fingerprint: str, site: str | None, policy: str) -> "Use":
    from daybreak.watch.use import used

    return used(snapshot_id, site)


@lru_cache(maxsize=16)
def _tested(snapshot_id: str, fingerprint: str, made_by: tuple[str, ...]) -> OverTime:
    from daybreak.watch.over_time import tested

    return tested(snapshot_id)


@lru_cache(maxsize=64)
def _computed(snapshot_id: str, fingerprint: str, site: str | None, definitions: tuple[str, ...]) -> Monitor:
    """Compute once for each key. The engine is loaded here, when it is first needed: it takes a second, and
    few pages use it.
    """
    from daybreak.watch.computing import computed

    return computed(snapshot_id, site)


def answers(snapshot_id: str, *questions: str) -> dict[str, Answer]:
    """Return what an intact snapshot says to the open questions named, or to each; raise the register's NoSuchSnapshot,
    or NotIntact. What was answered before from the same fingerprint by the same question is not worked out again.
    """
    fingerprint = intact(snapshot_id)
    asked = {each.id: each for each in open_questions() if not questions or each.id in questions}
    missing = [each for each in asked.values() if (fingerprint, each.fingerprint) not in _ANSWERED]
    if missing:
        from daybreak.watch.questions.answering import answered  # here: the engine takes a second to load

        frozen = dataset(snapshot_id)
        for question in missing:
            _ANSWERED[fingerprint, question.fingerprint] = answered(question, frozen, library())
        while len(_ANSWERED) > _KEPT:
            _ANSWERED.pop(next(iter(_ANSWERED)), None)
    return {name: _ANSWERED[fingerprint, each.fingerprint] for name, each in asked.items()}
