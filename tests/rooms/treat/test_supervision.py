"""Supervised sessions: read from the teams, signed by the supervisor in their own name, counted before working alone."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import scoped
from daybreak.people.public import give_role, open_account
from daybreak.rulebook.public import TeamRole
from daybreak.treat import public as treat
from daybreak.treat.models import Supervision
from daybreak.treat.queries import supervision as asked_of
from daybreak.treat.queries.supervision import started_in
from daybreak.treat.rules.supervision import Beside, Word, supervised
from tests.rooms.treat.stage import planned
from tests.world.people import TODAY

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
ANA, NOOR, EVA = uuid4(), uuid4(), uuid4()
TEAM = (Word(ANA, "physician_in_charge", True, NOON), Word(NOOR, "nurse", True, NOON))
WATCHED = (*TEAM, Word(EVA, "supervisor", True, NOON))
LATER = NOON + timedelta(minutes=20)


def asks(role: str, alone_after: int | None) -> TeamRole:
    return TeamRole(id=role, alone_after=alone_after, source="site", reference="own")


@pytest.mark.parametrize(
    ("words", "team", "before", "expected"),
    [
        (TEAM, (), {}, ()),
        (WATCHED, (), {}, (Beside(ANA, "physician_in_charge", EVA), Beside(NOOR, "nurse", EVA))),
        (WATCHED, (asks("nurse", 5),), {}, (Beside(NOOR, "nurse", EVA),)),
        (WATCHED, (asks("nurse", 5),), {(NOOR, "nurse"): 4}, (Beside(NOOR, "nurse", EVA),)),
        (WATCHED, (asks("nurse", 5),), {(NOOR, "nurse"): 5}, ()),
        ((*WATCHED, Word(EVA, "supervisor", False, LATER)), (), {}, ()),
        ((*TEAM, Word(EVA, "supervisor", True, LATER)), (), {}, ()),
        ((*WATCHED, Word(NOOR, "nurse", False, NOON)), (), {}, (Beside(ANA, "physician_in_charge", EVA),)),
        ((*WATCHED, Word(NOOR, "nurse", False, LATER)), (asks("nurse", 5),), {}, (Beside(NOOR, "nurse", EVA),)),
        ((*TEAM, Word(ANA, "supervisor", True, NOON)), (), {}, (Beside(NOOR, "nurse", ANA),)),
    ],
    ids=[
        "without a supervisor", "no number asked", "a number of one role", "one too few", "enough", "who left",
        "who came later", "taken off before the start", "relieved later", "nobody beside themselves",
    ],
)  # fmt: skip
def test_who_was_supervised_and_by_whom(words, team, before, expected):
    assert supervised(words, team, NOON, before) == expected


def supervisor_of(world) -> None:
    """A second nurse of the site, whose papers are current."""
    eva = world.staff["dawn", "supervisor"] = open_account(name="Eva Lindqvist", email="eva@dawn.example")
    with scoped(world.scope("site lead")) as scope:
        give_role(scope, account=eva.key, role="nurse", from_day=TODAY - timedelta(days=30))
    for kind in ("course", "acls"):
        world.credential("supervisor", kind)


def begun(world, *, chair: str = "chair 1", hours_ago: float = 5):
    """A session in which Eva stands beside the nurse and the clinician from its start."""
    if ("dawn", "supervisor") not in world.staff:
        supervisor_of(world)
    stage = planned(world, chair=chair, hours_ago=hours_ago).check_in().weigh().gathered()
    stage.step(treat.name_member, account=world.staff["dawn", "supervisor"].key, role="supervisor", minutes=0)
    stage.read()
    stage.hear().ready().time_out()
    stage.step(treat.start, "clinician")
    return stage


def discharged(stage):
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    answers = {q.id: True for q in treat.questions(stage.look().protocol, "before_leaving")}
    stage.read()
    stage.step(treat.note_leaving, minutes=125, answers=answers)
    stage.step(treat.discharge, "clinician")
    return stage


def account_of(world, role: str = "nurse"):
    return world.staff["dawn", role].key


def signed(stage, by: str = "supervisor", account=None, role: str = "nurse"):
    with scoped(stage.scope(by)) as scope:
        return treat.sign_supervised(
            scope, session=stage.session, account=account or account_of(stage.world), role=role, at=stage.at()
        )


def told(world, role: str = "nurse"):
    with scoped(world.scope("site lead")) as scope:
        return treat.supervised_sessions(scope, account=account_of(world, role))


def signatures(world) -> int:
    with scoped(world.scope("site lead")):
        return Supervision.objects.count()


@pytest.mark.django_db
class TestASignature:
    """With the rooms' own facts."""

    def test_is_the_supervisors_and_twice_is_once(self, world):
        stage = discharged(begun(world))
        (before,) = told(world)
        assert (before.over, before.signed_at) == (True, None)
        first, second = signed(stage), signed(stage)
        assert first.key == second.key
        assert signatures(world) == 1
        assert [each.signed_at for each in told(world)] == [first.signed_at]
        assert [each.signed_at for each in told(world, "clinician")] == [None]
        with scoped(stage.scope("supervisor")) as scope:
            assert [each.beside.role for each in treat.to_sign(scope, account=scope.actor)] == ["physician_in_charge"]

    @pytest.mark.parametrize(
        ("by", "of", "role", "words"),
        [
            ("nurse", "nurse", "nurse", "Somebody else signs"),
            ("supervisor", "supervisor", "supervisor", "Somebody else signs"),
            ("clinician", "nurse", "nurse", "You were not the supervisor"),
            ("supervisor", "nurse", "psychiatrist", "You were not the supervisor"),
            ("supervisor", "educator", "nurse", "You were not the supervisor"),
            ("educator", "nurse", "nurse", "Your role at this site"),
        ],
    )
    def test_is_nobody_elses(self, world, by, of, role, words):
        stage = discharged(begun(world))
        with pytest.raises(Refusal, match=words):
            signed(stage, by, account_of(world, of), role)
        assert signatures(world) == 0

    def test_comes_after_the_session(self, world):
        stage = begun(world)
        assert [each.over for each in told(world)] == [False]
        with pytest.raises(treat.NotSupervised, match="discharged"):
            signed(stage)

    def test_is_of_one_site(self, world):
        stage = discharged(begun(world))
        with scoped(world.scope("nurse", "dusk")) as scope, pytest.raises(Refusal, match="no such session"):
            treat.sign_supervised(scope, session=stage.session, account=account_of(world), role="nurse", at=stage.at())
        with scoped(world.scope("site lead", "dusk")) as scope:
            assert treat.supervised_sessions(scope, account=account_of(world)) == []


