"""A desk with files for the tests of the engine."""

import pytest

from tests.engines.estimating import Desk


@pytest.fixture
def desk(tmp_path, monkeypatch, capsys):
    return Desk(tmp_path, monkeypatch, capsys)
