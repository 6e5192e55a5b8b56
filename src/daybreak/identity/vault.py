"""Encryption of what identifies a person: AES-256-GCM under a key per person, wrapped by the master key.

The site, the person and the purpose of a text are bound into it as associated data, so that a ciphertext moved
elsewhere
does not open.
"""

import hashlib
import hmac
import unicodedata

from django.conf import settings

from daybreak.kernel.sealing import fresh_key, open_sealed, seal


def new_person_key() -> bytes:
    """Return a fresh 256-bit data key."""
    return fresh_key()


def wrap(data_key: bytes, *, bound_to: str) -> bytes:
    """Return the data key sealed under the master key."""
    return seal(settings.DAYBREAK_MASTER_KEY, data_key, bound_to=bound_to)


def unwrap(wrapped: bytes, *, bound_to: str) -> bytes:
    """Return the data key; raise CannotOpen when it does not open."""
    return open_sealed(settings.DAYBREAK_MASTER_KEY, wrapped, bound_to=bound_to)


def search_tokens(*texts: str) -> set[bytes]:
    """Return the keyed hashes of the normalised words of `texts` (case, accents and punctuation fall away)."""
    key = hashlib.sha256(b"daybreak search tokens" + settings.DAYBREAK_MASTER_KEY).digest()
    return {hmac.digest(key, word.encode(), "sha256") for text in texts for word in words_of(text)}


def words_of(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return plain.split()


def plain(text: str) -> str:
    """Return a text as one word, as numbers are compared."""
    return "".join(words_of(text))
