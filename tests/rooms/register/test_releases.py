"""A request for rows: two reviewers who did not ask for it, in every way in which somebody could go about it."""

import csv
import io
import zipfile
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import record_one
from daybreak.people.public import Account, give_role, open_account
from daybreak.register.actions import create_cohort
from daybreak.register.models import HandOut, ReleaseRequest, ReleaseReview
from daybreak.register.releasing.actions import (
    NotAnAnswer,
    NotARequest,
    NotHandedOut,
    answer_request,
    ask_for_release,
    hand_out_release,
    take_request_back,
)
from daybreak.register.releasing.queries import request_as_it_stands
from daybreak.register.releasing.rules import Answered, State, may_answer, state_of
from daybreak.register.synthetic.recipe import recipe
from tests.world.people import NOW, TODAY, World

pytestmark = pytest.mark.django_db
MANAGER, BOARD, ANALYST = "data manager", "safety board member", "analyst"


@pytest.fixture
def snapshot(world: World) -> str:
    return create_cohort(recipe(persons=100, seed=3), actor=None, at=NOW)[0].id


def asked(world: World, snapshot: str, *, by: str = ANALYST, site: str = "dawn", **more: object):
    scope = world.scope(by, site)
    told = {
        "recipient": "Dr Ida Holm, Northern University",
        "purpose": "how long response lasts",
        "profile": "safe_harbor",
        "tables": ("score",),
        "expires_on": TODAY + timedelta(days=30),
    } | more
    with scoped(scope):
        made = ask_for_release(scope, key=new_key(), snapshot_id=snapshot, at=NOW, **told)
        return request_as_it_stands(made.site, made.key, today=TODAY)


def answer(world: World, about: object, role: str, said: str = "approve", *, site: str = "centre", reason: str = ""):
    scope = world.scope(role, site)
    with scoped(scope):
        answer_request(scope, key=new_key(), asked=about, answer=said, reason=reason, at=NOW)
        return request_as_it_stands(about.request.site, about.request.key, today=TODAY)


def hand_out(world: World, about: object, folder: Path, *, role: str = ANALYST, site: str = "dawn", at=NOW):
    scope = world.scope(role, site)
    with scoped(scope):
        return hand_out_release(scope, key=new_key(), asked=about, folder=folder, at=at)


def test_two_reviewers_approve_and_the_rows_are_handed_out_with_a_trace(
    world: World, snapshot: str, tmp_path: Path
) -> None:
    about = answer(world, asked(world, snapshot), MANAGER)
    assert about.state is State.WAITING
    with pytest.raises(NotHandedOut, match="two reviewers"):
        hand_out(world, about, tmp_path / "early")

    about = answer(world, about, BOARD)
    assert about.state is State.APPROVED
    manifest = hand_out(world, about, tmp_path / "rows")

    kept = HandOut.objects.get()
    assert kept.manifest == manifest
    assert kept.rows == sum(file.get("rows", 0) for file in manifest["files"].values()) > 100
    assert kept.recorded_by == world.staff["dawn", ANALYST].key
    assert {path.name for path in (tmp_path / "rows").glob("*.csv")} == {"person.csv", "score.csv", "dictionary.csv"}
    assert str(about.request.key) in (tmp_path / "rows" / "READ-ME-FIRST.txt").read_text(encoding="utf-8")


def test_nobody_reviews_a_request_of_their_own_nor_counts_twice(world: World, snapshot: str) -> None:
    about = asked(world, snapshot, by=MANAGER, site="centre")
    with pytest.raises(NotAnAnswer, match="of their own"):
        answer(world, about, MANAGER)
    about = answer(world, about, BOARD)
    with pytest.raises(NotAnAnswer, match="does not wait"):
        answer(world, about, BOARD)
    assert about.state is State.WAITING


def test_only_reviewers_of_the_centre_answer(world: World, snapshot: str) -> None:
    about = asked(world, snapshot)
    with pytest.raises(NotAnAnswer, match="Only a reviewer"):
        answer(world, about, ANALYST, site="centre")
    with pytest.raises(NotAnAnswer, match="coordinating centre"):
        answer(world, about, MANAGER, site="dawn")


