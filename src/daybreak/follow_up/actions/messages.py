"""Messages: wanted by an action, sent by the worker once, tried again while nobody takes them, and given up in words.

The queue is the table itself: a message that is committed is sent or given up, whatever is killed between.
"""

import base64
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from daybreak.consent.public import may_message
from daybreak.follow_up.actions.invitations import MAY_BE_HANDED_OVER, NothingToAnswer, hand_over
from daybreak.follow_up.actions.tasks import one_at_a_time
from daybreak.follow_up.carriers import NotCarried, NotSetUp, carry
from daybreak.follow_up.models import (
    CHANNELS,
    DUTY,
    EMAIL,
    ESCORT,
    FAILED,
    GIVEN_UP,
    QUESTIONS,
    SENT,
    TEXT,
    LinksWithdrawn,
    Message,
    MessageStep,
)
from daybreak.follow_up.queries.invitations import asked
from daybreak.follow_up.queries.messages import MessageNow, message_now, waiting_messages
from daybreak.follow_up.queries.tasks import open_tasks, task_told_by
from daybreak.follow_up.rules.messages import LONGEST_TEXT, address_for, next_try, tells_too_much
from daybreak.identity.public import open_text, person, seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one, told_once
from daybreak.people.public import deaths

SECRET_BYTES = 24  # 192 bits
HAS_DIED = "This patient has died: no message is sent."
Address = Callable[[str, str], str]


class NotToBeMessaged(Refusal):
    """The patient may not be sent messages, or there is no address to send them to."""


