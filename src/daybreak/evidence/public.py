"""The door of evidence: figures that other rooms quote, each computed when it is asked for."""

from daybreak.evidence.definitions import library
from daybreak.evidence.figures import Forest, forest_of, pooled_words_of

__all__ = ["Forest", "forest_of", "library", "pooled_words_of"]
