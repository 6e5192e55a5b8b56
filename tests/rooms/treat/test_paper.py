"""The record on paper: pre-filled from the record, named by a code, and typed in afterwards as what it is."""

import json
import re
import warnings
from datetime import datetime, timedelta
from html import unescape
from zoneinfo import ZoneInfo

import pytest
import typst

from daybreak.design.public import on_paper
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.models import Act
from daybreak.treat.web import paper_record
from daybreak.treat.web.sheet import FOLDER
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address

pytestmark = pytest.mark.django_db


def words_of(record: dict) -> str:
    """Return what stands on the paper, as typst sets it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = FOLDER
        html = typst.compile(
            str(folder / "record.typ"), root=str(folder), format="html", sys_inputs={"record": json.dumps(record)}
        )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def test_the_paper_names_the_patient_the_dose_the_limits_and_a_row_for_each_time(world):
    stage = planned(world).prepared()
    with scoped(stage.scope()) as scope:
        record = paper_record.record_of(scope, stage.look(), address="https://a.example/x/", at=now())
    words = words_of(record)
    told = json.dumps(record, ensure_ascii=False)
    for said in ("Pia Sommer", "35 mg", "52.5 mL/h", "none known", "+0 min", "+40 min"):
        assert said in told, said
    assert "above 180 mmHg" in words
    assert "Sommer" not in record["code"]
    assert on_paper(FOLDER / "record.typ", record, at=now()).startswith(b"%PDF")


def test_the_paper_opens_for_the_team_only(world, as_role):
    stage = planned(world).prepared()
    there = address("paper_pdf", session=stage.session)
    answer = as_role("nurse").get(there)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "sommer" not in answer["Content-Disposition"].lower()
    assert as_role("educator").get(there).status_code == 403
    assert as_role("nurse", "dusk").get(there).status_code == 404


def sheet(stage, world, **said: object) -> dict[str, object]:
    return {"key": new_key(), "written_by": world.staff["dawn", "nurse"].key, **said}


def clock(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('Europe/Berlin')):%H:%M}"


def test_what_stood_on_paper_is_stored_at_its_times_with_who_wrote_and_who_typed(world, as_role):
    stage = planned(world, hours_ago=0.8).started()
    begun = stage.look().started_at
    later = [begun + timedelta(minutes=n) for n in (5, 10, 20)]
    there = address("transcribe", session=stage.session)
    said = sheet(
        stage, world, at_0=clock(later[0]), systolic_pressure_0="131", heart_rate_0="77,5",
        step_at_0=clock(later[1]), step_0="pause", reason_0="nausea",
        step_at_1=clock(later[2]), step_1="resume", reason_1="settled",
    )  # fmt: skip
    clinician = as_role("clinician")
    said |= {
        "medicine_at_0": clock(later[0]), "medicine_0": "oxygen", "much_0": "2", "unit_0": "L/min",
        "way_0": "nasal_cannula", "why_0": "low_saturation",
        "medicine_at_1": clock(later[1]), "medicine_1": "ondansetron", "much_1": "4", "unit_1": "mg",
        "way_1": "intravenous", "why_1": "nausea",
    }  # fmt: skip
    page = clinician.post(there, said, follow=True).content.decode()
    clinician.post(there, said)
    again = as_role("nurse").post(there, said | {"key": new_key()}, follow=True).content.decode()
    assert "typed in before: nothing is in the record twice" in again

    assert "Typed in from paper" in page
    assert [step.step for step in stage.look().steps][-3:] == ["started", "paused", "resumed"]
    with scoped(stage.scope()) as scope:
        read = [r for r in treat.readings_of(scope, stage.session) if r.value in (131, 77.5)]
        given = treat.medicines_of(scope, stage.session)
        acts = list(Act.objects.filter(site="dawn", kind="paper"))
    assert len(read) == 2
    assert len(acts) == 5
    assert {r.measured_at.replace(second=0, microsecond=0) for r in read} == {later[0].replace(second=0, microsecond=0)}
    writer, typist = (world.staff["dawn", role].key for role in ("nurse", "clinician"))
    assert {(act.done_by, act.sent_by) for act in acts} == {(writer, typist)}
    assert {r.recorded_by for r in read} == {typist}
    assert clinician.get(address("chair", session=stage.session)).content.decode().count("<td>from paper</td>") == 2
    assert [(each.row.medicine, each.row.flow, each.row.dose) for each in given] == [
        ("oxygen", 2, None), ("ondansetron", None, 4),
    ]  # fmt: skip
    assert {each.row.given_by for each in given} == {writer}


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "Nothing is filled in yet"),
        ({"heart_rate_0": "77"}, "Say at what time"),
        ({"at_0": "99:99", "heart_rate_0": "77"}, "valid time"),
        ({"step_0": "pause", "step_at_0": "10:00"}, "Say why"),
        ({"step_0": "rate", "step_at_0": "10:00", "reason_0": "distress"}, "Say the new rate"),
        ({"medicine_at_0": "10:00", "medicine_0": "ondansetron", "much_0": "4"}, "Say the unit"),
        ({"medicine_0": "oxygen", "much_0": "2"}, "Say at what time"),
        ({"written_by": "", "at_0": "10:00", "heart_rate_0": "77"}, "required"),
    ],
)
def test_a_sheet_that_cannot_be_read_is_shown_again_with_what_was_typed(world, as_role, said, sentence):
    stage = planned(world, hours_ago=0.8).started()
    answer = as_role("nurse").post(address("transcribe", session=stage.session), sheet(stage, world) | said)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert said.get("heart_rate_0", "") in answer.content.decode()


def test_paper_that_contradicts_the_record_waits_for_a_person(world, as_role):
    stage = planned(world, hours_ago=0.8).started()
    begun = stage.look().started_at
    stage.step(treat.pause, minutes=10, reason="distress")
    said = sheet(stage, world, step_at_0=clock(begun + timedelta(minutes=5)), step_0="resume", reason_0="settled")
    page = as_role("nurse").post(address("transcribe", session=stage.session), said, follow=True).content.decode()
    assert "waits for a person" in page
    assert [step.step for step in stage.look().steps][-1] == "paused"
