"""The form that a protocol owes after a session: filled from the record, due in sight, marked as sent by a person."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import scoped
from daybreak.screen.public import record_finding
from daybreak.treat import public as treat
from daybreak.treat.models import ReportSent
from daybreak.treat.queries.reports import owed_of, reports_of, reports_of_site
from daybreak.treat.rules.reports import Spell, nearest, spell, standing_of
from daybreak.treat.web.reports import content_of
from tests.rooms.treat.site_library import activated
from tests.rooms.treat.stage import planned
from tests.rooms.treat.tablet import address
from tests.rooms.treat.test_routes import home, nasal
from tests.rooms.treat.test_summary import words_of

START = datetime(2027, 1, 12, 10, tzinfo=UTC)
FORM = "monitoring_form"


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("read", "expected"),
    [
        ([], Spell(None)),
        ([(5, 5), (40, 5)], Spell(False)),
        ([(5, 5), (20, 3), (40, 5)], Spell(True, 20, 40)),
        ([(20, 3), (40, 4)], Spell(True, 20, None)),
        ([(20, 4), (30, 5), (40, 4), (60, 5), (70, 5)], Spell(True, 20, 60)),
    ],
)
def test_a_spell_is_told_from_readings_alone_and_unknown_without_one(read, expected):
    told = [(at(minute), Decimal(value)) for minute, value in read]
    assert spell(told, usual=Decimal(5), since=START) == expected


@pytest.mark.parametrize(
    ("minutes", "found"), [([30], True), ([50], True), ([29.9], False), ([50.1], False), ([], False)]
)
def test_about_forty_minutes_is_within_ten(minutes, found):
    assert (nearest([(at(m), Decimal(1)) for m in minutes], at(40)) is not None) == found


def test_a_report_is_late_from_the_moment_it_was_due():
    said = [standing_of(due_at=at(0), is_sent=sent, at=at(m)) for sent, m in ((False, -1), (False, 0), (True, 9))]
    assert [str(each) for each in said] == ["due", "late", "sent"]


@pytest.fixture
def _esketamine(tmp_path, monkeypatch):
    from daybreak.measure.public import library

    activated(tmp_path / "definitions", monkeypatch)
    yield
    monkeypatch.undo()
    library.cache_clear()


def given(world, **more: object):
    """A session of esketamine: readings at 40 minutes and before leaving, some sedation, everything on time."""
    stage = nasal(world, **more)
    stage.step(treat.start, "clinician", where="both_nostrils")
    stage.step(treat.give_part, minutes=5, where="both_nostrils")
    stage.read(at=stage.at(15), sedation=4)
    stage.read(at=stage.at(20), systolic_pressure=150, diastolic_pressure=90, sedation=5)
    stage.step(treat.complete, minutes=0)
    stage.step(treat.begin_recovery, minutes=0)
    home(stage, minutes=80)
    cared_for(stage, "outpatient")
    return stage


def cared_for(stage, setting: str) -> None:
    with scoped(stage.scope("clinician")) as scope:
        record_finding(
            scope, key=new_key(), patient=stage.patient, question="care_setting", value=setting, noted_at=stage.now
        )


@pytest.mark.django_db
def test_only_a_protocol_that_says_so_owes_a_form(world):
    stage = planned(world).started()
    with scoped(stage.scope()) as scope:
        assert reports_of(scope, stage.look(), at=this_moment()) == []


@pytest.mark.django_db
@pytest.mark.usefixtures("_esketamine")
def test_the_form_holds_what_the_record_says_and_leaves_the_rest_open(world, as_role):
    stage = given(world)
    there = {"session": stage.session, "report": FORM}
    told = as_role("nurse").get(address("report_json", **there)).json()
    fields = told["fields"]
    start = stage.look().started_at
    assert told["due_at"] == (start + timedelta(days=7)).isoformat()
    assert (told["standing"], told["synthetic"], told["sent_at"]) == ("due", True, None)
    assert fields["patient_name"] == "Pia Sommer"
    assert (fields["dose_given"], fields["minutes_monitored"]) == ("56 mg", 120)
    assert (fields["pressure_before"], fields["pressure_40"]) == ("124/78 mmHg", "150/90 mmHg, at 40 min")
    assert fields["pressure_end"] == "124/78 mmHg, at 40 min"  # nobody read one later, and the form says so
    assert (fields["sedation"], fields["sedation_onset"], fields["sedation_end"]) == (True, 20, 40)
    assert fields["oximetry"] is True
    for unknown in ("dissociation", "benzodiazepines", "respiratory_depression", "serious_event", "first_treatment"):
        assert fields[unknown] is None, unknown
    with scoped(stage.scope()) as scope:
        content = content_of(scope, owed_of(scope, stage.session, FORM, at=this_moment()), at=this_moment())
    words = words_of("form", content)
    assert "150/90 mmHg, at 40 min" in words
    assert "not recorded" in words
    pdf = as_role("nurse").get(address("report_pdf", **there))
    assert (pdf.status_code, pdf.content[:4]) == (200, b"%PDF")


@pytest.mark.django_db
@pytest.mark.usefixtures("_esketamine")
def test_it_is_marked_as_sent_by_a_person_and_stays_as_it_was_sent(world, as_role):
    stage = given(world)
    there = {"session": stage.session, "report": FORM}
    nurse = as_role("nurse")
    assert "report to send" in nurse.get(reverse("desk:home", kwargs={"site": "dawn"})).content.decode()
    refused = nurse.post(address("report", **there), {"key": new_key(), "opioids": "no"})
    assert refused.status_code == 422
    said = {"key": new_key(), "how": "portal", "opioids": "no", "serious_event": "no", "serious_story": ""}
    page = unescape(nurse.post(address("report", **there), said, follow=True).content.decode())
    assert "Sent on" in page
    assert world.staff["dawn", "nurse"].name in page
    nurse.post(address("report", **there), said)
    with scoped(stage.scope()) as scope:
        (row,) = ReportSent.objects.filter(site="dawn", session_key=stage.session)
        assert b"Sommer" not in bytes(row.content)
        assert len(reports_of_site(scope, at=stage.now)) == 1
        assert reports_of_site(scope, at=stage.now, unsent=True) == []
        treat.record_adverse_event(
            scope, key=new_key(), patient=stage.patient, session=stage.session, term="fainting", grade=3,
            relation="possible", course="ongoing", criteria=["hospital_stay"], began_at=stage.now, ended_at=None,
            at=stage.now,
        )  # fmt: skip
    told = nurse.get(address("report_json", **there)).json()
    assert (told["standing"], told["fields"]["opioids"], told["fields"]["serious_event"]) == ("sent", False, False)
    assert told["fields"]["benzodiazepines"] is None
    assert "report to send" not in nurse.get(reverse("desk:home", kwargs={"site": "dawn"})).content.decode()
    assert json.dumps(told)


@pytest.mark.django_db
@pytest.mark.usefixtures("_esketamine")
def test_a_late_form_is_seen_and_the_pages_are_the_teams(world, as_role):
    stage = given(world)
    cared_for(stage, "inpatient")
    with scoped(stage.scope()) as scope:
        assert reports_of_site(scope, at=this_moment()) == [], "for inpatients the form is not asked for"
    cared_for(stage, "outpatient")
    due = stage.look().started_at + timedelta(days=7)
    with scoped(stage.scope()) as scope:
        (owed,) = reports_of_site(scope, at=due)
    assert [str(owed.standing(due + timedelta(seconds=n))) for n in (-1, 0)] == ["due", "late"]
    listed = as_role("coordinator").get(address("reports"))
    assert "Due by" in listed.content.decode()
    there = {"session": stage.session, "report": FORM}
    for name, more in (("reports", {}), ("report", there), ("report_pdf", there), ("report_json", there)):
        assert as_role("coordinator").get(address(name, **more)).status_code == 200, name
        assert as_role("educator").get(address(name, **more)).status_code == 403
        assert as_role("nurse", "dusk").get(address(name, **more)).status_code == 404
    assert as_role("nurse").get(address("report", session=stage.session, report="poem")).status_code == 404
