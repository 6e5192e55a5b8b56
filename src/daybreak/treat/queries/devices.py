"""The devices of a site, and the codes that its monitors speak."""

from uuid import UUID

from django.db.models import QuerySet

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.measure.public import library
from daybreak.rulebook.public import CodeList
from daybreak.treat.models import Device
from daybreak.treat.rules.readings import Sender, location_of

MAPPINGS = "monitor_"
"""Code lists whose id begins like this say what the codes of a monitor mean."""


def device_with(scope: Scope, token_hash: bytes) -> Sender | None:
    """Return the site's device with that token, while it is not ended."""
    found = _devices(scope).filter(token_hash=token_hash).exclude(token_hash=b"").first()
    return _sender(found) if found else None


def monitor_at(scope: Scope, location: str) -> Sender | None:
    """Return the monitor that is registered for a location, as monitors say it; nothing where none is."""
    found = _devices(scope).filter(location=location_of(location)).exclude(location="").first()
    return _sender(found) if found else None


def devices(scope: Scope) -> list[Sender]:
    """Return the site's devices that may send."""
    return [_sender(row) for row in _devices(scope).order_by("chair", "name")]


def device_of(scope: Scope, key: UUID) -> Sender | None:
    """Return a device that may send, or nothing."""
    found = _devices(scope).filter(key=key).first()
    return _sender(found) if found else None


def _devices(scope: Scope) -> QuerySet[Device]:
    return standing(Device).filter(site=scope.site, ended=False)


def _sender(row: Device) -> Sender:
    return Sender(row.key, row.chair, row.name, row.issued_at, row.location, row.model)


def monitor_models() -> dict[str, str]:
    """Return the ids and titles of the code lists that monitors speak."""
    return {each.id: each.title for each in library().active("codelists") if each.id.startswith(MAPPINGS)}


def monitor_codes(model: str) -> CodeList:
    """Return the codes that a monitor speaks; raise UnknownDefinition."""
    return library().codelist(model)
