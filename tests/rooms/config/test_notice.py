"""A notice of maintenance stands on every page, at once, until it is taken down."""

import pytest
from click.testing import CliRunner

from daybreak.config.commands.notice_ import command
from daybreak.config.notices import NotANotice, put_up, take_down

WORDS = "Down for maintenance <on Saturday> from 20:00."


@pytest.fixture(autouse=True)
def _none_left():
    yield
    take_down()


@pytest.mark.django_db
def test_a_notice_stands_on_every_page_until_it_is_taken_down(as_role, client, world):
    assert CliRunner().invoke(command, [WORDS]).output.strip() == WORDS
    signed_in = as_role("nurse")
    addresses = [
        (signed_in, "/at/dawn/"),
        (signed_in, "/at/dawn/learn/"),
        (client, "/verify/"),
        (client, "/accounts/login/"),
    ]
    for who, address in addresses:
        page = who.get(address).content.decode()
        assert "Down for maintenance &lt;on Saturday&gt; from 20:00." in page, address
    CliRunner().invoke(command, ["--off"])
    for who, address in addresses:
        assert "Down for maintenance" not in who.get(address).content.decode()


def test_without_words_the_command_shows_what_stands():
    assert CliRunner().invoke(command).output.strip() == "There is no notice."


@pytest.mark.parametrize("words", ["", "  ", "x" * 301])
def test_a_notice_that_is_empty_or_too_long_is_a_sentence(words):
    with pytest.raises(NotANotice, match="1 to 300 characters"):
        put_up(words)


def test_words_and_off_are_not_said_together():
    assert CliRunner().invoke(command, [WORDS, "--off"]).exit_code == 2
