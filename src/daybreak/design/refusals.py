"""The named noes of the design room: mistakes of a developer, never shown as an empty string."""


class ComponentMisused(Exception):
    """A component was called with a value it does not know."""


class FrontEndNotBuilt(Exception):
    """A template asks for a built file that is not there."""
