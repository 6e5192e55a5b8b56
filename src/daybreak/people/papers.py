"""The documents of credentials, sealed under a key of their owner's that only the master key gives."""

from uuid import UUID

from django.conf import settings

from daybreak.kernel.sealing import derived_key, open_sealed, seal

# What was kept before documents were sealed begins as a PDF or a picture does, and so never like this.
SEALED = b"\x00sealed/1\x00"


def sealed_document(content: bytes, *, site: str, account: UUID, offer: UUID) -> bytes:
    """Return a document as it is stored: it opens for this site, owner and credential only."""
    key, bound_to = _key(site, account), _bound_to(site, account, offer)
    return SEALED + seal(key, content, bound_to=bound_to, retry_of=str(offer))


def opened_document(stored: bytes, *, site: str, account: UUID, offer: UUID) -> bytes:
    """Return the document; raise CannotOpen where it was changed, moved, or the master key is another."""
    if not stored.startswith(SEALED):
        return stored
    return open_sealed(_key(site, account), stored.removeprefix(SEALED), bound_to=_bound_to(site, account, offer))


def _key(site: str, account: UUID) -> bytes:
    return derived_key(settings.DAYBREAK_MASTER_KEY, "documents of credentials", site, str(account))


def _bound_to(site: str, account: UUID, offer: UUID) -> str:
    return f"{site} {account} document {offer}"
