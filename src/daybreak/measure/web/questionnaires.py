"""Pages of questionnaires: take one, record a total, look back over one, put right what was entered in error."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import as_typed
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.measure.actions import record_answers, record_total, retract_answers, retract_total
from daybreak.measure.definitions import words_wait
from daybreak.measure.queries import Score, answer_set, once, score_row, scores, scores_of
from daybreak.measure.web.frame import (
    attempt,
    back,
    back_initial,
    clock,
    demand_instrument,
    form_page,
    frame,
)
from daybreak.measure.web.history_figure import history_figure
from daybreak.measure.web.presenters import cut_off_rows, history_rows, newest_words
from daybreak.measure.web.questionnaire_forms import Questionnaire, Total
from daybreak.people.public import demand_patient, requires
from daybreak.rulebook.public import ImpossibleAnswer, Instrument


@requires(Permission.MEASURE, purpose="taking a questionnaire")
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, scope: Scope, patient: UUID, instrument: str) -> HttpResponse:
    """Take one questionnaire on one page, or put right the answers to it."""
    demand_patient(scope, patient)
    questionnaire, note = _current(scope, instrument, request.POST.get("version"))
    initial = _initial(request, scope, patient)
    form = Questionnaire(questionnaire, _carried(request, questionnaire), initial=initial, **clock(scope))
    if note:
        form.add_error(None, note)
    elif request.method == "POST" and form.is_valid() and _store_answers(form, scope, patient):
        messages.success(request, newest_words(questionnaire, scores_of(scope, form.cleaned_data["key"])))
        return redirect(back(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, **_about(scope, questionnaire)}
    return form_page(request, "measure/take.html", context)


@requires(Permission.MEASURE, purpose="recording a total")
@require_http_methods(["GET", "POST"])
def total(request: HttpRequest, scope: Scope, patient: UUID, instrument: str) -> HttpResponse:
    """Record a score whose answers are not known here."""
    demand_patient(scope, patient)
    questionnaire, note = _current(scope, instrument, request.POST.get("version"))
    initial = {**back_initial(request), **_corrected_total(request, scope, patient)}
    form = Total(questionnaire, _carried(request, questionnaire), initial=initial, **clock(scope))
    if note:
        form.add_error(None, note)
    elif request.method == "POST" and form.is_valid() and _store_total(form, scope, patient):
        messages.success(request, _("%(title)s is stored.") % {"title": questionnaire.title})
        return redirect(back(request, scope, form, patient))
    context = {**frame(request, scope, patient), "form": form, **_about(scope, questionnaire)}
    return form_page(request, "measure/total.html", context)


@requires(Permission.READ_PATIENT, purpose="scores of a patient")
def history(request: HttpRequest, scope: Scope, patient: UUID, instrument: str) -> HttpResponse:
    """Every score of one instrument over time, with its bands and cut-offs."""
    demand_patient(scope, patient)
    every = scores(scope, patient=patient, instrument=instrument)
    questionnaire = _read_as(scope, instrument, every)
    context = {
        **frame(request, scope, patient),
        **_about(scope, questionnaire),
        "rows": history_rows(questionnaire, every),
        "figure": history_figure(questionnaire, every, zone=str(clock(scope)["zone"])),
        "cut_offs": cut_off_rows(questionnaire),
    }
    return render(request, "measure/history.html", context)


@requires(Permission.MEASURE, purpose="taking back an entry made in error")
@require_POST
def retract(request: HttpRequest, scope: Scope, patient: UUID, instrument: str, entry: UUID) -> HttpResponse:
    """Take back answers or a total that were entered in error; the rows stay."""
    demand_patient(scope, patient)
    if answer_set(scope, patient=patient, key=entry):
        retract_answers(scope, patient=patient, answers=entry)
    elif score_row(scope, patient=patient, key=entry, instrument=instrument):
        retract_total(scope, patient=patient, score=entry)
    else:
        raise Http404("No such entry")
    messages.success(request, _("Taken back: it no longer counts. What was entered stays in the record."))
    return redirect("measure:history", site=scope.site, patient=patient, instrument=instrument)


def _read_as(scope: Scope, name: str, every: list[Score]) -> Instrument:
    """Return the version in use, or, for an instrument that is no longer in use, the one of the newest score."""
    try:
        return demand_instrument(scope, name)
    except Http404:
        if not every:
            raise
        return demand_instrument(scope, name, str(every[-1].version))


def _current(scope: Scope, name: str, sent: str | None) -> tuple[Instrument, str]:
    """Return the version to show, and a sentence where the one that was sent is no longer in use."""
    opened = demand_instrument(scope, name, sent)
    try:
        newest = demand_instrument(scope, name)
    except Http404:
        if sent is None:
            raise
        gone = _("%(title)s is no longer in use here, so the answers cannot be stored. They stay on this page.")
        return opened, gone % {"title": opened.title}
    if sent is None or opened.version == newest.version:
        return newest, ""
    said = _(
        "%(title)s has changed since you opened this page: version %(old)s was retired and version %(new)s is in use. "
        "Your answers are kept below; check them and store again."
    )
    return newest, said % {"title": newest.title, "old": opened.version, "new": newest.version}


def _carried(request: HttpRequest, questionnaire: Instrument) -> QueryDict | None:
    """Return what was sent, under the version that is shown now."""
    if request.method != "POST":
        return None
    sent = request.POST.copy()
    sent["version"] = str(questionnaire.version)
    return sent


def _initial(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    """Return what a form begins with: the answers to put right, where some are named."""
    old = _entry(request, lambda key: answer_set(scope, patient=patient, key=key))
    if old is None:
        return back_initial(request)
    kept = {"corrects": old.key, "by": old.by, "look_back_days": old.look_back_days}
    return {
        **back_initial(request),
        **old.answers,
        **kept,
        "when": as_typed(old.answered_at, str(clock(scope)["zone"])),
    }


def _corrected_total(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    old = _entry(request, lambda key: score_row(scope, patient=patient, key=key))
    if old is None:
        return {}
    kept = {"name": old.name, "value": old.value.normalize(), "rater": old.rater, "look_back_days": old.look_back_days}
    return {**kept, "corrects": old.key, "when": as_typed(old.answered_at, str(clock(scope)["zone"]))}


def _entry(request: HttpRequest, find: object) -> object:
    named = request.GET.get("corrects")
    try:
        key = UUID(named) if named else None
    except ValueError:
        key = None
    found = find(key) if key else None
    if named and found is None and request.method == "GET":
        raise Http404("No such entry")
    return found


def _store_answers(form: Questionnaire, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    with once(scope, "answers", key=said["key"], at=said["when"] or now()) as at:
        try:
            record_answers(
                scope,
                key=said["key"],
                patient=patient,
                instrument=form.instrument.id,
                version=said["version"],
                answers=form.answers(),
                answered_at=at,
                by=said.get("by") or "staff",
                look_back_days=form.window,
                corrects=said["corrects"],
            )
        except ImpossibleAnswer as refusal:
            for item, sentence in refusal.problems.items():
                form.add_error(item if item in form.fields else None, sentence)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return form.is_valid()


def _store_total(form: Total, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    with once(scope, "total", key=said["key"], at=said["when"] or now()) as at:
        stored = attempt(
            form,
            record_total,
            scope,
            key=said["key"],
            patient=patient,
            instrument=form.instrument.id,
            name=said["name"],
            value=said["value"],
            answered_at=at,
            by="staff",
            rater=said["rater"],
            look_back_days=form.window,
            corrects=said["corrects"],
        )
    return stored


def _about(scope: Scope, instrument: Instrument) -> dict[str, object]:
    """Return the instrument, and the version for which the site holds licensed words where it holds none for this."""
    return {"instrument": instrument, "words_for": words_wait(scope.site, instrument)}
