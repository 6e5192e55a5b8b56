"""The door of the monitor."""

from daybreak.watch.queries import NothingFrozen, monitor, newest, over_time, waiting
from daybreak.watch.rules import Monitor, plain
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.wording import sentences

__all__ = [
    "Monitor",
    "NothingFrozen",
    "answer",
    "monitor",
    "newest",
    "over_time",
    "plain",
    "sentences",
    "signal_words",
    "waiting",
]
