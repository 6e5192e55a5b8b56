"""The figures of harm against cumulative exposure."""

from collections.abc import Sequence
from typing import TypeVar

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.estimates import Row, estimates_chart
from daybreak.design.public import number, percent
from daybreak.register.public import may_be_shown
from daybreak.watch.cumulative import CheckBand, CheckHarm, Cumulative, SessionBand, SessionHarm, TimeBand
from daybreak.watch.disclosure import timed_may_be_shown
from daybreak.watch.reductions.cumulative import PRESSURE
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import observation, too_few

Harm = TypeVar("Harm", SessionHarm, CheckHarm)


def cumulative_figures(found: Cumulative, own: Cumulative | None) -> list[Figure]:
    """Return the figures, of sessions and then of checks; `own` is what whoever looks knows already of one's own site,
    None for the coordinating centre and for one's own figures.
    """
    mine = own or found
    return [
        *(
            _session_figure(found, harm, _own(own, ours))
            for harm, ours in zip(found.sessions, mine.sessions, strict=True)
        ),
        *_time_figures(found, own),
        *(
            figure
            for harm, ours in zip(found.checks, mine.checks, strict=True)
            for figure in _check_figures(harm, _own(own, ours))
        ),
    ]


def _own(own: Cumulative | None, ours: Harm) -> Harm | None:
    return None if own is None else ours


def _session_figure(found: Cumulative, harm: SessionHarm, ours: SessionHarm | None) -> Figure:
    name = _kind_words(found, harm.kind)
    empty = "" if any(band.counts.sessions for band in harm.bands) else _("No session could have shown it yet.")
    if not empty and ours is not None and not _sessions_may_be_shown(harm.bands, ours.bands):
        empty = too_few()
    seen, of = sum(b.counts.seen for b in harm.bands), sum(b.counts.sessions for b in harm.bands)
    title = (
        _("%(what)s by how many sessions a person had had") % {"what": name}
        if empty
        else _("%(what)s: in %(seen)s of %(of)s sessions (%(share)s)")
        % {"what": name, "seen": number(seen), "of": number(of), "share": percent(seen / of, 1)}
    )
    rows = [
        Row(
            label=_band_words(band.first, band.last),
            words=_("%(seen)s of %(of)s") % {"seen": number(band.share.events), "of": number(band.counts.sessions)},
            value=band.share.value,
            lower=band.share.lower,
            upper=band.share.upper,
        )
        for band in harm.bands
    ]
    return Figure(
        name=f"session-{harm.kind.replace('_', '-')}",
        section=_("In sessions"),
        title=title,
        subtitle=_session_subtitle(harm.kind),
        chart=None if empty else _chart(rows, _("Share of sessions"), share=True),
        heads=(
            _("Session of a person"),
            "n",
            _("of"),
            _("people"),
            _("share"),
            _("lower"),
            _("upper"),
            _("sessions worth one"),
        ),
        rows=() if empty else tuple(_session_row(band) for band in harm.bands),
        instead=empty,
    )


def _session_subtitle(kind: str) -> str:
    base = _("By the place of the session among all of a person's. Those who reach a high number are those who stayed.")
    if kind != PRESSURE:
        return _("As reported as an adverse event.") + " " + base
    return _("Of sessions with a pressure that was read after the start.") + " " + base


def _session_row(band: SessionBand) -> tuple[Cell, ...]:
    share = band.share
    numbers: tuple[Cell, ...] = ("–", "–", "–") if share.value is None else (share.value, share.lower, share.upper)
    counts = band.counts
    return _band_words(band.first, band.last), counts.seen, counts.sessions, counts.people, *numbers, counts.effect


