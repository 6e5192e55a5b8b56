"""Pages of measure."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import KeyedForm, way_back
from daybreak.kernel.keys import key_from, new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.actions import (
    record_allergy,
    record_answers,
    record_measurements,
    record_medicine,
    record_no_known_allergies,
)
from daybreak.measure.definitions import library
from daybreak.measure.queries import (
    AnswerSet,
    allergies,
    allergy_entries,
    answer_sets,
    measurements,
    medicines,
    once,
    scores,
)
from daybreak.measure.rules import ImplausibleMeasurement, NewMeasurement
from daybreak.measure.web.forms import NewAllergy, NewMedicine, Questionnaire, VitalSigns
from daybreak.measure.web.presenters import histories, sign_rows
from daybreak.people.public import patient as patient_of
from daybreak.people.public import requires, site_named
from daybreak.rulebook.public import ImpossibleAnswer, Instrument, UnknownDefinition

NOT_SAVED = 422
SHOWN_SIGNS = 60


@requires(Permission.READ_PATIENT, purpose="measures of a patient")
def overview(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Scores, signs, allergies and medicines of one patient."""
    _demand_patient(scope, patient)
    signs = sign_rows(measurements(scope, patient=patient))
    return render(
        request,
        "measure/overview.html",
        {
            **_frame(request, scope, patient),
            "histories": histories(library(), scores(scope, patient=patient)),
            "unscored": _unscored(scope, patient),
            "signs": signs[:SHOWN_SIGNS],
            "more_signs": max(0, len(signs) - SHOWN_SIGNS),
            "allergies": allergies(scope, patient),
            "medicines": [m for m in medicines(scope, patient) if m.status == "active"],
        },
    )


@requires(Permission.MEASURE, purpose="taking a questionnaire")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, scope: Scope, patient: UUID, instrument: str) -> HttpResponse:
    """Take one questionnaire together with the patient, on one page."""
    _demand_patient(scope, patient)
    questionnaire = _instrument(instrument, request.POST.get("version"))
    form = Questionnaire(questionnaire, request.POST or None, initial=_back_initial(request))
    if request.method == "POST" and form.is_valid() and _store_answers(form, scope, patient):
        messages.success(request, _said_of(scope, patient, questionnaire))
        return redirect(_back(request, scope, form, patient))
    context = {**_frame(request, scope, patient), "form": form, "instrument": questionnaire}
    return _form_page(request, "measure/take.html", context)


