"""Questions about one value: the centre sees it in a snapshot, the clinic finds whose it is and answers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.register.actions import create_snapshot
from daybreak.register.models import DataQuery
from daybreak.register.quality.actions import NotAQuestion, answer_query, ask_about_value, close_query
from daybreak.register.quality.asking import Asked, query_seen
from daybreak.register.quality.looking import rows_behind
from daybreak.register.quality.rules import QueryState
from daybreak.register.quality.values import NotAValue, ValueAsked, columns_asked, value_asked
from tests.rooms.register.house import House
from tests.rooms.register.test_quality_pages import treated

DOSE = "session.dose_mg"


@pytest.fixture(scope="module")
def home(house: House, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Three people at one clinic, one of whom got ten times the dose, and one at another who got it too. Frozen."""
    house.tenfold, _, _ = (treated(house) for _ in range(3))
    elsewhere = treated(house, "dusk")
    for patient in (house.tenfold, elsewhere):
        house.sql("UPDATE stand_in.treat_sessions SET dose_mg = 350.5 WHERE patient_key = %s", patient)
    house.folder = tmp_path_factory.mktemp("snapshots")
    with override_settings(DAYBREAK_SNAPSHOTS=house.folder):
        return create_snapshot(actor=None, at=house.now).id


@pytest.fixture(autouse=True)
def folder(settings: object, home: str, house: House) -> Path:
    """Look at the snapshots of this module."""
    settings.DAYBREAK_SNAPSHOTS = house.folder
    return house.folder


