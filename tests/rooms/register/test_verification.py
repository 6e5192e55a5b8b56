"""Any change of a snapshot is found; nothing is computed from one that is not what was frozen."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from daybreak.register import queries
from daybreak.register.actions import create_snapshot
from daybreak.register.manifest import NAME, read_manifest, signed
from daybreak.register.queries import NoSuchSnapshot, NotIntact, dataset, intact, verify
from tests.rooms.register.house import House

ROWS = "site/site=dawn/rows.parquet"


def change_a_file(folder: Path) -> None:
    content = bytearray((folder / ROWS).read_bytes())
    content[10] ^= 1
    (folder / ROWS).write_bytes(content)


def remove_a_file(folder: Path) -> None:
    (folder / ROWS).unlink()


def add_a_file(folder: Path) -> None:
    (folder / "site" / "more.parquet").write_bytes(b"")


def change_the_manifest(folder: Path) -> None:
    text = (folder / NAME).read_text()
    (folder / NAME).write_text(text.replace('"synthetic": true', '"synthetic": false'))


def respace_the_manifest(folder: Path) -> None:
    (folder / NAME).write_bytes(b" " + (folder / NAME).read_bytes())


def sign_with_another_key(folder: Path) -> None:
    manifest, _ = read_manifest(folder)
    (folder / NAME).write_bytes(signed(manifest, b"\1" * 32))


def sign_a_changed_manifest_with_the_own_key(folder: Path) -> None:
    from django.conf import settings

    manifest, _ = read_manifest(folder)
    (folder / NAME).write_bytes(signed(replace(manifest, code_version="9"), settings.DAYBREAK_SIGNING_KEY))


def tear_the_manifest(folder: Path) -> None:
    (folder / NAME).write_bytes((folder / NAME).read_bytes()[:100])


def empty_the_manifest(folder: Path) -> None:
    (folder / NAME).write_text(json.dumps([1, 2]) + "\n00\n")


def remove_the_manifest(folder: Path) -> None:
    (folder / NAME).unlink()


def remove_the_folder(folder: Path) -> None:
    folder.rename(folder.with_name("elsewhere"))


def link_to_elsewhere(folder: Path) -> None:
    (folder / "site" / "link").symlink_to("/")


TAMPERING = (
    (change_a_file, ROWS, "changed"),
    (remove_a_file, ROWS, "missing"),
    (add_a_file, "site/more.parquet", "added"),
    (link_to_elsewhere, "site/link", "added"),
    (change_the_manifest, NAME, "changed"),
    (respace_the_manifest, NAME, "changed"),
    (sign_with_another_key, NAME, "changed"),
    (sign_a_changed_manifest_with_the_own_key, NAME, "recorded"),
    (tear_the_manifest, NAME, "cannot be read"),
    (empty_the_manifest, NAME, "cannot be read"),
    (remove_the_manifest, NAME, "missing"),
)


@pytest.mark.parametrize(("tamper", "path", "what"), TAMPERING, ids=[case[0].__name__ for case in TAMPERING])
def test_tampering_is_found(house: House, folder: Path, tamper: Callable[[Path], None], path: str, what: str) -> None:
    made = create_snapshot(actor=None, at=house.now)
    assert verify(made.id).intact
    assert intact(made.id) == made.fingerprint, "what follows is found although all was compared before"

    tamper(folder / made.id)

    found = verify(made.id)
    assert not found.intact
    assert any(problem.path == path and what in problem.what for problem in found.problems), found.problems
    with pytest.raises(NotIntact):
        dataset(made.id)


def test_what_was_compared_is_not_read_again_until_it_is_touched(
    house: House, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = create_snapshot(actor=None, at=house.now)
    compared: list[str] = []
    monkeypatch.setattr(queries, "verify", lambda snapshot_id: compared.append(snapshot_id) or verify(snapshot_id))

    for _ in range(3):
        assert intact(made.id) == made.fingerprint
    assert len(compared) == 1
    (folder / made.id / ROWS).touch()
    assert intact(made.id) == made.fingerprint
    assert len(compared) == 2


def test_a_missing_folder_is_found(house: House, folder: Path) -> None:
    made = create_snapshot(actor=None, at=house.now)
    intact(made.id)
    remove_the_folder(folder / made.id)

    with pytest.raises(NotIntact):
        intact(made.id)
    assert "missing" in verify(made.id).problems[0].what


def test_a_snapshot_that_was_never_made_is_a_sentence(house: House) -> None:
    with pytest.raises(NoSuchSnapshot, match="no snapshot"):
        verify("20200101-nobody")