def _time_figures(found: Cumulative, own: Cumulative | None) -> list[Figure]:
    """Return the figure of events in time, where the definition groups by sessions."""
    if not found.in_time:
        return []
    empty = "" if any(band.counts.years for band in found.in_time) else _("Nobody has been treated yet.")
    if not empty and own is not None and not _times_may_be_shown(found, own):
        empty = too_few()
    events, years = sum(band.per_year.events for band in found.in_time), sum(b.counts.years for b in found.in_time)
    title = _("Adverse events in time, by how many sessions a person had had")
    if not empty:
        title = _("%(n)s adverse events in %(years)s person-years, by how many sessions a person had had") % {
            "n": number(events), "years": number(years, 1),
        }  # fmt: skip
    rows = [
        Row(
            label=_band_words(band.first, band.last),
            words=_("%(n)s in %(years)s person-years")
            % {"n": number(band.per_year.events), "years": number(band.counts.years, 1)},
            value=band.per_year.value,
            lower=band.per_year.lower,
            upper=band.per_year.upper,
        )
        for band in found.in_time
    ]
    subtitle = _(
        "The time from one of these sessions to the start of the next group's first: while people are treated often, "
        "more is asked about. In a session or not."
    )
    heads = (_("Sessions so far"), _("events"), _("person-years"), _("people"), _("per year"), _("lower"), _("upper"))
    return [
        Figure(
            "events-in-time", _("In time"), title, f"{subtitle} {observation()}",
            None if empty else _chart(rows, _("Events per person-year"), share=False),
            (*heads, _("events worth one")), () if empty else tuple(_time_row(band) for band in found.in_time), empty,
        )
    ]  # fmt: skip


def _time_row(band: TimeBand) -> tuple[Cell, ...]:
    told, counts = band.per_year, band.counts
    numbers: tuple[Cell, ...] = ("–", "–", "–") if told.value is None else (told.value, told.lower, told.upper)
    label, worth = _band_words(band.first, band.last), counts.any_event.effect
    return label, told.events, round(counts.years, 2), counts.people, *numbers, worth


def _times_may_be_shown(found: Cumulative, own: Cumulative) -> bool:
    """Return whether they may be shown: the sum of the bands is what the monitor's page tells of the whole time."""
    bands = [(band.counts, ours.counts) for band, ours in zip(found.in_time, own.in_time, strict=True)]
    return all(
        timed_may_be_shown(counts, ours, counts.any_event, ours.any_event)
        for counts, ours in (*bands, (found.whole_time, own.whole_time))
        if counts.people
    )


def _check_figures(harm: CheckHarm, ours: CheckHarm | None) -> list[Figure]:
    name = _check_words(harm.checked)
    empty = "" if any(band.counts.changed for band in harm.bands) else _("Nobody was checked twice yet.")
    if not empty and ours is not None and not _checks_may_be_shown(harm.bands, ours.bands):
        empty = too_few()
    found = [_change_figure(harm, name, empty)]
    return found if harm.measure is None or empty else [_rate_figure(harm, name, empty), *found]


def _rate_figure(harm: CheckHarm, name: str, empty: str) -> Figure:
    worse, years = sum(b.counts.worse for b in harm.bands), sum(b.counts.years for b in harm.bands)
    title = _("%(what)s: becoming worse, by sessions held before") % {"what": name}
    if not empty and years:
        title = _("%(what)s: %(n)s people became worse in %(years)s person-years") % {
            "what": name, "n": number(worse), "years": number(years, 1),
        }  # fmt: skip
    rows = [
        Row(
            label=_before_words(band.first, band.last),
            words=_("%(n)s in %(years)s person-years")
            % {"n": band.counts.worse, "years": number(band.counts.years, 1)},
            value=band.per_year.value,
            lower=band.per_year.lower,
            upper=band.per_year.upper,
        )
        for band in harm.bands
    ]
    rule = harm.measure.summary if harm.measure else ""
    return Figure(
        name=f"rate-{harm.checked}",
        section=_("Long-term checks"),
        title=title,
        subtitle=_(
            "%(rule)s Time from each check to the next counts under the sessions that had been held before the first "
            "of the two, until the first check that is worse; so nobody counts as much exposed before having been so."
        ) % {"rule": rule},
        chart=None if empty else _chart(rows, _("Becoming worse, per person-year"), share=False),
        heads=(
            _("Sessions before"), _("worse"), _("person-years"), _("people"), _("per year"), _("lower"), _("upper")
        ),
        rows=() if empty else tuple(_rate_row(band) for band in harm.bands),
        instead=empty,
    )  # fmt: skip


