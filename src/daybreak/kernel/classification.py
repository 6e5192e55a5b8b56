"""How far a field may travel. Every field is classified once, where it is declared."""

from enum import StrEnum


class Class(StrEnum):
    """IDENTITY never leaves its door; QUASI only under a profile; CLINICAL as pseudonymous data; OPERATIONAL stays
    home.
    """

    IDENTITY = "identity"
    QUASI = "quasi-identifier"
    CLINICAL = "clinical"
    OPERATIONAL = "operational"
