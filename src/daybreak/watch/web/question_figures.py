"""The figures of an open question: what was seen, what else was tried, how alike the groups are, how long it lasts."""

from collections.abc import Mapping

import altair
from django.utils.translation import gettext as _

from daybreak.design.figures.balance import Balanced, balance_chart
from daybreak.design.figures.differences import Difference, differences_chart
from daybreak.design.figures.proportions import Proportion, proportions_chart
from daybreak.design.figures.survival import Curve, kaplan_meier_chart
from daybreak.design.public import number
from daybreak.rulebook.public import VARIABLES, Question
from daybreak.watch.questions.disclosure import curve_may_be_shown
from daybreak.watch.questions.results import Alike, Answer, Comparison, Interval, Lasting, Side
from daybreak.watch.questions.words import percent_of, points, share_of, signed, tried_words
from daybreak.watch.web.figure import Cell, Figure
from daybreak.watch.wording import too_few

_NONE = "–"
SITE = "site"


def question_figures(
    question: Question, answer: Answer, *, own: str | None, shown: bool, names: Mapping[str, str]
) -> list[Figure]:
    """Return the figures of an answer, as someone of `own` (None: the centre) sees them if its numbers are `shown`."""
    if answer.comparison is not None:
        if answer.comparison.difference is None:
            return []
        if not shown:
            return [_hidden("shares", question), _hidden("difference", question), _hidden("balance", question)]
        found = answer.comparison
        return [_shares(question, found), _differences(question, found), _balance(question, found, own, names)]
    if answer.lasting is not None and answer.lasting.curve is not None:
        curve = _curve(question, answer.lasting) if curve_may_be_shown(answer, own) else _hidden("curve", question)
        return [curve, _tried(answer.lasting) if shown else _hidden("tried", question)]
    return []


def _hidden(name: str, question: Question) -> Figure:
    titles = {
        "shares": question.outcome.title,
        "difference": _("The difference, and what else was tried"),
        "balance": _("How alike the groups are"),
        "curve": question.outcome.title,
        "tried": _("What else was tried"),
    }
    return Figure(name, "", titles[name], "", None, (), (), too_few())


def _shares(question: Question, found: Comparison) -> Figure:
    rows = [
        Proportion(
            label=side.title,
            words=share_of(side.share),
            share=side.share.value if side.share else None,
            lower=_inside(side.share.lower if side.share else None),
            upper=_inside(side.share.upper if side.share else None),
        )
        for side in (found.group, found.compared)
    ]
    what = _("checks") if question.people.rows == "checks" else _("people")
    heads = (_("Group"), what, _("with"), _("without"), _("missing"), _("sites"), _("weighted share"), _("lower"),
             _("upper"), _("left by the weights"))  # fmt: skip
    subtitle = _("%(group)s %(what)s beside %(compared)s, made alike in what was known before.") % {
        "group": number(found.group.people),
        "compared": number(found.compared.people),
        "what": what,
    }
    return Figure(
        "shares", "", _("Share with %(what)s") % {"what": question.outcome.short}, subtitle,
        lambda narrow=False: proportions_chart(rows, share_label=_("Weighted share"), narrow=narrow),
        heads, tuple(_side(side) for side in (found.group, found.compared)),
    )  # fmt: skip


def _side(side: Side) -> tuple[Cell, ...]:
    counts = (side.title, side.people, side.with_outcome, side.without, side.missing, side.sites)
    effective = _NONE if side.effective is None else round(side.effective)
    return (*counts, *_cells(side.share), effective)


def _differences(question: Question, found: Comparison) -> Figure:
    main = _row(_("The answer"), found.difference, is_main=True)
    rows = [main, *(_row(tried_words(each), each.found) for each in found.tried)]
    rows.append(_row(_("Negative control"), found.control))
    flips = [each for each in found.tried if _flips(found.difference, each.found)]
    worst = [each for each in flips if each.analysis == "missing_against"]
    if len(flips) > len(worst):
        which = "; ".join(tried_words(each) for each in flips if each not in worst)
        title = _("It turns to the other side: %(which)s") % {"which": which}
    elif worst:
        title = _("Only if everybody who is missing spoke against it would it turn to the other side")
    else:
        title = _("No other analysis turns it to the other side")
    numbers = [(_("The answer"), found.difference), *((tried_words(each), each.found) for each in found.tried)]
    numbers.append((_("Negative control"), found.control))
    return Figure(
        "difference", "", title,
        _("“%(group)s” less “%(compared)s”, in percentage points of the share with %(what)s.")
        % {"group": found.group.title, "compared": found.compared.title, "what": question.outcome.short},
        lambda narrow=False: differences_chart(rows, value_label=_("Percentage points"), narrow=narrow),
        (_("Analysis"), _("difference of shares"), _("lower"), _("upper")),
        tuple((label, *_cells(each)) for label, each in numbers),
    )  # fmt: skip


def _flips(main: Interval | None, other: Interval | None) -> bool:
    """Return whether the whole interval of the other analysis lies on the other side of no difference."""
    if main is None or other is None or other.lower is None or other.upper is None:
        return False
    return other.upper < 0 < main.value or main.value < 0 < other.lower


def _row(label: str, found: Interval | None, *, is_main: bool = False) -> Difference:
    if found is None:
        return Difference(label=label, words=points(found), is_main=is_main)
    ends = [None if end is None else 100 * end for end in (found.lower, found.upper)]
    words = signed(found.value)
    if found.lower is not None and found.upper is not None:
        words = f"{words} ({signed(found.lower)} to {signed(found.upper)})"
    return Difference(label=label, words=words, value=100 * found.value, lower=ends[0], upper=ends[1], is_main=is_main)


