"""The credentials that members of staff showed, and what became of each."""

from dataclasses import dataclass
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.people.models import CredentialOffer, OfferSettled
from daybreak.people.papers import opened_document


@dataclass(frozen=True, slots=True)
class Offered:
    """A credential that was shown: `verified` is nothing while nobody has looked; `reason` says why it was refused."""

    offer: CredentialOffer
    verified: bool | None
    reason: str


def offers(scope: Scope, *, account: UUID | None = None, waiting: bool = False) -> list[Offered]:
    """Return the credentials that were shown at the site, by one account or by all, the newest first; `waiting` leaves
    out those that are settled.
    """
    found = CredentialOffer.objects.filter(site=scope.site, **({"account_key": account} if account else {}))
    settled = {each.offer_key: each for each in OfferSettled.objects.filter(site=scope.site)}
    told = []
    for each in found.defer("document").order_by("-offered_at", "key"):
        end = settled.get(each.key)
        if not (waiting and end):
            told.append(Offered(each, end and end.verified, end.reason if end else ""))
    return told


def offered_document(scope: Scope, key: UUID) -> CredentialOffer | None:
    """Return a credential that was shown, or nothing; `content_of` opens its document."""
    return CredentialOffer.objects.filter(site=scope.site, key=key).first()


def content_of(offer: CredentialOffer) -> bytes:
    """Return the document of a credential that was shown; raise CannotOpen."""
    return opened_document(bytes(offer.document), site=offer.site, account=offer.account_key, offer=offer.key)
