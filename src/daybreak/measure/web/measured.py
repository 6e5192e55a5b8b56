"""Pages of what is measured outside sessions: vital signs and laboratory results, and putting them right."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import as_typed
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import known_units, same_kind
from daybreak.measure.actions import (
    BeforeBirth,
    read_measurement,
    record_lab_result,
    record_measurements,
    retract_lab_result,
    retract_measurement,
)
from daybreak.measure.definitions import fact_definition, lab_tests, library
from daybreak.measure.queries import Measurement, lab_result, lab_results, measurement, newest_measurements, once
from daybreak.measure.rules import (
    HouseValue,
    ImplausibleMeasurement,
    NewLabResult,
    NewMeasurement,
    first_weight_in_doubt,
    slip_of_the_unit,
    sudden_change,
    units_of,
)
from daybreak.measure.web.forms import CorrectedSign, LabForm, VitalSigns
from daybreak.measure.web.frame import attempt, back, back_initial, clock, form_page, frame
from daybreak.measure.web.presenters import lab_rows, sign_word
from daybreak.people.public import demand_patient, requires
from daybreak.rulebook.public import FactDefinition


@requires(Permission.MEASURE, purpose="recording vital signs")
@require_http_methods(["GET", "POST"])
def vital_signs(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record signs outside a session."""
    demand_patient(scope, patient)
    form = VitalSigns(request.POST or None, initial=back_initial(request), **clock(scope))
    if request.method == "POST" and form.is_valid() and _store_signs(form, scope, patient):
        messages.success(request, _("The measurements are recorded."))
        return redirect(back(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, "doubted": _is_doubted(form)}
    return form_page(request, "measure/vital_signs.html", context)


@requires(Permission.MEASURE, purpose="correcting a measurement")
@require_http_methods(["GET", "POST"])
def correct_sign(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Put one measurement right: a new row that names the old one."""
    demand_patient(scope, patient)
    old = measurement(scope, patient=patient, key=entry)
    if old is None:
        raise Http404("No such measurement")
    initial = {"value": old.given_value.normalize(), "unit": old.given_unit, **back_initial(request)}
    form = CorrectedSign([old.unit, *same_kind(old.unit)], request.POST or None, initial=initial, **clock(scope))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        given, at = (said["value"], said["unit"]), said["when"] or old.measured_at
        fact = replace(_new(said["key"], patient, old.sign, given, at), how=old.how, corrects=old.key)
        if _record_signs(form, scope, {"value": fact}):
            messages.success(request, _("The measurement is corrected. The old one stays in the record."))
            return redirect(back(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, "old": old, "sign": sign_word(old.sign)}
    return form_page(request, "measure/correct_sign.html", context)


@requires(Permission.MEASURE, purpose="taking back an entry made in error")
@require_POST
def retract_sign(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Take back a measurement that was entered in error; the row stays."""
    demand_patient(scope, patient)
    if measurement(scope, patient=patient, key=entry) is None:
        raise Http404("No such measurement")
    retract_measurement(scope, patient=patient, measurement_key=entry)
    messages.success(request, _("Taken back: it no longer counts. What was entered stays in the record."))
    return redirect("measure:patient", site=scope.site, patient=patient)


@requires(Permission.MEASURE, purpose="recording laboratory results")
@require_http_methods(["GET", "POST"])
def labs(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """The laboratory results of one patient, and a form to add one or put one right."""
    demand_patient(scope, patient)
    tests = lab_tests(library())
    initial = {**back_initial(request), **_old_lab(request, scope, patient)}
    form = LabForm(tests, _units_of_any(tests), request.POST or None, initial=initial, **clock(scope))
    if request.method == "POST" and form.is_valid() and _store_lab(form, scope, patient):
        messages.success(request, _("The result is recorded."))
        return redirect(back(request, scope, form, patient, "measure:labs"))
    context = {
        **frame(request, scope, patient),
        "form": form,
        "doubted": _is_doubted(form),
        "labs": lab_rows(tests, lab_results(scope, patient=patient)),
    }
    return form_page(request, "measure/labs.html", context)


@requires(Permission.MEASURE, purpose="taking back an entry made in error")
@require_POST
def retract_lab(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Take back a result that was entered in error; the row stays."""
    demand_patient(scope, patient)
    if lab_result(scope, patient=patient, key=entry) is None:
        raise Http404("No such result")
    retract_lab_result(scope, patient=patient, result=entry)
    messages.success(request, _("Taken back: it no longer counts. What was entered stays in the record."))
    return redirect("measure:labs", site=scope.site, patient=patient)


def _is_doubted(form: VitalSigns | LabForm) -> bool:
    """Whether the box that says “right as typed” is to be shown."""
    return bool(getattr(form, "doubted", False)) or bool(form.is_bound and form.data.get("sure"))


def _store_signs(form: VitalSigns, scope: Scope, patient: UUID) -> bool:
    signs = form.given()
    keys = {sign: key_from(scope.site, str(form.cleaned_data["key"]), sign) for sign in signs}
    with once(scope, "measurement", key=min(keys.values()), at=form.cleaned_data["when"] or now()) as at:
        facts = {sign: _new(keys[sign], patient, sign, given, at) for sign, given in signs.items()}
        return not _doubt_signs(form, scope, patient, facts) and _record_signs(form, scope, facts)


def _new(key: UUID, patient: UUID, sign: str, given: tuple, at: datetime) -> NewMeasurement:
    value, unit = given
    return NewMeasurement(key=key, patient=patient, sign=sign, value=value, unit=unit, measured_at=at)


def _record_signs(form: VitalSigns | CorrectedSign, scope: Scope, facts: dict[str, NewMeasurement]) -> bool:
    """Store measurements, each under the field that it came from."""
    try:
        outcome = record_measurements(scope, list(facts.values()))
    except ImplausibleMeasurement as refusal:
        for field, fact in facts.items():
            if fact.key in refusal.problems:
                form.add_error(field, refusal.problems[fact.key])
    except BeforeBirth as refusal:
        form.add_error(refusal.field, str(refusal))
    else:
        if outcome.different:
            form.add_error(None, _("These were already recorded with other values. The new ones wait in the tray."))
    return form.is_valid()


def _doubt_signs(form: VitalSigns, scope: Scope, patient: UUID, facts: dict[str, NewMeasurement]) -> bool:
    """Ask about a number that fits the last one better in another unit, unless it was said to be right."""
    if form.cleaned_data["sure"]:
        return False
    newest = newest_measurements(scope, patient=patient)
    for sign, fact in facts.items():
        before = newest.get(sign)
        if before is not None and before.key == fact.key:
            continue
        house = read_measurement(fact)
        doubt = None if house.trouble else _doubt(fact, house, before, _height(facts, newest))
        if doubt:
            form.add_error(sign, doubt)
            form.doubted = True
    return not form.is_valid()


def _doubt(fact: NewMeasurement, house: HouseValue, before: Measurement | None, height: Decimal | None) -> str | None:
    if before is None:
        return first_weight_in_doubt(fact.value, fact.unit, height_cm=height) if fact.sign == "weight" else None
    if slip := slip_of_the_unit(fact.value, fact.unit, into=before.unit, last=before.value):
        return slip
    last = HouseValue(before.value, before.unit, None)
    after = fact.measured_at - before.measured_at
    return sudden_change(house, last=last, after=after) if fact.sign == "weight" else None


def _height(facts: dict[str, NewMeasurement], newest: dict[str, Measurement]) -> Decimal | None:
    if "height" in facts:
        return read_measurement(facts["height"]).value
    return newest["height"].value if "height" in newest else None


def _units_of_any(tests: Sequence[FactDefinition]) -> list[str]:
    """The units that at least one of the tests can be read in."""
    readable = {unit for test in tests if test.unit for unit in units_of(test)}
    return [unit for unit in known_units() if unit in readable]


def _old_lab(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    try:
        named = UUID(request.GET.get("corrects", ""))
    except ValueError:
        return {}
    old = lab_result(scope, patient=patient, key=named)
    if old is None:
        raise Http404("No such result")
    numbers = {name: getattr(old, name) for name in ("low", "high")} | {"value": old.given_value}
    plain = {name: value.normalize() for name, value in numbers.items() if value is not None}
    words = {"test": old.test, "comparator": old.comparator, "unit": old.given_unit, "finding": old.finding}
    return {**plain, **words, "corrects": old.key, "when": as_typed(old.collected_at, str(clock(scope)["zone"]))}


def _store_lab(form: LabForm, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    if not said["sure"] and _doubts_lab(form, scope, patient):
        return False
    with once(scope, "lab", key=said["key"], at=said["when"] or now()) as at:
        new = NewLabResult(
            key=said["key"],
            patient=patient,
            test=said["test"],
            value=said["value"],
            unit=said["unit"],
            comparator=said["comparator"],
            finding=said["finding"],
            low=said["low"],
            high=said["high"],
            collected_at=at,
            corrects=said["corrects"],
        )
        return attempt(form, record_lab_result, scope, new)


def _doubts_lab(form: LabForm, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    definition = fact_definition(library(), said["test"])
    before = [row for row in lab_results(scope, patient=patient, test=said["test"]) if row.value is not None]
    others = [row for row in before if row.key not in (said["key"], said["corrects"])]
    if definition is None or said["value"] is None or not others or said["unit"] not in ("", *units_of(definition)):
        return False
    unit, mass = said["unit"] or definition.unit, definition.molar_mass
    if doubt := slip_of_the_unit(said["value"], unit, into=definition.unit, last=others[-1].value, molar_mass=mass):
        form.add_error("value", doubt)
        form.doubted = True
    return not form.is_valid()
