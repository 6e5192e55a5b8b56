"""Every read of the monitor: one named snapshot, reduced and estimated."""

from functools import lru_cache

from daybreak.kernel.refusal import Refusal
from daybreak.register.public import intact, snapshots
from daybreak.watch.definitions import measures
from daybreak.watch.rules import Monitor


class NothingFrozen(Refusal):
    """There is no snapshot to look at."""


def newest() -> str:
    """Return the id of the newest snapshot; raise NothingFrozen."""
    found = snapshots()
    if not found:
        raise NothingFrozen("No snapshot of the register was frozen yet. The coordinating centre freezes the first.")
    return found[0].id


def monitor(snapshot_id: str, *, site: str | None = None) -> Monitor:
    """Return every figure of a snapshot, of one site or of all sites.

    The files are compared with their signed manifest first; raises the register's NoSuchSnapshot, or
    NotIntact. What was computed before from the same fingerprint and definitions is not computed again.
    """
    fingerprint = intact(snapshot_id)
    return _computed(snapshot_id, fingerprint, site, tuple(measure.fingerprint for measure in measures()))


@lru_cache(maxsize=64)
def _computed(snapshot_id: str, fingerprint: str, site: str | None, definitions: tuple[str, ...]) -> Monitor:
    """Compute once for each key. The engine is loaded here, when it is first needed: it takes a second, and
    few pages use it.
    """
    from daybreak.watch.computing import computed

    return computed(snapshot_id, site)
