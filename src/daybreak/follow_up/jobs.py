"""Work that nobody waits for. Each may run twice and changes nothing the second time."""

from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.urls import reverse

from daybreak.follow_up.actions import (
    ask_by_message,
    ask_where_worse,
    deliver_waiting,
    escalate_overdue,
    heed_death,
    keep_up,
    note_answers,
    raise_notices,
    tell_on_duty,
)
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import standing
from daybreak.measure.public import AnswerSet, Score
from daybreak.people.public import Death


def on_session_discharged(*, site: str, key: UUID, at: datetime) -> None:
    """Make the invitations that the protocol wants after this session, and ask for a decision before the next one."""
    with scoped(Scope(site=site, actor=None, purpose="session discharged")) as scope:
        keep_up(scope, session=key, at=at)


def on_session_planned(*, site: str, key: UUID, at: datetime) -> None:
    """Make the invitations that the protocol wants before this session, and ask for a decision where it is the next."""
    with scoped(Scope(site=site, actor=None, purpose="session planned")) as scope:
        keep_up(scope, session=key, at=at)


def on_session_cancelled(*, site: str, key: UUID, at: datetime) -> None:
    """Call off what hung on this session; another one is the next now."""
    with scoped(Scope(site=site, actor=None, purpose="session cancelled")) as scope:
        keep_up(scope, session=key, at=at)


def on_answers_recorded(*, site: str, key: UUID, at: datetime) -> None:
    """Let answers that came another way than by link answer an invitation and call for someone."""
    with scoped(Scope(site=site, actor=None, purpose="answers recorded")) as scope:
        given = standing(AnswerSet).filter(site=site, key=key).first()
        if given is not None:
            note_answers(scope, given=given, at=at)
            ask_where_worse(scope, patient=given.patient_key, instrument=given.instrument, of=given.key, at=at)


def on_total_recorded(*, site: str, key: UUID, at: datetime) -> None:
    """Ask for a decision where a total that came without its answers is worse by a measure that asks for one."""
    with scoped(Scope(site=site, actor=None, purpose="total recorded")) as scope:
        row = standing(Score).filter(site=site, key=key).first()
        if row is not None:
            ask_where_worse(scope, patient=row.patient_key, instrument=row.instrument, of=row.key, at=at)


def on_serious_event(*, site: str, key: UUID, at: datetime) -> None:
    """Open a task for each notice that the event owes."""
    with scoped(Scope(site=site, actor=None, purpose="serious event recorded")) as scope:
        raise_notices(scope, event=key, at=at)


def on_death_recorded(*, site: str, key: UUID, at: datetime) -> None:
    """Call off what somebody who died could still be asked; or ask again where the death was taken back."""
    with scoped(Scope(site=site, actor=None, purpose="death recorded")) as scope:
        row = standing(Death).filter(site=site, key=key).first()
        if row is not None:
            heed_death(scope, patient=row.patient_key, at=at)


def remind(*, site: str, at: datetime) -> None:
    """Want the messages and reminders of everything that is open at the site. Run it every minute."""
    with scoped(Scope(site=site, actor=None, purpose="asking by message")) as scope:
        ask_by_message(scope, at=at)


def escalate(*, site: str, at: datetime) -> None:
    """Escalate every task of the site whose clock ran out untaken. Run it every minute."""
    with scoped(Scope(site=site, actor=None, purpose="escalation")) as scope:
        escalate_overdue(scope, at=at)


def send_messages(*, site: str, at: datetime) -> None:
    """Send the messages of the site that wait, and first want those to who is on duty. Run it every few seconds; a
    message is sent once.
    """
    with scoped(Scope(site=site, actor=None, purpose="sending a message")) as scope:
        try:
            tell_on_duty(scope, at=at, address=_task_address)
        finally:  # what waits goes out, whatever is wrong with one task
            deliver_waiting(scope, at=at, address=_address)


def _address(site: str, token: str) -> str:
    return settings.DAYBREAK_ADDRESS + reverse("answer:questions", kwargs={"site": site, "token": token})


def _task_address(site: str, task: UUID) -> str:
    return settings.DAYBREAK_ADDRESS + reverse("follow_up:task", kwargs={"site": site, "task": task})
