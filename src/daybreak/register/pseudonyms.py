"""Random keys for people and facts. Nothing is derived from an identifier, and no key carries time."""

import secrets
from collections.abc import Iterator

LENGTH = 12
# 32 letters and digits that are not mistaken for one another: 5 bits each, so that a key has 60 random bits.
ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"
_LETTER_OF_BYTE = bytes(ALPHABET[byte % len(ALPHABET)] for byte in range(256))
_BEGINNING, _WORD = 3, 6


def random_keys(count: int, beginning: str = "") -> list[str]:
    """Return `count` different random keys of 12 letters and digits. Keys with different beginnings never meet.

    They are text, because a program that reads a large number as a float would take two people for one.
    """
    length = LENGTH - len(beginning)
    while True:
        letters = _random_letters(length * count)
        keys = [beginning + letters[start : start + length] for start in range(0, len(letters), length)]
        if len(set(keys)) == count:
            return keys


def random_beginnings() -> Iterator[str]:
    """Yield random beginnings of keys, of three letters or digits each, none of them twice."""
    used: set[str] = set()
    while True:
        drawn = _random_letters(_BEGINNING)
        if drawn not in used:
            used.add(drawn)
            yield drawn


def random_word() -> str:
    """Return six random letters and digits, for the end of a snapshot's id."""
    return _random_letters(_WORD)


def _random_letters(count: int) -> str:
    return secrets.token_bytes(count).translate(_LETTER_OF_BYTE).decode()
