"""The page of a death: recorded, corrected, taken back, with all that was ever recorded of it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.desk.deaths import DeathEntry, death_day, note_death, told_of_death
from daybreak.desk.web.death_forms import BECAUSE_WORDS, MANNER, SOURCE_WORDS, DeathForm, TakeBackForm
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, requires, site_named, take_back_death

MAY = Permission.REGISTER_PATIENT
MANNER_WORDS = dict(MANNER)


@requires(MAY, purpose="a patient's death")
@require_http_methods(["GET", "POST"])
def death(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Record a death, or correct what was recorded; what stood before stays in the history."""
    demand_patient(scope, patient)
    stands = _standing(told_of_death(scope, patient))
    form = DeathForm(request.POST or None, correcting=_corrects(request, stands), initial=_initial(stands))
    if request.method == "POST" and form.is_valid() and _noted(form, scope, patient):
        messages.success(request, _("The death is recorded."))
        return redirect("desk:patient", site=scope.site, patient=patient)
    return _page(request, scope, patient, form, TakeBackForm(initial={"death": stands.row.key}) if stands else None)


@requires(MAY, purpose="a patient's death, taken back")
@require_POST
def take_back(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Say that a death was recorded in error."""
    demand_patient(scope, patient)
    form = TakeBackForm(request.POST)
    if form.is_valid():
        said = form.cleaned_data
        try:
            take_back_death(
                scope, key=said["key"], patient=patient, death=said["death"], because=said["because"], at=now()
            )
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The death is taken back. What was recorded stays in the history."))
            return redirect("desk:patient", site=scope.site, patient=patient)
    stands = _standing(told_of_death(scope, patient))
    return _page(request, scope, patient, DeathForm(correcting=bool(stands), initial=_initial(stands)), form)


def _page(
    request: HttpRequest, scope: Scope, patient: UUID, form: DeathForm, undo: TakeBackForm | None
) -> HttpResponse:
    told = told_of_death(scope, patient)
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "patient": patient,
        "form": form,
        "undo": undo,
        "entries": [(each, *_words(each)) for each in told],
        "stands": _standing(told) is not None,
    }
    return render(request, "desk/death.html", context, status=422 if form.errors or (undo and undo.errors) else 200)


def _noted(form: DeathForm, scope: Scope, patient: UUID) -> bool:
    try:
        note_death(scope, patient=patient, told=form.told(), at=now())
    except Refusal as no:
        field = getattr(no, "field", "")
        form.add_error(field if field in form.fields else None, str(no))
        return False
    return True


def _corrects(request: HttpRequest, stands: DeathEntry | None) -> bool:
    return bool(request.POST.get("corrects")) if request.method == "POST" else stands is not None


def _standing(told: list[DeathEntry]) -> DeathEntry | None:
    return next((each for each in told if each.stands), None)


def _initial(stands: DeathEntry | None) -> dict[str, object]:
    if stands is None:
        return {}
    row, cause = stands.row, stands.cause
    return {
        "corrects": row.key,
        "precision": row.precision,
        "died_on": row.died_on,
        "source": row.source,
        "manner": cause.manner if cause else "",
        "code": cause.code if cause else "",
    }


def _words(each: DeathEntry) -> tuple[str, str, str]:
    """Return what was recorded: when, why it replaced what stood before, the cause."""
    row, cause = each.row, each.cause
    when = _("Taken back") if row.taken_back else death_day(row.died_on, row.precision)
    why = BECAUSE_WORDS.get(row.because, "") or SOURCE_WORDS.get(row.source, "")
    said = "" if cause is None else " ".join(filter(None, (str(MANNER_WORDS[cause.manner]), cause.code)))
    return when, str(why), said
