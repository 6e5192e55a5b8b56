"""The end of a credential is told by mail to its holder in time, and once it has ended to the lead; each time once."""

from datetime import UTC, datetime, time, timedelta
from functools import partial

import pytest

from daybreak.follow_up.carriers import carry
from daybreak.kernel.scope import scoped
from daybreak.people.jobs import remind_of_credentials
from daybreak.people.models import CredentialReminder
from daybreak.people.rules import stage_by_mail
from tests.world.people import TODAY
from tests.world.post_office import post_office

pytestmark = pytest.mark.django_db
NURSE, LEAD, CLINICIAN = "nurse@dawn.example", "site.lead@dawn.example", "clinician@dawn.example"
END = TODAY + timedelta(days=200)


@pytest.fixture
def office(settings):
    """A post office that takes this installation's mail."""
    settings.DAYBREAK_ADDRESS = "https://clinic.example"
    with post_office(settings) as office:
        yield office


def at_work(left, hours=0.0):
    """Run the job twice on the day so many days before the end: the second time changes nothing."""
    at = datetime.combine(END - timedelta(days=left), time(9), UTC) + timedelta(hours=hours)
    for _ in range(2):
        remind_of_credentials(site="dawn", at=at, post=partial(carry, "email"))


def told(office):
    letters, office.letters[:] = list(office.letters), []
    return [(each["To"], each["Subject"]) for each in letters]


def test_the_holder_is_told_at_ninety_thirty_and_seven_days_and_the_lead_once_it_has_ended(world, office):
    world.credential("nurse", "acls", expires_on=END)
    days = {left: told(office) for left in (91, 90, 89, 31, 30, 8, 7, 1, 0, -1, -30, -31) if not at_work(left)}
    assert {left: letters for left, letters in days.items() if letters} == {
        90: [(NURSE, "Your ACLS certificate expires in 90 days")],
        30: [(NURSE, "Your ACLS certificate expires in 30 days")],
        7: [(NURSE, "Your ACLS certificate expires in 7 days")],
        0: [(NURSE, "Your ACLS certificate has expired"), (LEAD, "A colleague's ACLS certificate has expired")],
    }


def test_after_a_pause_only_the_latest_is_sent_and_it_says_how_many_days_are_left(world, office):
    world.credential("nurse", "acls", expires_on=END)
    at_work(5)
    assert told(office) == [(NURSE, "Your ACLS certificate expires in 5 days")]


def test_a_letter_says_what_to_do_and_where_and_only_the_lead_is_told_who(world, office):
    world.credential("nurse", "acls", expires_on=END)
    at_work(0)
    own, leads = office.letters
    assert "https://clinic.example/at/dawn/team/mine/" in own.get_content()
    assert f"expired on {END:%-d %B %Y}" in own.get_content()
    assert "https://clinic.example/at/dawn/team/" in leads.get_content()
    assert "Noor Haddad" in leads.get_content()
    assert "Noor" not in f"{own} {leads['Subject']} {leads['From']}"
    assert own["Auto-Submitted"] == "auto-generated"


def test_what_was_renewed_never_ends_or_is_anothers_site_is_not_told(world, office):
    world.credential("nurse", "acls", expires_on=END)
    world.credential("nurse", "acls", expires_on=END + timedelta(days=700))
    world.credential("nurse", "bls", site="dusk", expires_on=END)
    at_work(7)
    assert told(office) == []


def test_who_left_is_not_written_to(world, office):
    world.credential("nurse", "acls", expires_on=END)
    with scoped(world.scope("site lead")):
        account = world.staff["dawn", "nurse"]
        account.is_active = False
        account.save()
    at_work(0)
    assert told(office) == []


def test_a_letter_that_is_not_taken_holds_up_no_other_and_is_tried_again(world, office):
    world.credential("nurse", "acls", expires_on=END)
    world.credential("clinician", "bls", expires_on=END)
    office.refuses.add(NURSE)
    for hours in (0, 0.5, 1.0, 2.0):
        at_work(7, hours)
    assert told(office) == [(CLINICIAN, "Your BLS certificate expires in 7 days")]
    with scoped(world.scope("site lead")):
        failed = CredentialReminder.objects.filter(sent=False)
        assert [each.because for each in failed] == ["The message was not taken (SMTPRecipientsRefused)."] * 2
    office.refuses.clear()
    at_work(7, 3.5)
    assert told(office) == [(NURSE, "Your ACLS certificate expires in 7 days")]


def test_a_kill_between_sending_and_noting_sends_the_very_same_letter_again(world, office, monkeypatch):
    world.credential("nurse", "acls", expires_on=END)

    class Killed(BaseException):
        pass

    def killed(*_, **__):
        raise Killed

    with monkeypatch.context() as dying:
        dying.setattr("daybreak.people.reminding._note", killed)
        with pytest.raises(Killed):
            at_work(30)
    at_work(30)
    first, again = office.letters
    assert first["Message-ID"] == again["Message-ID"]
    assert first.get_content() == again.get_content()


@pytest.mark.parametrize(("past", "stage"), [(0, 0), (30, 0), (31, None)])
def test_what_ended_long_ago_is_told_on_the_pages_alone(past, stage):
    assert stage_by_mail(TODAY - timedelta(days=past), on=TODAY) == stage
