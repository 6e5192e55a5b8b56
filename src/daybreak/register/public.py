"""The door of the register.

What stands behind it is loaded when it is first asked for: a snapshot in a folder is read without a database, and the
engine takes a second to load.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from daybreak.register.actions import FreezeUnderWay, NoRoom, create_snapshot
    from daybreak.register.calendar import POSITIONS
    from daybreak.register.description import Column, Table
    from daybreak.register.dictionary import HEADING, dictionary_rows
    from daybreak.register.disclosing.lines import ToldLine, tell_lines
    from daybreak.register.disclosing.policy import disclosure_policy
    from daybreak.register.disclosure import FEWEST, is_small, may_be_shown, rounded_off
    from daybreak.register.engine import worked_out
    from daybreak.register.estimates.cohort import cohort_table
    from daybreak.register.folders import Dataset, NotIntact, dataset_in
    from daybreak.register.manifest import ForeignSnapshot, Manifest
    from daybreak.register.models import Snapshot, SourceItem
    from daybreak.register.quality.actions import NotAStep, answer_query
    from daybreak.register.quality.asking import Asked, queries_seen, query_seen
    from daybreak.register.quality.looking import Behind, rows_behind
    from daybreak.register.quality.queries import asked_of_data
    from daybreak.register.quality.query_words import (
        FIELD_WORDS,
        QUERY_REASONS,
        query_history,
        query_kind,
        query_words,
        sample_words,
    )
    from daybreak.register.quality.rules import FIELDS, SCORE, SESSION, VERDICTS
    from daybreak.register.quality.sampling import (
        NoSample,
        RecordNow,
        Sampled,
        compare_item,
        draw_sample,
        items_of,
        records_now,
        sample_of,
        samples_of,
    )
    from daybreak.register.quality.values import ValueAsked
    from daybreak.register.queries import (
        NoSuchSnapshot,
        dataset,
        frozen_snapshots,
        intact,
        is_invented,
        manifest_of,
        newest_frozen,
        snapshot,
        snapshots,
        verify,
    )
    from daybreak.register.reductions.cohort import cohort_people
    from daybreak.register.refusals import CannotRead, MixedSites
    from daybreak.register.releasing.queries import hand_outs_of
    from daybreak.register.releasing.reading import Release, is_release, release_in
    from daybreak.register.synthetic.keeping import keep_beside
    from daybreak.register.synthetic.recipe import Recipe, recipe
    from daybreak.register.synthetic.truth import known_truth
    from daybreak.register.tables import TABLES
    from daybreak.register.verification import Problem, Verification

__all__ = [
    "FEWEST",
    "FIELDS",
    "FIELD_WORDS",
    "HEADING",
    "POSITIONS",
    "QUERY_REASONS",
    "SCORE",
    "SESSION",
    "TABLES",
    "VERDICTS",
    "Asked",
    "Behind",
    "CannotRead",
    "Column",
    "Dataset",
    "ForeignSnapshot",
    "FreezeUnderWay",
    "Manifest",
    "MixedSites",
    "NoRoom",
    "NoSample",
    "NoSuchSnapshot",
    "NotAStep",
    "NotIntact",
    "Problem",
    "Recipe",
    "RecordNow",
    "Release",
    "Sampled",
    "Snapshot",
    "SourceItem",
    "Table",
    "ToldLine",
    "ValueAsked",
    "Verification",
    "answer_query",
    "asked_of_data",
    "cohort_people",
    "cohort_table",
    "compare_item",
    "create_snapshot",
    "dataset",
    "dataset_in",
    "dictionary_rows",
    "disclosure_policy",
    "draw_sample",
    "frozen_snapshots",
    "hand_outs_of",
    "intact",
    "is_invented",
    "is_release",
    "is_small",
    "items_of",
    "keep_beside",
    "known_truth",
    "manifest_of",
    "may_be_shown",
    "newest_frozen",
    "queries_seen",
    "query_history",
    "query_kind",
    "query_seen",
    "query_words",
    "recipe",
    "records_now",
    "release_in",
    "rounded_off",
    "rows_behind",
    "sample_of",
    "sample_words",
    "samples_of",
    "snapshot",
    "snapshots",
    "tell_lines",
    "verify",
    "worked_out",
]

_LATER = {
    "actions": ("FreezeUnderWay", "NoRoom", "create_snapshot"),
    "calendar": ("POSITIONS",),
    "description": ("Column", "Table"),
    "disclosing.lines": ("ToldLine", "tell_lines"),
    "disclosing.policy": ("disclosure_policy",),
    "disclosure": ("FEWEST", "is_small", "may_be_shown", "rounded_off"),
    "engine": ("worked_out",),
    "estimates.cohort": ("cohort_table",),
    "folders": ("Dataset", "NotIntact", "dataset_in"),
    "dictionary": ("HEADING", "dictionary_rows"),
    "manifest": ("ForeignSnapshot", "Manifest"),
    "models": ("Snapshot", "SourceItem"),
    "quality.actions": ("NotAStep", "answer_query"),
    "quality.asking": ("Asked", "queries_seen", "query_seen"),
    "quality.looking": ("Behind", "rows_behind"),
    "quality.query_words": (
        "FIELD_WORDS",
        "QUERY_REASONS",
        "query_history",
        "query_kind",
        "query_words",
        "sample_words",
    ),
    "quality.rules": ("FIELDS", "SCORE", "SESSION", "VERDICTS"),
    "quality.sampling": (
        "NoSample",
        "RecordNow",
        "Sampled",
        "compare_item",
        "draw_sample",
        "items_of",
        "sample_of",
        "samples_of",
        "records_now",
    ),
    "quality.queries": ("asked_of_data",),
    "quality.values": ("ValueAsked",),
    "queries": (
        "NoSuchSnapshot",
        "dataset",
        "frozen_snapshots",
        "intact",
        "is_invented",
        "manifest_of",
        "newest_frozen",
        "snapshot",
        "snapshots",
        "verify",
    ),
    "reductions.cohort": ("cohort_people",),
    "refusals": ("CannotRead", "MixedSites"),
    "releasing.queries": ("hand_outs_of",),
    "releasing.reading": ("Release", "is_release", "release_in"),
    "synthetic.keeping": ("keep_beside",),
    "synthetic.recipe": ("Recipe", "recipe"),
    "synthetic.truth": ("known_truth",),
    "tables": ("TABLES",),
    "verification": ("Problem", "Verification"),
}


def __getattr__(name: str) -> Any:
    """Load the module of a name when it is first asked for."""
    for module, names in _LATER.items():
        if name in names:
            return getattr(import_module(f"daybreak.register.{module}"), name)
    raise AttributeError(f"The door of the register has no {name!r}.")
