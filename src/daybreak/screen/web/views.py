"""Pages of screen that are read: the work list and the screening page."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from daybreak.identity.public import persons
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library
from daybreak.people.public import demand_patient, names_of_staff, requires, roles_at, site_named
from daybreak.rulebook.public import FactDefinition, Protocol
from daybreak.screen.background import Background, background_of
from daybreak.screen.queries import (
    Finding,
    attachments,
    awaiting,
    current_findings,
    decisions,
    diagnoses,
    referrals,
)
from daybreak.screen.situation import Situation, assess, situation_of
from daybreak.screen.web.forms import choices_of
from daybreak.screen.web.frozen_words import ChangeWords, change_words, said_words
from daybreak.screen.web.presenters import (
    CriterionWords,
    criteria_of,
    decision_word,
    flag_words,
    glance,
    place_of,
    who_words,
)
from daybreak.screen.web.steps import is_asked, steps_of
from daybreak.screen.web.treatment_words import staged_words, treatment_words

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
        protocol = library().latest_protocol(each.protocol)
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
        context |= _screened(request, scope, patient)
        context["files"] = attachments(scope, patient=patient)
    return render(request, "screen/screening.html", context)


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


def _screened(request: HttpRequest, scope: Scope, patient: UUID) -> dict[str, object]:
    situation = situation_of(scope, patient=patient, at=now())
    protocol, last = situation.protocol, situation.last
    turned = {each.id for each in situation.changes.criteria} if situation.changes else set()
    gone = situation.turned_against
    over = set(last.overridden) - turned if last and last.accepted and not gone else None
    rows = criteria_of(protocol, situation.verdict)
    background = background_of(scope, patient=patient, at=now())
    supplier = _Supplier(request, scope, patient, protocol)
    return {
        "protocol": protocol,
        "glance": glance(protocol, situation.verdict, accepted_over=over),
        "accepted": over is not None,
        "gone": [answer.question for answer in gone],
        "changes": _changes(situation),
        "unmet": [row for row in rows if row.truth == "not_met"],
        "unknown": [row for row in rows if row.truth == "unknown"],
        "met": [row for row in rows if row.truth == "met"],
        "supply": {row.id: supplier.supply(row) for row in rows},
        "diagnoses": diagnoses(scope, patient=patient),
        "treatments": treatment_words(background.treatments),
        "staged": staged_words(background.staged),
        "flags": flag_words(background),
        "beside": _beside(background, protocol),
        "first_step": steps_of(protocol)[0][0].id,
    }


def _changes(situation: Situation) -> list[ChangeWords]:
    """What changed since the newest decision on this protocol, in words."""
    questions = {fact.id: fact.question for fact in situation.protocol.facts_of("screening")}
    return change_words(situation.changes, questions) if situation.changes else []


def _beside(background: Background, protocol: Protocol) -> list[dict[str, str]]:
    """The guided history's own questions: what was answered, or that it is unknown and who can supply it. What a
    criterion of the protocol asks is answered there, from every record, and not once more here.
    """
    by_criteria = {gate.ask for criterion in protocol.screening for gate in criterion.gates}
    found = []
    for each in background.asked:
        if each.id in by_criteria:
            continue
        row = background.findings.get(each.id)
        known = row is not None and row.value is not None
        said = said_words(row.value) if known else ""
        found.append(
            {
                "question": each.question,
                "answer": said[:1].upper() + said[1:],
                "who": who_words(each.supplied_by),
            }
        )
    return found


class _Supplier:
    """Says how what a criterion asks can be supplied by this person: links, and questions answered on the spot."""

    def __init__(self, request: HttpRequest, scope: Scope, patient: UUID, protocol: Protocol) -> None:
        self.here = {"site": scope.site, "patient": patient}
        self.protocol, self.may, self.path = protocol, request.may, request.path
        today = day_of(now(), site_named(scope.site).time_zone)
        self.roles = roles_at(account=request.user.key, site=scope.site, on=today)
        self.known: dict[str, Finding] = current_findings(scope, patient=patient)

    def supply(self, row: CriterionWords) -> dict[str, object]:
        """Return the links and the questions for one criterion."""
        definitions = [self.protocol.fact(name) for name in row.asks]
        links = [self._link(place) for d in definitions if (place := place_of(d))]
        return {
            "links": [link for link in links if link],
            "questions": [self._question(d) for d in definitions if self._may_answer(d)],
        }

    def _link(self, elsewhere: tuple[str, dict[str, str], str]) -> tuple[str, str] | None:
        name, more, words = elsewhere
        needed = Permission.SCREEN if name.startswith("screen:") else Permission.MEASURE
        return (
            (words, f"{reverse(name, kwargs={**self.here, **more})}?back={self.path}") if needed in self.may else None
        )

    def _may_answer(self, definition: FactDefinition) -> bool:
        if not is_asked(definition) or definition.kind not in ("yes_no", "choice"):
            return False
        mine = Permission.MEASURE in self.may and bool(self.roles & set(definition.supplied_by))
        return Permission.SCREEN in self.may or mine

    def _question(self, definition: FactDefinition) -> dict[str, object]:
        known = self.known.get(definition.id)
        return {
            "definition": definition,
            "choices": choices_of(definition),
            "key": new_key(),
            "was": known.key if known else "",
        }


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
