"""Pages of the decision: taken, signed by a second clinician, and read again later exactly as it was."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.design.public import KeyedForm
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import demand_patient, names_of_staff, requires
from daybreak.screen.actions import ScreeningChanged, decide, second_decision
from daybreak.screen.background import background_of
from daybreak.screen.queries import decisions, once
from daybreak.screen.rules import Override, OverrideRefused, standing_against
from daybreak.screen.situation import Situation, situation_of
from daybreak.screen.web.forms import NewDecision
from daybreak.screen.web.frozen_words import frozen_words
from daybreak.screen.web.presenters import flag_words, glance
from daybreak.screen.web.telling import initial_of, page, protocol_of
from daybreak.screen.web.treatment_words import staged_words
from daybreak.screen.web.views import frame


@requires(Permission.DECIDE, purpose="deciding on treatment")
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Decide, with everything that stands against acceptance in view."""
    demand_patient(scope, patient)
    protocol_of(scope, patient)
    situation = situation_of(scope, patient=patient, at=now())
    form = NewDecision(standing_against(situation.verdict), request.POST or None, initial=initial_of(request))
    if request.method == "POST" and form.is_valid() and _stored(form, scope, patient):
        messages.success(request, _("The decision is recorded with every fact it rests on."))
        return redirect("screen:patient", site=scope.site, patient=patient)
    return page(
        request, "screen/decision.html", {**frame(request, scope, patient), **_shown(form, request, scope, patient)}
    )


def _shown(form: NewDecision, request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    """The situation as it stands now, with the mark of what was shown first until a change was said."""
    at = now()
    situation: Situation = situation_of(scope, patient=patient, at=at)
    background = background_of(scope, patient=patient, at=at)
    is_kept = request.method == "POST" and not getattr(form, "overtaken", False)
    return {
        "form": form,
        "seen": request.POST.get("seen", "") if is_kept else situation.mark,
        "protocol": situation.protocol,
        "glance": glance(situation.protocol, situation.verdict),
        "staged": staged_words(background.staged),
        "flags": flag_words(background),
    }


def _stored(form: NewDecision, scope: Scope, patient: UUID) -> bool:
    said = form.cleaned_data
    override = None
    if said["override"] or said["override_reason"].strip():
        override = Override(tuple(said["override"]), said["override_reason"])
    key = said["key"]
    try:
        with once(scope, "decision", key=key, at=now()) as at:
            decide(
                scope,
                key=key,
                patient=patient,
                decision=said["decision"],
                reason=said["reason"],
                at=at,
                override=override,
                seen=said["seen"],
            )
    except OverrideRefused as refusal:
        form.add_error("override_reason" if said["override"] else "override", str(refusal))
    except ScreeningChanged as changed:
        form.overtaken = True
        form.add_error(None, str(changed))
    except Refusal as refusal:
        field = getattr(refusal, "field", "")
        form.add_error(field if field in form.fields else None, str(refusal))
    return form.is_valid()


@requires(Permission.READ_PATIENT, purpose="reading a decision again")
@require_GET
def decided(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """A decision as it was frozen: version, fingerprint, every fact and every answer."""
    demand_patient(scope, patient)
    found = next((each for each in decisions(scope, patient=patient) if each.key == entry), None)
    if found is None:
        raise Http404("No such decision")
    names = names_of_staff(key for key in (found.decided_by, found.second_by) if key)
    context = {
        "entry": found,
        "by": names.get(found.decided_by, ""),
        "second_by": names.get(found.second_by, ""),
        "frozen": frozen_words(found),
        "is_mine": found.decided_by == scope.actor,
        "second_key": new_key(),
    }
    return page(request, "screen/decided.html", {**frame(request, scope, patient), **context})


@requires(Permission.DECIDE, purpose="second signature under an override")
@require_POST
def second(request: HttpRequest, scope: Scope, patient: UUID, entry: UUID) -> HttpResponse:
    """Sign an override as the second clinician, in one's own session."""
    demand_patient(scope, patient)
    form = KeyedForm(request.POST)
    if not form.is_valid():
        raise Http404("No such form")
    key = form.cleaned_data["key"]
    with once(scope, "second signature", key=key, at=now()) as at:
        second_decision(scope, key=key, patient=patient, decision=entry, at=at)
    messages.success(request, _("You have signed beside the decision."))
    return redirect("screen:patient", site=scope.site, patient=patient)
