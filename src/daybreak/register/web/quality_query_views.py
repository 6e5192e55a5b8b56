"""Pages of questions about data at the coordinating centre, and a clinic lead's view of its own."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.design.public import KeyedForm
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import Site, names_of_staff, requires, site_named, sites
from daybreak.register.folders import NotIntact
from daybreak.register.quality.actions import NotAStep, ask_about_value, ask_again, ask_clinic, close_query
from daybreak.register.quality.asking import Asked, queries_seen, query_seen
from daybreak.register.quality.queries import stood
from daybreak.register.quality.query_words import query_history, query_kind, query_words
from daybreak.register.quality.rules import may_step
from daybreak.register.quality.values import NotAValue, columns_asked
from daybreak.register.queries import NoSuchSnapshot, frozen_snapshots
from daybreak.register.releasing.queries import is_centre

SEE = (Permission.QUERY_DATA, Permission.WATCH)


class AskForm(KeyedForm):
    """What the centre adds to a question; it sees no name."""

    words = forms.CharField(
        label=gettext_lazy("In words of your own, if needed"), max_length=400, required=False,
        widget=forms.Textarea(attrs={"rows": 3}), help_text=gettext_lazy("The clinic reads it. Name no patient."),
    )  # fmt: skip


class AskValueForm(AskForm):
    """Which value, of which column. The words come last."""

    column = forms.ChoiceField(label=gettext_lazy("Column of the register"))
    value = forms.CharField(
        label=gettext_lazy("Value, as it stands in the snapshot"), max_length=60,
        error_messages={"required": gettext_lazy("Say which value.")},
    )  # fmt: skip
    field_order = ("column", "value", "words")

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["column"].choices = [("", _("choose one")), *((name, name) for name in columns_asked())]


class AskAgainForm(KeyedForm):
    """What an answer left open."""

    words = forms.CharField(
        label=gettext_lazy("What the answer left open"), max_length=400, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("The clinic reads it. Name no patient."),
        error_messages={"required": gettext_lazy("Say what the answer left open.")},
    )  # fmt: skip


def _clinic_to_ask(scope: Scope, code: str) -> Site:
    """Return a clinic that the centre may ask: real ones are asked from a real centre. Raises Http404."""
    here, there = site_named(scope.site), site_named(code)
    if not is_centre(scope) or there is None or there.kind != "clinic" or there.synthetic != here.synthetic:
        raise Http404("No such clinic to ask from here")
    return there


@requires(Permission.QUERY_DATA, purpose="ask a clinic about its data")
@require_http_methods(["GET", "POST"])
def ask(request: HttpRequest, scope: Scope, clinic: str, check: str) -> HttpResponse:
    """Ask a clinic about what a check found in the snapshot that the address names."""
    there = _clinic_to_ask(scope, clinic)
    try:
        found = stood(clinic, synthetic=there.synthetic, snapshot_id=request.GET.get("snapshot") or None)
    except (NoSuchSnapshot, NotIntact) as no:
        raise Http404(str(no)) from no
    about = next((each for each in found.asked if each.check.id == check and each.failing), None)
    if about is None:
        raise Http404("Nothing fails that check")
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "words")}
        try:
            made = ask_clinic(scope, clinic=clinic, check=check, snapshot_id=found.snapshot.id, at=now(), **said)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The question is asked. The clinic finds it among what waits there."))
            return redirect("register:question", site=scope.site, clinic=clinic, key=made.key)
    context = {"site": scope.site, "form": form, "about": about, "clinic": there, "snapshot": found.snapshot}
    return render(request, "register/quality_ask.html", context)


@requires(Permission.QUERY_DATA, purpose="ask a clinic about a value")
@require_http_methods(["GET", "POST"])
def ask_value(request: HttpRequest, scope: Scope, clinic: str, snapshot_id: str) -> HttpResponse:
    """Ask a clinic about one value of a snapshot."""
    there = _clinic_to_ask(scope, clinic)
    if snapshot_id not in {each.id for each in frozen_snapshots(synthetic=there.synthetic)}:
        raise Http404("No such snapshot for this site")
    form = AskValueForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "column", "value", "words")}
        try:
            made = ask_about_value(scope, clinic=clinic, snapshot_id=snapshot_id, at=now(), **said)
        except NotAValue as no:
            form.add_error(no.field, str(no))
        except (Refusal, NotIntact) as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The question is asked. The clinic finds it among what waits there."))
            return redirect("register:question", site=scope.site, clinic=clinic, key=made.key)
    context = {"site": scope.site, "form": form, "clinic": there, "snapshot": snapshot_id}
    status = 409 if request.method == "POST" else 200
    return render(request, "register/quality_ask_value.html", context, status=status)


@requires(*SEE, purpose="look at questions about data")
@require_GET
def questions(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the questions that may be seen from here, the open ones first."""
    found = sorted(queries_seen(scope, today=_today(scope)), key=lambda each: each.state == "closed")
    names = {each.code: each.name for each in sites()}
    rows = [(each, names.get(each.query.site, each.query.site), query_words(each), query_kind(each)) for each in found]
    return render(request, "register/quality_questions.html", {"site": scope.site, "rows": rows, "zone": _zone(scope)})