@pytest.mark.django_db
def test_who_was_taken_off_before_the_start_has_not_started_it(world):
    stage = planned(world).prepared()
    clinician = account_of(world, "clinician")
    stage.step(treat.name_member, account=clinician, role="psychiatrist")
    stage.step(treat.name_member, account=clinician, role="psychiatrist", present=False)
    stage.time_out()
    stage.step(treat.start, "clinician")
    with scoped(stage.scope()) as scope:
        assert started_in(scope, clinician, "psychiatrist") == {}
        assert list(started_in(scope, clinician, "physician_in_charge")) == [stage.session]


@pytest.mark.django_db
class TestThePages:
    """What each person sees."""

    def page(self, client, name, **more) -> str:
        answer = client.get(reverse(name, kwargs={"site": "dawn", **more}))
        assert answer.status_code == 200
        return answer.content.decode()

    def test_show_the_session_its_supervisor_and_the_signature_and_no_patient(self, world, as_role):
        stage = discharged(begun(world))
        eva, nurse = as_role("supervisor"), as_role("nurse")
        assert "not signed yet" in self.page(nurse, "people:mine")
        assert "2 sessions that you supervised wait for your signature" in self.page(eva, "people:mine")
        form = {"session": stage.session, "account": account_of(world), "role": "nurse"}
        assert "I stayed beside Noor Haddad" in self.page(eva, "treat:supervisor")
        said = eva.post(reverse("treat:sign_supervised", kwargs={"site": "dawn"}), form, follow=True).content.decode()
        assert "Signed. It stands" in said
        assert "I stayed beside Noor Haddad" not in said
        lead = self.page(as_role("site lead"), "treat:supervised", account=account_of(world))
        for page in (self.page(nurse, "people:mine"), lead):
            assert "Eva Lindqvist" in page
            assert "not signed yet" not in page
            assert "Sommer" not in page

    def test_home_tells_the_supervisor_alone_until_all_is_signed(self, world, as_role):
        stage = discharged(begun(world))
        eva = as_role("supervisor")
        assert "Two supervised sessions to sign" in self.page(eva, "desk:home")
        assert "to sign" not in self.page(as_role("nurse"), "desk:home")
        signed(stage)
        assert "One supervised session to sign" in self.page(eva, "desk:home")
        signed(stage, account=account_of(world, "clinician"), role="physician_in_charge")
        assert "to sign" not in self.page(eva, "desk:home")

    def test_say_how_far_somebody_is_from_working_alone(self, world, as_role, monkeypatch):
        discharged(begun(world))
        protocol = treat.active_protocols()[0]
        asked = protocol.model_copy(update={"team": (asks("nurse", 2),)})
        monkeypatch.setattr(asked_of, "active_protocols", lambda: [asked])
        page = self.page(as_role("nurse"), "people:mine")
        assert "Does not yet work alone as nurse" in page
        assert "1 of 2 sessions started in this role at this site; for 0 of them a supervisor signed." in page

    def test_refuse_in_words_and_keep_others_out(self, world, as_role):
        stage = discharged(begun(world))
        sign = reverse("treat:sign_supervised", kwargs={"site": "dawn"})
        form = {"session": stage.session, "account": account_of(world), "role": "nurse"}
        assert "Somebody else signs" in as_role("nurse").post(sign, form, follow=True).content.decode()
        for bad in ({}, {**form, "session": "x"}, {**form, "session": new_key()}, {**form, "role": "king"}):
            assert as_role("supervisor").post(sign, bad, follow=True).status_code == 200
        assert signatures(world) == 0
        theirs = reverse("treat:supervised", kwargs={"site": "dawn", "account": account_of(world)})
        assert as_role("clinician").get(theirs).status_code == 403
        assert as_role("site lead", "dusk").get(theirs).status_code == 404
        strange = reverse("treat:supervised", kwargs={"site": "dawn", "account": world.staff["dusk", "nurse"].key})
        assert as_role("site lead").get(strange).status_code == 404
