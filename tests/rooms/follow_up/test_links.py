"""A link opens one invitation of one patient; whoever guesses learns nothing."""

import pytest
from django.db import connection

from daybreak.follow_up import public as follow_up
from daybreak.follow_up.models import Link
from daybreak.follow_up.rules.invitations import hash_of
from daybreak.kernel.scope import scoped
from daybreak.ledger.guards import guarded_models
from tests.rooms.follow_up.phone import invited, token_for

pytestmark = pytest.mark.django_db


def test_a_link_opens_its_invitation_and_the_secret_is_stored_nowhere(world):
    invitation = invited(world, world.patient())
    token = token_for(world, invitation)
    visit = follow_up.opened_by(site="dawn", token=token)
    assert (visit.invitation, visit.patient) == (invitation.key, invitation.patient_key)
    with scoped(world.scope()):
        stored = Link.objects.get(invitation_key=invitation.key)
    assert bytes(stored.token_hash) == hash_of(token)
    assert len(token) >= 32, "192 bits"


@pytest.mark.parametrize(
    "change", [lambda t: t[:-1], lambda t: t + "A", lambda t: t.swapcase(), lambda t: "", lambda t: "'"]
)
def test_a_wrong_secret_opens_nothing(world, change):
    token = token_for(world, invited(world, world.patient()))
    assert follow_up.opened_by(site="dawn", token=change(token)) is None


def test_the_right_secret_at_another_site_opens_nothing(world):
    token = token_for(world, invited(world, world.patient()))
    assert follow_up.opened_by(site="dusk", token=token) is None


def test_every_link_that_was_handed_over_stays_good(world):
    invitation = invited(world, world.patient())
    tokens = {token_for(world, invitation), token_for(world, invitation)}
    assert len(tokens) == 2
    assert {follow_up.opened_by(site="dawn", token=t).invitation for t in tokens} == {invitation.key}


def test_opening_sees_no_row_of_the_site_beside_the_one_that_was_asked_for(world, monkeypatch):
    """The lookup runs under a scope of no site: the same connection asked for a table shows nothing."""
    token = token_for(world, invited(world, world.patient()))
    seen = []
    original = connection.cursor

    def watched(*args, **kwargs):
        cursor = original(*args, **kwargs)
        cursor.execute("SELECT current_setting('app.site', true), (SELECT count(*) FROM follow_up_link)")
        seen.append(cursor.fetchone())
        return cursor

    monkeypatch.setattr(connection, "cursor", watched)
    follow_up.opened_by(site="dawn", token=token)
    assert seen == [("", 0)]


def test_a_visit_sees_one_patient_in_every_table_that_belongs_to_patients(world):
    mine, other = world.patient(given="Ann"), world.patient(given="Ben")
    for patient in (mine, other):
        token = token_for(world, invited(world, patient))
        if patient == mine:
            visit = follow_up.opened_by(site="dawn", token=token)
    models = [m for m in guarded_models() if "patient_key" in {f.column for f in m._meta.local_concrete_fields}]
    assert {"Invitation", "Link", "Task", "AnswerSet"} <= {m.__name__ for m in models}
    with scoped(visit.scope), connection.cursor() as cursor:
        for model in models:
            assert not model._default_manager.exclude(patient_key=mine).exists(), model
        cursor.execute("SELECT patient_key FROM follow_up_invitation")
        assert cursor.fetchall() == [(mine,)]


def test_there_is_no_link_for_what_was_answered_called_off_or_is_elsewhere(world):
    invitation = invited(world, world.patient())
    with scoped(world.scope("coordinator")) as scope:
        follow_up.call_off(scope, invitation=invitation.key, at=world.now)
    with pytest.raises(follow_up.NothingToAnswer):
        token_for(world, invitation)
    with pytest.raises(follow_up.NothingToAnswer):
        token_for(world, invited(world, world.patient()), site="dusk")


def test_the_function_that_finds_a_link_is_the_owners_and_answers_no_other_role():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosecdef, proowner <> current_user::regrole, "
            "has_function_privilege('daybreak_freeze', oid, 'execute') "
            "FROM pg_proc WHERE proname = 'follow_up_opened_by'"
        )
        assert cursor.fetchall() == [(True, True, False)]
