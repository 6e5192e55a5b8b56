"""The quarterly report, put together from what the pages show and set on paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from daybreak.design.figures.rendering import drawn
from daybreak.design.paper import on_paper
from daybreak.design.public import day, number, percent
from daybreak.kernel.refusal import Refusal
from daybreak.register.public import dataset, disclosure_policy, is_small, may_be_shown, rounded_off
from daybreak.stats.public import proportion
from daybreak.watch.queries import SignalReview, monitor, over_time, reviews, use, waiting
from daybreak.watch.reductions.calendar import calendar_counts
from daybreak.watch.rules import Monitor, OutcomeFigure
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.charts import Signal
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.web.figure import Figure
from daybreak.watch.web.report.quarters import KindCounts, Quarter, QuarterCounts, quarter_counts, quarter_of

TEMPLATE = Path(__file__).parent / "report.typ"
BOARD, SITE, PUBLIC = "board", "site", "public"
READERS = (BOARD, SITE, PUBLIC)
MOST_ROWS = 15
Part = dict[str, object]


class NoReport(Refusal):
    """A report that cannot be made as it was asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Which report: of which snapshot and quarter, for whom, and for a site, which one with which name."""

    snapshot: str
    quarter: str
    reader: str
    site: str | None = None
    names: Mapping[str, str] | None = None


def report(asked: Asked) -> bytes:
    """Return the quarterly report as a PDF that is the same for the same snapshot. Raises NoReport, NoSuchQuarter, and
    the register's NoSuchSnapshot and NotIntact.
    """
    if asked.reader not in READERS:
        raise NoReport(f"A report is for one of: {', '.join(READERS)}.")
    if (asked.reader == SITE) != (asked.site is not None):
        raise NoReport("A report for a site names the site, and no other report does.")
    found, whole = over_time(asked.snapshot), monitor(asked.snapshot)
    if asked.site is not None and asked.site not in whole.sites:
        raise NoReport(f"The snapshot {asked.snapshot} holds no site “{asked.site}”.")
    frozen_at = datetime.fromisoformat(found.frozen_at)
    return on_paper(TEMPLATE, content(asked, found, whole), at=frozen_at)


def content(asked: Asked, found: OverTime, whole: Monitor) -> dict[str, object]:
    """Return everything that stands in the report, in words."""
    quarter, calendar = quarter_of(asked.quarter), calendar_counts(dataset(asked.snapshot).tables)
    if calendar is None:
        raise NoReport("This snapshot has no calendar, so nothing can be said of a quarter.")
    counts = quarter_counts(calendar, found.surveillance, quarter, site=asked.site)
    names, seen_from = asked.names or {}, day(datetime.fromisoformat(found.frozen_at).date(), year=True)
    audience = {
        BOARD: _("For the safety board: all sites, every number."),
        SITE: _("For %(site)s: its own people.") % {"site": names.get(asked.site or "", asked.site)},
        PUBLIC: _(
            "For the public: all sites together, to the nearest %(step)s; what counts fewer than %(fewest)s people, or "
            "would reveal them, is left out. The calendar holds nobody: sessions count as of the fewest people that "
            "could have held them."
        )
        % {"step": disclosure_policy().rounding.to, "fewest": disclosure_policy().cells.fewest},
    }[asked.reader]
    return {
        "title": _("Ketamine register: %(quarter)s") % {"quarter": quarter.name},
        "author": _("Daybreak"),
        "lead": audience,
        "synthetic": _("Synthetic data: invented people, no evidence") if found.synthetic else "",
        "source": _("Snapshot %(id)s of %(day)s, fingerprint %(print)s") % {
            "id": found.snapshot, "day": seen_from, "print": found.fingerprint[:16],
        },
        "parts": [
            _today(asked, found),
            _quarter(asked, quarter, counts),
            *([_outcomes(whole)] if asked.reader == PUBLIC else _figures(asked, found, whole, names)),
        ],
    }  # fmt: skip


def _part(title: str, said: Sequence[str], **more: object) -> Part:
    return {"title": title, "said": list(said), "heads": [], "rows": [], "figures": [], **more}


def _today(asked: Asked, found: OverTime) -> Part:
    """Return what is wrong and what was decided; the public reads how many signals there are, and of what."""
    ours = [each for each in found.signals if asked.site in (None, each.site)]
    open_ones = [each for each in waiting(found) if asked.site in (None, each.site)]
    names = asked.names or {}
    if asked.reader == PUBLIC:
        said = [
            _("%(n)s limits of the surveillance have been reached so far; the safety board has looked at %(seen)s.")
            % {"n": len(ours), "seen": len(ours) - len(open_ones)}
        ]
        return _part(_("Is anything wrong?"), said)
    first = answer(found, open_ones, site=asked.site, name=names.get(asked.site or "", ""))
    told = [signal_words(each, names) for each in open_ones]
    decided = [_decided(each, review) for each, review in _reviewed(ours, found)]
    return _part(_("Is anything wrong?"), [f"{first.title} {first.text}", *told, *decided])


def _reviewed(signals: Sequence[Signal], found: OverTime) -> list[tuple[Signal, SignalReview]]:
    last = {review.signal: review for review in reviews()}
    open_keys = {each.key for each in waiting(found)}
    return [(each, last[each.key]) for each in signals if each.key in last and each.key not in open_keys]


def _decided(signal: Signal, review: SignalReview) -> str:
    return _("Decided on: %(signal)s: %(decision)s. %(reason)s") % {
        "signal": signal.key,
        "decision": review.decision.replace("_", " "),
        "reason": review.reason,
    }


def _quarter(asked: Asked, quarter: Quarter, counts: QuarterCounts) -> Part:
    public = asked.reader == PUBLIC
    rows = [_public_kind(each) if public else _kind(each) for each in counts.kinds]
    said = _("%(n)s sessions were started in the weeks of this quarter.") % {"n": number(counts.sessions)}
    if public:
        said = _sessions_told(counts)
    heads = [_("Sessions with"), "n", _("of"), _("share")]
    return _part(_("The quarter"), [said], heads=heads, rows=rows)


def _kind(each: KindCounts) -> list[str]:
    share = proportion(each.seen, each.of)
    return [each.title, number(each.seen), number(each.of), "–" if share.value is None else percent(share.value, 1)]


def _sessions_told(counts: QuarterCounts) -> str:
    if not may_be_shown([counts.people]):
        return _("Too few people had a session in the weeks of this quarter to be told.")
    return _("About %(n)s sessions were started in the weeks of this quarter.") % {
        "n": number(rounded_off(counts.sessions))
    }


def _public_kind(each: KindCounts) -> list[str]:
    """Return what anybody may read of one kind: nothing where the sessions with it, without it, or with any other event
    could be of fewer people than the policy asks for; the share is that of the numbers told.
    """
    with_it, without, other = each.people
    if not may_be_shown([with_it, without]) or is_small(other):
        return [each.title, _("too few"), "", ""]
    seen, of = rounded_off(each.seen), rounded_off(each.of)
    return [each.title, number(seen), number(of), percent(seen / of)]


def _outcomes(whole: Monitor) -> Part:
    """Return the outcomes to date for the public, worked out from the numbers that are told."""
    rows = []
    for label, outcome in ((_("response"), whole.response), (_("remission"), whole.remission)):
        rows += [_public_row(label, outcome, at) for at in range(len(outcome.windows))]
    said = _("Of those assessed, with 95 % intervals; who was not assessed is in no denominator.")
    heads = [_("After induction"), _("assessed"), _("share"), _("interval")]
    return _part(_("Outcome, up to the snapshot"), [said], heads=heads, rows=rows)


def _public_row(label: str, outcome: OutcomeFigure, at: int) -> list[str]:
    window = outcome.windows[at]
    counts, name = window.counts, f"{label}, {window.title}"
    if not may_be_shown([counts.met, counts.not_met, counts.no_score, counts.no_baseline]):
        return [name, _("too few"), "", ""]
    met, assessed = rounded_off(counts.met), rounded_off(counts.met) + rounded_off(counts.not_met)
    share = proportion(met, assessed)
    if share.value is None:
        return [name, _("too few"), "", ""]
    between = _("%(lower)s to %(upper)s") % {"lower": percent(share.lower), "upper": percent(share.upper)}
    return [name, number(assessed), percent(share.value), between]


def _figures(asked: Asked, found: OverTime, whole: Monitor, names: Mapping[str, str]) -> list[Part]:
    """Return the figures of the page by their sections: of all sites for the board, of its own people for a site."""
    from daybreak.watch.web.presenters import figures, with_funnels
    from daybreak.watch.web.use import with_use

    shown = monitor(asked.snapshot, site=asked.site) if asked.reader == SITE else whole
    made = with_use(figures(shown, frozenset()), use(asked.snapshot, site=asked.site), None)
    if asked.reader != SITE:
        made = with_funnels(made, found, own=None, names=names)
    sections = dict.fromkeys(figure.section for figure in made)
    return [
        _part(
            _("%(section)s, up to the snapshot") % {"section": section},
            [],
            figures=[_drawn(figure) for figure in made if figure.section == section],
        )
        for section in sections
    ]


def _drawn(figure: Figure) -> Part:
    """Return a figure with its table; a long table stays in the file that the page gives."""
    rows = [] if len(figure.cells) > MOST_ROWS else figure.cells
    return {
        "title": figure.title,
        "subtitle": figure.subtitle,
        "drawing": "" if figure.chart is None else drawn(figure.chart()),
        "instead": figure.instead,
        "heads": list(figure.heads),
        "rows": rows,
    }
