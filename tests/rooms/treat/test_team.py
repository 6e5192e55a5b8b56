"""The team and the equipment before the start: who is missing, whose papers ended, what nobody has looked at."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import record_one
from daybreak.people.public import credentials, standing_for
from daybreak.rulebook.public import Equipment, TeamRole
from daybreak.treat import public as treat
from daybreak.treat.actions.team import NotListed, NotOfTheTeam
from daybreak.treat.rules.team import Present, Readiness, equipment_blockers, team_blockers
from tests.rooms.treat.stage import planned

SITE = {"source": "site", "reference": "own"}
ANA, NOOR, EVA = uuid4(), uuid4(), uuid4()
CHARGE, NURSE = Present(ANA, "Ana", "physician_in_charge"), Present(NOOR, "Noor", "nurse")


def role(name: str, at_least: int = 1, **more: object) -> TeamRole:
    return TeamRole(id=name, at_least=at_least, **SITE, **more)


def there(*present: Present, asks: tuple[TeamRole, ...] = (), starter=ANA) -> list[str]:
    facts = Readiness(team=asks, equipment=(), present=present, starter=starter)
    found = team_blockers(facts)
    assert all(blocker.why and blocker.who and blocker.advice for blocker in found)
    return [f"{blocker.what} {blocker.why}" for blocker in found]


@pytest.mark.parametrize(
    ("present", "asks", "starter", "expected"),
    [
        ((CHARGE,), (), ANA, []),
        ((), (), None, ["Nobody is in charge of this session. No physician is named."]),
        ((NURSE,), (role("physician_in_charge"),), NOOR, ["Nobody is in charge of this session."]),
        ((CHARGE,), (role("nurse"),), ANA, ["The role of nurse is not filled. The protocol asks for 1, 0 named."]),
        ((CHARGE, NURSE), (role("nurse"),), ANA, []),
        ((CHARGE, NURSE), (role("nurse", 2),), ANA, ["The role of nurse is not filled. The protocol asks for 2, 1 named."]),
        ((CHARGE,), (role("psychiatrist"), role("anaesthetist")), ANA, ["The role of psychiatrist", "The role of anaesthetist"]),
        ((CHARGE,), (), EVA, ["You are not on the team of this session."]),
        (
            (Present(ANA, "Ana", "physician_in_charge", ("ACLS certificate expired on 28 November 2026",)),),
            (),
            ANA,
            ["Ana may not take part today as physician in charge. ACLS certificate expired on 28 November 2026."],
        ),
    ],
)  # fmt: skip
def test_what_the_team_lacks_is_named(present, asks, starter, expected):
    found = there(*present, asks=asks, starter=starter)
    assert len(found) == len(expected)
    assert all(said.startswith(words) for said, words in zip(found, expected, strict=True))


@pytest.mark.parametrize(
    ("sessions", "supervised", "blocked"), [(0, False, True), (4, False, True), (5, False, False), (0, True, False)]
)
def test_whoever_has_few_sessions_in_a_role_needs_a_supervisor(sessions, supervised, blocked):
    present = [Present(ANA, "Ana", "physician_in_charge", (), sessions)]
    if supervised:
        present.append(Present(EVA, "Eva", "supervisor"))
    found = there(*present, asks=(role("physician_in_charge", alone_after=5),))
    assert bool(found) is blocked
    assert all(f"{sessions} of 5 sessions" in words for words in found)


@pytest.mark.parametrize(
    ("confirmed", "open_"), [((), "Oxygen; Suction"), (("oxygen",), "Suction"), (("oxygen", "suction"), "")]
)
def test_equipment_is_confirmed_item_by_item(confirmed, open_):
    items = (Equipment(id="oxygen", title="Oxygen", **SITE), Equipment(id="suction", title="Suction", **SITE))
    facts = Readiness((), items, (), ANA, dict.fromkeys(confirmed, NOOR))
    assert [blocker.why for blocker in equipment_blockers(facts)] == ([f"Open: {open_}."] if open_ else [])


@pytest.mark.django_db
class TestASession:
    """With the rooms' own facts."""

    def blocked(self, stage, role_: str = "clinician") -> str:
        with scoped(stage.scope(role_)) as scope:
            return treat.starting(scope, stage.look(), at=stage.now + timedelta(minutes=1)).sentence()

    def test_without_a_team_and_equipment_nothing_starts(self, world):
        stage = planned(world).check_in().weigh()
        stage.read()
        stage.ready().time_out()
        found = self.blocked(stage)
        assert "Nobody is in charge of this session." in found
        assert "The role of nurse is not filled." in found
        assert "Open: Monitor" in found
        assert "Does the clinician in charge hold" not in found
        stage.gathered()
        assert self.blocked(stage) == ""

    @pytest.mark.parametrize(("days", "is_blocked"), [(0, True), (1, False)])
    def test_a_licence_that_ended_yesterday_keeps_the_physician_from_being_in_charge(self, world, days, is_blocked):
        stage = planned(world).prepared()
        ends = day_of(stage.now + timedelta(minutes=1), "Europe/Berlin") + timedelta(days=days)
        with scoped(world.scope("site lead")) as scope:
            account = world.staff["dawn", "clinician"].key
            held = next(c for c in credentials(scope, account=account) if c.kind == "schedule_iii")
            _ends(scope, held, ends)
        found = self.blocked(stage)
        assert (
            "Clara Okafor may not take part today as physician in charge. Schedule III licence" in found
        ) is is_blocked
        assert ("site lead" in found) is is_blocked

    def test_who_is_taken_off_is_not_there(self, world):
        stage = planned(world).prepared()
        account = world.staff["dawn", "nurse"].key
        stage.step(treat.name_member, account=account, role="nurse", present=False)
        assert "The role of nurse is not filled." in self.blocked(stage)
        stage.step(treat.name_member, account=account, role="nurse")
        assert "The role of nurse is not filled." not in self.blocked(stage)

    def test_a_team_that_changed_since_the_time_out_does_it_again(self, world):
        stage = planned(world).prepared()
        assert self.blocked(stage) == ""
        stage.step(treat.name_member, account=world.staff["dawn", "clinician"].key, role="psychiatrist")
        assert "The time-out by two people is not done." in self.blocked(stage)
        stage.time_out("nurse")
        stage.step(treat.name_member, account=world.staff["dawn", "nurse"].key, role="nurse", present=False)
        stage.step(treat.name_member, account=world.staff["dawn", "nurse"].key, role="nurse")
        stage.time_out("clinician")
        assert "The time-out by two people is not done." in self.blocked(stage), (
            "one signature of each team is no time-out"
        )
        stage.time_out("nurse")
        assert self.blocked(stage) == ""

    @pytest.mark.parametrize(
        ("who", "part"), [("nurse", "physician_in_charge"), ("educator", "nurse"), ("clinician", "king")]
    )
    def test_nobody_takes_a_role_that_is_not_theirs(self, world, who, part):
        stage = planned(world).check_in()
        with pytest.raises(NotOfTheTeam):
            stage.step(treat.name_member, account=world.staff["dawn", who].key, role=part)
        with pytest.raises(NotOfTheTeam):
            stage.step(treat.name_member, account=world.staff["dusk", "nurse"].key, role="nurse")

    @pytest.mark.parametrize("items", [(), ("oxygen", "tea")])
    def test_only_what_the_protocol_lists_is_confirmed(self, world, items):
        stage = planned(world).check_in()
        with pytest.raises(NotListed):
            stage.step(treat.confirm_equipment, items=items)

    def test_the_page_says_at_once_why_it_cannot_start(self, world, as_role):
        stage = planned(world).check_in()
        here = {"site": "dawn", "session": stage.session}
        page = as_role("nurse").get(reverse("treat:prepare", kwargs=here)).content.decode()
        assert re.search(r">\d+ things are in the way<", page)
        assert page.index("things are in the way") < page.index("Weight and dose")
        assert [page.count(f'criterion-text">{what}') for what in ("Nobody is in charge", "There is no dose yet.")] == [
            1,
            1,
        ]
        assert page.count('<details open><summary><span class="prep-mark"') == 1, "one step is open: the next"
        for name in ("member", "equipment"):
            there_ = reverse(f"treat:{name}", kwargs=here)
            assert as_role("educator").post(there_, {"key": new_key()}).status_code == 403
            assert as_role("nurse", "dusk").post(there_, {"key": new_key()}).status_code == 404
            assert as_role("nurse").post(there_, {"key": new_key()}, follow=True).status_code == 200

    def test_papers_are_shown_beside_each_name(self, world, as_role):
        stage = planned(world).check_in().gathered()
        page = as_role("nurse").get(reverse("treat:prepare", kwargs={"site": "dawn", "session": stage.session}))
        assert page.content.decode().count("papers current today") == 2
        assert "Noor Haddad," in page.content.decode()

    def test_the_site_may_ask_for_more_papers(self, world):
        planned(world)
        with scoped(world.scope("site lead")) as scope:
            found = standing_for(
                scope,
                account=world.staff["dawn", "nurse"].key,
                role="nurse",
                on=world.now.date(),
                also=["conscious_sedation"],
            )
        assert found.missing == ("no moderate sedation credential",)


def _ends(scope, held, day) -> None:
    record_one(
        type(held)(
            site=scope.site, key=new_key(), corrects=held.key, account_key=held.account_key, kind=held.kind,
            issued_on=held.issued_on, expires_on=day, number="",
        )
    )  # fmt: skip
