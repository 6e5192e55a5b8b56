"""The quiz: begun, answered, and what was right and wrong, as often as needed."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.learn.actions import HandedInAlready, begin_attempt, submit
from daybreak.learn.queries import attempt_named, drawn_in, open_attempt, submission_of, submissions
from daybreak.learn.web.forms import QuizForm
from daybreak.learn.web.presenters import feedback, result_words
from daybreak.learn.web.views import NOT_SAVED, course_frame, elsewhere
from daybreak.people.public import requires


@requires(purpose="a quiz")
@require_http_methods(["GET", "POST"])
def quiz(request: HttpRequest, scope: Scope, course: str) -> HttpResponse:
    """Say what passes before anything is asked, and draw the questions."""
    frame = course_frame(scope, course)
    if frame["step"] != "quiz":
        return elsewhere(request, scope, frame)
    if request.method == "POST":
        drawn = begin_attempt(scope, enrolment=frame["enrolment"], key=new_key(), at=now())
        return redirect("learn:attempt", site=scope.site, course=course, attempt=drawn.key)
    context = {
        **frame,
        "tried": len(submissions(scope, frame["enrolment"])),
        "waiting": open_attempt(scope, frame["enrolment"]),
    }
    return render(request, "learn/quiz.html", context)


@requires(purpose="a quiz")
@require_http_methods(["GET", "POST"])
def attempt(request: HttpRequest, scope: Scope, course: str, attempt: UUID) -> HttpResponse:
    """Ask the questions that were drawn; once handed in, say what was right, what was not, and why."""
    frame = course_frame(scope, course)
    found = attempt_named(scope, frame["enrolment"], attempt)
    if found is None:
        raise Http404("No such attempt")
    drawn, sentence = drawn_in(found), ""
    form = QuizForm(request.POST or None, course=frame["course"], drawn=drawn)
    handed_in = submission_of(scope, attempt)
    if request.method == "POST" and (handed_in or form.is_valid()):
        answers = {} if handed_in else form.answers()
        try:
            submit(scope, enrolment=frame["enrolment"], attempt=attempt, answers=answers, at=now())
        except HandedInAlready as no:
            sentence = str(no)
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            return redirect("learn:attempt", site=scope.site, course=course, attempt=attempt)
        handed_in = submission_of(scope, attempt)
    if handed_in:
        told = feedback(frame["course"], drawn, handed_in)
        context = {
            **frame, "told": told, "result": result_words(handed_in), "passed": handed_in.passed,
            "sentence": sentence,
        }  # fmt: skip
        return render(request, "learn/result.html", context, status=409 if sentence else 200)
    status = NOT_SAVED if form.errors else 200
    return render(request, "learn/attempt.html", {**frame, "form": form, "attempt": found}, status=status)
