"""When was it, by the server's clock? A device's own clock may be days wrong, and may be set while its acts wait."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import combinations

# Two ways to reckon the same moment agree when they differ by less: what a slow server and a drifting clock explain. A
# device gives up a sending sooner.
AGREES = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Clocks:
    """What a device's clocks showed at one moment. `wall_ms` is the clock that a person can set, in milliseconds since
    1970; `running_ms` counts since the page was opened and cannot be set; `opened` names that opening.
    """

    wall_ms: int
    running_ms: int
    opened: str


@dataclass(frozen=True, slots=True)
class When:
    """A moment by the server's clock. `ahead` is how far the device's clock stood before it (negative: behind).

    It is not `certain` where no two ways to reckon it agree: the clock was set while the act waited.
    """

    at: datetime
    ahead: timedelta
    certain: bool


def when(done: Clocks, *, believed_ms: int, sent: Clocks, at: datetime) -> When:
    """Return when something was done that is told `at` the server's moment. Nothing is done in the future, or before
    1970, where the clocks of devices begin.

    It is reckoned in up to three ways: by what the device believed the server's time to be (`believed_ms`, from its
    last exchange), by the clock that cannot be set, where the page was not opened anew in between, and by the clock
    that can.
    """
    now_ms = _milliseconds(at)
    ways = [believed_ms, now_ms - (sent.wall_ms - done.wall_ms)]
    if done.opened == sent.opened:
        ways.insert(1, now_ms - (sent.running_ms - done.running_ms))
    agreeing = [pair for pair in combinations(ways, 2) if abs(pair[0] - pair[1]) < AGREES // _MILLISECOND]
    reckoned = agreeing[0][0] if agreeing else believed_ms
    certain = bool(agreeing) and 0 < reckoned < now_ms + AGREES // _MILLISECOND
    moment = at - (now_ms - max(0, min(reckoned, now_ms))) * _MILLISECOND
    return When(moment, (done.wall_ms - _milliseconds(moment)) * _MILLISECOND, certain)


_MILLISECOND = timedelta(milliseconds=1)
_EPOCH_SECONDS = 1000


def _milliseconds(moment: datetime) -> int:
    return round(moment.timestamp() * _EPOCH_SECONDS)
