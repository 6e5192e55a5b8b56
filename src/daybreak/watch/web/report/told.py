"""What the public reads of a quarter and of outcomes: the lines that are handed to the disclosure policy, and the rows
made of what it tells.
"""

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from daybreak.design.public import day, number, percent
from daybreak.register.public import ToldLine, is_small, may_be_shown
from daybreak.stats.public import proportion
from daybreak.watch.reductions.outcome import OutcomeCounts
from daybreak.watch.rules import Monitor
from daybreak.watch.web.report.quarters import KindCounts, QuarterCounts

Lines = dict[str, list[tuple[int, int]] | None]
SESSIONS = "sessions"


def quarter_lines(counts: QuarterCounts) -> Lines:
    """Return the lines of a quarter: sessions, and of each kind those with it and those without it, each with the
    fewest people that could have held them.
    """
    every = [(counts.sessions, counts.people)] if may_be_shown([counts.people]) else None
    return {SESSIONS: every} | {each.id: kind_line(each) for each in counts.kinds}


def kind_line(each: KindCounts) -> list[tuple[int, int]] | None:
    """Return nothing where the sessions with it, without it, or with any other event could be of fewer people than the
    policy asks for.
    """
    with_it, without, other = each.people
    if not may_be_shown([with_it, without]) or is_small(other):
        return None
    return [(each.seen, with_it), (each.of - each.seen, without)]


def outcome_lines(whole: Monitor) -> Lines:
    """Return the lines of the outcomes to date: in each window who meets it and who does not."""
    found = (("response", whole.response), ("remission", whole.remission))
    return {f"{name}, {each.window}": _outcome_line(each.counts) for name, outcome in found for each in outcome.windows}


def _outcome_line(counts: OutcomeCounts) -> list[tuple[int, int]] | None:
    if not may_be_shown([counts.met, counts.not_met, counts.no_score, counts.no_baseline]):
        return None
    return [(counts.met, counts.met), (counts.not_met, counts.not_met)]


def sessions_sentence(told: ToldLine, frozen_at: datetime) -> str:
    """Say how many sessions were started in a quarter."""
    if told.numbers is None:
        return _("Too few people had a session in the weeks of this quarter to be told.")
    said = _("About %(n)s sessions were started in the weeks of this quarter.") % {"n": number(told.numbers[0])}
    return said if told.frozen_at == frozen_at else f"{said} {_as_of(told)}"


def kind_rows(counts: QuarterCounts, told: Mapping[str, ToldLine], frozen_at: datetime) -> list[list[str]]:
    """Return a row for each kind: sessions with it, of how many, and the share of the numbers told."""
    return [kind_row(each.title, told[each.id], frozen_at) for each in counts.kinds]


def kind_row(title: str, told: ToldLine, frozen_at: datetime) -> list[str]:
    """Return the row of one kind."""
    if told.numbers is None or not sum(told.numbers):
        return [title, _("too few"), "", ""]
    seen, of = told.numbers[0], sum(told.numbers)
    return [_named(title, told, frozen_at), number(seen), number(of), percent(seen / of)]


def outcome_rows(whole: Monitor, told: Mapping[str, ToldLine], frozen_at: datetime) -> list[list[str]]:
    """Return a row for each window: how many were assessed, and the share with its interval, of the numbers told."""
    titles = [
        (f"{name}, {each.window}", f"{label}, {each.title}")
        for name, label, outcome in (
            ("response", _("response"), whole.response), ("remission", _("remission"), whole.remission),
        )
        for each in outcome.windows
    ]  # fmt: skip
    return [_outcome_row(title, told[name], frozen_at) for name, title in titles]


def _outcome_row(title: str, told: ToldLine, frozen_at: datetime) -> list[str]:
    met, assessed = (told.numbers[0], sum(told.numbers)) if told.numbers else (0, 0)
    share = proportion(met, assessed)
    if share.value is None:
        return [title, _("too few"), "", ""]
    between = _("%(lower)s to %(upper)s") % {"lower": percent(share.lower), "upper": percent(share.upper)}
    return [_named(title, told, frozen_at), number(assessed), percent(share.value), between]


def _named(title: str, told: ToldLine, frozen_at: datetime) -> str:
    return title if told.frozen_at == frozen_at else f"{title}. {_as_of(told)}"


def _as_of(told: ToldLine) -> str:
    return _("As of %(day)s; too little has changed since.") % {"day": day(told.frozen_at.date(), year=True)}
