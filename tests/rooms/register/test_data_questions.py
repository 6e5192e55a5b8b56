"""Questions about data: the centre asks, the clinic finds the rows and answers, and no name crosses."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from django.test import override_settings

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.ledger.public import record_one
from daybreak.register.actions import create_snapshot
from daybreak.register.models import DataQuery, DataQueryStep
from daybreak.register.quality.actions import (
    NotAQuestion,
    NotAStep,
    answer_query,
    ask_again,
    ask_clinic,
    close_query,
)
from daybreak.register.quality.asking import Asked, queries_seen, query_seen
from daybreak.register.quality.looking import rows_behind, tables_for
from daybreak.register.quality.queries import asked_of_data
from daybreak.register.quality.rules import QueryState, Step, answer_by, is_overdue, may_step, query_state
from tests.rooms.register.house import House
from tests.rooms.register.test_quality_pages import treated

CHECK = "weight_recorded"


@pytest.fixture(scope="module")
def home(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Two people were weighed, two were not; one more at the other clinic was not either. Frozen."""
    folder = tmp_path_factory.mktemp("snapshots")
    house.unweighed = [treated(house, weight=None) for _ in range(2)]
    for _ in range(2):
        treated(house)
    treated(house, "dusk", weight=None)
    with override_settings(DAYBREAK_SNAPSHOTS=folder):
        made = create_snapshot(actor=None, at=house.now)
    house.folder = folder
    return made.id


@pytest.fixture(autouse=True)
def folder(settings: object, home: str, house: House) -> Path:
    """Look at the snapshots of this module."""
    settings.DAYBREAK_SNAPSHOTS = house.folder
    return house.folder


