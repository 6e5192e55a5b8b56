"""The door of the monitor."""

from daybreak.watch.actions import NotAReview, decide_on_signal
from daybreak.watch.models import SignalReview
from daybreak.watch.queries import NothingFrozen, monitor, newest, over_time, reviews, waiting
from daybreak.watch.rules import DECISIONS, Monitor, plain
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.charts import Signal
from daybreak.watch.wording import sentences

__all__ = [
    "DECISIONS",
    "Monitor",
    "NotAReview",
    "NothingFrozen",
    "Signal",
    "SignalReview",
    "answer",
    "decide_on_signal",
    "monitor",
    "newest",
    "over_time",
    "plain",
    "reviews",
    "sentences",
    "signal_words",
    "waiting",
]
