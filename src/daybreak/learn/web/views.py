"""Pages of learning: the list, the preview, the sections, the evaluation and the claim."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.learn.actions import claim, enrol, evaluate, read_section
from daybreak.learn.definitions import course_named, courses
from daybreak.learn.queries import (
    accreditation,
    certificate_of,
    enrolment_of,
    enrolments,
    progress_of,
)
from daybreak.learn.rules import CATEGORY_1, Accreditation, days_left, is_open, next_step, statements, unread
from daybreak.learn.web.forms import ClaimForm, EvaluationForm
from daybreak.learn.web.markdown import parts_of
from daybreak.learn.web.presenters import (
    credits_offered,
    disclosure_words,
    fee_words,
    in_italics,
    listed,
    role_word,
    section_line,
    section_states,
    step_labels,
    step_place,
)
from daybreak.people.public import requires, site_named
from daybreak.rulebook.public import LearningActivity

NOT_SAVED = 422
ADDRESSES = {"quiz": "learn:quiz", "evaluate": "learn:evaluation", "claim": "learn:claim"}


@requires(purpose="courses")
def catalogue(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List the courses, and how far one has come in each."""
    mine, on = enrolments(scope, account=scope.actor), today(scope)
    provider = _provider(scope, on)
    rows = [
        listed(
            _own_version(course, mine.get(course.id)), progress_of(scope, mine.get(course.id)), on=on, provider=provider
        )
        for course in courses()
    ]
    may_name = Permission.MANAGE_SITE in request.may
    return render(request, "learn/catalogue.html", {"site": scope.site, "rows": rows, "may_name": may_name})


@requires(purpose="the preview of a course")
def preview(request: HttpRequest, scope: Scope, course: str) -> HttpResponse:
    """Show all that somebody must see before they begin, and the next step."""
    return _preview(request, scope, course)


@requires(purpose="beginning a course")
@require_http_methods(["POST"])
def begin(request: HttpRequest, scope: Scope, course: str) -> HttpResponse:
    """Begin the course."""
    try:
        enrol(scope, course=course, at=now())
    except Refusal as no:
        return _preview(request, scope, course, sentence=str(no), status=NOT_SAVED)
    return onward(scope, course)


@requires(purpose="reading a course")
@require_http_methods(["GET", "POST"])
def section(request: HttpRequest, scope: Scope, course: str, section: str) -> HttpResponse:
    """Show a section; the button below it says that it was read."""
    frame = course_frame(scope, course)
    found, enrolment = frame["course"].section(section), frame["enrolment"]
    if found is None:
        raise Http404("No such section")
    sentence = ""
    if request.method == "POST":
        try:
            read_section(scope, enrolment=enrolment, section=section, at=now())
        except Refusal as no:
            sentence = str(no)
        else:
            return onward(scope, course)
    waiting = unread(frame["course"], frame["progress"])
    if section in waiting and section != waiting[0]:
        sentence = sentence or _("The sections are read in their order. This one comes later.")
        context = {**frame, "sentence": sentence}
        return render(request, "learn/not_yet.html", context, status=409)
    context = {
        **frame,
        "section": found,
        "line": section_line(frame["course"], found),
        "parts": parts_of(frame["course"], found, site=scope.site),
        "is_read": section not in waiting,
        "references": frame["course"].provenance.references,
        "sentence": sentence,
    }
    return render(request, "learn/section.html", context)


@requires(purpose="judging a course")
@require_http_methods(["GET", "POST"])
def evaluation(request: HttpRequest, scope: Scope, course: str) -> HttpResponse:
    """Ask what the learner thinks of the course."""
    frame = course_frame(scope, course)
    if frame["step"] != "evaluate":
        return elsewhere(request, scope, frame)
    form = EvaluationForm(request.POST or None, course=frame["course"])
    if request.method == "POST" and form.is_valid():
        try:
            evaluate(scope, enrolment=frame["enrolment"], answers=form.answers(), at=now())
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            return onward(scope, course)
    status = NOT_SAVED if form.errors else 200
    return render(request, "learn/evaluation.html", {**frame, "form": form}, status=status)


