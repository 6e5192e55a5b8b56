"""Why a freeze says no. Apart from the freeze itself, whose engine takes a second to load."""

from daybreak.kernel.refusal import Refusal


class MixedSites(Refusal):
    """Synthetic and real sites would stand in one snapshot."""


class CannotRead(Refusal):
    """The published views cannot be read."""
