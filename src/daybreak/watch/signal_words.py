"""Is anything wrong today? The answer in words, for the top of the monitor and the command line."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.design.public import day, number
from daybreak.register.public import is_invented
from daybreak.watch.surveillance.charts import CUSUM, RATES, RATIO, Signal, by_chance
from daybreak.watch.surveillance.counts import monday
from daybreak.watch.surveillance.overview import OverTime

FEW_EXPECTED = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What stands at the top: how it looks (“success”, “warn”, “info”), in one line, and what must be known with it."""

    kind: str
    title: str
    text: str


def answer(found: OverTime, waiting: Sequence[Signal], *, site: str | None, name: str = "") -> Answer:
    """Return whether anything is wrong, at one site or anywhere; `waiting` are the signals without a decision."""
    if found.last_week is None:
        return Answer(
            "info",
            _("This snapshot cannot say whether anything is wrong."),
            _("It has no calendar: sessions were not counted by week when it was frozen."),
        )
    where = name or _("any site")
    until = week_words(found.last_week)
    if is_invented(found.snapshot):
        title = ngettext(
            "%(n)s limit was reached among invented people.",
            "%(n)s limits were reached among invented people.",
            len(waiting),
        ) % {"n": len(waiting)}
        nobody = _("This is an invented cohort; nobody decides on its signals.")
        return Answer("info", title, f"{nobody} {_by_chance(found, site)}")
    if waiting:
        title = ngettext(
            "%(n)s signal waits for a decision of the safety board.",
            "%(n)s signals wait for a decision of the safety board.",
            len(waiting),
        ) % {"n": len(waiting)}
        held = _("Sessions up to the %(until)s are in this snapshot.") % {"until": until}
        return Answer("warn", title, f"{held} {_by_chance(found, site)}")
    known = [each for each in found.signals if site in (None, each.site)]
    title = (
        _("Nothing new: every signal has been decided on.")
        if known
        else _("Nothing has reached its limit at %(where)s.") % {"where": where}
    )
    return Answer("success", title, f"{_watched(found, until)} {_blind(found, site)}".strip())


def week_words(week: int) -> str:
    """Return a week as “week of 23 November 2026”."""
    return _("week of %(day)s") % {"day": day(monday(week), year=True)}


def test_words(test: str) -> str:
    """Return the name of a test."""
    return {
        CUSUM: _("risk-adjusted CUSUM"),
        RATIO: _("sequential probability ratio test"),
        RATES: _("maximised sequential test"),
    }[test]


def signal_words(signal: Signal, names: Mapping[str, str], *, with_numbers: bool = True) -> str:
    """Return a signal in a sentence. The register's own signals name no site."""
    where = _("All sites together") if signal.site is None else names.get(signal.site, signal.site)
    said = _(
        "%(where)s: more sessions with %(what)s than expected; the %(test)s reached its limit in the %(week)s."
    ) % {
        "where": where,
        "what": signal.title,
        "test": test_words(signal.test),
        "week": week_words(signal.week),
    }
    if not with_numbers:
        return said
    seen = ngettext(
        "%(seen)s seen in that week, %(due)s expected.",
        "%(seen)s seen in the %(n)s weeks up to then, %(due)s expected.",
        signal.weeks,
    ) % {"seen": number(signal.observed), "due": number(signal.expected, 1), "n": signal.weeks}
    return f"{said} {seen}"


def _watched(found: OverTime, until: str) -> str:
    sites = {chart.site for kind in found.kinds for chart in kind.sites}
    return _("%(kinds)s kinds of harm are watched at %(sites)s sites, up to the %(until)s.") % {
        "kinds": len(found.kinds),
        "sites": len(sites),
        "until": until,
    }


def _by_chance(found: OverTime, site: str | None) -> str:
    """Say how many calls chance alone lets expect, so that a list of them is read for what it is."""
    charts = [chart for kind in found.kinds for chart in kind.sites if site in (None, chart.site)]
    if not charts:
        return ""
    return _("Chance alone would have brought up to about %(n)s such signals by now, in %(charts)s charts.") % {
        "n": number(by_chance(found.kinds, found.surveillance.sureness, site), 0),
        "charts": number(len(charts)),
    }


def _blind(found: OverTime, site: str | None) -> str:
    """Say where so little is expected that quiet means little."""
    few = [
        kind.watched.title
        for kind in found.kinds
        if sum(sum(chart.expected) for chart in kind.sites if site in (None, chart.site)) < FEW_EXPECTED
    ]
    if not few:
        return ""
    return _("Fewer than %(n)s were expected so far of: %(what)s. There, quiet says little yet.") % {
        "n": FEW_EXPECTED,
        "what": "; ".join(few),
    }
