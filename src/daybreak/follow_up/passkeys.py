"""Passkeys (WebAuthn) of patients' own pages: what a phone is asked, and whether what it answers is right.

The phone keeps the secret half and asks for the patient's finger, face or code before it uses it; the house keeps the
public half. The checks are those of the library fido2. No table and no request here.
"""

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

REQUIRED = UserVerificationRequirement.REQUIRED
# What the library raises for an answer of the wrong form, challenge, origin, credential or signature.
_NOT_RIGHT = (
    ValueError, TypeError, KeyError, AttributeError, IndexError, AssertionError, NotImplementedError, struct.error,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Place:
    """Where a passkey holds: the name of the host, the whole origin, and the words that the phone shows."""

    host: str
    origin: str
    words: str


@dataclass(frozen=True, slots=True)
class Challenge:
    """What a phone was asked, as it is kept until the answer comes: `token` is the challenge itself."""

    place: Place
    token: str

    def state(self) -> dict[str, object]:
        """Return it as the library wants it: whoever uses the passkey is always verified by the phone."""
        return {"challenge": self.token, "user_verification": REQUIRED}


def ask_to_make(place: Place, user: bytes) -> tuple[dict[str, object], Challenge]:
    """Return what a phone is asked in order to make a passkey, and the challenge to be kept."""
    who = PublicKeyCredentialUserEntity(id=user, name=place.words, display_name=place.words)
    asked, state = _server(place).register_begin(
        who, resident_key_requirement=ResidentKeyRequirement.PREFERRED, user_verification=REQUIRED
    )
    return dict(asked), Challenge(place, state["challenge"])


def ask_to_show(place: Place, credential: bytes) -> tuple[dict[str, object], Challenge]:
    """Return what a phone is asked in order to show its passkey, and the challenge to be kept."""
    asked, state = _server(place).authenticate_begin([AttestedCredentialData(credential)], user_verification=REQUIRED)
    return dict(asked), Challenge(place, state["challenge"])


def made(asked: Challenge, answered: Mapping[str, object]) -> bytes | None:
    """Return the public half of the passkey that a phone made, or None where the answer is not right."""
    try:
        data = _server(asked.place).register_complete(asked.state(), answered)
    except _NOT_RIGHT:
        return None
    return bytes(data.credential_data) if data.credential_data and data.is_user_verified() else None


def shown(asked: Challenge, credential: bytes, answered: Mapping[str, object]) -> bool:
    """Return whether the answer was made with this passkey, for this challenge, at this place, by who was verified."""
    try:
        _server(asked.place).authenticate_complete(asked.state(), [AttestedCredentialData(credential)], answered)
    except _NOT_RIGHT:
        return False
    return True


def read(text: str) -> Mapping[str, object]:
    """Return an answer as a phone sends it; an empty one where it cannot be read."""
    try:
        said = json.loads(text)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def _server(place: Place) -> Fido2Server:
    rp = PublicKeyCredentialRpEntity(id=place.host, name=place.words)
    return Fido2Server(rp, verify_origin=lambda origin: origin == place.origin)
