"""The summary of a session: the page and the PDF say the same, with everything that an auditor asks for."""

import json
import re
import warnings
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
import typst

from daybreak.design.public import on_paper
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import scoped
from daybreak.measure.public import record_answers, record_medicine
from daybreak.treat import public as treat
from daybreak.treat.web.sheet import FOLDER
from daybreak.treat.web.summary import summary_of
from tests.rooms.treat.stage import planned, turn_alarms_on
from tests.rooms.treat.tablet import address
from tests.rooms.treat.test_paper import clock, sheet

pytestmark = pytest.mark.django_db

NASTY = "#panic() *bold* $x$ <script>"


def words_of(name: str, content: dict) -> str:
    """Return what stands on a sheet, as typst sets it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        html = typst.compile(
            str(FOLDER / f"{name}.typ"), root=str(FOLDER), format="html", sys_inputs={name: json.dumps(content)}
        )
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html.decode())))


def told_session(world):
    """A session with a bit of everything: a limit crossed, a pause, a note, a side effect, a slip, an event, a medicine."""
    turn_alarms_on(world)
    stage = planned(world, hours_ago=3)
    with scoped(stage.scope()) as scope:
        record_medicine(
            scope, key=new_key(), patient=stage.patient, kind="statement", display="sertraline 100 mg", code="",
            system="", started_on=None, ended_on=None, status="active", noted_at=stage.now,
        )  # fmt: skip
    stage.started()
    stage.at(10)
    stage.read(systolic_pressure=185)
    stage.step(treat.pause, reason="blood_pressure")
    stage.step(treat.write_note, words=NASTY)
    with scoped(stage.scope()) as scope:
        for each in treat.open_alarms(scope):
            treat.acknowledge(
                scope, key=new_key(), alarm=each.alarm.key, act="infusion_paused", note="Settled.", at=stage.at(0)
            )
        record_answers(
            scope, key=new_key(), patient=stage.patient, instrument="acute_effects", answers={"nausea": 2},
            answered_at=stage.at(), by="staff", session=stage.session,
        )  # fmt: skip
        slip = next(r for r in treat.readings_of(scope, stage.session) if r.value == 185)
        treat.correct_reading(scope, key=new_key(), reading=slip.key, value=Decimal(158), at=stage.at())
        treat.record_adverse_event(
            scope, key=new_key(), patient=stage.patient, session=stage.session, term="nausea", grade=2,
            relation="possible", course="ongoing", began_at=stage.now, ended_at=None, at=stage.now, note="Ginger tea helped.",
        )  # fmt: skip
    stage.step(treat.resume, reason="settled")
    stage.step(treat.complete, minutes=40)
    stage.step(treat.begin_recovery)
    return stage


SAID = (
    "Pia Sommer", "secondary notification", "Ordered", "35 mg", "mg, from start to end",
    "blood pressure", NASTY, "Nausea", "sertraline 100 mg", "185", "158", "typed wrong", "infusion paused. Settled.",
    "grade", "Ginger tea helped.", "Time-out signed", "Longest gap", "none known", "ketamine_iv_40min, version",
)  # fmt: skip


def test_the_pdf_says_what_was_done_read_said_and_signed(world):
    stage = told_session(world)
    at = this_moment()
    with scoped(stage.scope()) as scope:
        summary = summary_of(scope, stage.look(), at=at)
        pdf = on_paper(FOLDER / "summary.typ", summary, at=at)
        assert pdf == on_paper(FOLDER / "summary.typ", summary, at=at)
    assert b"pdfuaid" in pdf
    assert summary["synthetic"].startswith("Synthetic data")
    words = words_of("summary", summary) + json.dumps(summary["facts"])
    for said in SAID:
        assert said.lower() in words.lower(), said
    assert "Systolic 158 mmHg" in summary["chart_alt"]
    assert "paused" in summary["chart"]


def test_the_page_says_the_same_and_leads_to_the_pdf(world, as_role):
    stage = told_session(world)
    page = unescape(as_role("nurse").get(address("summary", session=stage.session)).content.decode())
    for said in ("Print / PDF", "Ginger tea helped.", NASTY, "sertraline 100 mg", "typed wrong", "Settled.", "<svg"):
        assert said in page, said
    there = address("summary_pdf", session=stage.session)
    answer = as_role("nurse").get(there)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    assert "sommer" not in answer["Content-Disposition"].lower()
    assert as_role("educator").get(there).status_code == 403
    assert as_role("nurse", "dusk").get(there).status_code == 404


def test_what_came_from_paper_says_who_wrote_it_and_who_typed_it_in(world, as_role):
    stage = planned(world, hours_ago=0.8).started()
    begun = stage.look().started_at
    said = sheet(
        stage, world, at_0=clock(begun + timedelta(minutes=5)), systolic_pressure_0="131",
        step_at_0=clock(begun + timedelta(minutes=10)), step_0="pause", reason_0="nausea",
    )  # fmt: skip
    as_role("clinician").post(address("transcribe", session=stage.session), said)
    with scoped(stage.scope()) as scope:
        parts = {part["id"]: part for part in summary_of(scope, stage.look(), at=this_moment())["parts"]}
    writer, typist = (world.staff["dawn", role].name for role in ("nurse", "clinician"))
    assert [row[1:4] for row in parts["paper"]["rows"]] == [
        ("Systolic pressure 131", writer, typist),
        ("Paused", writer, typist),
    ]
    assert parts["done"]["rows"][-1][3] == f"{writer}, on paper"


def test_a_session_before_its_start_has_a_summary_too(world, as_role):
    stage = planned(world)
    page = as_role("nurse").get(address("summary", session=stage.session)).content.decode()
    assert "No vital sign was recorded" in page
    assert as_role("nurse").get(address("summary_pdf", session=stage.session)).content.startswith(b"%PDF")
