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
from daybreak.register.public import dataset, disclosure_policy, tell_lines
from daybreak.stats.public import proportion
from daybreak.watch.queries import SignalReview, monitor, over_time, reviews, use, waiting
from daybreak.watch.reductions.calendar import calendar_counts
from daybreak.watch.rules import Monitor
from daybreak.watch.signal_words import answer, signal_words
from daybreak.watch.surveillance.charts import Signal
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.web.figure import Figure
from daybreak.watch.web.report.quarters import KindCounts, Quarter, QuarterCounts, quarter_counts, quarter_of
from daybreak.watch.web.report.told import (
    SESSIONS,
    kind_rows,
    outcome_lines,
    outcome_rows,
    quarter_lines,
    sessions_sentence,
)

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


def report(asked: Asked, *, at: datetime) -> bytes:
    """Return the quarterly report as a PDF that is the same for the same snapshot, whenever (`at`) it is made.

    Raises NoReport, NoSuchQuarter, and the register's NoSuchSnapshot and NotIntact.
    """
    if asked.reader not in READERS:
        raise NoReport(f"A report is for one of: {', '.join(READERS)}.")
    if (asked.reader == SITE) != (asked.site is not None):
        raise NoReport("A report for a site names the site, and no other report does.")
    found, whole = over_time(asked.snapshot), monitor(asked.snapshot)
    if asked.site is not None and asked.site not in whole.sites:
        raise NoReport(f"The snapshot {asked.snapshot} holds no site “{asked.site}”.")
    frozen_at = datetime.fromisoformat(found.frozen_at)
    return on_paper(TEMPLATE, content(asked, found, whole, at=at), at=frozen_at)


def content(asked: Asked, found: OverTime, whole: Monitor, *, at: datetime) -> dict[str, object]:
    """Return everything that stands in the report, in words. The public's is told to anybody at `at`, and kept."""
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
            "would reveal them, also beside an earlier report, is left out. The calendar holds nobody: sessions count "
            "as of the fewest people that could have held them."
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
            *(
                [_told_quarter(asked, quarter, counts, found, at), _told_outcomes(asked, found, whole, at)]
                if asked.reader == PUBLIC
                else [_quarter(counts), *_figures(asked, found, whole, names)]
            ),
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


def _quarter(counts: QuarterCounts) -> Part:
    said = _("%(n)s sessions were started in the weeks of this quarter.") % {"n": number(counts.sessions)}
    return _part(_("The quarter"), [said], heads=_heads(), rows=[_kind(each) for each in counts.kinds])


def _heads() -> list[str]:
    return [_("Sessions with"), "n", _("of"), _("share")]


def _kind(each: KindCounts) -> list[str]:
    share = proportion(each.seen, each.of)
    return [each.title, number(each.seen), number(each.of), "–" if share.value is None else percent(share.value, 1)]


def _told_quarter(asked: Asked, quarter: Quarter, counts: QuarterCounts, found: OverTime, at: datetime) -> Part:
    """Return what anybody may read of the quarter, beside every report of it that was told before."""
    frozen_at = datetime.fromisoformat(found.frozen_at)
    told = tell_lines(asked.snapshot, f"quarter {quarter.name}", quarter_lines(counts), at=at)
    return _part(
        _("The quarter"), [sessions_sentence(told[SESSIONS], frozen_at)], heads=_heads(),
        rows=kind_rows(counts, told, frozen_at),
    )  # fmt: skip


def _told_outcomes(asked: Asked, found: OverTime, whole: Monitor, at: datetime) -> Part:
    """Return the outcomes to date for the public, worked out from the numbers that are told."""
    told = tell_lines(asked.snapshot, "outcomes", outcome_lines(whole), at=at)
    rows = outcome_rows(whole, told, datetime.fromisoformat(found.frozen_at))
    said = _("Of those assessed, with 95 % intervals; who was not assessed is in no denominator.")
    heads = [_("After induction"), _("assessed"), _("share"), _("interval")]
    return _part(_("Outcome, up to the snapshot"), [said], heads=heads, rows=rows)


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
