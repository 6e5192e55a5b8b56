"""The door of evidence: figures that other rooms quote, each computed when it is asked for."""

from daybreak.evidence.dataset import files as data_set
from daybreak.evidence.definitions import in_order, library
from daybreak.evidence.figures import Forest, forest_of, pooled_words_of
from daybreak.evidence.rules.comparing import NotPooled
from daybreak.evidence.shares import TrialShare, shares_of

__all__ = [
    "Forest",
    "NotPooled",
    "TrialShare",
    "data_set",
    "forest_of",
    "in_order",
    "library",
    "pooled_words_of",
    "shares_of",
]