@requires(*SEE, purpose="look at a question about data")
@require_GET
def question(request: HttpRequest, scope: Scope, clinic: str, key: UUID) -> HttpResponse:
    """Show one question with its history."""
    return _page(request, scope, _found(scope, clinic, key))


@requires(Permission.QUERY_DATA, purpose="close a question about data")
@require_POST
def close(request: HttpRequest, scope: Scope, clinic: str, key: UUID) -> HttpResponse:
    """Close a question."""
    asked = _found(scope, clinic, key)
    try:
        close_query(scope, key=new_key(), asked=asked, at=now())
    except Refusal as no:
        return _page(request, scope, asked, trouble=str(no), status=409)
    messages.success(request, _("The question is closed."))
    return redirect("register:question", site=scope.site, clinic=clinic, key=key)


@requires(Permission.QUERY_DATA, purpose="ask again about data")
@require_POST
def again(request: HttpRequest, scope: Scope, clinic: str, key: UUID) -> HttpResponse:
    """Ask again."""
    asked, form = _found(scope, clinic, key), AskAgainForm(request.POST)
    if form.is_valid():
        try:
            ask_again(scope, key=form.cleaned_data["key"], asked=asked, words=form.cleaned_data["words"], at=now())
        except NotAStep as no:
            form.add_error(no.field, str(no))
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The question is asked again."))
            return redirect("register:question", site=scope.site, clinic=clinic, key=key)
    return _page(request, scope, asked, form=form, status=409)


def _page(
    request: HttpRequest, scope: Scope, asked: Asked, *, form: AskAgainForm | None = None, trouble: str = "",
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    may = is_centre(scope) and Permission.QUERY_DATA in request.may
    context: dict[str, Any] = {
        "site": scope.site,
        "zone": _zone(scope),
        "asked": asked,
        "state": query_words(asked),
        "kind": query_kind(asked),
        "clinic": site_named(asked.query.site),
        "log": query_history(asked),
        "names": names_of_staff({entry.by for entry in query_history(asked) if entry.by}),
        "may_close": may and may_step(asked.state, "close"),
        "form": (form or AskAgainForm()) if may and may_step(asked.state, "ask_again") else None,
        "trouble": trouble,
    }
    return render(request, "register/quality_question.html", context, status=status)


def _found(scope: Scope, clinic: str, key: UUID) -> Asked:
    found = query_seen(scope, clinic, key, today=_today(scope))
    if found is None:
        raise Http404("No such question")
    return found


def _zone(scope: Scope) -> str:
    here = site_named(scope.site)
    return here.time_zone if here else "UTC"


def _today(scope: Scope) -> Any:
    return day_of(now(), _zone(scope))
