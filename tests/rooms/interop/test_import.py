"""From FHIR to the rooms: what is there afterwards, and what a second run or a stranger does to it."""

from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.db import DataError, OperationalError, ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daybreak.identity.public import find, forget, person
from daybreak.interop import rooms
from daybreak.interop.public import DatabaseLost, Imported, UnknownSite, import_fhir
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import TrayItem
from daybreak.measure.public import Measurement, allergies, answer_sets, measurements, medicines, scores
from daybreak.people.public import WrongKindOfRecord, add_site, deaths, merge_record, patients
from daybreak.screen.public import diagnoses
from tests.rooms.interop.test_intake import ANYTHING, EVERYTHING, NAMES
from tests.rooms.interop.world import (
    NOW,
    administration,
    allergy,
    bundle,
    check_account,
    coded,
    condition,
    observation,
    patient,
    phq9,
    pressure,
    request,
    written,
)
from tests.world.people import World

DAWN = Scope(site="dawn", actor=None, purpose="import")
SIGNS = {"systolic_pressure", "diastolic_pressure"}


class Inbox:
    """Brings resources to a site, and looks at what is there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def bring(self, *resources: dict[str, Any], scope: Scope = DAWN, synthetic: bool = True, at: Any = NOW) -> Imported:
        path = written(self.folder, bundle(*resources))
        done = import_fhir(scope, path=path, synthetic=synthetic, at=at)
        check_account(done.summary)
        return done

    @property
    def ana(self) -> UUID:
        (only,) = patients(DAWN)
        return UUID(str(only.key))


@pytest.fixture
def inbox(world: World, tmp_path: Path) -> Any:
    """Return an inbox of the synthetic site dawn, within its scope."""
    with scoped(DAWN):
        yield Inbox(tmp_path)


def reasons(done: Imported) -> list[tuple[str, str]]:
    return [(one["type"], one["reason"]) for one in done.summary.rejected]


def test_every_type_lands_in_its_room(inbox: Inbox) -> None:
    done = inbox.bring(*EVERYTHING)

    assert sum(done.summary.accepted.values()) == 7
    assert [(m.sign, m.value, m.unit) for m in measurements(DAWN, patient=inbox.ana, signs={"systolic_pressure"})] == [
        ("systolic_pressure", 121, "mm[Hg]")
    ]
    (episode,) = diagnoses(DAWN, patient=inbox.ana)
    assert (episode.code, episode.onset_on, episode.display) == ("F32.2", None, "F32.2 (2019-03 –)")
    assert allergies(DAWN, inbox.ana).state == "none known"
    given_, asked = medicines(DAWN, inbox.ana)
    assert (given_.kind, given_.started_on, given_.ended_on) == (
        "administration",
        date(2026, 5, 1),
        date(2026, 5, 2),
    )
    assert (asked.kind, asked.display) == ("request", "Sertraline 50 mg (50 mg; one in the morning)")
    assert [(s.instrument, s.name, s.value, s.by) for s in scores(DAWN, patient=inbox.ana)] == [
        ("phq9", "total", 13, "patient")
    ]


def test_a_person_is_found_by_name_and_number_and_social_security_numbers_are_not_kept(inbox: Inbox) -> None:
    numbers = [
        {"system": "http://h.example", "value": "MRN-77", "type": coded("MR", "http://t.example")},
        {"system": "http://ssn.example", "value": "999-11-2222", "type": coded("SS", "http://t.example")},
    ]
    inbox.bring(patient(identifier=numbers, telecom=[{"system": "phone", "value": "+49 30 1"}]))

    who = person(DAWN, inbox.ana, at=NOW)
    assert (who.given, who.family, who.birth_date, who.telephone) == (
        "Ana Lucía",
        "Muñoz",
        date(1980, 2, 29),
        "+49 30 1",
    )
    assert who.numbers == ("MRN-77",)
    assert find(DAWN, "munoz MRN-77", at=NOW) == [inbox.ana]
    assert find(DAWN, "999-11-2222", at=NOW) == []


def test_a_second_run_changes_nothing_also_for_what_bears_no_date(inbox: Inbox) -> None:
    undated = [
        condition(id="c2", onsetDateTime=None),
        request(id="m2", authoredOn=None),
        allergy("227493005", id="a2"),
    ]
    resources = [r for r in EVERYTHING if r["resourceType"] != "AllergyIntolerance"] + undated
    first = inbox.bring(*resources)
    second = inbox.bring(*resources, at=NOW.replace(year=2027))

    assert first.summary.rejected == []
    assert second.summary.unchanged == first.summary.accepted
    assert not second.summary.accepted
    assert TrayItem.objects.count() == 0


def test_changed_content_goes_to_the_tray_and_the_rest_of_its_resource_is_not_half_kept(inbox: Inbox) -> None:
    inbox.bring(patient(), pressure(), observation("8867-4", 60, "/min", id="o2"))
    mean = {"code": coded("8478-0"), "valueQuantity": {"value": 90, "code": "mm[Hg]"}}
    again = pressure(systolic=140)
    again["component"].append(mean)
    done = inbox.bring(patient(), again, observation("8867-4", 61, "/min", id="o3"))

    assert [kind for kind, _ in reasons(done)] == ["Observation"]
    assert "tray" in reasons(done)[0][1]
    assert done.summary.accepted == {"Observation": 1}
    assert not measurements(DAWN, patient=inbox.ana, signs={"mean_pressure"})
    assert [item.content["given_value"] for item in TrayItem.objects.all()] == ["140"]


def test_a_person_who_is_described_differently_waits_sealed_in_the_tray_once(inbox: Inbox) -> None:
    inbox.bring(patient())
    married = patient(name=[{"family": "Schmidt", "given": ["Ana"]}])
    for _ in range(2):
        done = inbox.bring(married, pressure())

    assert [kind for kind, _ in reasons(done)] == ["Patient"]
    assert person(DAWN, inbox.ana, at=NOW).family == "Muñoz"
    assert len(measurements(DAWN, patient=inbox.ana)) == 2
    (item,) = TrayItem.objects.all()
    assert "Schmidt" not in str(item.content)


@pytest.mark.parametrize("other", [{"birthDate": "1951-01-01"}, {"birthDate": None, "name": [{"text": "Otto Kern"}]}])
def test_somebody_else_under_the_same_id_is_rejected_with_every_fact(inbox: Inbox, other: dict[str, Any]) -> None:
    inbox.bring(patient())
    done = inbox.bring(patient(**other), pressure())

    assert [kind for kind, _ in reasons(done)] == ["Patient", "Observation"]
    assert "somebody else" in reasons(done)[0][1]
    assert measurements(DAWN, patient=inbox.ana) == []


def test_the_forgotten_stay_forgotten(inbox: Inbox) -> None:
    inbox.bring(patient())
    forget(DAWN, patient=inbox.ana)
    with_them, without_them = inbox.bring(patient(), pressure()), inbox.bring(pressure())

    assert len(with_them.summary.rejected) == 2
    assert "forgotten" in reasons(with_them)[0][1]
    assert "no such patient" in reasons(without_them)[0][1]
    assert measurements(DAWN, patient=inbox.ana) == []


def test_nothing_more_is_brought_to_a_record_that_was_merged(inbox: Inbox, world: World) -> None:
    inbox.bring(patient())
    ana, kept = inbox.ana, world.patient()
    with scoped(world.scope()) as scope:
        merge_record(scope, key=new_key(), record=ana, into=kept, because="number", at=world.now)
    with_them, without_them = inbox.bring(patient(), pressure()), inbox.bring(pressure())

    assert len(with_them.summary.rejected) == 2
    assert "merged into another" in reasons(with_them)[0][1]
    assert "no such patient" in reasons(without_them)[0][1]
    assert measurements(DAWN, patient=ana) == measurements(DAWN, patient=kept) == []


def test_facts_of_a_patient_who_came_before_go_in(inbox: Inbox) -> None:
    inbox.bring(patient())

    assert inbox.bring(pressure()).summary.accepted == {"Observation": 1}
    assert {m.sign for m in measurements(DAWN, patient=inbox.ana)} == SIGNS


def test_a_converted_value_is_kept_beside_the_one_that_was_stated(inbox: Inbox) -> None:
    inbox.bring(
        patient(),
        observation("29463-7", 154.32358, "[lb_av]"),
        observation("8310-5", 98.6, "[degF]", id="o2"),
    )

    kept = {
        m.sign: (str(m.value), m.unit, str(m.given_value), m.given_unit) for m in measurements(DAWN, patient=inbox.ana)
    }
    assert kept["weight"] == ("70.0000", "kg", "154.3236", "[lb_av]")
    assert kept["body_temperature"][:2] == ("37.0000", "Cel")


def test_a_grown_patient_s_weight_as_a_child_is_history(inbox: Inbox) -> None:
    assert not inbox.bring(patient(), observation("29463-7", 4.2, "kg")).summary.rejected


def test_a_total_that_its_few_answers_do_not_give_is_kept_beside_them(inbox: Inbox) -> None:
    part = phq9((3, 2))
    part["item"].append({"linkId": "/44261-6", "answer": [{"valueInteger": 17}]})
    inbox.bring(patient(), part)

    assert [(s.value, s.answers_key) for s in scores(DAWN, patient=inbox.ana)] == [(17, None)]
    assert len(answer_sets(DAWN, patient=inbox.ana)) == 1
    assert inbox.bring(patient(), part).summary.unchanged == {"Patient": 1, "QuestionnaireResponse": 1}


def test_an_allergy_contradicts_that_there_is_none_whatever_the_order(inbox: Inbox) -> None:
    done = inbox.bring(patient(), allergy(), allergy("227493005", id="a2"))

    assert [(one["type"], one["position"]) for one in done.summary.rejected] == [("AllergyIntolerance", "entry 2")]
    assert allergies(DAWN, inbox.ana).state == "known"


def test_an_allergy_that_is_found_later_does_not_undo_an_earlier_statement(inbox: Inbox) -> None:
    inbox.bring(patient(), allergy())
    inbox.bring(patient(), allergy("227493005", id="a2"))

    assert inbox.bring(patient(), allergy()).summary.unchanged == {"Patient": 1, "AllergyIntolerance": 1}


REFUSED = {
    "a diagnosis in words alone": condition(code={"text": "Sadness"}),
    "a code without room": condition(code=coded("X" * 61, "http://x.example")),
    "a system without room": request(medicationCodeableConcept=coded("1", f"http://x.example/{'y' * 200}")),
    "an illness that starts after it was noted": condition(onsetDateTime="2024-01-01", recordedDate="2023-01-01"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_room_refuses_is_rejected_and_the_rest_goes_in(inbox: Inbox, name: str) -> None:
    done = inbox.bring(patient(), pressure(), REFUSED[name], observation("8867-4", 60, "/min", id="o2"))

    assert [one["position"] for one in done.summary.rejected] == ["entry 3"]
    assert sum(done.summary.accepted.values()) == 3


@pytest.mark.parametrize("zone", ["-12:00", "+14:00", "Z"])
def test_an_illness_noted_when_it_began_is_accepted_in_every_zone(inbox: Inbox, zone: str) -> None:
    at = f"2024-01-01T00:10:00{zone}"
    done = inbox.bring(patient(), condition(onsetDateTime=at, recordedDate=at))

    assert not done.summary.rejected
    assert diagnoses(DAWN, patient=inbox.ana)[0].onset_on == date(2024, 1, 1)


def test_a_group_that_the_database_refuses_is_rejected_and_the_others_go_on(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = rooms.Chart.take

    def fails_for_ana(chart: Any, records: Any) -> Any:
        if records[0].patient[2] == "ana":
            raise DataError("out of range")
        return whole(chart, records)

    monkeypatch.setattr(rooms.Chart, "take", fails_for_ana)
    bob = [patient("bob"), pressure(id="o2", subject={"reference": "Patient/bob"})]
    done = inbox.bring(patient(deceasedBoolean=True), pressure(), *bob)

    assert done.deceased == 0
    assert [reason for _, reason in reasons(done)] == ["Daybreak has no room for it: out of range."] * 2
    assert sum(done.summary.accepted.values()) == 2
    assert done.summary.patients == 1
    assert len(patients(DAWN)) == 1


@pytest.mark.parametrize("fault", [OperationalError("server closed the connection"), ProgrammingError("no column")])
def test_a_database_that_cannot_answer_stops_the_import_with_a_sentence(
    inbox: Inbox, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    def lost(chart: Any, records: Any) -> Any:
        raise fault

    monkeypatch.setattr(rooms.Chart, "take", lost)
    with pytest.raises(DatabaseLost, match="same command again"):
        inbox.bring(patient(), pressure())


def test_each_site_has_a_patient_of_its_own(inbox: Inbox) -> None:
    inbox.bring(patient(), pressure())
    dusk = Scope(site="dusk", actor=None, purpose="import")
    with scoped(dusk):
        done = inbox.bring(patient(), pressure(), scope=dusk)
        keys = {row.key for row in patients(dusk)}

    assert sum(done.summary.accepted.values()) == 2
    assert inbox.ana not in keys


def test_the_site_is_asked_before_anything_is_read(inbox: Inbox) -> None:
    add_site(code="real", name="Real", kind="clinic", synthetic=False, time_zone="Europe/Berlin", at=NOW)
    nothing = Path("there is no such file")

    for site, synthetic, no, words in [
        ("nowhere", True, UnknownSite, "There are: dawn, dusk"),
        ("centre", True, UnknownSite, "takes no patients"),
        ("dawn", False, WrongKindOfRecord, "say so with --synthetic"),
        ("real", True, WrongKindOfRecord, "takes no synthetic records"),
    ]:
        scope = Scope(site=site, actor=None, purpose="import")
        with pytest.raises(no, match=words):
            import_fhir(scope, path=nothing, synthetic=synthetic, at=NOW)


def test_a_death_is_recorded_once_with_its_day_and_counted(inbox: Inbox) -> None:
    died = {"deceasedDateTime": "2026-03-04T05:06:00+02:00"}
    for _ in range(2):
        assert inbox.bring(patient(**died), administration()).deceased == 1
    assert [death.died_on for death in deaths(DAWN, [inbox.ana]).values()] == [date(2026, 3, 4)]


@pytest.mark.parametrize(
    ("before", "after", "became"),
    [
        ({}, {"deceasedBoolean": True}, "accepted"),
        ({"deceasedBoolean": True}, {}, "unchanged"),
        ({"deceasedDateTime": "2026-03-04"}, {"deceasedBoolean": True}, "unchanged"),
        ({"deceasedDateTime": "2026-03-04"}, {"deceasedDateTime": "2026-03-05"}, "rejected"),
        ({"deceasedBoolean": True}, {"deceasedBoolean": False}, "rejected"),
    ],
)
def test_a_later_word_about_a_death_adds_to_it_or_waits_for_a_person(
    inbox: Inbox, before: dict[str, Any], after: dict[str, Any], became: str
) -> None:
    inbox.bring(patient(**before))
    done = inbox.bring(patient(**after)).summary
    verdicts = {"accepted": done.accepted["Patient"], "unchanged": done.unchanged["Patient"]}
    assert {**verdicts, "rejected": len(done.rejected)}[became] == 1
    assert len(deaths(DAWN, [inbox.ana])) == 1


def test_nobody_died_before_they_were_born(inbox: Inbox) -> None:
    assert reasons(inbox.bring(patient(deceasedDateTime="1975"), patient("bo"))) == [
        ("Patient", "Patient.deceasedDateTime is “1975”, before the start “1980-02-29”.")
    ]


QUIET = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUIET
@given(
    which=st.integers(0, len(EVERYTHING) - 1),
    changes=st.dictionaries(st.sampled_from(NAMES), ANYTHING, min_size=1, max_size=3),
)
def test_a_resource_mangled_in_any_way_is_counted_once(inbox: Inbox, which: int, changes: dict[str, object]) -> None:
    resources = [dict(one) for one in EVERYTHING]
    resources[which].update(changes)
    done = inbox.bring(*resources)

    assert sum(done.summary.read.values()) == len(resources)
    assert Measurement.objects.filter(site="dusk").count() == 0
