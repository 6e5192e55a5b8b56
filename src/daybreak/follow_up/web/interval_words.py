"""The next interval in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.follow_up.queries.interval import NextInterval
from daybreak.follow_up.rules.interval import Advice
from daybreak.follow_up.web.forms import DECISIONS
from daybreak.follow_up.web.presenters import points
from daybreak.kernel.truth import Truth
from daybreak.measure.public import library
from daybreak.rulebook.public import AfterSession, DatedScore
from daybreak.treat.public import Course, CourseDecision


@dataclass(frozen=True, slots=True)
class AdviceWords:
    """What is advised, why, and where it comes from; `decide` says that a person must decide."""

    headline: str
    title: str
    text: str
    facts: tuple[tuple[str, str], ...]
    source: str
    reference: str
    verified: bool
    note: str
    decide: bool


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session with the score before it and what followed."""

    number: int
    at: datetime
    since: str
    dose: str
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class DecisionWords:
    """One decision."""

    words: str
    who: str
    at: datetime
    interval: str
    advised: str
    reason: str


def headline(advised: str) -> str:
    """Return an advice in words."""
    return {
        "continue": _("Continue"),
        "space_out": _("Space out"),
        "taper": _("Taper"),
        "stop": _("Consider stopping"),
        "measure": _("Measure first"),
    }.get(advised, "")


def advice(found: Advice | None) -> AdviceWords | None:
    """Return the advice in words, with what it rests on."""
    if found is None:
        return None
    rule, facts = found.rule, found.facts
    days = facts.last_interval_days
    labels = {
        "response": _("Response now"),
        "remission": _("Remission now"),
        "sustained": _("Sustained response"),
        "worsening": _("Worse than before"),
    }
    told = {Truth.MET: _("yes"), Truth.NOT_MET: _("no"), Truth.UNKNOWN: _("not known")}
    rests_on = (
        (_("Day of the course"), str(facts.day)),
        (_("Sessions given"), str(facts.sessions)),
        (_("Days since the last"), "–" if days is None else str(days)),
        *((labels[name], told[truth]) for name, truth in facts.outcomes.items()),
    )
    return AdviceWords(
        headline(rule.advise), rule.title, rule.text, rests_on, rule.source, rule.reference, rule.verified, rule.note,
        rule.decide,
    )  # fmt: skip


def protocol_title(course: Course) -> str:
    """Return what the protocol of a course is called."""
    return library().protocol(course.protocol, course.protocol_version).title


def sessions(found: NextInterval, zone: str) -> list[SessionRow]:
    """Return the sessions of a course, the latest first, each with the score before it and its response after."""
    rows, last = [], None
    windows = found.so_far.windows if found.so_far else ()
    scores = found.so_far.scores if found.so_far else ()
    for each in found.given:
        started = each.started_at
        before = _before(scores, last, started)
        outcome = _best([w for w in windows if w.session == started])
        days = (_day(started, zone) - _day(last, zone)).days if last else None
        rows.append(
            SessionRow(
                number=each.number,
                at=started,
                since="–" if days is None else ngettext("%(n)d day", "%(n)d days", days) % {"n": days},
                dose="–" if each.dose_mg is None else f"{points(each.dose_mg)} mg",
                before="" if before is None else points(before.value),
                after="" if outcome is None or outcome.outcome.score is None else points(outcome.outcome.score.value),
                why="" if outcome is None else outcome.outcome.reason,
            )
        )
        last = started
    return list(reversed(rows))


def _day(moment: datetime, zone: str):
    return moment.astimezone(ZoneInfo(zone)).date()


def _before(scores: tuple[DatedScore, ...], last: datetime | None, started: datetime) -> DatedScore | None:
    """Return the last score before a session and after the one before it; an older one is not carried forward."""
    usable = [s for s in scores if s.at <= started and (last is None or s.at > last)]
    return usable[-1] if usable else None


def _best(windows: list[AfterSession]) -> AfterSession | None:
    """Return the first window of response in which there is an answer, else the first."""
    response = [each for each in windows if each.outcome.score is not None]
    return next(iter(response or windows), None)


def decision(each: CourseDecision, names: Mapping[UUID, str], reason: str) -> DecisionWords:
    """Return a decision in words."""
    days = each.interval_days
    return DecisionWords(
        words=str(DECISIONS[each.decision]),
        who=names.get(each.decided_by, ""),
        at=each.decided_at,
        interval="" if days is None else ngettext("every %(n)d day", "every %(n)d days", days) % {"n": days},
        advised=headline(each.advised),
        reason=reason,
    )
