"""The figure of adverse events per person-time."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.design.figures.estimates import Row, estimates_chart
from daybreak.design.public import number
from daybreak.stats.public import Estimate
from daybreak.watch.counts import ANY_EVENT, SERIOUS_EVENT
from daybreak.watch.disclosure import IN_TIME, TERMS_IN_TIME
from daybreak.watch.rules import Monitor
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import observation, too_few

# Below so many a year a rate is told with three digits.
RARE = 0.1


def harm_in_time_figure(found: Monitor, hidden: frozenset[str]) -> Figure:
    """Return events per person-year of observation: any, serious ones, and by term."""
    counts = found.harm.counts.in_time
    empty = too_few() if IN_TIME in hidden else "" if counts.years else _("There was no session yet.")
    rates = [] if empty else [(kind, each) for kind, each in found.harm.per_year if _is_shown(kind, hidden)]
    people = {each.kind: (each.people, each.effect) for each in counts.kinds}
    return Figure(
        name="events-in-time",
        section=_("Harm"),
        title=_title(dict(found.harm.per_year)[ANY_EVENT], empty),
        subtitle=_subtitle(hidden, counts.people, empty),
        chart=None
        if empty
        else lambda narrow=False: estimates_chart(
            [_row(kind, each) for kind, each in rates], value_label=_("Events per person-year"), narrow=narrow
        ),
        heads=(
            _("Event"), "n", _("people"), _("person-years"), _("per person-year"), _("lower"), _("upper"),
            _("events worth one"),
        ),
        rows=tuple((_words(kind), each.events, people[kind][0], *_numbers(each), people[kind][1])
                   for kind, each in rates),
        instead=empty,
    )  # fmt: skip


def _is_shown(kind: str, hidden: frozenset[str]) -> bool:
    if kind in (ANY_EVENT, SERIOUS_EVENT):
        return f"{IN_TIME}/{kind}" not in hidden
    return TERMS_IN_TIME not in hidden


def _title(of_all: Estimate, empty: str) -> str:
    if empty or of_all.value is None:
        return _("Adverse events per person-time")
    return _(
        "%(n)s adverse events in %(years)s person-years: %(rate)s per person-year "
        "(95 %% interval %(lower)s to %(upper)s)"
    ) % {
        "n": number(of_all.events),
        "years": number(of_all.denominator, 1),
        "rate": number(of_all.value, 2),
        "lower": number(of_all.lower, 2),
        "upper": number(of_all.upper, 2),
    }


def _subtitle(hidden: frozenset[str], people: int, empty: str) -> str:
    if empty:
        return observation()
    said = [
        _("Of %(n)s treated people.") % {"n": number(people)},
        observation(),
        _(
            "Events of these people in a session or between sessions. Most are asked about in sessions, so that the "
            "rate is higher where people are treated more often. Exact Poisson limits, for as many events as those of "
            "the same people are worth."
        ),
    ]
    if TERMS_IN_TIME in hidden:
        said.append(_("Single terms are not shown: one of them is of too few people."))
    return " ".join(said)


def _row(kind: str, each: Estimate) -> Row:
    value = "–" if each.value is None else number(each.value, 3 if 0 < each.value < RARE else 2)
    words = ngettext("%(rate)s, %(n)s event", "%(rate)s, %(n)s events", each.events) % {
        "rate": value, "n": number(each.events),
    }  # fmt: skip
    return Row(label=_words(kind), words=words, value=each.value, lower=each.lower, upper=each.upper)


def _numbers(each: Estimate) -> tuple[Cell, ...]:
    years = round(each.denominator, 2)
    return (years, "–", "–", "–") if each.value is None else (years, each.value, each.lower, each.upper)


def _words(kind: str) -> str:
    known = {ANY_EVENT: _("any event"), SERIOUS_EVENT: _("any serious event")}
    return known.get(kind, kind.replace("_", " ")).capitalize()
