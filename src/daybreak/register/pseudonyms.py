"""Random keys for people and facts. Nothing is derived from an identifier, and no key carries time."""

import secrets

LENGTH = 12
# 32 letters and digits that are not mistaken for one another: 5 bits each, so that a key has 60 random bits.
ALPHABET = b"0123456789abcdefghjkmnpqrstvwxyz"
_LETTER_OF_BYTE = bytes(ALPHABET[byte % len(ALPHABET)] for byte in range(256))


def random_keys(count: int) -> list[str]:
    """Return `count` different random keys of 12 letters and digits.

    They are text, because a program that reads a large number as a float would take two people for one.
    """
    while True:
        letters = secrets.token_bytes(LENGTH * count).translate(_LETTER_OF_BYTE).decode()
        keys = [letters[start : start + LENGTH] for start in range(0, len(letters), LENGTH)]
        if len(set(keys)) == count:
            return keys


def random_word() -> str:
    """Return six random letters and digits, for the end of a snapshot's id."""
    return random_keys(1)[0][:6]
