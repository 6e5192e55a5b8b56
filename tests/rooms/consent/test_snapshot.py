"""What the register freezes follows what was signed: a real freeze of the real published views."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from daybreak.consent.public import consents_of, decline, sign, text_of, withdraw
from daybreak.desk.releases import held_in, held_words, held_words_for_patient
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.register.public import create_snapshot, dataset
from tests.rooms.consent.texts import newer, shelf
from tests.world.databases import a_database
from tests.world.people import World, make_world


@pytest.fixture(scope="module")
def committed(django_db_setup: None, django_db_blocker: object) -> Iterator[World]:
    """People in a database of their own, committed: the freeze connects by itself and sees nothing else."""
    with django_db_blocker.unblock(), a_database("consent_house"):
        yield make_world()


def now() -> datetime:
    return datetime.now(UTC)


def agree(world: World, patient, *signers: str, minutes_ago: int = 60) -> None:
    """Sign the registry's text."""
    right = {check.id: check.right for check in text_of("registry").checks}
    for later, signer in enumerate(signers):
        at = now() - timedelta(minutes=minutes_ago - later)
        with scoped(world.scope()) as scope:
            sign(
                scope, key=new_key(), patient=patient, consent="registry", name="Pia Sommer", signer=signer,
                shown_seconds=5, understood=right, at=at,
            )  # fmt: skip


def frozen() -> int:
    """Freeze, and return how many people the snapshot holds."""
    made = create_snapshot(actor=None, at=now())
    assert dataset(made.id).tables["person"].count().to_pyarrow().as_py() == made.rows["person"]
    return made.rows["person"]


def test_a_snapshot_holds_exactly_those_whose_consent_stands(committed, settings, tmp_path):
    settings.DAYBREAK_SNAPSHOTS = tmp_path / "snapshots"
    world = committed
    full, waiting, declined, asked = (world.patient() for _ in range(4))
    assert frozen() == 0
    agree(world, full, "patient", "clinician")
    agree(world, waiting, "patient")
    with scoped(world.scope()) as scope:
        decline(scope, key=new_key(), patient=declined, consent="registry", shown_seconds=1, at=now())
        assert held_words(scope, full).startswith("The register's only snapshot does not hold")
    assert frozen() == 1
    agree(world, asked, "patient", "clinician")
    assert frozen() == 2

    with scoped(world.scope()) as scope:
        withdraw(scope, key=new_key(), patient=full, consent="registry", reason="", at=now())
    assert frozen() == 1
    with shelf(tmp_path, registry_4=newer("registry", 4, why="It is shared with more people.")):
        assert frozen() == 0, "a version that asks again keeps out whoever has not signed it"
        with scoped(world.scope()) as scope:
            assert consents_of(scope, asked, at=now())["registry"].current is False
        agree(world, asked, "patient", "clinician", minutes_ago=1)
        assert frozen() == 1

    with scoped(world.scope()) as scope:
        held = {name: held_in(scope, key).number for name, key in
                {"full": full, "waiting": waiting, "declined": declined, "asked": asked}.items()}  # fmt: skip
        assert held == {"full": 2, "waiting": 0, "declined": 0, "asked": 3}
        assert held_in(scope, full).of == 6
        assert "2 of the register's 6 snapshots hold this person" in held_words(scope, full)
        assert held_words_for_patient(scope, full).startswith("2 snapshots of the register hold your data")
