"""Encryption of what identifies a person: AES-256-GCM under a key per person, wrapped by the master key.

The site, the person and the purpose of a text are bound into it as associated data, so that a ciphertext moved
elsewhere
does not open.
"""

import hashlib
import hmac
import secrets
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from daybreak.kernel.refusal import Refusal

NONCE = 12


class CannotOpen(Refusal):
    """A sealed text does not open under this key: it was changed, moved, or the master key is another."""


def new_person_key() -> bytes:
    """Return a fresh 256-bit data key."""
    return AESGCM.generate_key(bit_length=256)


def wrap(data_key: bytes, *, bound_to: str) -> bytes:
    """Return the data key sealed under the master key."""
    return seal(settings.DAYBREAK_MASTER_KEY, data_key, bound_to=bound_to)


def unwrap(wrapped: bytes, *, bound_to: str) -> bytes:
    """Return the data key; raise CannotOpen when it does not open."""
    return open_sealed(settings.DAYBREAK_MASTER_KEY, wrapped, bound_to=bound_to)


def seal(key: bytes, text: bytes, *, bound_to: str, retry_of: str = "") -> bytes:
    """Return nonce and ciphertext of `text`.

    The nonce is random, or, where `retry_of` names the fact that is sealed, made from key, fact and text: a retry of
    the same fact
    then seals to the same bytes and is known again, and two different texts never share a nonce.
    """
    said = f"{bound_to}\x1f{retry_of}\x1f".encode() + text
    nonce = hmac.digest(key, b"nonce" + said, "sha256")[:NONCE] if retry_of else secrets.token_bytes(NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text, bound_to.encode())


def open_sealed(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """Return the text; raise CannotOpen when key, text or binding do not fit."""
    try:
        return AESGCM(key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to.encode())
    except InvalidTag as fault:
        raise CannotOpen("A sealed text could not be opened with this installation's master key.") from fault


def search_tokens(*texts: str) -> set[bytes]:
    """Return the keyed hashes of the normalised words of `texts` (case, accents and punctuation fall away)."""
    key = hashlib.sha256(b"daybreak search tokens" + settings.DAYBREAK_MASTER_KEY).digest()
    return {hmac.digest(key, word.encode(), "sha256") for text in texts for word in words_of(text)}


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return plain.split()