@pytest.fixture
def undone() -> Iterator[None]:
    """Undo what a test asks."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def ask(house: House, snapshot: str, *, role: str = "data manager", site: str = "centre", **more: object) -> Asked:
    scope = house.world.scope(role, site)
    told = {"clinic": "dawn", "column": DOSE, "value": "350,50", "key": new_key()} | more
    with scoped(scope):
        made = ask_about_value(scope, snapshot_id=snapshot, at=house.now, **told)
        return query_seen(scope, made.site, made.key, today=house.now.date())


@pytest.mark.parametrize(
    ("column", "text", "value"),
    [
        (DOSE, " 350,50 ", "350.5"),
        (DOSE, "100", "100"),
        (DOSE, "0", "0"),
        (DOSE, "-3.0", "-3"),
        ("session.route", "oral", "oral"),
        ("person.age", "3", "3"),
    ],
)
def test_a_value_is_a_number_or_a_word_of_its_column(column: str, text: str, value: str) -> None:
    assert value_asked(column, text) == ValueAsked(*column.split("."), value)


@pytest.mark.parametrize(
    ("column", "text", "field"),
    [
        (DOSE, "much", "value"),
        (DOSE, "", "value"),
        (DOSE, "NaN", "value"),
        (DOSE, "1e999999", "value"),
        ("person.sex", "Mrs Vance", "value"),
        ("session.route", "", "value"),
        ("session.person", "x", "column"),
        ("session.start_minute", "1", "column"),
        ("site.registered", "1", "column"),
        ("dose_mg", "1", "column"),
    ],
)
def test_what_is_no_value_is_named_with_its_field(column: str, text: str, field: str) -> None:
    with pytest.raises(NotAValue) as no:
        value_asked(column, text)
    assert no.value.field == field


def test_no_key_and_no_time_can_be_asked_about() -> None:
    asked = set(columns_asked())
    assert {DOSE, "score.value", "person.sex", "person.age"} <= asked
    assert not {"session.person", "session.session", "session.site", "session.minute", "session.day"} & asked
    assert "person" not in {column.refers for column in columns_asked().values()}


@pytest.mark.usefixtures("undone")
def test_it_is_asked_found_at_the_clinic_answered_and_closed_with_its_history(house: House, home: str) -> None:
    about, clinic = ask(house, home), house.world.scope("coordinator", "dawn")
    assert (about.failing, about.query.of, about.title) == (1, 3, "session.dose_mg = 350.5")
    with scoped(clinic):
        (found,) = rows_behind(clinic, about.value)
        assert (found.patient, found.failing) == (house.tenfold, 1)
        assert found.session is not None
        answer_query(
            clinic, key=new_key(), asked=about, corrected=1, confirmed=0, unknowable=0, reason="typed_wrongly",
            at=house.now,
        )  # fmt: skip
    house.sql("UPDATE stand_in.treat_sessions SET dose_mg = 35 WHERE patient_key = %s", house.tenfold)
    with scoped(clinic):
        assert rows_behind(clinic, about.value) == [], "what was corrected is not found any more"
    manager = house.world.scope("data manager", "centre")
    with scoped(manager):
        close_query(manager, key=new_key(), asked=about, at=house.now)
        closed = query_seen(manager, "dawn", about.query.key, today=house.now.date())
    assert (closed.state, [each.step for each in closed.steps]) == (QueryState.CLOSED, ["answer", "close"])


@pytest.mark.usefixtures("undone")
def test_who_may_ask_and_about_what(house: House, home: str) -> None:
    for role, site in (("data manager", "dawn"), ("analyst", "centre"), ("coordinator", "dawn")):
        with pytest.raises(NotAQuestion, match="data manager of the coordinating centre"):
            ask(house, home, role=role, site=site)
    with pytest.raises(NotAQuestion, match="no such clinic"):
        ask(house, home, clinic="centre")
    with pytest.raises(NotAQuestion, match="no such snapshot"):
        ask(house, "20200101-aaaaaa")
    with pytest.raises(NotAValue, match="no row of this clinic"):
        ask(house, home, value="351")
    key = new_key()
    assert ask(house, home, key=key).query.key == ask(house, home, key=key).query.key
    with pytest.raises(NotAQuestion, match="asked already"):
        ask(house, home, value="350.5")
    assert ask(house, home, clinic="dusk").failing == 1
    assert ask(house, home, value="35").failing == 2, "another value is another question"


def test_pages_ask_and_answer_and_the_name_stays_at_the_clinic(house: House, home: str) -> None:
    centre, clinic = house.sign_in("data manager", "centre"), house.sign_in("coordinator", "dawn")
    house.sql("UPDATE stand_in.treat_sessions SET dose_mg = 350.5 WHERE patient_key = %s", house.tenfold)
    address = f"/at/centre/register/quality/ask-value/dawn/{home}/"
    assert address in centre.get("/at/centre/register/quality/?of=dawn").content.decode()
    assert "session.dose_mg" in centre.get(address).content.decode()
    sent = {"key": str(new_key()), "column": DOSE, "value": "ten", "words": "A slip of the pen?"}
    wrong = centre.post(address, sent)
    assert (wrong.status_code, "This column holds numbers." in wrong.content.decode()) == (409, True)
    assert 'value="ten"' in wrong.content.decode(), "what was typed stays"
    assert centre.post(address, sent | {"value": "350.5"}).status_code == 302
    key = DataQuery.objects.get(site="dawn").key

    with scoped(house.world.scope("coordinator", "dawn")) as scope:
        name = persons(scope, [house.tenfold], at=house.now)[house.tenfold].full_name
    there = clinic.get(f"/at/dawn/data-questions/{key}/").content.decode()
    assert name in there
    assert "session.dose_mg = 350.5" in there
    told = {"key": str(new_key()), "corrected": "1", "reason": "typed_wrongly"}
    assert clinic.post(f"/at/dawn/data-questions/{key}/", told).status_code == 302
    back = centre.get(f"/at/centre/register/quality/questions/dawn/{key}/").content.decode()
    assert "1 corrected, 0 right as they are, 0 cannot be known" in back
    assert name not in back

    assert centre.get(f"/at/centre/register/quality/ask-value/nowhere/{home}/").status_code == 404
    assert centre.get("/at/centre/register/quality/ask-value/dawn/nothing/").status_code == 404
    assert house.sign_in("analyst", "centre").get(address).status_code == 403
    assert house.sign_in("coordinator", "dusk").get(f"/at/dusk/data-questions/{key}/").status_code == 404