@pytest.fixture
def undone(house: House) -> Iterator[None]:
    """Undo what a test asks."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(house: House, snapshot: str, *, role: str = "data manager", site: str = "centre", **more: object) -> Asked:
    scope = house.world.scope(role, site)
    told = {"clinic": "dawn", "check": CHECK, "key": new_key()} | more
    with scoped(scope):
        made = ask_clinic(scope, snapshot_id=snapshot, at=house.now, **told)
        return query_seen(scope, made.site, made.key, today=house.now.date())


def answered(house: House, asked: Asked, *, role: str = "coordinator", site: str = "dawn", **more: object) -> Asked:
    scope = house.world.scope(role, site)
    told = {"corrected": 1, "confirmed": 0, "unknowable": 1, "reason": "entered_late", "key": new_key()} | more
    with scoped(scope):
        answer_query(scope, asked=asked, at=house.now, **told)
        return query_seen(scope, asked.query.site, asked.query.key, today=house.now.date())


@pytest.mark.usefixtures("undone")
def test_it_is_asked_answered_asked_again_answered_and_closed_with_its_history(house: House, home: str) -> None:
    manager = house.world.scope("data manager", "centre")
    about = ask(house, home, words="Was nobody weighed?")
    assert (about.query.well, about.query.of, about.state) == (2, 4, QueryState.ASKED)

    about = answered(house, about)
    assert about.state is QueryState.ANSWERED
    with scoped(manager):
        ask_again(manager, key=new_key(), asked=about, words="And the scales?", at=house.now + timedelta(days=3))
        again = query_seen(manager, "dawn", about.query.key, today=house.now.date())
    assert (again.state, again.answer_by - about.query.answer_by) == (QueryState.ASKED, timedelta(days=3))

    about = answered(house, again, reason="not_in_the_source")
    with scoped(manager):
        close_query(manager, key=new_key(), asked=about, at=house.now)
        closed = query_seen(manager, "dawn", about.query.key, today=house.now.date())
    assert closed.state is QueryState.CLOSED
    assert [each.step for each in closed.steps] == ["answer", "ask_again", "answer", "close"]
    assert closed.steps[0].recorded_by == house.world.staff["dawn", "coordinator"].key
    with pytest.raises(NotAStep, match="does not wait"):
        answered(house, closed)


@pytest.mark.usefixtures("undone")
def test_who_may_ask_and_who_may_answer(house: House, home: str) -> None:
    for role, site in (("data manager", "dawn"), ("analyst", "centre"), ("site lead", "dawn")):
        with pytest.raises(NotAQuestion, match="data manager of the coordinating centre"):
            ask(house, home, role=role, site=site)
    with pytest.raises(NotAQuestion, match="no such clinic"):
        ask(house, home, clinic="centre")
    with pytest.raises(NotAQuestion, match="nothing to ask"):
        ask(house, home, check="baseline_scored")
    about = ask(house, home)
    with pytest.raises(NotAQuestion, match="asked already"):
        ask(house, home)
    for role, site in (("site lead", "dawn"), ("nurse", "dawn"), ("coordinator", "dusk"), ("data manager", "centre")):
        with pytest.raises(NotAStep, match="Only the clinic that made the data"):
            answered(house, about, role=role, site=site)
    lead = house.world.scope("coordinator", "dawn")
    with scoped(lead), pytest.raises(NotAStep, match="data manager of the coordinating centre"):
        close_query(lead, key=new_key(), asked=about, at=house.now)
    for wrong, said in (({"corrected": 0, "unknowable": 0}, "at least one"), ({"reason": "Mrs Vance"}, "a reason")):
        with pytest.raises(NotAStep, match=said):
            answered(house, about, **wrong)


@pytest.mark.usefixtures("undone")
def test_the_same_answer_sent_twice_is_one_and_two_at_once_are_not_both_taken(house: House, home: str) -> None:
    about, key = ask(house, home), new_key()
    assert answered(house, about, key=key).steps == answered(house, about, key=key).steps
    assert len(DataQueryStep.objects.filter(query_key=about.query.key)) == 1
    step = DataQueryStep(
        site="dawn", key=new_key(), query_key=about.query.key, number=1, step="close", stepped_at=house.now
    )
    with scoped(house.world.scope("data manager", "centre")), pytest.raises(IntegrityError), transaction.atomic():
        record_one(step)


@pytest.mark.usefixtures("undone")
def test_the_database_takes_no_words_of_a_clinic(house: House, home: str) -> None:
    about = ask(house, home)
    step = DataQueryStep(
        site="dawn", key=new_key(), query_key=about.query.key, number=1, step="answer", corrected=1, confirmed=0,
        unknowable=0, reason="typed_wrongly", words="It was Mrs Vance", stepped_at=house.now,
    )  # fmt: skip
    with scoped(house.world.scope("coordinator", "dawn")), pytest.raises(IntegrityError), transaction.atomic():
        record_one(step)


@pytest.mark.usefixtures("undone")
def test_a_clinic_sees_its_own_questions_only(house: House, home: str) -> None:
    ask(house, home)
    other = ask(house, home, clinic="dusk")
    today = house.now.date()
    seen = {}
    for role, site in (("site lead", "dawn"), ("coordinator", "dusk"), ("data manager", "centre")):
        scope = house.world.scope(role, site)
        with scoped(scope):
            seen[site] = [each.query.site for each in queries_seen(scope, today=today)]
    assert seen == {"dawn": ["dawn"], "dusk": ["dusk"], "centre": ["dusk", "dawn"]}
    dawn = house.world.scope("coordinator", "dawn")
    with scoped(dawn):
        assert query_seen(dawn, "dusk", other.query.key, today=today) is None


def test_the_clinic_finds_its_own_rows_and_what_was_corrected_is_gone(house: House, home: str) -> None:
    scope, check = house.world.scope("coordinator", "dawn"), asked_of_data().check(CHECK)
    with scoped(scope):
        found = rows_behind(scope, check)
        assert {each.patient for each in found} == set(house.unweighed)
        sessions = house.sql("SELECT key, patient_key FROM stand_in.treat_sessions WHERE weight_kg IS NULL")
        assert {(each.session, each.patient) for each in found} == {
            (UUID(str(key)), UUID(str(who))) for key, who in sessions if who in house.unweighed
        }
        house.sql("UPDATE stand_in.treat_sessions SET weight_kg = 70 WHERE patient_key = %s", house.unweighed[0])
        assert [each.patient for each in rows_behind(scope, check)] == [house.unweighed[1]]


def test_each_check_can_be_looked_behind(house: House, home: str) -> None:
    scope = house.world.scope("coordinator", "dawn")
    with scoped(scope):
        for check in asked_of_data().checks:
            assert tables_for(check)
            rows_behind(scope, check)


def test_pages_ask_and_answer_and_the_name_stays_at_the_clinic(house: House, home: str) -> None:
    centre, clinic = house.sign_in("data manager", "centre"), house.sign_in("coordinator", "dawn")
    page = centre.get(f"/at/centre/register/quality/ask/dawn/{CHECK}/")
    assert page.status_code == 200
    sent = {"key": str(new_key()), "words": "Was nobody weighed?"}
    asked = centre.post(f"/at/centre/register/quality/ask/dawn/{CHECK}/", sent)
    assert asked.status_code == 302
    key = DataQuery.objects.get().key

    there = clinic.get(f"/at/dawn/data-questions/{key}/").content.decode()
    assert "Was nobody weighed?" in there
    with scoped(house.world.scope("coordinator", "dawn")) as scope:
        name = persons(scope, [house.unweighed[1]], at=house.now)[house.unweighed[1]].full_name
    assert name in there
    assert "The register asks about" in clinic.get("/at/dawn/").content.decode()
    wrong = clinic.post(f"/at/dawn/data-questions/{key}/", {"key": str(new_key()), "corrected": "two"})
    assert wrong.status_code == 409
    assert 'value="two"' in wrong.content.decode(), "what was typed stays"
    assert "Choose a reason." in wrong.content.decode()
    told = {"key": str(new_key()), "corrected": "1", "unknowable": "1", "reason": "entered_late"}
    assert clinic.post(f"/at/dawn/data-questions/{key}/", told).status_code == 302

    back = centre.get(f"/at/centre/register/quality/questions/dawn/{key}/").content.decode()
    assert "1 corrected, 0 right as they are, 1 cannot be known" in back
    assert name not in back
    home = centre.get("/at/centre/").content.decode()
    assert "Answered: “" in home
    assert '<p class="task-detail">Dawn</p>' in home, "which clinic answered"
    report = house.sign_in("site lead", "dawn").get("/at/dawn/register/quality/").content.decode()
    assert "the coordinating centre reads the answer" in report
    unsaid = centre.post(f"/at/centre/register/quality/questions/dawn/{key}/again/", {"key": str(new_key())})
    assert (unsaid.status_code, "Say what the answer left open." in unsaid.content.decode()) == (409, True)
    assert centre.post(f"/at/centre/register/quality/questions/dawn/{key}/close/").status_code == 302

    assert house.sign_in("nurse", "dawn").get(f"/at/dawn/data-questions/{key}/").status_code == 403
    assert house.sign_in("coordinator", "dusk").get(f"/at/dusk/data-questions/{key}/").status_code == 404
    lead = house.sign_in("site lead", "dawn")
    assert lead.get(f"/at/dawn/register/quality/questions/dawn/{key}/").status_code == 200
    assert lead.get(f"/at/dawn/register/quality/questions/dusk/{key}/").status_code == 404
    assert lead.get(f"/at/dawn/data-checks/{CHECK}/").status_code == 403, "a lead reads no patient"


def test_states_and_days_of_a_question() -> None:
    day = date(2026, 3, 1)
    asked, again = QueryState.ASKED, Step("ask_again", day + timedelta(days=30))
    assert query_state([]) is asked
    assert query_state([Step("answer"), again]) is asked
    assert answer_by(day, [Step("answer"), again]) == day + timedelta(days=30)
    assert [is_overdue(asked, day, day + timedelta(days=late)) for late in (0, 1)] == [False, True]
    assert not is_overdue(QueryState.ANSWERED, day, day + timedelta(days=99))
    allowed = {
        (state, step) for state in QueryState for step in ("answer", "close", "ask_again") if may_step(state, step)
    }
    assert allowed == {
        (QueryState.ASKED, "answer"), (QueryState.ASKED, "close"), (QueryState.ANSWERED, "close"),
        (QueryState.ANSWERED, "ask_again"),
    }  # fmt: skip
