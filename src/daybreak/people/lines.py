"""Whom a site's patients call, and when somebody reads: told by the site lead, the newest telling counts."""

import re
from datetime import datetime
from uuid import UUID

from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import record_one, standing, told_once
from daybreak.people.hours import NotHours, spans_of
from daybreak.people.models import Site, SiteLines

NUMBER = re.compile(r"\d[\d\s()/.-]*\d[\d\s()/.-]*\d")
LINES = ("emergency_line", "crisis_line", "telephone")


class NotLines(Refusal):
    """What was told cannot be called, or read as hours; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str) -> None:
        super().__init__(sentence)
        self.field = field


def tell_lines(scope: Scope, *, key: UUID, at: datetime, hours: str = "", **numbers: str) -> SiteLines:
    """Say whom the site's patients call from now on: emergency_line, crisis_line and telephone, each with a number in
    it or empty, and the hours. Raises NotLines. The same `key` again is the same telling.
    """
    said = {name: numbers.get(name, "").strip() for name in LINES}
    for name, words in said.items():
        if words and not NUMBER.search(words):
            raise NotLines(f"“{words}” holds no number that can be called.", field=name)
    try:
        spans_of(hours)
    except NotHours as refusal:
        raise NotLines(str(refusal), field="hours") from refusal
    with told_once(SiteLines, site=scope.site, key=key, moment="told_at", at=at) as moment:
        return record_one(SiteLines(site=scope.site, key=key, hours=hours.strip(), told_at=moment, **said))


def lines_of(place: Site) -> SiteLines:
    """Return whom the patients of a site call now. It needs no scope: the lines are for everybody who comes."""
    with scoped(Scope(site=place.code, actor=None, purpose="whom to call")):
        told = standing(SiteLines).filter(site=place.code).order_by("-told_at", "-key").first()
    return told or SiteLines(
        site=place.code,
        emergency_line=place.emergency_line,
        crisis_line=place.crisis_line,
        telephone=place.telephone,
        hours=place.hours,
        told_at=place.opened_at,
    )
