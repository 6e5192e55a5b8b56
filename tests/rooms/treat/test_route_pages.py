"""The pages of each way of giving: what is asked, what is read aloud, and what the chair offers next."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.treat import public as treat
from daybreak.treat.web.parts import turn_of
from tests.rooms.treat.site_library import ESKETAMINE, INJECTED, LONG, SWALLOWED, activated
from tests.rooms.treat.stage import BASELINE, Stage, planned

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _every_way_is_active(tmp_path, monkeypatch):
    from daybreak.measure.public import library

    activated(tmp_path / "definitions", monkeypatch)
    yield
    monkeypatch.undo()
    library.cache_clear()


class Team:
    """A nurse and a clinician at their own devices."""

    def __init__(self, world, as_role, protocol: str) -> None:
        self.stage: Stage = planned(world, protocol=protocol, hours_ago=0.2).check_in()
        self.clients = {role: as_role(role) for role in ("nurse", "clinician", "educator")}

    def address(self, name: str, **more: object) -> str:
        return reverse(f"treat:{name}", kwargs={"site": "dawn", "session": self.stage.session, **more})

    def see(self, name: str = "session", role: str = "nurse") -> str:
        return self.clients[role].get(self.address(name), follow=True).content.decode()

    def send(self, name: str, by: str = "nurse", /, **said: object) -> str:
        sent = self.clients[by].post(self.address(name), {"key": new_key(), **said}, follow=True)
        assert sent.status_code < 500
        return sent.content.decode()

    def ready(self) -> None:
        """Type the baseline in, answer what is asked, and sign the time-out, each on its page."""
        self.send("readings", **{sign: str(value) for sign, (value, _) in BASELINE.items()})
        now = self.stage.look()
        for role, part in (("clinician", "physician_in_charge"), ("nurse", "nurse")):
            self.send("member", account=self.stage.world.staff["dawn", role].key, role=part)
        if now.protocol.equipment:
            self.send("equipment", item=[item.id for item in now.protocol.equipment])
        asked = treat.questions(now.protocol, "before_each_dose")
        self.send("ready", **{q.id: "yes" if q.kind == "yes_no" else q.choices[0] for q in asked})
        for role in ("nurse", "clinician"):
            items = dict.fromkeys(treat.time_out_items(now.manner), "on")
            self.send("time_out", role, order=self.stage.look().order.key, **items)


def test_nasal_devices_by_forms_alone(world, as_role):
    team = Team(world, as_role, ESKETAMINE)
    assert "offers one amount" in team.see()
    chosen = team.send("weigh")
    assert "28 mg each, 5 minutes apart" in chosen
    assert "Weight today" not in chosen
    team.ready()
    page = team.see("prepare", "clinician")
    assert "Devices: 2 of 28 mg each, 5 minutes apart" in page
    assert "The first device is given" in page
    chair = team.send("start", "clinician", where="both_nostrils")
    assert "Next not before" in chair
    now = team.stage.look()
    may_come = now.next_part_at(now.started_at).from_moment
    assert turn_of(now, may_come) != turn_of(now, may_come - timedelta(seconds=1))  # the open page shows the button
    turn = team.clients["nurse"].get(team.address("readings")).json()["turn"]
    assert f'data-turn="{turn}"' in chair
    assert "mL/h" not in chair
    early = team.send("give", where="both_nostrils")
    assert "It is too early for the next one" in early
    given = team.send("give", where="both_nostrils", reason="too_early_by_mistake")
    assert "Nothing is left: complete the dose." in given
    assert turn != team.clients["nurse"].get(team.address("readings")).json()["turn"]
    assert "Given, 28 mg, both nostrils" in given
    assert "28 mg each" in team.see("summary")


def test_an_injection_by_forms_alone(world, as_role):
    team = Team(world, as_role, INJECTED)
    assert "This field is required." in team.send("weigh", weight="70", unit="kg", height_cm="")
    assert "0.7 mL" in team.send("weigh", weight="71", unit="kg", concentration="50")
    team.ready()
    page = team.see("prepare", "clinician")
    assert "Injection: 0.7 mL at 50 mg/mL" in page
    assert "left deltoid" in page.lower()
    assert "Say where" in team.send("start", "clinician")
    assert "Started, 35 mg, left deltoid" in team.send("start", "clinician", where="left_deltoid")


def test_what_is_swallowed_by_forms_alone(world, as_role):
    team = Team(world, as_role, SWALLOWED)
    refused = team.send("weigh", weight="70", unit="kg", form="tablet", unit_mg="20")
    assert "whole pieces" in refused
    assert 'value="20"' in refused
    assert "2 tablets" in team.send("weigh", weight="70", unit="kg", form="tablet", unit_mg="25")
    team.ready()
    assert "Form: 2 tablets of 25 mg each" in team.see("prepare", "clinician")
    assert "Started, 50 mg" in team.send("start", "clinician")


def test_an_infusion_of_days_by_forms_alone(world, as_role):
    team = Team(world, as_role, LONG)
    page = team.send("weigh", weight="70", unit="kg", concentration="2", syringe_ml="50")
    assert "5.2 mL/h" in page
    assert "from 4 h on, signed by a clinician" in page
    team.ready()
    chair = team.send("start", "clinician")
    assert "Raise to 21 mL/h" in chair
    assert "From " in chair
    assert "4 hours after the start" in team.send("raise", "clinician")
    changed = team.send("syringe", drawn_ml="45,5")
    assert "Syringe changed, 45.5 mL drawn" in changed
    assert "as a number" in team.send("syringe", drawn_ml="much")


@pytest.mark.parametrize("name", ["give", "raise", "syringe"])
def test_only_the_team_gives_and_another_site_finds_nothing(world, as_role, name):
    stage = planned(world).started()
    here = reverse(f"treat:{name}", kwargs={"site": "dawn", "session": stage.session})
    assert as_role("educator").post(here, {"key": new_key()}).status_code == 403
    assert as_role("nurse", "dusk").post(here, {"key": new_key()}).status_code == 404
    if name == "raise":
        assert as_role("nurse").post(here, {"key": new_key()}).status_code == 403
    assert stage.look().state is treat.State.RUNNING
    assert stage.look().given_at(stage.now).dose_mg == Decimal(0)


def test_the_order_of_days_carries_clonidine_which_is_due_by_its_own_times_and_given_with_one_touch(world, as_role):
    team = Team(world, as_role, LONG)
    team.send("weigh", weight="70", unit="kg", concentration="2", syringe_ml="50")
    assert [line["drug"] for line in team.stage.look().order.co_medication] == ["clonidine"]
    assert "With it: clonidine" in team.see()
    assert "oral. At the start, then every 12 h. At most 0.6 mg in 24 hours." in team.see()
    team.ready()
    chair = team.send("start", "clinician")
    assert "Clonidine 0.5 mg, oral" in chair
    assert "due since" in chair
    due = team.clients["nurse"].get(team.address("readings")).json()["due"]
    assert "Clonidine" in [each["label"] for each in due]

    planned = {"medicine": "clonidine", "dose": "0.5", "unit": "mg", "route": "oral", "reason": "planned"}
    chair = team.send("medicines", **planned)
    assert "0.5 of at most 0.6 mg in 24 hours" in chair
    assert "due at" in chair
    assert "as planned" in chair
