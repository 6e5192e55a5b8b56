"""Where the shipped definitions and their packs lie: inside the wheel, or at the root of a checkout.

A pack is a folder of the same form that is off until an installation turns it on, such as what is free for
non-commercial use only.
"""

from pathlib import Path

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.faults import did_you_mean

_PACK = "definitions-"


class NoDefinitions(Refusal):
    """An installation without its definitions."""


class NoSuchPack(Refusal):
    """A pack that does not ship."""


def shipped_folder() -> Path:
    """Return the folder of the shipped definitions; raise NoDefinitions where the installation lost it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "definitions", package.parents[1] / "definitions"):
        if (folder / "protocols").is_dir():
            return folder
    raise NoDefinitions("The shipped definitions are missing: install Daybreak again.")


def packs() -> tuple[str, ...]:
    """Return the names of the packs that ship, on or off."""
    beside = shipped_folder().parent
    return tuple(sorted(each.name.removeprefix(_PACK) for each in beside.glob(f"{_PACK}*") if each.is_dir()))


def pack_folder(name: str) -> Path:
    """Return the folder of a pack; raise NoSuchPack for a name that does not ship."""
    if name not in packs():
        near = did_you_mean(name, packs()) or "."
        raise NoSuchPack(f"There is no pack “{name}”{near} These ship: {', '.join(packs())}.")
    return shipped_folder().parent / f"{_PACK}{name}"
