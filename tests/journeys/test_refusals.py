"""What stands in the way of a start is one sentence that says what to do, and exit code 2."""

import socket

import pytest

from tests.journeys.installation import Installation

COMMANDS = ("serve", "demo")


def refusal(house, command):
    """Return the one sentence."""
    said = house.run(command, code=2)
    assert said.stderr.count("\n") == 1, said.stderr
    return said.stderr.strip()


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("postgresql://daybreak_app:x@127.0.0.1:1/daybreak", "Connection refused. Check DATABASE_URL."),
        ("postgresql://daybreak_app:x@127.0.0.1:port/daybreak", "port"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_database_that_refuses_is_named_with_its_reason(tmp_path, command, address, words):
    said = refusal(Installation(tmp_path, DATABASE_URL=address), command)
    assert said.startswith("The database refused: ")
    assert words in said
    assert said.endswith("Check DATABASE_URL.")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_another_postgresql_is_left_alone(tmp_path, command):
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "PG_VERSION").write_text("15\n")
    assert "was made by PostgreSQL 15" in refusal(Installation(tmp_path), command)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_busy_port_is_named_before_anything_is_made(tmp_path, command):
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        said = refusal(Installation(tmp_path, DAYBREAK_PORT=str(port)), command)
    assert f"Port {port}" in said
    assert "DAYBREAK_PORT" in said
    assert list(tmp_path.iterdir()) == []
