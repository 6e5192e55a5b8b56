"""What the register asks of this clinic's data, answered here: only here a row has a name."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.design.public import KeyedForm, Whole, moment
from daybreak.identity.public import persons
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.register.public import (
    QUERY_REASONS,
    Asked,
    CannotRead,
    NotAStep,
    ValueAsked,
    answer_query,
    asked_of_data,
    queries_seen,
    query_history,
    query_kind,
    query_seen,
    query_words,
    rows_behind,
)
from daybreak.rulebook.public import QualityCheck

SHOWN = 100


def _count(label: str, **more: object) -> Whole:
    return Whole(label=label, min_value=0, max_value=1_000_000, required=False, **more)


class AnswerQueryForm(KeyedForm):
    """How many rows became what, and why: no words of one's own, since they would leave the clinic."""

    corrected = _count(gettext_lazy("Corrected"), help_text=gettext_lazy("They were wrong or missing, and are mended."))
    confirmed = _count(gettext_lazy("Right as they are"), help_text=gettext_lazy("Compared with their source."))
    unknowable = _count(gettext_lazy("Cannot be known any more"))
    reason = forms.ChoiceField(
        label=gettext_lazy("Why, for most of them"), widget=forms.RadioSelect,
        error_messages={"required": gettext_lazy("Choose a reason.")},
        help_text=gettext_lazy("Only these words and the counts reach the register."),
    )  # fmt: skip

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].choices = list(QUERY_REASONS.items())


@requires(Permission.ANSWER_QUERIES, purpose="what the register asks about data")
@require_GET
def questions(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List what the register asks of this clinic: what waits for an answer, then the rest."""
    found = queries_seen(scope, today=_today(scope))
    context = {
        "site": scope.site,
        "waiting": [(each, query_words(each), query_kind(each)) for each in found if each.state == "asked"],
        "others": [(each, query_words(each), query_kind(each)) for each in found if each.state != "asked"],
    }
    return render(request, "desk/data_questions.html", context)


@requires(Permission.ANSWER_QUERIES, purpose="answer what the register asks about data")
@require_http_methods(["GET", "POST"])
def question(request: HttpRequest, scope: Scope, key: UUID) -> HttpResponse:
    """Show one question with the rows behind it, and answer it."""
    asked = query_seen(scope, scope.site, key, today=_today(scope))
    if asked is None:
        raise Http404("No such question")
    form = AnswerQueryForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _is_answered(scope, asked, form):
        messages.success(request, _("The answer is recorded. The coordinating centre reads it."))
        return redirect("desk:data_question", site=scope.site, key=key)
    log = query_history(asked)
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "asked": asked,
        "state": query_words(asked),
        "kind": query_kind(asked),
        "log": log,
        "names": names_of_staff({entry.by for entry in log if entry.by}),
        "form": form if asked.state == "asked" or request.method == "POST" else None,
        **_behind(request, scope, asked.check or asked.value),
    }
    return render(request, "desk/data_question.html", context, status=409 if request.method == "POST" else 200)


@requires(Permission.ANSWER_QUERIES, purpose="find the rows that a check finds not to be well")
@require_GET
def check_rows(request: HttpRequest, scope: Scope, check: str) -> HttpResponse:
    """Show whose rows are not well by a check now, so that they are mended before anybody asks."""
    about = asked_of_data().check(check)
    if about is None:
        raise Http404("No such check")
    return render(
        request, "desk/check_rows.html", {"site": scope.site, "check": about, **_behind(request, scope, about)}
    )


def _is_answered(scope: Scope, asked: Asked, form: AnswerQueryForm) -> bool:
    """Record the answer, or put the sentence that says why not beside its field."""
    counts = {name: form.cleaned_data[name] or 0 for name in ("corrected", "confirmed", "unknowable")}
    said = {name: form.cleaned_data[name] for name in ("key", "reason")}
    try:
        answer_query(scope, asked=asked, at=now(), **counts, **said)
    except NotAStep as no:
        form.add_error(no.field, str(no))
    except Refusal as no:
        form.add_error(None, str(no))
    else:
        return True
    return False


def _behind(request: HttpRequest, scope: Scope, about: QualityCheck | ValueAsked | None) -> dict[str, object]:
    """Return the rows that are not well now, each with its way to the record; a name only for who may read it."""
    nothing = {"rows": [], "dated": False, "more": 0, "trouble": ""}
    if about is None or Permission.READ_PATIENT not in request.may:
        return nothing | {"trouble": _("Your role at this site does not include patients' records.")}
    try:
        found = rows_behind(scope, about)
    except CannotRead as no:
        return nothing | {"trouble": str(no)}
    shown = found[:SHOWN]
    who = persons(scope, {each.patient for each in shown}, at=now())
    way, zone = _way(scope), site_named(scope.site).time_zone
    rows = [
        (
            who[each.patient].full_name,
            moment(each.started_at, zone, year=True) if each.started_at else "–",
            each.failing,
            way(each.patient, each.session),
        )
        for each in shown
    ]
    dated = any(each.started_at for each in shown)
    return nothing | {"rows": rows, "dated": dated, "more": len(found) - len(shown)}


def _way(scope: Scope) -> Callable[[UUID, UUID | None], str]:
    def way(patient: UUID, session: UUID | None) -> str:
        if session is not None:
            return reverse("treat:session", kwargs={"site": scope.site, "session": session})
        return reverse("desk:patient", kwargs={"site": scope.site, "patient": patient})

    return way


def _today(scope: Scope) -> date:
    return day_of(now(), site_named(scope.site).time_zone)
