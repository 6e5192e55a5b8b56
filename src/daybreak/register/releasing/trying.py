"""A release of invented people, without a request: to see what a profile lets out before anybody asks for real rows."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from daybreak.kernel.refusal import Refusal
from daybreak.register.anchors import NoDates, read_anchors
from daybreak.register.folders import Dataset
from daybreak.register.releasing.package import write_release
from daybreak.rulebook.public import Profile


class NeedsApproval(Refusal):
    """Rows of real people are handed out only as two reviewers approved."""


def try_profile(
    frozen: Dataset,
    profile: Profile,
    folder: Path,
    *,
    at: datetime,
    home: Path | None,
    seed: bytes,
    wanted: tuple[str, ...] = (),
    labels: bool = False,
) -> dict[str, Any]:
    """Write what a profile lets out of an invented snapshot; return the manifest. `home` is where the house keeps its
    snapshots; it is None for one that lies elsewhere. Raises NeedsApproval, NoDates and what `write_release` raises.
    """
    if not frozen.manifest.synthetic:
        raise NeedsApproval(
            "Rows of real people leave only as a request that two reviewers approved: “daybreak snapshot export "
            "--release KEY”."
        )
    anchors = anchors_for(frozen, profile, home=home, seed=seed)
    return write_release(frozen, profile, folder, at=at, anchors=anchors, wanted=wanted, labels=labels)


def anchors_for(frozen: Dataset, profile: Profile, *, home: Path | None, seed: bytes) -> pa.Table | None:
    """Return what a profile's dates are made from; nothing for a profile without dates. Raises NoDates."""
    if profile.times == "days":
        return None
    if home is None:
        raise NoDates(
            f"A snapshot that lies outside its house carries no dates, so “{profile.title}” cannot be made of it. The "
            "profile Safe Harbor can."
        )
    return read_anchors(home, frozen.manifest.id, seed=seed)
