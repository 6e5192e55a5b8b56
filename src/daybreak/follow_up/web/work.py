"""The work list: what calls for someone, who is late, due or worse."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.follow_up.queries.course import courses_so_far
from daybreak.follow_up.queries.invitations import due, recently_answered
from daybreak.follow_up.queries.tasks import open_tasks
from daybreak.follow_up.web import presenters
from daybreak.identity.public import persons
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.rulebook.public import CourseSoFar

WORSE_WITHIN = timedelta(days=30)


@requires(Permission.FOLLOW_UP, purpose="follow-up work list")
def work(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what calls for someone, who is late, who is due, and who got worse."""
    at = now()
    tasks, waiting = open_tasks(scope), due(scope, at=at)
    worse = _worse(scope, at)
    people = persons(scope, _patients(tasks, waiting, worse), at=at)
    staff = names_of_staff(each.taken_by for each in tasks)
    return render(
        request,
        "follow_up/work.html",
        {
            "at": at,
            "tasks": [presenters.task_row(each, people, staff, at) for each in tasks],
            "late": presenters.rows((each for each in waiting if each.is_late), people, at),
            "due": presenters.rows((each for each in waiting if not each.is_late), people, at),
            "worse": [
                {"patient": key, "name": people[key].full_name, "words": presenters.worse_words(course)}
                for key, course in worse.items()
            ],
        },
    )


def _worse(scope: Scope, at: datetime) -> dict[UUID, CourseSoFar]:
    recent = recently_answered(scope, since=at - WORSE_WITHIN)
    courses = courses_so_far(scope, recent, at=at)
    return {key: course for key, course in courses.items() if course.is_worse}


def _patients(tasks: Iterable, waiting: Iterable, worse: Iterable[UUID]) -> set[UUID]:
    return {t.task.patient_key for t in tasks} | {d.invitation.patient_key for d in waiting} | set(worse)
