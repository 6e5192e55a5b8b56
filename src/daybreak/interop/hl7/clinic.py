"""Which clinic a message is for, where one gateway serves several. Nothing is kept where that is not certain."""

from collections.abc import Sequence
from datetime import datetime

from daybreak.interop.hl7.frames import Frame
from daybreak.interop.hl7.message import Message, NotUnderstood, head_of, parse
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import Site
from daybreak.treat.public import monitor_at, sessions_with_visit_number


def clinic_of(frame: Frame, sites: Sequence[Site], *, at: datetime) -> Site | None:
    """Return the clinic that the message names as a facility (MSH-4 or MSH-6), or the only one that knows its place or
    its visit number; None where none does, or several do.
    """
    if len(sites) == 1:
        return sites[0]
    head = head_of(frame.content)
    named = {part.split("^")[0].casefold() for part in (head.facility, head.receiving_facility)}
    found = [site for site in sites if site.code.casefold() in named]
    if not found and not frame.fault:
        try:
            message = parse(frame.content)
        except NotUnderstood:
            return None
        found = [site for site in sites if _knows(site, message, at)]
    return found[0] if len(found) == 1 else None


def _knows(site: Site, message: Message, at: datetime) -> bool:
    with scoped(Scope(site=site.code, actor=None, purpose="HL7 gateway")) as scope:
        return any(
            monitor_at(scope, group.location) or sessions_with_visit_number(scope, group.visit, near=at)
            for group in message.groups
        )
