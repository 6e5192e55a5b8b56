"""Where the shipped definitions lie: inside the wheel, or at the root of a checkout."""

from pathlib import Path

from daybreak.kernel.refusal import Refusal


class NoDefinitions(Refusal):
    """An installation without its definitions."""


def shipped_folder() -> Path:
    """Return the folder of the shipped definitions; raise NoDefinitions where the installation lost it."""
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "definitions", package.parents[1] / "definitions"):
        if (folder / "protocols").is_dir():
            return folder
    raise NoDefinitions("The shipped definitions are missing: install Daybreak again.")
