"""Pages of screen that are read: the work list and the screening page."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.people.public import patient as patient_of
from daybreak.rulebook.public import FactDefinition, Protocol, evaluate
from daybreak.screen.actions import assess
from daybreak.screen.facts import facts_of
from daybreak.screen.queries import awaiting, decisions, diagnoses, past_treatments, referrals
from daybreak.screen.web.forms import choices_of
from daybreak.screen.web.presenters import ELSEWHERE, CriterionWords, criteria_of, decision_word, glance

SHOWN = 50


@requires(Permission.SCREEN, Permission.DECIDE, Permission.REGISTER_PATIENT, purpose="screening work list")
def worklist(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Who waits for a decision, the longest waiting first, and what each still needs."""
    at = now()
    waiting = awaiting(scope)
    shown = waiting[:SHOWN]
    names = persons(scope, [each.patient_key for each in shown], at=at)
    rows = []
    for each in shown:
        protocol = library().protocol(each.protocol)
        verdict = assess(scope, patient=each.patient_key, protocol=each.protocol, at=at)
        rows.append(
            {
                "entry": each,
                "name": names[each.patient_key].full_name,
                "protocol": protocol,
                "glance": glance(protocol, verdict),
            }
        )
    context = {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "at": at,
        "rows": rows,
        "count": len(waiting),
    }
    return render(request, "screen/worklist.html", context)


@requires(Permission.READ_PATIENT, purpose="screening of a patient")
def screening(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Why this patient can or cannot be treated today, criterion by criterion."""
    demand_patient(scope, patient)
    known = referrals(scope, patient=patient)
    context = {**frame(request, scope, patient), "referrals": known, "decisions": _decided(scope, patient)}
    if known:
        last = context["decisions"][0]["entry"] if context["decisions"] else None
        over = last.overridden if last and last.accepted and last.protocol == known[0].protocol else None
        context |= _screened(request, scope, patient, known[0].protocol, over)
    return render(request, "screen/screening.html", context)


def demand_patient(scope: Scope, patient: UUID) -> None:
    """Raise Http404 for a patient that is not at this site."""
    if patient_of(scope, patient) is None:
        raise Http404("No such patient")


def frame(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    """Return what every page of one patient needs."""
    return {
        "site": scope.site,
        "zone": site_named(scope.site).time_zone,
        "patient": patient,
        "at": now(),
        "may_screen": Permission.SCREEN in request.may,
        "may_measure": Permission.MEASURE in request.may,
        "may_decide": Permission.DECIDE in request.may,
        "may_refer": bool({Permission.SCREEN, Permission.REGISTER_PATIENT} & request.may),
    }


def _screened(
    request: HttpRequest, scope: Scope, patient: UUID, name: str, over: tuple[str, ...] | None
) -> dict[str, object]:
    at = now()
    protocol = library().protocol(name)
    facts = facts_of(scope, patient=patient, protocol=name, at=at)
    verdict = evaluate(protocol, "screening", facts, at=at)
    rows = criteria_of(protocol, verdict)
    return {
        "protocol": protocol,
        "verdict": verdict,
        "glance": glance(protocol, verdict, accepted_over=over),
        "accepted": over is not None,
        "unmet": [row for row in rows if row.truth == "not_met"],
        "unknown": [row for row in rows if row.truth == "unknown"],
        "met": [row for row in rows if row.truth == "met"],
        "supply": {row.id: _supply(row, protocol, request, scope, patient) for row in rows},
        "diagnoses": diagnoses(scope, patient=patient),
        "treatments": past_treatments(scope, patient=patient),
    }


def _supply(
    row: CriterionWords, protocol: Protocol, request: HttpRequest, scope: Scope, patient: UUID
) -> dict[str, object]:
    """How what this criterion asks can be supplied: links, and questions answered on the spot."""
    definitions = [protocol.fact(name) for name in row.asks]
    here = {"site": scope.site, "patient": patient}
    links = [
        (words, f"{reverse(name, kwargs={**here, **more})}?back={request.path}")
        for name, more, words in (ELSEWHERE[d.id] for d in definitions if d.id in ELSEWHERE)
        if Permission.MEASURE in request.may or name.startswith("screen:")
    ]
    return {
        "links": links if _may_supply(request) else [],
        "questions": [_question(d) for d in definitions if is_asked(d)],
    }


def _may_supply(request: HttpRequest) -> bool:
    return bool({Permission.SCREEN, Permission.MEASURE} & request.may)


def is_asked(definition: FactDefinition) -> bool:
    """Return whether a person answers this question by choosing, here."""
    return definition.how == "asked" and definition.kind in ("yes_no", "choice") and definition.id not in ELSEWHERE


def _question(definition: FactDefinition) -> dict[str, object]:
    return {"definition": definition, "choices": choices_of(definition), "key": new_key()}


def _decided(scope: Scope, patient: UUID) -> list[dict[str, object]]:
    found = decisions(scope, patient=patient)
    names = names_of_staff([d.decided_by for d in found] + [d.second_by for d in found if d.second_by])
    return [
        {
            "entry": each,
            "word": decision_word(each.decision, waits=each.waits_for_second),
            "by": names.get(each.decided_by, ""),
            "second_by": names.get(each.second_by, ""),
            "overridden": [a["question"] for a in each.answers if a["id"] in each.overridden],
            "second_key": new_key(),
        }
        for each in found
    ]