def _change_figure(harm: CheckHarm, name: str, empty: str) -> Figure:
    rows = [
        Row(
            label=_before_words(band.first, band.last),
            words=_("%(n)s people") % {"n": number(band.counts.changed)},
            **({} if band.change is None else dict(zip(("value", "lower", "upper"), band.change, strict=True))),
        )
        for band in harm.bands
    ]
    exploratory = _("Exploratory: no number says what would be worse, and nothing depends on it.")
    subtitle = _(
        "Mean change since the first check, each person's last check in the group; those who stayed differ from those "
        "who left."
    )
    return Figure(
        name=f"change-{harm.checked}",
        section=_("Long-term checks"),
        title=_("%(what)s: change since the first check, by sessions held before") % {"what": name},
        subtitle=subtitle if harm.measure else f"{exploratory} {subtitle}",
        chart=None if empty else _chart(rows, _("Points"), share=False),
        heads=(_("Sessions before"), _("people"), _("mean change"), _("lower"), _("upper")),
        rows=() if empty else tuple(_change_row(band) for band in harm.bands),
        instead=empty,
    )


def _rate_row(band: CheckBand) -> tuple[Cell, ...]:
    found, counts = band.per_year, band.counts
    numbers: tuple[Cell, ...] = ("–", "–", "–") if found.value is None else (found.value, found.lower, found.upper)
    return _before_words(band.first, band.last), counts.worse, round(counts.years, 2), counts.people, *numbers


def _change_row(band: CheckBand) -> tuple[Cell, ...]:
    return _before_words(band.first, band.last), band.counts.changed, *(band.change or ("–", "–", "–"))


def _chart(rows: Sequence[Row], label: str, *, share: bool) -> "_Drawing":
    return _Drawing(tuple(rows), label, share)


class _Drawing:
    """A chart that is drawn when it is asked for, wide or narrow."""

    def __init__(self, rows: tuple[Row, ...], label: str, share: bool) -> None:
        self._rows, self._label, self._share = rows, label, share

    def __call__(self, *, narrow: bool = False) -> altair.TopLevelMixin:
        return estimates_chart(self._rows, value_label=self._label, percent=self._share, narrow=narrow)


def _band_words(first: int, last: int | None) -> str:
    if last is None:
        return _("from the %(n)sth on") % {"n": first}
    return _("%(first)s to %(last)s") % {"first": first, "last": last}


def _before_words(first: int, last: int | None) -> str:
    """Return the band in sessions that had been held before: the seventh session follows six."""
    if last is None:
        return _("%(n)s or more before") % {"n": first - 1}
    return _("%(first)s to %(last)s before") % {"first": first - 1, "last": last - 1}


def _kind_words(found: Cumulative, kind: str) -> str:
    if kind == PRESSURE and found.exposure is not None:
        return _("Severe blood pressure (%(systolic)s/%(diastolic)s mmHg or more)") % {
            "systolic": found.exposure.systolic_at_least,
            "diastolic": found.exposure.diastolic_at_least,
        }
    return kind.replace("_", " ").capitalize()


def _check_words(checked: str) -> str:
    words = {
        "bladder": _("Bladder"),
        "craving": _("Craving"),
        "moca": _("MoCA"),
        "cognition": _("Memory and attention"),
    }
    return words.get(checked, checked.capitalize())


def _sessions_may_be_shown(bands: Sequence[SessionBand], ours: Sequence[SessionBand]) -> bool:
    pairs = zip(bands, ours, strict=True)
    return all(
        may_be_shown(
            [b.counts.people_seen, b.counts.people - b.counts.people_seen],
            [o.counts.people_seen, o.counts.people - o.counts.people_seen],
        )
        for b, o in pairs
        if b.counts.people
    )


def _checks_may_be_shown(bands: Sequence[CheckBand], ours: Sequence[CheckBand]) -> bool:
    pairs = list(zip(bands, ours, strict=True))
    return all(
        may_be_shown(
            [b.counts.worse, b.counts.people - b.counts.worse], [o.counts.worse, o.counts.people - o.counts.worse]
        )
        for b, o in pairs
        if b.counts.people
    ) and all(may_be_shown([b.counts.changed], [o.counts.changed]) for b, o in pairs if b.counts.changed)
