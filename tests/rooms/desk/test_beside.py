"""The register's figures stand beside the trials', say that the people differ, and hide small groups."""

import pytest

from daybreak.desk.beside import Beside, Own
from daybreak.desk.web import beside as page
from daybreak.stats.public import proportion

pytestmark = pytest.mark.django_db
ADDRESS = "/at/dawn/beside/"


def test_without_a_snapshot_the_trials_stand_alone_and_the_page_says_so(as_role, monkeypatch):
    said = as_role("site lead").get(ADDRESS, {"outcome": "response", "window": "day"}).content.decode()

    assert "Nothing of the register yet" in said
    assert "These are not the same people" in said
    assert "Lapidus 2014" in said
    assert "<svg" in said


def test_a_share_that_may_not_be_shown_is_said_to_be_hidden_and_drawn_without_a_number(as_role, monkeypatch):
    shown = Beside(
        own=(Own("", None), Own("dawn", proportion(3, 12))),
        measure="Response on the PHQ-9",
        frozen_at="2026-01-01T00:00:00+00:00",
        trials=(),
        pooled="",
    )
    monkeypatch.setattr(page, "beside", lambda *_args, **_asked: shown)

    said = as_role("site lead").get(ADDRESS).content.decode()

    assert "fewer than 11 people" in said
    assert "3 of 12" in said
    assert "Response on the PHQ-9" in said


@pytest.mark.parametrize("asked", [{"outcome": "joy"}, {"window": "year"}, {"window": "\x00"}])
def test_what_is_not_asked_about_does_not_exist(as_role, asked):
    assert as_role("site lead").get(ADDRESS, asked).status_code == 404


def test_who_may_not_read_the_monitor_may_not_read_this(as_role):
    assert as_role("nurse").get(ADDRESS).status_code == 403
    assert as_role("site lead", "dusk").get(ADDRESS).status_code == 404
