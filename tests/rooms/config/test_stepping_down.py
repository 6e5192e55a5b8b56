"""PostgreSQL refuses root: a closed home and a machine without user namespaces still get their database."""

import os
import stat
import tempfile
from pathlib import Path

import pytest

from daybreak.config import stepping_down
from daybreak.config.cluster import using

RUNS = "SELECT current_user"


@pytest.fixture
def closed_and_elsewhere(monkeypatch):
    """A home that only its owner may enter, and another place for what must be reached; no user namespaces."""
    with tempfile.TemporaryDirectory() as closed, tempfile.TemporaryDirectory() as open_place:
        Path(open_place).chmod(0o711)
        monkeypatch.setattr(stepping_down, "ELSEWHERE", Path(open_place) / "daybreak")
        monkeypatch.setattr(stepping_down, "_succeeds", lambda command: False)
        yield Path(closed), Path(open_place)


def test_a_closed_home_gets_its_database_elsewhere_and_finds_it_again(closed_and_elsewhere):
    closed, open_place = closed_and_elsewhere
    data = closed / "home" / "postgres"
    for _start in range(2):
        with using(data, durable=False) as cluster:
            assert cluster._query(RUNS) == "postgres"
            assert (cluster.data != data) == (os.geteuid() == 0)
    assert data.is_symlink() == (os.geteuid() == 0)
    assert stat.S_IMODE((closed / "home").stat().st_mode) == 0o700
    if os.geteuid() == 0:
        assert stat.S_IMODE(data.stat().st_mode) == 0o700
        assert data.resolve().is_relative_to(open_place.resolve())


def test_a_home_within_reach_keeps_its_database(closed_and_elsewhere):
    _, open_place = closed_and_elsewhere
    data = open_place / "home" / "postgres"
    with using(data, durable=False) as cluster:
        assert (cluster.data, cluster._query(RUNS)) == (data, "postgres")
    assert not data.is_symlink()
