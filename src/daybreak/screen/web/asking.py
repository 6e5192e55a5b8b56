"""The guided history: questions in short steps, all on one page, or one where it is read."""

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import day
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, names_of_staff, requires, roles_at, site_named
from daybreak.rulebook.public import FactDefinition
from daybreak.screen.actions import AnsweredMeanwhile, answer_questions
from daybreak.screen.background import background_of
from daybreak.screen.queries import Finding, current_findings, once
from daybreak.screen.web.forms import UNKNOWN, OneQuestion, Questions, choice_word, said_of
from daybreak.screen.web.presenters import flag_words
from daybreak.screen.web.steps import Step, all_questions, steps_of
from daybreak.screen.web.telling import back_of, initial_of, page, protocol_of
from daybreak.screen.web.views import frame

_TO_RECORD = {"screen": Permission.SCREEN, "measure": Permission.MEASURE}


@requires(Permission.SCREEN, Permission.MEASURE, purpose="guided history")
@require_http_methods(["GET", "POST"])
def questions(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Every question that this person may answer, on one page, as far as answered."""
    demand_patient(scope, patient)
    asked = answerable(request, scope, all_questions(protocol_of(scope, patient)).values())
    form = Questions(asked, request.POST or None, initial=_initial(request, scope, patient, asked))
    if request.method == "POST" and form.is_valid() and _stored(form, request, scope, patient):
        messages.success(request, _("The answers are recorded."))
        return redirect(back_of(request, scope, form, patient))
    context = {"form": form, "was": _was(request, form, scope, patient)}
    return page(request, "screen/questions.html", {**frame(request, scope, patient), **context})


@requires(Permission.SCREEN, Permission.MEASURE, purpose="guided history")
@require_http_methods(["GET", "POST"])
def history(request: HttpRequest, scope: Scope, patient: UUID, step: str) -> HttpResponse:
    """One step of the guided history."""
    demand_patient(scope, patient)
    steps = steps_of(protocol_of(scope, patient))
    place = next((number for number, (each, _asked) in enumerate(steps) if each.id == step), None)
    if place is None:
        raise Http404("No such step")
    here, found = steps[place]
    asked = answerable(request, scope, found)
    form = Questions(asked, request.POST or None, initial=_initial(request, scope, patient, asked))
    if request.method == "POST" and form.is_valid() and _stored(form, request, scope, patient):
        return redirect(_next(scope, patient, steps[place + 1][0].id if place + 1 < len(steps) else ""))
    context = {
        "form": form,
        "was": _was(request, form, scope, patient),
        "step": here,
        "steps": _progress(steps, current_findings(scope, patient=patient)),
        "number": place + 1,
        "next": steps[place + 1][0].title if place + 1 < len(steps) else None,
        "previous": steps[place - 1][0] if place else None,
        "links": _links(here, request, scope, patient),
        "others": len(found) - len(asked),
        "flags": _flags(here, scope, patient),
    }
    return page(request, "screen/history.html", {**frame(request, scope, patient), **context})


def _progress(
    steps: list[tuple[Step, list[FactDefinition]]], known: Mapping[str, Finding]
) -> list[tuple[Step, int, int]]:
    """Return the steps, each with how many of its questions have an answer, and how many there are."""
    answered = {name for name, row in known.items() if row.value is not None}
    return [(step, sum(each.id in answered for each in asked), len(asked)) for step, asked in steps]


def _flags(step: Step, scope: Scope, patient: UUID) -> dict[str, object] | None:
    if step.id not in ("medicines", "substances"):
        return None
    return flag_words(background_of(scope, patient=patient, at=now()))


def _links(step: Step, request: HttpRequest, scope: Scope, patient: UUID) -> list[tuple[str, str]]:
    """Return the pages on which the rest of the step is recorded, those that this person may open."""
    return [
        (words, _address(name, scope, patient))
        for words, name in step.links
        if _TO_RECORD[name.split(":", 1)[0]] in request.may
    ]


def _address(name: str, scope: Scope, patient: UUID) -> str:
    return reverse(name, kwargs={"site": scope.site, "patient": patient})


def _next(scope: Scope, patient: UUID, step: str) -> str:
    here = {"site": scope.site, "patient": patient}
    return reverse("screen:history", kwargs={**here, "step": step}) if step else reverse("screen:patient", kwargs=here)


def answerable(request: HttpRequest, scope: Scope, asked: object) -> list[FactDefinition]:
    """Return the questions that this person may answer: all for who records history, else those for their role."""
    wanted = list(asked)
    if Permission.SCREEN in request.may:
        return wanted
    today = day_of(now(), site_named(scope.site).time_zone)
    roles = roles_at(account=request.user.key, site=scope.site, on=today)
    return [each for each in wanted if roles & set(each.supplied_by)]


def _initial(request: HttpRequest, scope: Scope, patient: UUID, asked: list[FactDefinition]) -> dict[str, object]:
    known, kinds = current_findings(scope, patient=patient), {each.id: each.kind for each in asked}
    said = {name: _shown(row.value, kinds[name]) for name, row in known.items() if name in kinds}
    return {**initial_of(request), **said}


def _shown(value: object, kind: str) -> object:
    if kind in ("date", "number"):
        return value
    return said_of(value) or UNKNOWN


def _was(request: HttpRequest, form: Questions, scope: Scope, patient: UUID) -> dict[str, str]:
    """The answers that the page shows, by their keys: those of the first reading until a conflict was shown."""
    if request.method == "POST" and not getattr(form, "overtaken", False):
        return {each.id: request.POST.get(f"was_{each.id}", "") for each in form.asked}
    known = current_findings(scope, patient=patient)
    return {each.id: str(known[each.id].key) if each.id in known else "" for each in form.asked}


def _seen(request: HttpRequest, form: Questions) -> dict[str, UUID | None]:
    found = {}
    for each in form.asked:
        said = request.POST.get(f"was_{each.id}", "")
        try:
            found[each.id] = UUID(said) if said else None
        except ValueError:
            found[each.id] = None
    return found


def _stored(form: Questions, request: HttpRequest, scope: Scope, patient: UUID) -> bool:
    """Store what differs from what is known already; say beside each question what somebody else answered meanwhile."""
    seen, key = _seen(request, form), form.cleaned_data["key"]
    try:
        with once(scope, "finding", key=key, at=now()) as at:
            answer_questions(scope, key=key, patient=patient, answers=form.answers(), seen=seen, at=at)
    except AnsweredMeanwhile as overtaken:
        form.overtaken = True
        for name, row in overtaken.rows.items():
            form.add_error(name, meanwhile(row))
        return False
    except Refusal as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
        return False
    return True


def meanwhile(row: Finding) -> str:
    """Return the sentence for an answer that somebody else gave while the page was open."""
    who = names_of_staff([row.recorded_by]).get(row.recorded_by) or _("somebody else")
    return _("In the meantime %(who)s recorded “%(answer)s”. Choose what is right, then record again.") % {
        "who": who,
        "answer": answer_words(row.value),
    }


def answer_words(value: object) -> str:
    """Return a stored answer as it is read."""
    if value is None:
        return _("Not known")
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    return day(value) if isinstance(value, date) else choice_word(str(value))


@requires(Permission.SCREEN, Permission.MEASURE, purpose="answering a question of the protocol")
@require_POST
def one_question(request: HttpRequest, scope: Scope, patient: UUID, question: str) -> HttpResponse:
    """Answer one question where it is read."""
    demand_patient(scope, patient)
    held: Mapping[str, FactDefinition] = all_questions(protocol_of(scope, patient))
    if question not in held or held[question].kind not in ("yes_no", "choice"):
        raise Http404("No such question")
    if not answerable(request, scope, [held[question]]):
        raise Http404("No such question for this role")
    form = OneQuestion(held[question], request.POST)
    back = reverse("screen:patient", kwargs={"site": scope.site, "patient": patient})
    if not form.is_valid():
        messages.error(request, _("Choose one of the answers."))
        return redirect(back)
    said = form.cleaned_data
    try:
        with once(scope, "finding", key=said["key"], at=now()) as at:
            answer_questions(
                scope,
                key=said["key"],
                patient=patient,
                answers={question: form.answer()},
                seen={question: said["was"]},
                at=at,
            )
    except AnsweredMeanwhile as overtaken:
        messages.error(request, meanwhile(overtaken.rows[question]))
    return redirect(f"{back}#{request.POST.get('at', '')}")
