"""Pages of measure: what is known of one patient, allergies and medicines."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import KeyedForm
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.actions import record_allergy, record_medicine, record_no_known_allergies
from daybreak.measure.definitions import instruments_at, lab_tests, library
from daybreak.measure.queries import (
    AnswerSet,
    Score,
    allergies,
    allergy_entries,
    answer_sets,
    lab_results,
    measurements,
    medicines,
    once,
    scores,
)
from daybreak.measure.web.forms import NewAllergy, NewMedicine
from daybreak.measure.web.frame import attempt, back, back_initial, form_page, frame, today
from daybreak.measure.web.presenters import lab_rows, never_taken, sign_rows, taken
from daybreak.people.public import demand_patient, requires, site_named

SHOWN = 60


@requires(Permission.READ_PATIENT, purpose="measures of a patient")
def overview(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Scores, laboratory results, signs, allergies and medicines of one patient."""
    demand_patient(scope, patient)
    signs = sign_rows(measurements(scope, patient=patient))
    every, known = scores(scope, patient=patient), instruments_at(scope.site, on=today(scope))
    labs = lab_rows(lab_tests(library()), lab_results(scope, patient=patient))
    return render(
        request,
        "measure/overview.html",
        {
            **frame(request, scope, patient),
            "taken": taken(known, every),
            "never_taken": never_taken(known, every),
            "unscored": _unscored(scope, patient, every),
            "titles": {each.id: each.title for each in known},
            "signs": signs[:SHOWN],
            "more_signs": max(0, len(signs) - SHOWN),
            "labs": labs[:SHOWN],
            "allergies": allergies(scope, patient),
            "medicines": [m for m in medicines(scope, patient) if m.status == "active"],
        },
    )


@requires(Permission.MEASURE, purpose="recording allergies")
@require_http_methods(["GET", "POST"])
def allergy_list(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The allergies of one patient, and a form to add one."""
    demand_patient(scope, patient)
    form = NewAllergy(request.POST or None, initial=back_initial(request))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        with once(scope, "allergy", key=key, at=now()) as at:
            stored = attempt(
                form,
                record_allergy,
                scope,
                key=key,
                patient=patient,
                substance=form.cleaned_data["substance"],
                noted_at=at,
            )
        if stored:
            messages.success(request, _("The allergy is recorded."))
            return redirect(back(request, scope, form, patient, "measure:allergies"))
    context = {
        "form": form,
        "known": allergies(scope, patient),
        "entries": allergy_entries(scope, patient),
        "none_key": new_key(),
    }
    return form_page(request, "measure/allergies.html", {**frame(request, scope, patient), **context})


@requires(Permission.MEASURE, purpose="recording allergies")
@require_POST
def no_known_allergies(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record that the patient was asked and knows of none."""
    demand_patient(scope, patient)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        raise Http404("No such form")
    key = form.cleaned_data["key"]
    with once(scope, "allergy", key=key, at=now()) as at:
        record_no_known_allergies(scope, key=key, patient=patient, noted_at=at)
    messages.success(request, _("Recorded: no known allergies."))
    return redirect(back(request, scope, form, patient, "measure:allergies"))


@requires(Permission.MEASURE, purpose="recording allergies")
@require_POST
def allergy_not_active(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Mark an allergy as one that no longer stands; the entry that said so stays in the table."""
    demand_patient(scope, patient)
    found = next((e for e in allergy_entries(scope, patient) if e.key == entry and e.status == "active"), None)
    if found is None:
        raise Http404("No such allergy")
    record_allergy(
        scope,
        key=key_from(scope.site, str(entry), "not active"),
        patient=patient,
        substance=found.substance,
        code=found.code,
        system=found.system,
        status="inactive",
        noted_at=now(),
        corrects=entry,
    )
    messages.success(request, _("%(substance)s is marked as not active.") % {"substance": found.substance})
    return redirect("measure:allergies", site=scope.site, patient=patient)


@requires(Permission.MEASURE, purpose="recording medicines")
@require_http_methods(["GET", "POST"])
def medicine_list(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The medicines of one patient, and a form to add one."""
    demand_patient(scope, patient)
    form = NewMedicine(request.POST or None, initial=back_initial(request), today=today(scope))
    if request.method == "POST" and form.is_valid() and _store_medicine(form, scope, patient):
        messages.success(request, _("The medicine is recorded."))
        return redirect(back(request, scope, form, patient, "measure:medicines"))
    context = {**frame(request, scope, patient), "form": form, "entries": medicines(scope, patient)}
    return form_page(request, "measure/medicines.html", context)


@requires(Permission.MEASURE, purpose="recording medicines")
@require_POST
def stop_medicine(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Record that a medicine is no longer taken, from today on."""
    demand_patient(scope, patient)
    found = next((m for m in medicines(scope, patient) if m.key == entry and m.status == "active"), None)
    if found is None:
        raise Http404("No such medicine")
    at = now()
    record_medicine(
        scope,
        key=key_from(scope.site, str(entry), "stopped"),
        patient=patient,
        kind=found.kind,
        code=found.code,
        system=found.system,
        display=found.display,
        started_on=found.started_on,
        ended_on=max(filter(None, (day_of(at, site_named(scope.site).time_zone), found.started_on))),
        status="stopped",
        noted_at=at,
        corrects=entry,
    )
    messages.success(request, _("%(medicine)s is marked as stopped.") % {"medicine": found.display})
    return redirect("measure:medicines", site=scope.site, patient=patient)


def _unscored(scope: Scope, patient: UUID, every: list[Score]) -> list[AnswerSet]:
    """The answer sets that gave no score, so that a gap is seen as a gap."""
    scored = {row.answers_key for row in every}
    return [given for given in answer_sets(scope, patient=patient) if given.key not in scored]


def _store_medicine(form: NewMedicine, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    with once(scope, "medicine", key=said["key"], at=now()) as at:
        return attempt(
            form,
            record_medicine,
            scope,
            key=said["key"],
            patient=patient,
            display=said["display"],
            started_on=said["started_on"],
            ended_on=said["ended_on"],
            status="stopped" if said["ended_on"] and said["ended_on"] <= at.date() else "active",
            noted_at=at,
            by_hand=True,
        )
