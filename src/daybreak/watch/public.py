"""The door of the monitor."""

from daybreak.watch.queries import NothingFrozen, monitor, newest
from daybreak.watch.rules import Monitor, plain
from daybreak.watch.wording import sentences

__all__ = ["Monitor", "NothingFrozen", "monitor", "newest", "plain", "sentences"]
