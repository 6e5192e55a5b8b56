"""The pages of the open questions: the list with each verdict of today, and one page for each."""

from datetime import datetime
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.evidence.public import library as evidence
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, requires, site_named, sites
from daybreak.register.public import NoSuchSnapshot, NotIntact
from daybreak.rulebook.public import Question, enough_in_words
from daybreak.watch.definitions import open_questions
from daybreak.watch.queries import NothingFrozen, answers, newest, to_be_seen
from daybreak.watch.questions import words
from daybreak.watch.questions.disclosure import numbers_may_be_shown
from daybreak.watch.questions.results import Answer
from daybreak.watch.web.look import asked_for
from daybreak.watch.web.question_words import published_rows, standing_words, who_is_missing

if TYPE_CHECKING:
    from daybreak.watch.web.figure import Figure

FILES = {"csv": "text/csv; charset=utf-8", "svg": "image/svg+xml", "png": "image/png"}
NOTICES = {"enough": "success", "not_enough": "info", "needs_trial": "warn"}
BADGES = {"enough": "good", "not_enough": "neutral", "needs_trial": "special"}


@requires(Permission.WATCH, purpose="read the monitor")
def questions_page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show every open question with what a snapshot says to it, in one line."""
    here = _here(scope)
    try:
        found = _answers(request, here)
    except (NothingFrozen, NotIntact) as no:
        return _nothing(request, scope, no)
    first = next(iter(found.values()))
    rows = [
        {"question": each, "verdict": words.VERDICTS[found[each.id].verdict], "kind": BADGES[found[each.id].verdict],
         "line": standing_words(each, found[each.id], shown=numbers_may_be_shown(found[each.id], _own(here)))}
        for each in open_questions()
    ]  # fmt: skip
    context = {
        "site": scope.site,
        "rows": rows,
        "answer": first,
        "snapshots": to_be_seen(synthetic=here.synthetic),
        **_when(here, first),
    }
    return render(request, "watch/questions.html", context)


@requires(Permission.WATCH, purpose="read the monitor")
def question_page(request: HttpRequest, scope: Scope, question: str) -> HttpResponse:
    """Show one open question: the verdict, the figures, how sure, who is missing, and what would change our mind."""
    here, asked = _here(scope), _question(question)
    try:
        answer = _answers(request, here, asked.id)[asked.id]
    except (NothingFrozen, NotIntact) as no:
        return _nothing(request, scope, no)
    shown = numbers_may_be_shown(answer, _own(here))
    comparison = answer.comparison
    context = {
        "site": scope.site,
        "question": asked,
        "answer": answer,
        "shown": shown,
        "verdict": words.VERDICTS[answer.verdict],
        "kind": NOTICES[answer.verdict],
        "reasons": standing_words(asked, answer, shown=shown, every=True),
        "seen": words.finding_words(asked, answer) if shown and answer.verdict != "enough" else "",
        "figures": _figures(asked, answer, here),
        "missing": who_is_missing(asked, answer) if shown else [],
        "e_values": words.e_value_words(comparison) if comparison is not None and shown else "",
        "control": words.control_words(comparison) if comparison is not None and shown else "",
        "enough": enough_in_words(asked.enough, compares=asked.compares),
        "published": published_rows(asked, evidence()),
        "address": f"?snapshot={answer.snapshot}",
        **_when(here, answer),
    }
    return render(request, "watch/question.html", context)


@requires(Permission.WATCH, purpose="read the monitor")
def question_figure(request: HttpRequest, scope: Scope, question: str, which: str, kind: str) -> HttpResponse:
    """Give one figure of a question as a file; what may not be shown does not exist."""
    from daybreak.watch.web.figure import as_csv, as_png, as_svg  # here: drawing takes a second to load

    here, asked = _here(scope), _question(question)
    try:
        answer = _answers(request, here, asked.id)[asked.id]
    except (NothingFrozen, NotIntact) as no:
        raise Http404(str(no)) from no
    wanted = next((each for each in _figures(asked, answer, here) if each.name == which and not each.instead), None)
    if wanted is None or kind not in FILES:
        raise Http404("No such figure")
    made = {"csv": as_csv, "svg": as_svg, "png": as_png}[kind](wanted, answer)
    given = HttpResponse(made, content_type=FILES[kind])
    given["Content-Disposition"] = f'attachment; filename="{asked.id}-{which}-{answer.snapshot}.{kind}"'
    return given


def _here(scope: Scope) -> Site:
    here = site_named(scope.site)
    if here is None:
        raise Http404("No such site")
    return here


def _own(here: Site) -> str | None:
    """Return the site whose people alone may be told of; None for the coordinating centre, which sees all."""
    return None if here.kind == "centre" else here.code


def _question(name: str) -> Question:
    found = next((each for each in open_questions() if each.id == name), None)
    if found is None:
        raise Http404("No such question")
    return found


def _answers(request: HttpRequest, here: Site, *names: str) -> dict[str, Answer]:
    try:
        return answers(asked_for(request, here) or newest(synthetic=here.synthetic), *names)
    except NoSuchSnapshot as no:
        raise Http404(str(no)) from no


def _figures(asked: Question, answer: Answer, here: Site) -> list["Figure"]:
    from daybreak.watch.web.question_figures import question_figures  # here: drawing takes a second to load

    own, names = _own(here), {site.code: site.name for site in sites()}
    return question_figures(asked, answer, own=own, shown=numbers_may_be_shown(answer, own), names=names)


def _when(here: Site, answer: Answer) -> dict[str, object]:
    return {"zone": here.time_zone, "frozen_at": datetime.fromisoformat(answer.frozen_at)}


def _nothing(request: HttpRequest, scope: Scope, no: Exception) -> HttpResponse:
    status = 409 if isinstance(no, NotIntact) else 200
    return render(request, "watch/nothing.html", {"sentence": str(no), "site": scope.site}, status=status)
