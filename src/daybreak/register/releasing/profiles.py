"""The three named profiles, as the definitions say them."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Library, Profile, did_you_mean, shipped_folder

NAMES = ("safe_harbor", "limited", "expert")


class NoSuchProfile(Refusal):
    """A profile that is none of the three."""


def profile_named(name: str, version: int | None = None) -> Profile:
    """Return a profile, in the version asked for or the active one; “safe-harbor” is “safe_harbor” as well. A site's
    own definitions are not asked: they could let out more. Raises NoSuchProfile.
    """
    found = name.replace("-", "_")
    if found not in NAMES:
        near = did_you_mean(found, NAMES) or "."
        raise NoSuchProfile(f"There is no profile “{name}”{near} There are: {', '.join(NAMES)}.")
    return _library().profile(found, version)


def profiles() -> tuple[Profile, ...]:
    """Return the three profiles, the most careful one first."""
    return tuple(_library().profile(name) for name in NAMES)


@lru_cache(maxsize=1)
def _library() -> Library:
    return Library.load(shipped_folder())


def snapshots_home() -> Path:
    """Return the folder of snapshots, beside which their moments lie."""
    return Path(settings.DAYBREAK_SNAPSHOTS)
