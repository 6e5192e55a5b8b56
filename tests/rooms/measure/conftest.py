"""A shelf of definitions that a test can fill; every room reads it, and forgets it afterwards."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from daybreak.measure.definitions import library, licensed_at


class Shelf:
    """The site's own folder, and the folder of licensed words, of one test."""

    def __init__(self, root: Path, settings: object) -> None:
        self.own, self.licensed = root / "own", root / "licensed"
        self.own.mkdir()
        self.licensed.mkdir()
        settings.DAYBREAK_SITE_DEFINITIONS = str(self.own)
        settings.DAYBREAK_LICENSED = str(self.licensed)
        settings.DAYBREAK_LAST_GOOD_DEFINITIONS = root / "kept"

    def read_again(self) -> None:
        """Let the rooms see what lies on the shelf now."""
        library.cache_clear()
        licensed_at.cache_clear()


@pytest.fixture
def shelf(tmp_path: Path, settings: object) -> Iterator[Shelf]:
    """Give the shelf, and read the shipped definitions again afterwards."""
    made = Shelf(tmp_path, settings)
    yield made
    made.read_again()
