"""What a lead may see of learning: how many came how far, what they think, and of whom an accreditor may be told.

Answers to a quiz are nobody's but the learner's; a report names only those who allowed it.
"""

import csv
import io
from dataclasses import asdict, dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.learn.definitions import course_named, courses
from daybreak.learn.queries import Reported, judged, reach_of, reported
from daybreak.people.public import requires, site_named
from daybreak.rulebook.public import EvaluationQuestion, LearningActivity

COLUMNS = {
    "name": "the learner's name, as on the certificate",
    "activity": "title of the activity",
    "completed_on": "day of completion, ISO 8601",
    "credit_type": "ama_pra_category_1 or participation",
    "credit": "credit claimed, in quarters",
    "profession": "physician or other, as the learner said",
    "provider": "the accredited provider, empty for participation",
    "certificate": "the certificate's code",
    "first_name": "first name as the board has it, where the learner gave it",
    "last_name": "last name as the board has it, where the learner gave it",
    "licence": "number of the licence or board, where the learner gave it",
    "birth_month": "month of birth, 1 to 12, where the learner gave it",
    "birth_day": "day of birth in its month, where the learner gave it",
    "synthetic": "yes where the site is a demonstration and its learners are invented",
}


@dataclass(frozen=True, slots=True)
class Opinions:
    """What `n` people said of one version: each question with its choices and by how many each was chosen."""

    version: int
    n: int
    questions: list[tuple[str, list[tuple[str, int]]]]


@requires(Permission.MANAGE_SITE, purpose="learners of the site")
@require_GET
def learners(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show for each course how many came how far, and what they think of it."""
    told = []
    for course in courses():
        versions = judged(scope, course=course.id).items()
        opinions = [_opinions(asked, answers) for n, answers in versions if (asked := course_named(course.id, n))]
        told.append({"course": course, "reach": reach_of(scope, course=course.id), "opinions": opinions})
    context = {"site": scope.site, "told": told, "reported": len(reported(scope)), "columns": COLUMNS}
    return render(request, "learn/learners.html", context)


@requires(Permission.MANAGE_SITE, purpose="reporting learners who allowed it")
@require_GET
def learners_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give those who allowed it as CSV."""
    synthetic = "yes" if site_named(scope.site).synthetic else "no"
    answer = HttpResponse(_csv(reported(scope), synthetic), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="learners.csv"'
    return answer


def _opinions(asked: LearningActivity, answers: list[dict[str, int]]) -> Opinions:
    def chose(question: EvaluationQuestion) -> list[tuple[str, int]]:
        chosen = [given.get(question.id) for given in answers]
        return [(choice, chosen.count(place)) for place, choice in enumerate(question.choices)]

    return Opinions(asked.version, len(answers), [(each.ask, chose(each)) for each in asked.evaluation])


def _csv(rows: list[Reported], synthetic: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for row in rows:
        told = {**asdict(row), **asdict(row.details), "synthetic": synthetic}
        writer.writerow([_plain("" if told[name] is None else told[name]) for name in COLUMNS])
    return text.getvalue()


def _plain(value: object) -> str:
    """Return a value that no spreadsheet takes for a formula."""
    words = str(value)
    return f"'{words}" if words[:1] in "=+-@\t\r" and words else words