@pytest.mark.parametrize(("said", "state"), [("refuse", State.REFUSED), ("withdraw", State.WITHDRAWN)])
def test_one_no_is_enough_and_has_a_reason(
    world: World, snapshot: str, tmp_path: Path, said: str, state: State
) -> None:
    about = asked(world, snapshot)
    if said == "withdraw":
        about = answer(world, answer(world, about, MANAGER), BOARD)
    with pytest.raises(NotAnAnswer, match="Give the reason"):
        answer(world, about, MANAGER, said)
    about = answer(world, about, MANAGER, said, reason="The purpose is none of the register's.")

    assert about.state is state
    with pytest.raises(NotHandedOut):
        hand_out(world, about, tmp_path / "rows")
    assert not (tmp_path / "rows").exists()


def test_after_the_last_day_and_once_taken_back_nothing_is_handed_out(
    world: World, snapshot: str, tmp_path: Path
) -> None:
    about = answer(world, answer(world, asked(world, snapshot), MANAGER), BOARD)
    with pytest.raises(NotHandedOut, match="last day is over"):
        hand_out(world, about, tmp_path / "late", at=NOW + timedelta(days=32))
    scope = world.scope(ANALYST, "dawn")
    with scoped(scope):
        take_request_back(scope, key=new_key(), asked=about, at=NOW)
    with pytest.raises(NotHandedOut, match="taken back"):
        hand_out(world, about, tmp_path / "gone")


def test_the_database_keeps_the_rule_whatever_the_application_does(world: World, snapshot: str) -> None:
    about = asked(world, snapshot, by=MANAGER, site="centre")
    names = {"request_key": about.request.key}
    own, board = world.scope(MANAGER, "centre"), world.scope(BOARD, "centre")

    def store(scope: Scope, fact: object) -> None:
        with scoped(scope), transaction.atomic():
            record_one(fact)

    def review(said: str = "approve", reason: str = "") -> ReleaseReview:
        return ReleaseReview(site="centre", key=new_key(), answer=said, reason=reason, reviewed_at=NOW, **names)

    def handed() -> HandOut:
        return HandOut(
            site="centre", key=new_key(), manifest={}, manifest_sha256="0" * 64, rows=1, handed_at=NOW, **names
        )

    with pytest.raises(IntegrityError, match="of their own"):
        store(own, review())
    with pytest.raises(IntegrityError, match="takes a request back"):
        store(board, review("take_back"))
    with pytest.raises(IntegrityError, match="by a person"):
        store(Scope(site="centre", actor=None, purpose="a test"), review())
    store(board, review())
    with pytest.raises(IntegrityError, match="once_each"):
        store(board, review())
    with pytest.raises(IntegrityError, match="two approvals"):
        store(own, handed())
    second = _another(BOARD, "centre")
    store(Scope(site="centre", actor=second.key, purpose="a test"), review())
    store(own, handed())
    store(board, review("withdraw", "in doubt"))
    with pytest.raises(IntegrityError, match="two approvals"):
        store(own, handed())


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"recipient": " "}, "recipient"),
        ({"purpose": ""}, "purpose"),
        ({"profile": "limited"}, "agreement"),
        ({"profile": "expert"}, "determination"),
        ({"tables": ("calendar",)}, "tables"),
        ({"expires_on": TODAY - timedelta(days=2)}, "expires_on"),
        ({"expires_on": TODAY + timedelta(days=400)}, "expires_on"),
    ],
)
def test_a_request_that_lacks_something_is_refused_beside_its_field(
    world: World, snapshot: str, more: dict[str, object], field: str
) -> None:
    with pytest.raises(NotARequest) as no:
        asked(world, snapshot, **more)
    assert no.value.field == field
    assert not ReleaseRequest.objects.exists()