class TellsTooMuch(Refusal):
    """The words would say on a lock screen what the person is treated for, or are too long for a text message."""


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as it leaves the house."""

    to: str
    subject: str
    words: str


@one_step()
def send_questions(
    scope: Scope, *, key: UUID, invitation: UUID, channel: str, at: datetime, kind: str = QUESTIONS
) -> Message:
    """Ask that a link to an invitation's questions goes out by `channel`, “email” or “text”.

    The same `key` again is the same message.

    Raises NothingToAnswer, and NotToBeMessaged without a consent to messages or a contact. It is sent once, at most
    until the questions close.
    """
    if channel not in CHANNELS:
        raise NotToBeMessaged("Choose e-mail or text message.")
    found = asked(scope, invitation)
    if found is None or found.state(at) not in MAY_BE_HANDED_OVER:
        raise NothingToAnswer("There is nothing left to answer here, so there is no link to send.")
    row = found.invitation
    if refusal := why_not(scope, row.patient_key, channel, at=at):
        raise NotToBeMessaged(refusal)
    if known := message_now(scope, key):
        return known.message
    return record_one(
        Message(
            site=scope.site,
            key=key,
            patient_key=row.patient_key,
            invitation_key=row.key,
            kind=kind,
            channel=channel,
            wanted_at=max(at, row.opens_at),
            until=row.closes_at,
        )
    )


@one_step()
def send_text(
    scope: Scope, *, key: UUID, patient: UUID, to: str, words: str, at: datetime, within: timedelta = timedelta(hours=1)
) -> Message:
    """Queue a text message about a patient to another person's telephone, such as “ready in 15 minutes” to the escort.

    The worker sends it through the port of text messages, once, or gives it up after `within`: a late one would
    mislead. Number and words are sealed under the patient's key. It is for the caller to know that this number was
    given for this. The same `key` again is the same message. Raises TellsTooMuch for words that name the treatment or
    are longer than 300 characters, NotToBeMessaged for a number that cannot be dialled.
    """
    if tells_too_much(words) or len(words) > LONGEST_TEXT:
        raise TellsTooMuch("A text message is short and names no treatment: a lock screen shows it to everybody.")
    number = address_for(TEXT, to)
    if not number:
        raise NotToBeMessaged(f"“{to}” is not a telephone number that a text message can be sent to.")
    return record_one(
        Message(
            site=scope.site,
            key=key,
            patient_key=patient,
            kind=ESCORT,
            channel=TEXT,
            sealed_to=seal_text(scope, patient, number, fact=key),
            sealed_words=seal_text(scope, patient, words, fact=key),
            wanted_at=at,
            until=at + within,
        )
    )


def why_not(scope: Scope, patient: UUID, channel: str, *, at: datetime) -> str:
    """Return why no message may go to this patient by this channel, or nothing."""
    if deaths(scope, [patient]):
        return HAS_DIED
    if not may_message(scope, patient, at=at):
        return "The patient has not agreed to messages, or took that back: hand the link over in person."
    if not address_for(channel, _contact(scope, patient, channel, at)):
        what = "e-mail address" if channel == EMAIL else "telephone number for text messages"
        return f"There is no {what} of this patient."
    return ""


def _contact(scope: Scope, patient: UUID, channel: str, at: datetime) -> str:
    who = person(scope, patient, at=at)
    return who.email if channel == EMAIL else who.telephone


def deliver_waiting(scope: Scope, *, at: datetime, address: Address) -> None:
    """Send what waits at the site: each message in a transaction of its own, so that one that fails stops no other.

    `address` makes the address of a link from site and secret.
    """
    for waiting in waiting_messages(scope, at=at):
        due = next_try(waiting.failed)
        if due is None or due <= at:
            _deliver(scope, waiting.message.key, at=at, address=address)


@one_step()
def _deliver(scope: Scope, key: UUID, *, at: datetime, address: Address) -> None:
    """Send one message and note it, while nobody else does.

    A kill after it was handed over and before it was noted sends the very same message again: its secret comes from
    its key, a mail carries the same Message-ID, and a file is there already.
    """
    one_at_a_time(scope, key)
    now = message_now(scope, key)
    if now is None or now.end is not None:
        return
    row = now.message
    if refusal := _outdated(scope, row, at):
        return _note(scope, now, GIVEN_UP, at, because=refusal)
    try:
        letter = _own_words(scope, row) if row.sealed_words else _link(scope, row, at=at, address=address)
        carry(row.channel, key=row.key, to=letter.to, subject=letter.subject, words=letter.words)
    except NotSetUp:
        return None  # it waits, and the page of the site says so
    except NotCarried as fault:
        return _note(scope, now, FAILED, at, because=str(fault))
    return _note(scope, now, SENT, at)


def _outdated(scope: Scope, row: Message, at: datetime) -> str:
    """Return why a message is not sent any more, or nothing. Asked again just before it leaves."""
    if at >= row.until:
        return "It was not sent before its time was over."
    if row.kind == DUTY and not _still_asks(scope, row, at):
        return "Somebody had taken it."
    if row.invitation_key is None:  # to staff, whatever became of the patient, or to the patient's family
        return HAS_DIED if row.kind == ESCORT and deaths(scope, [row.patient_key]) else ""
    found = asked(scope, row.invitation_key)
    if found is None or found.state(at) not in MAY_BE_HANDED_OVER:
        return "There was nothing left to answer."
    return why_not(scope, row.patient_key, row.channel, at=at)


def _still_asks(scope: Scope, row: Message, at: datetime) -> bool:
    about = task_told_by(scope, row.key)
    return any(each.task.key == about and each.still_asks(at) for each in open_tasks(scope, patient=row.patient_key))


def _own_words(scope: Scope, row: Message) -> Letter:
    return Letter(
        to=open_text(scope, row.patient_key, row.sealed_to),
        subject=_("You are asked for") if row.kind == DUTY else "",
        words=open_text(scope, row.patient_key, row.sealed_words),
    )


def _link(scope: Scope, row: Message, *, at: datetime, address: Address) -> Letter:
    """Return the words that carry the link: they name neither the patient, nor the clinic, nor what it is about."""
    who = person(scope, row.patient_key, at=at)
    token = secret_of(row.key)
    hand_over(scope, invitation=row.invitation_key, patient=row.patient_key, token=token, at=at, key=row.key)
    with translation.override((who.language or settings.LANGUAGE_CODE)[:2]):
        ready, still = _("A few questions are ready for you."), _("A few questions still wait for you.")
        rest = _("The link is for you alone: please do not pass it on. If you did not expect this, delete it.")
        subject = _("A few questions for you")
    return Letter(
        to=address_for(row.channel, who.email if row.channel == EMAIL else who.telephone),
        subject=subject,
        words=f"{ready if row.kind == QUESTIONS else still}\n{address(scope.site, token)}\n{rest}\n",
    )


def secret_of(message: UUID) -> str:
    """Return the secret of the link that a message carries: 192 bits made from its key under the house's own secret."""
    made = salted_hmac("daybreak.follow_up.link", str(message), algorithm="sha256").digest()[:SECRET_BYTES]
    return base64.urlsafe_b64encode(made).decode()


def _note(scope: Scope, now: MessageNow, step: str, at: datetime, *, because: str = "") -> None:
    number = str(len(now.failed)) if step == FAILED else "end"
    record_one(
        MessageStep(
            site=scope.site,
            key=key_from("message step", scope.site, str(now.message.key), step, number),
            patient_key=now.message.patient_key,
            message_key=now.message.key,
            step=step,
            because=because,
            done_at=at,
        )
    )


def withdraw_links(scope: Scope, *, key: UUID, invitation: UUID, because: str, at: datetime) -> LinksWithdrawn:
    """Let no link open this invitation that was handed over until now; raise NothingToAnswer where it is not there.

    `because` is made of fixed words. Answers that still come by such a link are kept for a person. The same `key` again
    changes nothing: a link that was handed over since stays good.
    """
    found = asked(scope, invitation)
    if found is None:
        raise NothingToAnswer("There is nothing to answer here, so there is no link to withdraw.")
    with told_once(LinksWithdrawn, site=scope.site, key=key, moment="withdrawn_at", at=at) as first_told:
        return record_one(
            LinksWithdrawn(
                site=scope.site,
                key=key,
                patient_key=found.invitation.patient_key,
                invitation_key=invitation,
                because=because,
                withdrawn_at=first_told,
            )
        )
