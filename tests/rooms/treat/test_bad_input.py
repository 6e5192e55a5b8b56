"""Nonsense in every field of every form of the infusion room, as the pages draw them: one sentence, what was typed stays,
nothing is half stored, and no server error. A new form is among them as soon as a page shows it.
"""

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection, transaction

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.treat import public as treat
from daybreak.treat.actions.emergency import note_emergency
from tests.rooms.treat.sent_forms import SentForm, forms_of
from tests.rooms.treat.stage import planned, turn_alarms_on
from tests.rooms.treat.tablet import address

pytestmark = pytest.mark.django_db
NO_NUMBER = ("1E400", "9" * 40, "NaN", "-1,5,5", "9999-12-31T23:59", "0001-01-01", "\x00", "\u202eשלום 😀")
"""What no field for a number, a day or a time takes."""
ROUNDS = 3
LONG = "x" * 100_000
# Where a session stands, who looks at which page, and which of its forms are not on a page before.
PAGES = [
    ("planned", "site lead", "chairs", ""),
    ("planned", "site lead", "setup", ""),
    ("planned", "nurse", "stock", ""),
    ("planned", "clinician", "plan", ""),
    ("planned", "clinician", "move", ""),
    ("planned", "clinician", "order", ""),
    ("checked in", "nurse", "prepare", "weigh|time-out"),
    ("checked in", "clinician", "prepare", "override"),
    ("checked in", "nurse", "drug", ""),
    ("running", "nurse", "chair", ""),
    ("paused", "nurse", "chair", "step|syringe"),
    ("recovery", "clinician", "after", "override"),
    ("recovery", "clinician", "patient_events", ""),
    ("recovery", "nurse", "transcribe", ""),
]
# Fields that hold words: they may say what they like, as long as it is not too long.
WORDS = frozenset({
    "words", "note", "name", "treatment_room", "reason", "reference", "location", "chair", "number", "drug",
    "explanation", "suspected", "password",
})  # fmt: skip


@pytest.fixture
def stage(world, request):
    """A session that stands where the case says; one that runs has an open emergency."""
    turn_alarms_on(world)
    found = planned(world, hours_ago=3 if request.param == "recovery" else 0.3)
    if request.param == "checked in":
        found.check_in()
        _a_lot(world)
    elif request.param != "planned":
        found.started()
    if request.param == "running":
        found.step(note_emergency, entry="called", what="help_in_the_house")
    if request.param == "paused":
        found.step(treat.pause, reason="nausea")
    if request.param == "recovery":
        found.step(treat.complete, minutes=40)
        found.step(treat.begin_recovery)
    return found


def _a_lot(world) -> None:
    with scoped(world.scope("nurse")) as scope:
        treat.receive(
            scope, key=new_key(), drug="ketamine", container="vial", mg_each=Decimal(200), mg_per_ml=Decimal(10), number="L1",
            expires_on=world.now.date().replace(year=world.now.year + 1), count=3, reference="", at=world.now,
        )  # fmt: skip


@pytest.mark.parametrize(("stage", "role", "name", "which"), PAGES, indirect=["stage"])
def test_nonsense_in_a_form_is_refused_with_a_sentence_and_stays_as_it_was_typed(stage, as_role, role, name, which):
    client = as_role(role)
    whose = {"patient": stage.patient} if name in ("plan", "patient_events") else {"session": stage.session}
    page = address(name, **({} if name in ("chairs", "setup", "stock") else whose))
    forms = [form for form in forms_of(page, client.get(page).text) if form.typed and re.search(which, form.action)]
    assert forms or name == "patient_events"
    for form in forms:
        numbers = [each for each in form.typed if each not in WORDS]
        for turn in range(ROUNDS if numbers else 0):
            typed = {each: NO_NUMBER[(place + turn * ROUNDS) % len(NO_NUMBER)] for place, each in enumerate(numbers)}
            assert refusal(stage, client, form, typed) == "", (form.action, typed)
        if words := set(form.typed) & WORDS:
            assert refusal(stage, client, form, dict.fromkeys(words, LONG)) == "", (form.action, words)


def refusal(stage, client, form: SentForm, typed: dict[str, str]) -> str:
    """Send a form and take back what it did; return what is wrong with the answer, or nothing."""
    place, before = transaction.savepoint(), rows(stage)
    answer = client.post(form.action, {**form.sends, **typed, "key": new_key()}, follow=True)
    stored = rows(stage) != before
    transaction.savepoint_rollback(place)
    if answer.status_code not in (200, 422):
        return f"status {answer.status_code}"
    if stored:
        return "something was stored"
    if not re.search(r'class="(error-summary|notice notice-error|[^"]*has-error)"', answer.text):
        return "nothing is said"
    kept = unescape(answer.text)
    lost = [name for name, value in typed.items() if name != "password" and value not in kept and "\x00" not in value]
    return f"lost: {lost}" if lost else ""


def rows(stage) -> list[tuple[int]]:
    """Return how many rows each table of the room and of what it measures has."""
    with scoped(stage.scope()), connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
            " AND relnamespace = 'public'::regnamespace AND relname ~ '^(treat|measure)_'"
        )
        counts = " UNION ALL ".join(f'SELECT count(*) FROM "{name}"' for (name,) in sorted(cursor.fetchall()))
        cursor.execute(counts)
        return cursor.fetchall()
