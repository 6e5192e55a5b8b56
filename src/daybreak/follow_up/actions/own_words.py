"""What a patient changes on their own page: how to be reached, and what was agreed to."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.consent.public import NothingToWithdraw
from daybreak.consent.public import withdraw as withdraw_consent
from daybreak.identity.public import note_particulars, person
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step


class NotTakenBack(Refusal):
    """There was no such consent to take back."""


@one_step()
def change_contact(scope: Scope, *, key: UUID, telephone: str, email: str, at: datetime) -> None:
    """Note how the scope's patient is reached from now on; the rest of the particulars stays as it is."""
    who = person(scope, scope.patient, at=at)
    said = replace(who, telephone=telephone.strip(), email=email.strip())
    if said != who:
        note_particulars(scope, patient=scope.patient, person=said, key=key, at=at)


def take_back(scope: Scope, *, key: UUID, consent: str, at: datetime) -> None:
    """Take back what the scope's patient agreed to, without a reason; raise NotTakenBack."""
    try:
        withdraw_consent(scope, key=key, patient=scope.patient, consent=consent, reason="", at=at)
    except NothingToWithdraw as refusal:
        raise NotTakenBack(_("This is no longer in force: there is nothing to take back.")) from refusal
