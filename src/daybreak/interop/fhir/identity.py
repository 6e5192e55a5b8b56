"""Which resource is which: the key that follows from where it came from and its id, and a digest of what it
says.
"""

import json
import re
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any

from daybreak.interop.fhir.documents import Found
from daybreak.interop.fhir.element import Defect, Element
from daybreak.interop.fhir.records import KeyParts

_ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
_ADDRESS = re.compile(r"(https?://.+)/([A-Z][A-Za-z]{1,63})/([A-Za-z0-9\-.]{1,64})")
_URN = re.compile(r"urn:(?:uuid|oid):([A-Za-z0-9\-.]{1,64})")


@dataclass(frozen=True, slots=True)
class Address:
    """An absolute address of a resource, taken apart: the server's base, the type, the id."""

    base: str
    type: str
    id: str


def address_of(url: str) -> Address | None:
    """Return the parts of `https://server/base/Type/id`, None for anything else; a version at the end is
    passed over.
    """
    found = _ADDRESS.fullmatch(without_version(url))
    return Address(*found.groups()) if found else None


def without_version(reference: str) -> str:
    """Return a reference without the version of the resource that it may name."""
    return reference.split("/_history/", 1)[0]


def urn_id(url: str) -> str:
    """Return the id inside `urn:uuid:…` or `urn:oid:…`, "" for anything else."""
    found = _URN.fullmatch(url)
    return found[1] if found else ""


def source_id(found: Found) -> str:
    """Return the resource's id: its own, else the one its fullUrl ends in, else "". Raises Defect where it is
    malformed.
    """
    own = Element(found.resource, found.type).text("id")
    if own and not _ID.fullmatch(own):
        raise Defect(f"{found.type}.id is “{own[:70]}”, which is not an id of FHIR.")
    address = address_of(found.full_url)
    return own or (address.id if address else urn_id(found.full_url))


def key_parts(found: Found, digest: str) -> KeyParts:
    """Return the parts of a resource's stable key. One without any id is known by what it says, so a second
    run finds it again.
    """
    address = address_of(found.full_url)
    origin = address.base if address else ""
    return origin, found.type, source_id(found) or f"content:{digest}"


def digest_of(resource: dict[str, Any]) -> str:
    """Return a digest of what a resource says; its metadata and its narrative say nothing. Raises Defect
    where it nests too deeply.
    """
    said = {name: value for name, value in resource.items() if name not in ("meta", "text")}
    try:
        text = json.dumps(said, sort_keys=True, default=str)
    except RecursionError as error:
        raise Defect("The resource is nested more deeply than any FHIR resource.") from error
    return blake2b(text.encode(), digest_size=16).hexdigest()
