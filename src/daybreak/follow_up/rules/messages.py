"""What a message may say, how long it is tried, and when it is tried again."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

# What a lock screen, a subject line or a sender never says. Beginnings of words, so that other forms count too.
UNSAID = re.compile(
    r"k[eé]tamin|spravato|psilocybin|depress|depresi|suicid|psychiatr|psiquiatr|infusi|PHQ|GAD-7", re.IGNORECASE
)
DIALLED = re.compile(r"\+?[\d\s()/.-]{4,}")
POSTED = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
LONGEST_TEXT = 300
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)


def tells_too_much(*words: str) -> bool:
    """Return whether any of these words would say on a lock screen what the person is treated for."""
    return any(UNSAID.search(each) for each in words)


def next_try(failed: Sequence[datetime]) -> datetime | None:
    """Return when a message is tried again after these failures, or None where it never failed: after one minute, then
    twice as long each time, an hour at most.
    """
    if not failed:
        return None
    return max(failed) + min(FIRST_WAIT * 2 ** min(len(failed) - 1, 10), LONGEST_WAIT)


def address_for(channel: str, contact: str) -> str:
    """Return a contact as `channel` needs it, or nothing where it is no number or no e-mail address."""
    said = contact.strip()
    if channel == "email":
        return said if POSTED.fullmatch(said) else ""
    return re.sub(r"[^\d+]", "", said) if DIALLED.fullmatch(said) else ""
