"""The figures of use over time: a calendar of sessions, and strips of exposure."""

from datetime import date

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.heat import Heat, heat_chart
from daybreak.design.public import day, number
from daybreak.register.public import may_be_shown
from daybreak.watch.reductions.strips import Strip
from daybreak.watch.surveillance.counts import ALL, CalendarCounts, monday, people_at_least
from daybreak.watch.use import Use
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import too_few

WEEKS_A_YEAR = 53
# The weeks in which quarters begin.
QUARTERS = {0: "Q1", 13: "Q2", 26: "Q3", 39: "Q4"}


def with_use(made: list[Figure], found: Use, own: str | None) -> list[Figure]:
    """Return the figures of the monitor with those of use over time behind the first, which is about use."""
    return [*made[:1], *use_figures(found, own), *made[1:]]


def use_figures(found: Use, own: str | None) -> list[Figure]:
    """Return the calendar and the strips; `own` is the site of who looks at all sites, None for the centre and for
    one's own figures.
    """
    return [_calendar(found, own), _strips(found, own)]


def _calendar(found: Use, own: str | None) -> Figure:
    counts = found.calendar
    empty = "" if counts else _("Nobody has been treated yet.")
    if counts and own is not None and not _weeks_may_be_shown(counts, own):
        empty = too_few()
    title = _("Sessions, week by week")
    rows: tuple[tuple[Cell, ...], ...] = ()
    if counts and not empty:
        weeks = [int(held) for held in counts.of(ALL).sum(axis=(0, 2))]
        busiest = max(range(len(weeks)), key=weeks.__getitem__)
        rows = tuple((str(monday(counts.first_week + at)), held) for at, held in enumerate(weeks))
        title = _("%(n)s sessions in the busiest week, that of %(day)s") % {
            "n": number(weeks[busiest]), "day": day(monday(counts.first_week + busiest), year=True),
        }  # fmt: skip
    return Figure(
        name="calendar",
        section=_("Use"),
        title=title,
        subtitle=_(
            "Sessions started in each week, by the week's Monday. A snapshot knows weeks, and no day of anybody."
        ),
        chart=None if empty else lambda narrow=False: _heat_of_weeks(rows, narrow=narrow),
        heads=(_("Week from"), _("sessions")),
        rows=rows,
        instead=empty,
    )


def _heat_of_weeks(rows: tuple[tuple[Cell, ...], ...], *, narrow: bool) -> altair.VConcatChart:
    days = [(date.fromisoformat(str(day)), float(held)) for day, held in rows]
    years = [str(year) for year in sorted({day.year for day, _held in days})]
    cells = [Heat(row=str(day.year), column=(day.timetuple().tm_yday - 1) // 7, amount=amount) for day, amount in days]
    return heat_chart(
        cells, rows=years, columns=WEEKS_A_YEAR, heads=QUARTERS, column_label=_("Week of the year"),
        row_label=_("Year"), key_label=_("Sessions in a week, from"), narrow=narrow,
    )  # fmt: skip


def _weeks_may_be_shown(counts: CalendarCounts, own: str) -> bool:
    """Return whether somebody of a site may see each week's sessions of all sites: of each site's there are at least so
    many people as could have held them, in all and without one's own.
    """
    each = counts.of(ALL)
    mine = [at for at, site in enumerate(counts.sites) if site == own]
    whole = [people_at_least(counts.strata, week) for week in each.sum(axis=0)]
    others = [people_at_least(counts.strata, week) for week in (each.sum(axis=0) - each[mine].sum(axis=0))]
    return may_be_shown(whole) and may_be_shown(others)


def _strips(found: Use, own: str | None) -> Figure:
    strips = found.strips
    empty = "" if strips else _("Too few people have been treated for strips: each is of 11 people or more.")
    if strips and own is not None and not _strips_may_be_shown(found, own):
        empty = too_few()
    title = _("How exposure grew, from those with few sessions to those with many")
    if not empty:
        last = strips[-1]
        title = _("The %(n)s people with most sessions had %(fewest)s or more each") % {
            "n": number(last.people), "fewest": number(last.fewest),
        }  # fmt: skip
    return Figure(
        name="exposure-strips",
        section=_("Use"),
        title=title,
        subtitle=_(
            "Each strip is a group of people, in the order of how many sessions they have had so far; none is of one "
            "person. From left to right: steps of %(days)s days since each person's first session, the last with all "
            "that came later. Whoever was watched for less time counts as without a session."
        )
        % {"days": found.days},
        chart=None if empty else lambda narrow=False: _heat_of_strips(found, narrow=narrow),
        heads=(
            _("Sessions so far"), _("people"), _("mg in all"),
            *(_("days %(first)s to %(last)s") % {"first": at * found.days, "last": (at + 1) * found.days - 1}
              if at < found.periods - 1 else _("from day %(first)s") % {"first": at * found.days}
              for at in range(_ends(found))),
        ),
        rows=() if empty else tuple(_row(found, strip) for strip in reversed(strips)),
        instead=empty,
    )  # fmt: skip


def _ends(found: Use) -> int:
    """Return how many periods anybody had a session in."""
    return 1 + max((period for strip in found.strips for period in strip.cells), default=0)


def _row(found: Use, strip: Strip) -> tuple[Cell, ...]:
    return (_label(strip), strip.people, round(strip.total_mg), *(strip.sessions(at) for at in range(_ends(found))))


def _label(strip: Strip) -> str:
    """Return from how many sessions on; to how many is not told: the most of all are one person's."""
    return _("from %(n)s") % {"n": number(strip.fewest)}


def _heat_of_strips(found: Use, *, narrow: bool) -> altair.VConcatChart:
    strips, ends = list(reversed(found.strips)), _ends(found)
    # Two strips may have the same sessions: an invisible mark keeps their names apart.
    names = [_label(strip) + "\u200b" * at for at, strip in enumerate(strips)]
    cells = [
        Heat(row=name, column=period, amount=strip.sessions(period) / strip.people)
        for name, strip in zip(names, strips, strict=True)
        for period in range(ends)
    ]
    heads = {at: str(at * found.days) for at in range(0, ends, max(1, ends // (3 if narrow else 6)))}
    return heat_chart(
        cells, rows=names, columns=ends, heads=heads, column_label=_("Days since the first session"),
        row_label=_("Sessions so far"), key_label=_("Sessions a person in that time, from"), narrow=narrow,
    )  # fmt: skip


def _strips_may_be_shown(found: Use, own: str) -> bool:
    periods, strips = range(_ends(found)), found.strips
    whole = [strip.held_by(period) for strip in strips for period in periods]
    mine = [strip.held_by(period, own) for strip in strips for period in periods]
    return may_be_shown(whole, mine)
