"""A message to who takes a patient home: the infusion room knows the number, follow-up has the port."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.follow_up.public import MessageNow, messages_of, send_text
from daybreak.identity.public import open_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.treat.public import AFTER_DOSE, SessionNow, escort_of, note_escort

MINUTES = (0, 15, 30, 60)
KIND = "escort"


class NotYetReady(Refusal):
    """Nobody is collected while the dose goes on, or after they have left."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message to the escort: to which number, wanted by whom and when, and what became of it."""

    number: str
    by: UUID | None
    message: MessageNow


def words_for(minutes: int) -> str:
    """Return what the escort reads: no name, no clinic, no treatment."""
    if not minutes:
        return _("The person you are collecting is ready to be taken home now.")
    words = ngettext(
        "The person you are collecting will be ready to be taken home in about %(n)s minute.",
        "The person you are collecting will be ready to be taken home in about %(n)s minutes.",
        minutes,
    )
    return words % {"n": minutes}


@one_step()
def tell_escort(scope: Scope, now: SessionNow, *, key: UUID, telephone: str, minutes: int, at: datetime) -> None:
    """Keep the number for this session where it is new, and queue the message; the same `key` again is the same.

    Raises NotYetReady, and what the two rooms raise.
    """
    if now.state not in AFTER_DOSE:
        raise NotYetReady("The patient is not in recovery: nobody is called to take them home yet.")
    if minutes not in MINUTES:
        raise NotYetReady("Choose in how many minutes the patient is ready.")
    session = now.session.key
    if telephone.strip() != escort_of(scope, session):
        note_escort(scope, key=key_from("escort", str(key)), session=session, telephone=telephone, at=at)
    send_text(scope, key=key, patient=now.session.patient_key, to=telephone, words=words_for(minutes), at=at)


def told_escort(scope: Scope, now: SessionNow) -> list[Told]:
    """Return the messages to the escort of a session, the newest first."""
    since = now.steps[0].done_at if now.steps else now.session.planned_for
    return [
        Told(open_text(scope, each.message.patient_key, each.message.sealed_to), each.message.recorded_by, each)
        for each in messages_of(scope, patient=now.session.patient_key)
        if each.message.kind == KIND and each.message.wanted_at >= since
    ]