def _balance(question: Question, found: Comparison, own: str | None, names: Mapping[str, str]) -> Figure:
    limit = float(question.enough.difference_at_most)
    drawn = [each for each in found.alike if each.variable != SITE]
    sites = [each for each in found.alike if each.variable == SITE]
    rows = [Balanced(label=_label(each), before=abs(each.before), after=abs(each.after)) for each in drawn]
    if sites:
        label = _("the site that differs most, of %(n)s") % {"n": len(sites)}
        rows.append(Balanced(label=label, before=max(abs(each.before) for each in sites),
                             after=max(abs(each.after) for each in sites)))  # fmt: skip
    largest = found.largest or 0.0
    title = (
        _("After weighting the groups differ by at most %(n)s standard deviations")
        if largest <= limit
        else _("After weighting the groups still differ, by up to %(n)s standard deviations")
    ) % {"n": number(largest, 3)}
    return Figure(
        "balance", "", title,
        _("Of those whose outcome is known. Open: before weighting; full: after. At most %(limit)s is asked for.")
        % {"limit": number(limit, 2)},
        lambda narrow=False: balance_chart(
            rows, limit=limit, value_label=_("Standard deviations apart"), limit_label=_("limit"),
            before=_("before"), after=_("after"), narrow=narrow,
        ),
        (_("What was known before"), _("before"), _("after")),
        tuple((_told(each, own, names), each.before, each.after) for each in found.alike),
    )  # fmt: skip


def _label(each: Alike) -> str:
    return f"{_short(each.variable)}: {each.level}"


def _told(each: Alike, own: str | None, names: Mapping[str, str]) -> str:
    """Return a level by its name; other sites have none for somebody of a site."""
    if each.variable != SITE:
        return _label(each)
    known = own is None or each.level == own
    return f"{_('site')}: {names.get(each.level, each.level) if known else _('another site')}"


def _short(variable: str) -> str:
    return {
        "baseline_score": _("score before"),
        "dose_mg_per_kg": _("mg/kg"),
        "dampened_share_percent": _("sessions dampened, %"),
        "first_check": _("first check"),
    }.get(variable, VARIABLES[variable])


def _curve(question: Question, found: Lasting) -> Figure:
    curve = found.curve
    if curve is None:
        raise ValueError("There is no curve.")
    steps = zip(curve.times, curve.at_risk, curve.events, curve.survival, curve.lower, curve.upper, strict=True)
    rows = tuple(
        (f"{day:g}", int(risk), int(events), share, _NONE if low is None else low, _NONE if high is None else high)
        for day, risk, events, share, low, high in steps
    )
    title = _("After %(day)s days %(share)s") % {"day": found.day, "share": share_of(found.main)}
    subtitle = _("%(n)s people in response after the induction, until nobody saw it any more.") % {
        "n": number(found.responders)
    }
    return Figure(
        "curve", "", f"{title} {_('were still in response')}", subtitle,
        lambda narrow=False: _drawn(found, narrow=narrow),
        (_("Day"), _("at risk"), _("lost it"), _("still in response"), _("lower"), _("upper")), rows,
    )  # fmt: skip


def _drawn(found: Lasting, *, narrow: bool) -> altair.TopLevelMixin:
    curve = found.curve
    if curve is None:
        raise ValueError("There is no curve.")
    steps = [(0.0, 1.0, 1.0, 1.0)] if curve.times[0] > 0 else []
    for time, share, lower, upper in zip(curve.times, curve.survival, curve.lower, curve.upper, strict=True):
        steps.append((float(time), share, share if lower is None else lower, share if upper is None else upper))
    times, shares, lowers, uppers = zip(*steps, strict=True)
    ends, ticks = max(1.0, times[-1]), 3 if narrow else 5
    marks = sorted({round(ends * tick / ticks) for tick in range(ticks + 1)})
    return kaplan_meier_chart(
        [Curve(label=_("Still in response"), times=times, share=shares, lower=lowers, upper=uppers,
               at_risk=tuple((float(mark), _at_risk(found, mark)) for mark in marks))],
        time_label=_("Days since the score that showed response"), share_label=_("Still in response"), narrow=narrow,
    )  # fmt: skip


def _at_risk(found: Lasting, day: float) -> int:
    curve = found.curve
    left = [risk for at, risk in zip(curve.times, curve.at_risk, strict=True) if at >= day] if curve is not None else []
    return int(left[0]) if left else 0


def _tried(found: Lasting) -> Figure:
    named = [(_("The answer"), found.main), *((tried_words(each), each.found) for each in found.tried)]
    rows = [
        Proportion(
            label=label,
            words=percent_of(each.value) if each is not None else points(None),
            share=each.value if each is not None else None,
            lower=_inside(each.lower if each is not None and each.lower is not None else each.value if each else None),
            upper=_inside(each.upper if each is not None and each.upper is not None else each.value if each else None),
        )
        for label, each in named
    ]
    return Figure(
        "tried", "", _("What else was tried"), _("Share still in response after %(n)s days.") % {"n": found.day},
        lambda narrow=False: proportions_chart(rows, share_label=_("Still in response"), narrow=narrow),
        (_("Analysis"), _("share"), _("lower"), _("upper")), tuple((label, *_cells(each)) for label, each in named),
    )  # fmt: skip


def _cells(found: Interval | None) -> tuple[Cell, ...]:
    if found is None:
        return _NONE, _NONE, _NONE
    return tuple(_NONE if each is None else each for each in (found.value, found.lower, found.upper))


def _inside(end: float | None) -> float | None:
    return None if end is None else min(max(end, 0.0), 1.0)
