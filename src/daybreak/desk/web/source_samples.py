"""A sample of this clinic's sessions or scores, compared with their sources by a person: draw it, go through it, read
what came of it.
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

from daybreak.design.public import KeyedForm, Whole, moment, number
from daybreak.identity.public import persons
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.public import instrument_at
from daybreak.people.public import requires, site_named
from daybreak.register.public import (
    FIELD_WORDS,
    FIELDS,
    SCORE,
    SESSION,
    VERDICTS,
    CannotRead,
    RecordNow,
    Sampled,
    SourceItem,
    compare_item,
    draw_sample,
    items_of,
    records_now,
    sample_of,
    sample_words,
    samples_of,
)
from daybreak.rulebook.public import UnknownDefinition

VERDICT_WORDS = {
    "agrees": gettext_lazy("Agrees"),
    "differs": gettext_lazy("Differs"),
    "no_source": gettext_lazy("No source says it"),
}
UNITS = {"dose_mg": "mg", "weight_kg": "kg"}


KIND_WORDS = {SESSION: gettext_lazy("Sessions"), SCORE: gettext_lazy("Scores of questionnaires")}
# What is said of each kind: the sample's title, its list, the item's lead, and why an item is there no more.
SAMPLE_TITLES = {SESSION: gettext_lazy("Sample of %(n)s sessions"), SCORE: gettext_lazy("Sample of %(n)s scores")}
SOURCES = {
    SESSION: gettext_lazy("Lay the source beside it: the sheet of paper, the pump, the monitor."),
    SCORE: gettext_lazy("Lay the source beside it: the sheet of paper that was filled in, the rater's notes."),
}
GONE = {
    SESSION: gettext_lazy("This session is in the register no more: leave it out."),
    SCORE: gettext_lazy("This score is in the register no more, or was corrected since it was drawn: leave it out."),
}


class DrawForm(KeyedForm):
    """Of what, and how many are drawn."""

    kind = forms.ChoiceField(
        label=gettext_lazy("What is compared"), choices=list(KIND_WORDS.items()), initial=SESSION,
        widget=forms.RadioSelect,
        help_text=gettext_lazy("Sessions that were discharged, or scores that staff entered."),
        error_messages={"required": gettext_lazy("Say what is compared."),
                        "invalid_choice": gettext_lazy("Choose sessions or scores.")},
    )  # fmt: skip
    wanted = Whole(
        label=gettext_lazy("How many"), initial=10, help_text=gettext_lazy("5 to 200. They are drawn by chance."),
        error_messages={"invalid": gettext_lazy("This is not a whole number."),
                        "required": gettext_lazy("Say how many.")},
    )  # fmt: skip


class CompareForm(KeyedForm):
    """For each field one word."""

    def __init__(self, *args: object, kind: str, recorded: dict[str, str], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        for name in FIELDS[kind]:
            self.fields[name] = forms.ChoiceField(
                label=FIELD_WORDS[name],
                help_text=_("Recorded: %(value)s") % {"value": recorded.get(name) or _("nothing")},
                choices=[(word, VERDICT_WORDS[word]) for word in VERDICTS],
                widget=forms.RadioSelect,
                error_messages={"required": _("Say whether it agrees with its source.")},
            )


@requires(Permission.ANSWER_QUERIES, purpose="compare records with their sources")
@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the samples of this clinic, and draw another."""
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = {name: form.cleaned_data[name] for name in ("key", "kind", "wanted")}
        try:
            made = draw_sample(scope, at=now(), **said)
        except CannotRead as no:
            form.add_error(None, str(no))
        except Refusal as no:
            form.add_error("wanted", str(no))
        else:
            return redirect("desk:source_sample", site=scope.site, key=made.key)
    seen = [(each, KIND_WORDS[each.sample.kind]) for each in samples_of(scope.site)]
    context = {"site": scope.site, "zone": _zone(scope), "samples": seen, "form": form}
    return render(request, "desk/source_samples.html", context, status=409 if request.method == "POST" else 200)