@requires(purpose="claiming credit")
@require_http_methods(["GET", "POST"])
def claim_credit(request: HttpRequest, scope: Scope, course: str) -> HttpResponse:
    """Ask how long somebody took part and what they claim, and grant the certificate."""
    frame = course_frame(scope, course)
    if frame["step"] != "claim":
        return elsewhere(request, scope, frame)
    named = _provider(scope, today(scope))
    provider = named.name if named else ""
    form = ClaimForm(request.POST or None, course=frame["course"], provider=provider)
    if request.method == "POST" and form.is_valid():
        try:
            granted = claim(scope, enrolment=frame["enrolment"], at=now(), **form.said())
        except Refusal as no:
            form.add_error(getattr(no, "field", None), str(no))
        else:
            return redirect("learn:certificate", site=scope.site, code=granted.code)
    context = {**frame, "form": form, "provider": provider}
    return render(request, "learn/claim.html", context, status=NOT_SAVED if form.errors else 200)


def course_frame(scope: Scope, course: str) -> dict[str, object]:
    """Return what every page of a course that was begun needs; raise Http404 where it was not."""
    enrolment = enrolment_of(scope, account=scope.actor, course=course)
    found = enrolment and course_named(course, enrolment.version)
    if enrolment is None or found is None:
        raise Http404("This course was not begun")
    progress = progress_of(scope, enrolment)
    step = next_step(found, progress)
    return {
        "site": scope.site,
        "course": found,
        "enrolment": enrolment,
        "progress": progress,
        "step": step,
        "steps": step_labels(),
        "place": step_place(step),
    }


def onward(scope: Scope, course: str) -> HttpResponse:
    """Go to the step that comes next."""
    frame = course_frame(scope, course)
    if frame["step"] == "read":
        return redirect(
            "learn:section", site=scope.site, course=course, section=unread(frame["course"], frame["progress"])[0]
        )
    if frame["step"] == "done":
        return redirect("learn:course", site=scope.site, course=course)
    return redirect(ADDRESSES[frame["step"]], site=scope.site, course=course)


def elsewhere(request: HttpRequest, scope: Scope, frame: dict[str, object]) -> HttpResponse:
    """Say what comes first, for a step that is not the next one; what is done leads to the course."""
    sentences = {
        "read": _("Read every section first."),
        "quiz": _("Pass the quiz first."),
        "evaluate": _("Answer the questions about the course first."),
        "claim": _("This is done. Claim your credit next."),
        "done": _("This is done, and your certificate is granted."),
    }
    return render(request, "learn/not_yet.html", {**frame, "sentence": sentences[frame["step"]]}, status=409)


def today(scope: Scope) -> date:
    """Return the day at the site."""
    return day_of(now(), site_named(scope.site).time_zone)


def _provider(scope: Scope, on: date) -> Accreditation | None:
    """Return the accredited provider that may be named on this day, or nothing."""
    named = accreditation(scope)
    return named if named and named.holds(on) else None


def _own_version(course: LearningActivity, enrolment: object) -> LearningActivity:
    return (enrolment and course_named(enrolment.course, enrolment.version)) or course


def _preview(request: HttpRequest, scope: Scope, name: str, *, sentence: str = "", status: int = 200) -> HttpResponse:
    enrolment = enrolment_of(scope, account=scope.actor, course=name)
    course = (enrolment and course_named(name, enrolment.version)) or course_named(name)
    if course is None:
        raise Http404("No such course")
    progress, on = progress_of(scope, enrolment), today(scope)
    step, newest = next_step(course, progress), course_named(name)
    named, most = _provider(scope, on), course.maximum(CATEGORY_1)
    begun = step != "begin"
    context = {
        "site": scope.site,
        "course": course,
        "progress": progress,
        "step": step,
        "steps": step_labels(),
        "place": step_place(step),
        "begun": begun,
        "is_open": is_open(course, on),
        "left": days_left(course, on),
        "sections": section_states(course, progress) if begun else [(each, "") for each in course.sections],
        "credits": in_italics("; ".join(credits_offered(course, named))),
        "fee": fee_words(course),
        "support": course.support_on(on),
        "people": [(role_word(p.role), p, disclosure_words(p)) for p in course.contributors],
        "statements": [in_italics(each) for each in statements(course, provider=named, credit_maximum=most)]
        if named and most
        else (),
        "certificate": certificate_of(scope, enrolment),
        "newer": newest if newest and newest.version > course.version and is_open(newest, on) else None,
        "sentence": sentence,
    }
    return render(request, "learn/course.html", context, status=status)
