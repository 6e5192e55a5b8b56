"""Who is told of a serious adverse event at a site."""

from daybreak.measure.public import library
from daybreak.rulebook.public import Reporting


def reporting_at(site: str) -> Reporting:
    """Return who is told of a serious event at a site: its own definition, whose id is the site's code, else the
    shared one.
    """
    held = library()
    own = {each.id for each in held.active("reporting")}
    return held.reporting(site if site in own else "house")
