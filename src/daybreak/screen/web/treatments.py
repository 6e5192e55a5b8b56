"""Pages of the treatments that were tried: recorded, corrected, taken back, and staged by every definition."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import demand_patient, requires
from daybreak.screen.actions import (
    record_electroconvulsive,
    record_past_treatment,
    withdraw_electroconvulsive,
)
from daybreak.screen.actions import withdraw_past_treatment as take_back
from daybreak.screen.background import background_of
from daybreak.screen.queries import electroconvulsive, past_treatments, replaced_treatments
from daybreak.screen.web.telling import initial_of, page, told
from daybreak.screen.web.treatment_forms import NewPastTreatment, NewSeries, as_truth, drug_word
from daybreak.screen.web.treatment_words import replaced_words, series_words, staged_words, treatment_words
from daybreak.screen.web.views import frame


@requires(Permission.SCREEN, purpose="recording past treatments")
@require_http_methods(["GET", "POST"])
def past_treatment(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The treatments that were tried, what each definition of resistance makes of them, and a form to add one."""
    return _treatment_page(request, scope, patient, entry=None)


@requires(Permission.SCREEN, purpose="correcting past treatments")
@require_http_methods(["GET", "POST"])
def correct_past_treatment(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Correct an entry: the new row replaces it, and both stay in the table."""
    return _treatment_page(request, scope, patient, entry=entry)


def _treatment_page(request: HttpRequest, scope: Scope, patient: UUID, *, entry: UUID | None) -> HttpResponse:
    demand_patient(scope, patient)
    found = next((row for row in past_treatments(scope, patient=patient) if row.key == entry), None)
    if entry is not None and found is None and request.method == "GET":
        raise Http404("No such treatment")
    form = NewPastTreatment(
        library().codelist("antidepressants").codes,
        library().codelist("augmentation").codes,
        request.POST or None,
        initial={**initial_of(request), **_said(found)},
    )
    if request.method == "POST" and form.is_valid() and _store(form, scope, patient, entry):
        messages.success(
            request,
            _("The entry is corrected.")
            if entry
            else _("The treatment is recorded. Add the next one, or go back to screening."),
        )
        return redirect("screen:past_treatments", site=scope.site, patient=patient)
    context = {
        **frame(request, scope, patient),
        **_tried(scope, patient),
        "form": form,
        "entry": entry,
    }
    return page(request, "screen/past_treatments.html", context)


def _tried(scope: Scope, patient: UUID) -> dict[str, object]:
    background = background_of(scope, patient=patient, at=now())
    return {
        "entries": treatment_words(background.treatments),
        "series": series_words(background.series),
        "staged": staged_words(background.staged),
        "complete": background.history.complete,
        "replaced": replaced_words(replaced_treatments(scope, patient=patient)),
    }


_YES_NO = ("dose_adequate", "present_episode", "optimised", "augmented")


def _said(found: object) -> dict[str, object]:
    """What an entry says, as its form would; adequacy is a person's word only where a person said it."""
    if found is None:
        return {}
    plain = ("started_on", "ended_on", "rating", "said_by", "outcome", "augmentation")
    said = {name: getattr(found, name) for name in plain}
    said |= {name: _word(getattr(found, name)) for name in _YES_NO}
    said["adequate"] = _word(found.adequate) if found.adequacy_by != "definition" else "unknown"
    codes = {code.means: code for code in reversed(library().codelist("antidepressants").codes)}
    said["drug"] = drug_word(found.drug, codes)
    said |= {"dose": found.dose_mg and found.dose_mg.normalize(), "weeks": found.weeks and found.weeks.normalize()}
    return said


def _word(said: bool | None) -> str:
    return {True: "yes", False: "no"}.get(said, "unknown")


def _store(form: NewPastTreatment, scope: Scope, patient: UUID, entry: UUID | None) -> bool:
    said = form.cleaned_data
    code = form.codes.get(said["drug"])
    return told(
        form,
        "past treatment",
        scope,
        lambda at: record_past_treatment(
            scope,
            key=said["key"],
            patient=patient,
            drug=said["drug"],
            drug_code=code.code if code else "",
            dose=said["dose"],
            unit=said["unit"] or "mg",
            weeks=said["weeks"],
            started_on=said["started_on"],
            ended_on=said["ended_on"],
            rating=said["rating"],
            adequate=as_truth(said["adequate"]),
            said_by=said["said_by"],
            augmentation=said["augmentation"],
            outcome=said["outcome"],
            noted_at=at,
            corrects=entry,
            **{name: as_truth(said[name]) for name in _YES_NO},
        ),
    )


@requires(Permission.SCREEN, purpose="correcting past treatments")
@require_POST
def withdraw_past_treatment(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Take back an entry that is not right; it stays in the table."""
    demand_patient(scope, patient)
    if entry not in {row.key for row in past_treatments(scope, patient=patient)}:
        raise Http404("No such treatment")
    take_back(scope, patient=patient, entry=entry, at=now())
    messages.success(request, _("The entry no longer counts."))
    return redirect("screen:past_treatments", site=scope.site, patient=patient)


@requires(Permission.SCREEN, purpose="recording electroconvulsive therapy")
@require_http_methods(["GET", "POST"])
def series(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record a series of electroconvulsive treatments."""
    demand_patient(scope, patient)
    form = NewSeries(request.POST or None, initial=initial_of(request))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        if told(
            form,
            "series",
            scope,
            lambda at: record_electroconvulsive(
                scope,
                key=said["key"],
                patient=patient,
                placement=said["placement"],
                treatments=said["treatments"],
                started_on=said["started_on"],
                ended_on=said["ended_on"],
                outcome=said["outcome"],
                said_by=said["said_by"],
                noted_at=at,
            ),
        ):
            messages.success(request, _("The series is recorded."))
            return redirect("screen:past_treatments", site=scope.site, patient=patient)
    return page(request, "screen/series.html", {**frame(request, scope, patient), "form": form})


@requires(Permission.SCREEN, purpose="correcting electroconvulsive therapy")
@require_POST
def withdraw_series(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Take back a series that is not right; it stays in the table."""
    demand_patient(scope, patient)
    if entry not in {row.key for row in electroconvulsive(scope, patient=patient)}:
        raise Http404("No such series")
    withdraw_electroconvulsive(scope, patient=patient, entry=entry, at=now())
    messages.success(request, _("The entry no longer counts."))
    return redirect("screen:past_treatments", site=scope.site, patient=patient)
