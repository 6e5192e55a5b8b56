"""The door of the register."""

from daybreak.register.actions import FreezeUnderWay, NoRoom, create_snapshot
from daybreak.register.description import Column, Table
from daybreak.register.disclosure import FEWEST, may_be_shown
from daybreak.register.manifest import ForeignSnapshot, Manifest
from daybreak.register.models import Snapshot
from daybreak.register.queries import (
    Dataset,
    NoSuchSnapshot,
    NotIntact,
    dataset,
    intact,
    manifest_of,
    snapshot,
    snapshots,
    verify,
)
from daybreak.register.refusals import CannotRead, MixedSites
from daybreak.register.tables import TABLES
from daybreak.register.verification import Problem, Verification

__all__ = [
    "FEWEST",
    "TABLES",
    "CannotRead",
    "Column",
    "Dataset",
    "ForeignSnapshot",
    "FreezeUnderWay",
    "Manifest",
    "MixedSites",
    "NoRoom",
    "NoSuchSnapshot",
    "NotIntact",
    "Problem",
    "Snapshot",
    "Table",
    "Verification",
    "create_snapshot",
    "dataset",
    "intact",
    "manifest_of",
    "may_be_shown",
    "snapshot",
    "snapshots",
    "verify",
]
