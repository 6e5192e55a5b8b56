"""A drawing that is safe to put into a page: made by this room, its words escaped."""


class Svg(str):
    """An SVG element as text; templates write it as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """This function will return the drawing unescaped, as templates ask for it."""
        return str(self)

    def _repr_svg_(self) -> str:
        """This function will return the drawing, as a notebook asks for it."""
        return str(self)