@requires(Permission.ANSWER_QUERIES, purpose="compare records with their sources")
@require_GET
def sample(request: HttpRequest, scope: Scope, key: UUID) -> HttpResponse:
    """Show one sample: what came of it so far, and which records it holds."""
    found = _found(scope, key)
    items = items_of(scope, key)
    may_read = Permission.READ_PATIENT in request.may
    who = persons(scope, {each.patient_key for each, _came in items}, at=now()) if may_read else {}
    context = {
        "site": scope.site,
        "zone": _zone(scope),
        "found": found,
        "fields": FIELD_WORDS,
        "title": SAMPLE_TITLES[found.sample.kind] % {"n": found.size},
        "sample_words": sample_words,
        "rows": [
            (each.number, who[each.patient_key].full_name if each.patient_key in who else "", came)
            for each, came in items
        ],
        "next": next((each.number for each, came in items if came is None), None),
    }
    return render(request, "desk/source_sample.html", context)


@requires(Permission.ANSWER_QUERIES, purpose="compare a record with its source")
@require_http_methods(["GET", "POST"])
def item(request: HttpRequest, scope: Scope, key: UUID, number: int) -> HttpResponse:
    """Compare one session or score of a sample with its source."""
    about = next((each for each, _came in items_of(scope, key) if each.number == number), None)
    if about is None or Permission.READ_PATIENT not in request.may:
        raise Http404("No such item")
    try:
        there = records_now(scope, about.kind).get(about.record_key)
        trouble = "" if there else str(GONE[about.kind])
    except CannotRead as no:
        there, trouble = None, str(no)
    recorded = _recorded(scope, there, about.kind) if there else {}
    form = CompareForm(request.POST or None, kind=about.kind, recorded=recorded)
    if request.method == "POST" and there and form.is_valid():
        try:
            verdicts = {name: form.cleaned_data[name] for name in FIELDS[about.kind]}
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
        "way": _way(scope, about, there),
        "lead": SOURCES[about.kind],
        "form": form,
        "trouble": trouble,
    }
    return render(request, "desk/source_item.html", context, status=409 if request.method == "POST" else 200)


def _way(scope: Scope, about: SourceItem, there: RecordNow | None) -> tuple[str, str] | None:
    """Return what opens the record, with its address: of a score, its questionnaire's history."""
    if about.kind == SESSION:
        known = {"site": scope.site, "session": about.record_key}
        return _("Open the session"), reverse("treat:session", kwargs=known)
    if there is None:
        return None
    known = {"site": scope.site, "patient": about.patient_key, "instrument": there.values["instrument"]}
    return _("Open the questionnaire"), reverse("measure:history", kwargs=known)


def _recorded(scope: Scope, there: RecordNow, kind: str) -> dict[str, str]:
    """Return what is recorded, in words."""
    told = {name: _said(name, there.values[name], _zone(scope)) for name in FIELDS[kind]}
    if kind == SCORE:
        told["instrument"] = _questionnaire(scope, str(there.values["instrument"]), there.name)
    return told


def _questionnaire(scope: Scope, name: str, score: str) -> str:
    """Return a questionnaire and which of its scores, by their titles; by their names where it is known no more."""
    try:
        found = instrument_at(scope.site, name, on=day_of(now(), _zone(scope)))
    except UnknownDefinition:
        return f"{name}: {score}"
    title = next((each.title for each in found.scores if each.id == score), score)
    return title if found.title in title else f"{found.title}: {title}"


def _said(name: str, value: datetime | Decimal | str | None, zone: str) -> str:
    if isinstance(value, datetime):
        return moment(value, zone, year=True)
    if isinstance(value, Decimal):
        whole = value.to_integral_value()
        return f"{number(whole if whole == value else value.normalize())} {UNITS.get(name, '')}".strip()
    return (value or "").replace("_", " ")


def _found(scope: Scope, key: UUID) -> Sampled:
    found = sample_of(scope, key)
    if found is None:
        raise Http404("No such sample")
    return found


def _zone(scope: Scope) -> str:
    return site_named(scope.site).time_zone