def test_by_every_address_two_others_are_needed(world: World, snapshot: str, as_role: object) -> None:
    """The same rule over the pages: no address, method or role gives rows before two others have approved."""
    about = asked(world, snapshot, by=MANAGER, site="centre")
    place = f"/at/centre/register/releases/centre/{about.request.key}/"
    owner: Client = as_role(MANAGER, "centre")

    def approve(client: Client) -> int:
        return client.post(place + "answer/", {"key": new_key(), "answer": "approve", "reason": ""}).status_code

    def rows(client: Client) -> int:
        return client.post(place + "rows/").status_code

    assert "two others review it" in owner.get(place).content.decode()
    assert (approve(owner), rows(owner)) == (409, 409)
    assert approve(as_role(ANALYST, "centre")) == 403
    assert approve(as_role(BOARD, "centre")) == 302
    assert approve(as_role(BOARD, "centre")) == 409
    assert rows(owner) == 409
    elsewhere = f"/at/dawn/register/releases/centre/{about.request.key}/"
    for role in (MANAGER, ANALYST):
        stranger = as_role(role, "dawn")
        assert stranger.get(elsewhere).status_code == 404
        for end in ("answer/", "rows/", "take-back/"):
            assert stranger.post(elsewhere + end).status_code in (403, 404)
    assert as_role("nurse", "centre").get(place).status_code == 403
    assert as_role(BOARD, "dusk").get(place).status_code == 404

    second = Client()
    second.force_login(_another(BOARD, "centre"), backend="allauth.account.auth_backends.AuthenticationBackend")
    assert approve(second) == 302
    assert rows(as_role(ANALYST, "centre")) == 409, "neither who asked nor who freezes"
    given = owner.post(place + "rows/")
    assert given.status_code == 200
    with zipfile.ZipFile(io.BytesIO(b"".join(given.streaming_content))) as packed:
        name = next(each for each in packed.namelist() if each.endswith("/person.csv"))
        assert len(list(csv.DictReader(io.StringIO(packed.read(name).decode())))) == 100
    page = owner.get(place).content.decode()
    assert "Handed out" in page
    assert HandOut.objects.count() == 1


def test_the_pages_ask_keep_what_was_typed_and_say_what_is_empty(world: World, snapshot: str, as_role: object) -> None:
    analyst: Client = as_role(ANALYST, "dawn")
    assert "Nobody has asked for rows" in analyst.get("/at/dawn/register/releases/").content.decode()
    typed = {
        "key": new_key(), "recipient": "Dr Holm", "purpose": "to learn", "snapshot": snapshot, "profile": "limited",
        "tables": ["score"], "expires_on": TODAY + timedelta(days=9),
    }  # fmt: skip
    page = analyst.post("/at/dawn/register/releases/ask/", typed).content.decode()
    assert "needs an agreement about the use" in page
    assert "Dr Holm" in page
    done = analyst.post("/at/dawn/register/releases/ask/", typed | {"agreement": "DUA 7"}, follow=True)
    assert "Two reviewers of the coordinating centre read it" in done.content.decode()
    assert "1 request waits" in as_role(BOARD, "centre").get("/at/centre/register/releases/").content.decode()
    assert "Dr Holm" not in as_role(ANALYST, "dusk").get("/at/dusk/register/releases/").content.decode()


A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.mark.parametrize(
    ("answers", "days", "state"),
    [
        ([], 0, State.WAITING),
        ([(B, "approve")], 0, State.WAITING),
        ([(A, "approve"), (B, "approve")], 0, State.WAITING),
        ([(B, "approve"), (B, "approve")], 0, State.WAITING),
        ([(B, "approve"), (C, "approve")], 0, State.APPROVED),
        ([(B, "approve"), (C, "approve")], -1, State.EXPIRED),
        ([(B, "approve"), (C, "refuse")], 0, State.REFUSED),
        ([(B, "approve"), (C, "approve"), (B, "withdraw")], 0, State.WITHDRAWN),
        ([(B, "approve"), (C, "approve"), (A, "take_back")], 0, State.TAKEN_BACK),
    ],
)
def test_how_a_request_stands(answers: list[tuple[UUID, str]], days: int, state: State) -> None:
    given = [Answered(by, said) for by, said in answers]
    found = state_of(asked_by=A, answers=given, last_day=TODAY + timedelta(days=days), today=TODAY)
    assert found is state
    assert may_answer(asked_by=A, answers=given, who=A, state=found) == ()


def _another(role: str, site: str) -> Account:
    account = open_account(email=f"{new_key()}@{site}.example", name="Bea Second")
    scope = Scope(site=site, actor=account.key, purpose="set-up")
    with scoped(scope):
        give_role(scope, account=account.key, role=role, from_day=TODAY - timedelta(days=3))
    return account
