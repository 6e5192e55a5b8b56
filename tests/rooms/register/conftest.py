"""The register's tests share one house whose facts are committed, and each has a folder of its own for
snapshots.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rooms.register.house import House, a_house


@pytest.fixture(scope="module")
def house(django_db_setup: None, django_db_blocker: object) -> Iterator[House]:
    """A house with two clinics, a centre, and nobody in it."""
    with django_db_blocker.unblock(), a_house() as made:
        yield made


@pytest.fixture(autouse=True)
def folder(settings: object, tmp_path: Path) -> Path:
    """Keep this test's snapshots in a folder of its own."""
    settings.DAYBREAK_SNAPSHOTS = tmp_path / "snapshots"
    return settings.DAYBREAK_SNAPSHOTS