@requires(Permission.MEASURE, purpose="recording vital signs")
@require_http_methods(["GET", "POST"])
def vital_signs(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record signs outside a session."""
    _demand_patient(scope, patient)
    form = VitalSigns(request.POST or None, initial=_back_initial(request))
    if request.method == "POST" and form.is_valid() and _store_signs(form, scope, patient):
        messages.success(request, _("The measurements are recorded."))
        return redirect(_back(request, scope, form, patient))
    return _form_page(request, "measure/vital_signs.html", {**_frame(request, scope, patient), "form": form})


@requires(Permission.MEASURE, purpose="recording allergies")
@require_http_methods(["GET", "POST"])
def allergy_list(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The allergies of one patient, and a form to add one."""
    _demand_patient(scope, patient)
    form = NewAllergy(request.POST or None, initial=_back_initial(request))
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"]
        with once(scope, "allergy", key=key, at=now()) as at:
            stored = _try(
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
            return redirect(_back(request, scope, form, patient, "measure:allergies"))
    context = {
        "form": form,
        "known": allergies(scope, patient),
        "entries": allergy_entries(scope, patient),
        "none_key": new_key(),
    }
    return _form_page(request, "measure/allergies.html", {**_frame(request, scope, patient), **context})


@requires(Permission.MEASURE, purpose="recording allergies")
@require_POST
def no_known_allergies(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record that the patient was asked and knows of none."""
    _demand_patient(scope, patient)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        raise Http404("No such form")
    key = form.cleaned_data["key"]
    with once(scope, "allergy", key=key, at=now()) as at:
        record_no_known_allergies(scope, key=key, patient=patient, noted_at=at)
    messages.success(request, _("Recorded: no known allergies."))
    return redirect(_back(request, scope, form, patient, "measure:allergies"))


@requires(Permission.MEASURE, purpose="recording allergies")
@require_POST
def allergy_not_active(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Mark an allergy as one that no longer stands; the entry that said so stays in the table."""
    _demand_patient(scope, patient)
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
    _demand_patient(scope, patient)
    form = NewMedicine(request.POST or None, initial=_back_initial(request))
    if request.method == "POST" and form.is_valid() and _store_medicine(form, scope, patient):
        messages.success(request, _("The medicine is recorded."))
        return redirect(_back(request, scope, form, patient, "measure:medicines"))
    context = {**_frame(request, scope, patient), "form": form, "entries": medicines(scope, patient)}
    return _form_page(request, "measure/medicines.html", context)


@requires(Permission.MEASURE, purpose="recording medicines")
@require_POST
def stop_medicine(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Record that a medicine is no longer taken, from today on."""
    _demand_patient(scope, patient)
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


def _demand_patient(scope: Scope, patient: UUID) -> None:
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")


def _frame(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    """What every page of one patient needs."""
    return {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "patient": patient,
        "at": now(),
        "may_measure": Permission.MEASURE in request.may,
    }


def _form_page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    return render(request, template, context, status=NOT_SAVED if request.method == "POST" else 200)


def _back_initial(request: HttpRequest) -> dict[str, str]:
    return {"back": request.GET.get("back", "")}


def _back(
    request: HttpRequest, scope: Scope, form: KeyedForm, patient: UUID, otherwise: str = "measure:patient"
) -> str:
    page = reverse(otherwise, kwargs={"site": scope.site, "patient": patient})
    return way_back(request, form.cleaned_data.get("back") or "", otherwise=page)


def _instrument(name: str, version: str | None) -> Instrument:
    try:
        wanted = int(version) if version and version.isdecimal() and len(version) < 6 else None
        return library().instrument(name, wanted)
    except UnknownDefinition as unknown:
        raise Http404("No such questionnaire") from unknown


def _store_answers(form: Questionnaire, scope: Scope, patient: UUID) -> bool:
    key = form.cleaned_data["key"]
    with once(scope, "answers", key=key, at=now()) as at:
        try:
            record_answers(
                scope,
                key=key,
                patient=patient,
                instrument=form.instrument.id,
                version=form.cleaned_data["version"],
                answers=form.answers(),
                answered_at=at,
                by="staff",
            )
        except ImpossibleAnswer as refusal:
            for item, sentence in refusal.problems.items():
                form.add_error(item if item in form.fields else None, sentence)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _said_of(scope: Scope, patient: UUID, instrument: Instrument) -> str:
    newest = histories(library(), scores(scope, patient=patient, instrument=instrument.id))
    rows = next((h.rows for h in newest if h.id == instrument.id), [])
    if not rows:
        return _("%(title)s is stored. Too many answers are missing for a total.") % {"title": instrument.title}
    return _("%(title)s is stored: %(value)s of %(of)s.") % {
        "title": instrument.title,
        "value": rows[0].value,
        "of": rows[0].of,
    }


def _unscored(scope: Scope, patient: UUID) -> list[AnswerSet]:
    """The answer sets that gave no score, so that a gap is seen as a gap."""
    scored = {s.answers_key for s in scores(scope, patient=patient)}
    return [a for a in answer_sets(scope, patient=patient) if a.key not in scored]


def _store_signs(form: VitalSigns, scope: Scope, patient: UUID) -> bool:
    signs = form.given()
    keys = {sign: key_from(scope.site, str(form.cleaned_data["key"]), sign) for sign in signs}
    with once(scope, "measurement", key=min(keys.values()), at=now()) as at:
        facts = [_new(keys[sign], patient, sign, given, at) for sign, given in signs.items()]
        try:
            outcome = record_measurements(scope, facts)
        except ImplausibleMeasurement as refusal:
            for sign, key in keys.items():
                if key in refusal.problems:
                    form.add_error(sign, refusal.problems[key])
        else:
            if outcome.different:
                form.add_error(None, _("These were already recorded with other values. The new ones wait in the tray."))
    return form.is_valid()


def _new(key: UUID, patient: UUID, sign: str, given: tuple, at: datetime) -> NewMeasurement:
    value, unit = given
    return NewMeasurement(key=key, patient=patient, sign=sign, value=value, unit=unit, measured_at=at)


def _store_medicine(form: NewMedicine, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    with once(scope, "medicine", key=said["key"], at=now()) as at:
        return _try(
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
        )


def _try(form: KeyedForm, action: object, *args: object, **kwargs: object) -> bool:
    """Do it, or put the named no on top of the form."""
    try:
        action(*args, **kwargs)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True
