"""Credentials that members of staff show, with their document or to a lead's eyes; one counts once a lead verified it.

The course's certificate is no such credential, whoever asks: only learning grants it.
"""

from datetime import date, datetime
from uuid import UUID

from daybreak.kernel.files import safe_name, sort_of
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one, told_once
from daybreak.people.actions import record_credential
from daybreak.people.models import Credential, CredentialOffer, OfferSettled
from daybreak.people.papers import sealed_document
from daybreak.people.queries import site_named
from daybreak.people.rules import OFFER_REFUSED, OFFERED


class NotACredential(Refusal):
    """Words that do not describe a credential; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str) -> None:
        self.field = field
        super().__init__(sentence)


class NotYours(Refusal):
    """An offer that is settled already, is not there, or is one's own."""


def offer_credential(
    scope: Scope,
    *,
    key: UUID,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    number: str,
    name: str,
    content: bytes,
    at: datetime,
) -> CredentialOffer:
    """Show a credential of one's own with its document (`name` and `content` of the file), to be verified.

    Raise NotACredential for days that cannot be or a kind that is not shown so, and NotAnAttachment for a file that is
    not what it says.
    """
    _demand_credential(scope, kind, issued_on, expires_on, at)
    sort = sort_of(name, content)
    with told_once(CredentialOffer, site=scope.site, key=key, moment="offered_at", at=at) as moment:
        return record_one(
            CredentialOffer(
                site=scope.site, key=key, account_key=scope.actor, kind=kind, issued_on=issued_on,
                expires_on=expires_on, number=number.strip(), file_name=safe_name(name), media=sort.media,
                document=sealed_document(content, site=scope.site, account=scope.actor, offer=key), offered_at=moment,
            )
        )  # fmt: skip


def record_seen(
    scope: Scope,
    *,
    key: UUID,
    account: UUID,
    kind: str,
    issued_on: date,
    expires_on: date,
    number: str,
    at: datetime,
) -> Credential:
    """Record a colleague's credential that the scope's actor has seen; raise NotACredential, as for one's own."""
    _demand_credential(scope, kind, issued_on, expires_on, at)
    if account == scope.actor:
        raise NotACredential("Somebody else verifies your own credential.", field="account")
    return record_credential(
        scope, key=key, account=account, kind=kind, issued_on=issued_on, expires_on=expires_on, number=number
    )


def _demand_credential(scope: Scope, kind: str, issued_on: date, expires_on: date | None, at: datetime) -> None:
    place = site_named(scope.site)
    if kind not in OFFERED:
        raise NotACredential("Choose one of the credentials.", field="kind")
    if issued_on > day_of(at, place.time_zone if place else "UTC"):
        raise NotACredential("This day lies in the future.", field="issued_on")
    if expires_on and expires_on <= issued_on:
        raise NotACredential("A credential expires after it was issued.", field="expires_on")


@one_step()
def settle_offer(scope: Scope, *, offer: UUID, verified: bool, reason: str, at: datetime) -> OfferSettled:
    """Verify a credential that a colleague showed, so that it counts, or refuse it with a reason; raise NotYours."""
    key = key_from("offer settled", str(offer))
    with told_once(OfferSettled, site=scope.site, key=key, moment="settled_at", at=at):
        shown = CredentialOffer.objects.filter(site=scope.site, key=offer).first()
        if shown is None or OfferSettled.objects.filter(site=scope.site, offer_key=offer).exists():
            raise NotYours("This was settled already.")
        if shown.account_key == scope.actor:
            raise NotYours("Somebody else verifies your own credential.")
        if not verified and reason not in OFFER_REFUSED:
            raise NotYours("Say why it is refused.")
        if verified:
            record_credential(
                scope, key=key_from("credential", str(offer)), account=shown.account_key, kind=shown.kind,
                issued_on=shown.issued_on, expires_on=shown.expires_on, number=shown.number,
            )  # fmt: skip
        return record_one(
            OfferSettled(
                site=scope.site, key=key, offer_key=offer, verified=verified, reason="" if verified else reason,
                settled_at=at,
            )
        )  # fmt: skip
