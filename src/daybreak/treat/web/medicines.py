"""Medicines and oxygen in a session: written down with few touches, seen beside the dose, corrected on a page of their
own.
"""

from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import clock
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions.medicines import correct_medicine, mark_never_given, note_medicine
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.medicines import MedicineEntry, choices, medicine_entry, medicines_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.medicines import OXYGEN
from daybreak.treat.web.alarms import page_of
from daybreak.treat.web.entered import again
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, zone_of
from daybreak.treat.web.given import form_for, lines_of
from daybreak.treat.web.medicine_forms import GiveMedicine, medicine_words, moment_of
from daybreak.treat.web.presenters import plain


@requires(Permission.RUN_SESSION, purpose="a medicine of a session")
@require_POST
def medicines_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Write down a medicine, or the flow of oxygen."""
    now = found(scope, session)
    form = form_for(scope, now, request.POST)
    if not form.is_valid():
        return again(request, scope, now, medicine_form=form)
    said, key = form.cleaned_data, form.cleaned_data["key"]
    moment = moment_of(said["when"], zone=zone_of(scope), at=this_moment())
    try:
        with told("medicine", scope, key=key, at=moment) as at:
            note_medicine(scope, key=key, session=session, new=form.said(), at=at, given_by=said["given_by"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return again(request, scope, now, medicine_form=form)
    entry = medicine_entry(scope, key)
    if entry:
        messages.success(request, _("Recorded: %(what)s.") % {"what": medicine_words(entry)})
    return redirect(page_of(request, scope, session))


@requires(Permission.RUN_SESSION, purpose="correcting a medicine")
@require_http_methods(["GET", "POST"])
def medicine_page(request: HttpRequest, scope: Scope, medicine: UUID) -> HttpResponse:
    """One medicine: what was written, to be stated anew, or marked as never given."""
    entry = medicine_entry(scope, medicine)
    if entry is None:
        raise Http404("No such medicine")
    now, row, zone = found(scope, entry.row.session_key), entry.row, zone_of(scope)
    form = form_for(scope, now, initial=_so_far(entry, zone))
    if request.method == "POST":
        form = form_for(scope, now, request.POST)
        if _mended(request, scope, entry, form, zone):
            return redirect("treat:session", site=scope.site, session=row.session_key)
    return _draw(request, scope, now, entry, form)


def _mended(request: HttpRequest, scope: Scope, entry: MedicineEntry, form: GiveMedicine, zone: str) -> bool:
    row = entry.row
    if "never" in request.POST:
        key = form.fields["key"].clean(request.POST.get("key", ""))
        return done(
            request, scope, "medicine", key, this_moment(),
            action=lambda at: mark_never_given(scope, key=key, medicine=row.key, at=this_moment()),
        )  # fmt: skip
    if not form.is_valid():
        return False
    said, key = form.cleaned_data, form.cleaned_data["key"]
    moment = moment_of(said["when"], zone=zone, at=this_moment(), near=row.given_at)
    moment = row.given_at if said["when"] is None or clock(moment, zone) == clock(row.given_at, zone) else moment
    try:
        with told("medicine", scope, key=key, at=moment) as at:
            correct_medicine(scope, key=key, medicine=row.key, new=form.said(), at=at, given_by=said["given_by"])
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _so_far(entry: MedicineEntry, zone: str) -> dict[str, object]:
    row, listed = entry.row, {code.means for code in choices()}
    return {
        "medicine": row.medicine if row.medicine in listed else "other",
        "name": "" if row.medicine in listed else entry.name,
        "dose": "" if row.dose is None else plain(row.dose),
        "unit": row.unit,
        "route": row.route,
        "flow": "" if row.flow is None else plain(row.flow),
        "device": row.device,
        "reason": row.reason,
        "how": row.how,
        "given_by": row.given_by,
        "when": clock(row.given_at, zone),
    }


def _draw(request: HttpRequest, scope: Scope, now: SessionNow, entry: MedicineEntry, form: Form) -> HttpResponse:
    row, zone = entry.row, zone_of(scope)
    stands = not row.mark and any(each.row.key == row.key for each in medicines_of(scope, row.session_key))
    by = names_of_staff({row.recorded_by}).get(row.recorded_by, "–")
    context = {
        **frame(request, scope, now, this_moment()),
        "row": row,
        "is_oxygen": row.medicine == OXYGEN,
        "line": lines_of(scope, [entry], zone=zone)[0],
        "by": by,
        "stands": stands,
        "form": form,
    }
    return render(request, "treat/medicine.html", context, status=NOT_DONE if form.is_bound else 200)
