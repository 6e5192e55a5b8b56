"""The figures of the monitor: finding, drawing, table and file, each from the same numbers."""

from collections.abc import Callable, Mapping, Sequence

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.proportions import Proportion, proportions_chart
from daybreak.design.public import number, percent
from daybreak.stats.public import Estimate, proportion
from daybreak.watch.disclosure import HARM, PEOPLE, SPREAD
from daybreak.watch.rules import Monitor, OutcomeFigure
from daybreak.watch.surveillance.overview import OverTime
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.web.harm_in_time import harm_in_time_figure
from daybreak.watch.web.over_time import funnel_figure
from daybreak.watch.web.relapse import relapse_figures
from daybreak.watch.wording import harm, induction, sessions_only, share_words, too_few, use, who_is_missing


def figures(found: Monitor, hidden: frozenset[str]) -> list[Figure]:
    """Return the figures of the page, in order: use, outcome, relapse, harm."""
    return [
        _spread(found, hidden),
        _outcome("response", found.response, hidden),
        _outcome("remission", found.remission, hidden),
        *relapse_figures(found, hidden),
        _harm(found, hidden),
        harm_in_time_figure(found, hidden),
    ]


def with_funnels(made: list[Figure], found: OverTime, *, own: str | None, names: Mapping[str, str]) -> list[Figure]:
    """Return the figures with the funnels of sites beside what they are about: response, remission, any event."""
    mixed = _("A week after induction. Adjusted for the score before the first session.")
    told = {
        "response": (_("Response, site by site"), "response", _("Outcome"), _("People assessed"), mixed),
        "remission": (_("Remission, site by site"), "remission", _("Outcome"), _("People assessed"), mixed),
        "events": (
            _("Sessions with an adverse event, site by site"),
            "any_event",
            _("Harm"),
            _("Sessions"),
            f"{_('Adjusted for position in the course and route.')} {sessions_only()}",
        ),
    }
    placed = []
    for figure in made:
        placed.append(figure)
        if figure.name in told and told[figure.name][1] in found.funnels:
            title, name, section, of_what, adjusted = told[figure.name]
            placed.append(
                funnel_figure(
                    f"funnel-{name.replace('_', '-')}",
                    title,
                    found.funnels[name],
                    found,
                    own=own,
                    names=names,
                    section=section,
                    of_what=of_what,
                    adjusted=adjusted,
                )
            )
    return placed


def _spread(found: Monitor, hidden: frozenset[str]) -> Figure:
    seen = found.exposure
    shares = [(str(count), proportion(people, seen.treated)) for count, people in seen.sessions_per_person]
    empty = _instead(hidden, PEOPLE, SPREAD) or ("" if shares else _("Nobody has been treated yet."))
    return Figure(
        name="sessions",
        section=_("Use"),
        title=use(found, hidden),
        subtitle=_("Sessions per treated person so far."),
        chart=None
        if empty
        else _shares([(_sessions(label), share) for label, share in shares], _("Share of treated people")),
        heads=(_("Sessions"), *_HEADS),
        rows=() if empty else tuple((label, *_numbers(share)) for label, share in shares),
        instead=empty,
    )


def _outcome(name: str, outcome: OutcomeFigure, hidden: frozenset[str]) -> Figure:
    shown = [w for w in outcome.windows if f"{name}/{w.window}" not in hidden]
    assessed = [w for w in shown if w.counts.assessed]
    head = outcome.headline
    known = head in assessed
    verb = {"response": _("had responded"), "remission": _("were in remission")}[name]
    title = f"{head.title}: {share_words(head.share)} {verb}" if known else outcome.definition.title
    subtitle = f"{who_is_missing(head.counts)} {induction()}" if known else induction()
    empty = (
        ""
        if assessed
        else (too_few() if len(shown) < len(outcome.windows) else _("Nobody has been assessed after induction yet."))
    )
    rows = [(w.title, w.share) if w in shown else (w.title, None) for w in outcome.windows]
    return Figure(
        name=name,
        section=_("Outcome"),
        title=title,
        subtitle=subtitle,
        chart=None if empty else _shares(rows, _("Share of those assessed")),
        heads=(_("After the last session of induction"), *_HEADS, _("no score"), _("no baseline")),
        rows=tuple((w.title, *_numbers(w.share), w.counts.no_score, w.counts.no_baseline) for w in shown),
        instead=empty,
    )


def _harm(found: Monitor, hidden: frozenset[str]) -> Figure:
    counts, figure = found.harm.counts, found.harm
    empty = _instead(hidden, HARM) or ("" if counts.sessions else _("There was no session yet."))
    terms = [(label, share) for label, share in figure.terms if f"{HARM}/{label}" not in hidden]
    rows = [(_("any event"), figure.any_event), *terms]
    each = ""
    if figure.per_session.value is not None:
        each = _("%(rate)s events per session (95 %% interval %(lower)s to %(upper)s).") % {
            "rate": number(figure.per_session.value, 2),
            "lower": number(figure.per_session.lower, 2),
            "upper": number(figure.per_session.upper, 2),
        }
    return Figure(
        name="events",
        section=_("Harm"),
        title=harm(found, hidden),
        subtitle=_("Adverse events reported from sessions.") if empty else each,
        chart=None
        if empty
        else _shares([(label.replace("_", " ").capitalize(), share) for label, share in rows], _("Share of sessions")),
        heads=(_("Event"), *_HEADS),
        rows=() if empty else tuple((label, *_numbers(share)) for label, share in rows),
        instead=empty,
    )


_HEADS = ("n", "of", "share", "lower", "upper")


def _numbers(share: Estimate) -> tuple[Cell, ...]:
    if share.value is None:
        return share.events, int(share.denominator), "–", "–", "–"
    return share.events, int(share.denominator), share.value, share.lower, share.upper


def _instead(hidden: frozenset[str], *parts: str) -> str:
    return too_few() if hidden.intersection(parts) else ""


def _sessions(label: str) -> str:
    return _("1 session") if label == "1" else _("%(n)s sessions") % {"n": label}


def _shares(rows: Sequence[tuple[str, Estimate | None]], axis: str) -> Callable[..., altair.TopLevelMixin]:
    return lambda narrow=False: proportions_chart(
        [_row(label, share) for label, share in rows], share_label=axis, narrow=narrow
    )


def _row(label: str, share: Estimate | None) -> Proportion:
    if share is None:
        return Proportion(label=label, words=_("too few to show"))
    if share.value is None:
        return Proportion(label=label, words=_("nobody assessed"))
    words = _("%(share)s: %(n)s of %(of)s") % {
        "share": percent(share.value),
        "n": share.events,
        "of": int(share.denominator),
    }
    return Proportion(label=label, words=words, share=share.value, lower=share.lower, upper=share.upper)
