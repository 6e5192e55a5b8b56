"""Random keys for people and facts. Nothing is derived from an identifier, and no key carries time."""

import secrets

import numpy as np

LENGTH = 12
# 32 letters and digits that are not mistaken for one another: 5 bits each, so that a key has 60 random bits.
ALPHABET = np.frombuffer(b"0123456789abcdefghjkmnpqrstvwxyz", dtype="S1")


def random_keys(count: int) -> list[str]:
    """Return `count` different random keys of 12 letters and digits.

    They are text, because a program that reads a large number as a float would take two people for one.
    """
    while True:
        drawn = np.frombuffer(secrets.token_bytes(LENGTH * count), dtype=np.uint8) & 31
        keys = ALPHABET[drawn].view(f"S{LENGTH}").astype(f"U{LENGTH}")
        if len(np.unique(keys)) == count:
            return keys.tolist()


def random_word() -> str:
    """Return six random letters and digits, for the end of a snapshot's id."""
    return random_keys(1)[0][:6]
