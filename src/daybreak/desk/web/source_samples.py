"""A sample of this clinic's sessions, compared with their sources by a person: draw it, go through it, read what came
of it.
"""

from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.design.public import KeyedForm, moment, number
from daybreak.identity.public import persons
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires, site_named
from daybreak.register.public import (
    FIELD_WORDS,
    FIELDS,
    VERDICTS,
    CannotRead,
    Sampled,
    compare_item,
    draw_sample,
    items_of,
    sample_of,
    samples_of,
    sessions_now,
)

VERDICT_WORDS = {
    "agrees": gettext_lazy("Agrees"),
    "differs": gettext_lazy("Differs"),
    "no_source": gettext_lazy("No source says it"),
}
UNITS = {"dose_mg": "mg", "weight_kg": "kg"}


class DrawForm(KeyedForm):
    """How many sessions are drawn."""

    wanted = forms.IntegerField(
        label=gettext_lazy("How many sessions"), initial=10,
        help_text=gettext_lazy("5 to 200. They are drawn by chance among those that were discharged."),
        error_messages={"invalid": gettext_lazy("This is not a whole number."),
                        "required": gettext_lazy("Say how many sessions.")},
    )  # fmt: skip


class CompareForm(KeyedForm):
    """For each field one word."""

    def __init__(self, *args: object, recorded: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS:
            self.fields[name] = forms.ChoiceField(
                label=FIELD_WORDS[name],
                help_text=_("Recorded: %(value)s") % {"value": recorded.get(name) or _("nothing")},
                choices=[(word, VERDICT_WORDS[word]) for word in VERDICTS],
                widget=forms.RadioSelect,
                error_messages={"required": _("Say whether it agrees with its source.")},
            )


@requires(Permission.ANSWER_QUERIES, purpose="compare sessions with their sources")
@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the samples of this clinic, and draw another."""
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "wanted")}
        try:
            made = draw_sample(scope, at=now(), **said)
        except CannotRead as no:
            form.add_error(None, str(no))
        except Refusal as no:
            form.add_error("wanted", str(no))
        else:
            return redirect("desk:source_sample", site=scope.site, key=made.key)
    context = {"site": scope.site, "zone": _zone(scope), "samples": samples_of(scope.site), "form": form}
    return render(request, "desk/source_samples.html", context, status=409 if request.method == "POST" else 200)


@requires(Permission.ANSWER_QUERIES, purpose="compare sessions with their sources")
@require_GET
def sample(request: HttpRequest, scope: Scope, key: UUID) -> HttpResponse:
    """Show one sample: what came of it so far, and which sessions it holds."""
    found = _found(scope, key)
    items = items_of(scope, key)
    may_read = Permission.READ_PATIENT in request.may
    who = persons(scope, {each.patient_key for each, _came in items}, at=now()) if may_read else {}
    context = {
        "site": scope.site,
        "zone": _zone(scope),
        "found": found,
        "fields": FIELD_WORDS,
        "rows": [
            (each.number, who[each.patient_key].full_name if each.patient_key in who else "", came)
            for each, came in items
        ],
        "next": next((each.number for each, came in items if came is None), None),
    }
    return render(request, "desk/source_sample.html", context)


@requires(Permission.ANSWER_QUERIES, purpose="compare a session with its source")
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, scope: Scope, key: UUID, number: int) -> HttpResponse:
    """Compare one session of a sample with its source."""
    about = next((each for each, _came in items_of(scope, key) if each.number == number), None)
    if about is None or Permission.READ_PATIENT not in request.may:
        raise Http404("No such item")
    try:
        there = sessions_now(scope).get(about.session_key)
        trouble = "" if there else _("This session is in the register no more: leave it out.")
    except CannotRead as no:
        there, trouble = None, str(no)
    recorded = {name: _said(name, there.values[name], _zone(scope)) for name in FIELDS} if there else {}
    form = CompareForm(request.POST or None, recorded=recorded)
    if request.method == "POST" and there and form.is_valid():
        try:
            verdicts = {name: form.cleaned_data[name] for name in FIELDS}
            compare_item(scope, key=form.cleaned_data["key"], item=about, verdicts=verdicts, at=now())
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("Number %(n)s is compared.") % {"n": number})
            return redirect("desk:source_sample", site=scope.site, key=key)
    context = {
        "site": scope.site,
        "sample": key,
        "number": number,
        "name": persons(scope, {about.patient_key}, at=now())[about.patient_key].full_name,
        "way": reverse("treat:session", kwargs={"site": scope.site, "session": about.session_key}),
        "form": form,
        "trouble": trouble,
    }
    return render(request, "desk/source_item.html", context, status=409 if request.method == "POST" else 200)


def _said(name: str, value: datetime | Decimal | str | None, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone, year=True)
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return f"{number(whole if whole == value else value.normalize())} {UNITS[name]}"
    return (value or "").replace("_", " ")


def _found(scope: Scope, key: UUID) -> Sampled:
    found = sample_of(scope, key)
    if found is None:
        raise Http404("No such sample")
    return found


def _zone(scope: Scope) -> str:
    return site_named(scope.site).time_zone
