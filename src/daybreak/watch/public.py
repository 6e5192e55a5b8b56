"""The door of the monitor."""

from daybreak.watch.actions import NotAReview, decide_on_signal
from daybreak.watch.disclosure import NOTHING, hidden_from
from daybreak.watch.models import SignalReview
from daybreak.watch.queries import NothingFrozen, monitor, newest, over_time, reviews, waiting
from daybreak.watch.rules import DECISIONS, Monitor, OutcomeFigure, plain
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.charts import Signal
from daybreak.watch.wording import sentences, share_words, too_few

__all__ = [
    "DECISIONS",
    "NOTHING",
    "Monitor",
    "NotAReview",
    "NothingFrozen",
    "OutcomeFigure",
    "Signal",
    "SignalReview",
    "answer",
    "decide_on_signal",
    "hidden_from",
    "monitor",
    "newest",
    "over_time",
    "plain",
    "reviews",
    "sentences",
    "share_words",
    "signal_words",
    "too_few",
    "waiting",
]
