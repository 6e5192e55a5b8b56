"""Sealing bytes under a key: AES-256-GCM, with what they belong to bound into them. Pure: who keeps the key is said by
the room that seals.
"""

import hmac
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from daybreak.kernel.refusal import Refusal

NONCE = 12


class CannotOpen(Refusal):
    """Sealed bytes do not open under this key: they were changed, moved, or the master key is another."""


def fresh_key() -> bytes:
    """Return a fresh 256-bit key."""
    return AESGCM.generate_key(bit_length=256)


def derived_key(master: bytes, *parts: str) -> bytes:
    """Return the key that belongs to `parts` under a master key; each list of parts has one of its own."""
    said = "".join(f"{len(part)}:{part}" for part in parts)
    return hmac.digest(master, b"derived key " + said.encode(), "sha256")


def seal(key: bytes, text: bytes, *, bound_to: str, retry_of: str = "") -> bytes:
    """Return nonce and ciphertext of `text`.

    The nonce is random, or, where `retry_of` names the fact that is sealed, made from key, fact and text: a retry of
    the same fact then seals to the same bytes and is known again, and two different texts never share a nonce.
    """
    said = f"{bound_to}\x1f{retry_of}\x1f".encode() + text
    nonce = hmac.digest(key, b"nonce" + said, "sha256")[:NONCE] if retry_of else secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, bound_to.encode())


def open_sealed(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """Return the text; raise CannotOpen when key, text or binding do not fit."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except (InvalidTag, ValueError) as fault:
        raise CannotOpen("A sealed text could not be opened with this installation's master key.") from fault
