"""The work list: what calls for someone, and who is late, due, worse or was not reached; its filters in the address."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.follow_up.queries.messages import wrong_links
from daybreak.follow_up.queries.tasks import open_tasks
from daybreak.follow_up.queries.worklist import KINDS, work_list
from daybreak.follow_up.web import presenters, work_words
from daybreak.follow_up.web.duty import duty_words
from daybreak.identity.public import persons
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires

WRONG_LINKS_DAYS = 7


@requires(Permission.FOLLOW_UP, purpose="follow-up work list")
def work(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what calls for someone, then one row for each patient who waits, of the kind and name that are asked for."""
    at = now()
    show, find = request.GET.get("show", ""), request.GET.get("q", "").strip()
    tasks, waiting = open_tasks(scope), work_list(scope, at=at)
    people = persons(scope, {t.task.patient_key for t in tasks} | {row.patient for row in waiting}, at=at)
    staff = names_of_staff(
        [
            *(each.taken_by for each in tasks),
            *(key for each in tasks for key in each.told),
            *(row.tries[-1].tried_by for row in waiting if row.tries),
        ]
    )
    rows = [
        row
        for row in waiting
        if (show not in KINDS or show in row.kinds) and find.casefold() in people[row.patient].full_name.casefold()
    ]
    return render(
        request,
        "follow_up/work.html",
        {
            "at": at,
            "tasks": [presenters.task_row(each, people, staff, at) for each in tasks],
            "rows": [work_words.row(each, people, staff, at) for each in rows],
            "duty": duty_words(scope, at=at),
            "wrong_links": wrong_links(scope, since=at - timedelta(days=WRONG_LINKS_DAYS)),
            "total": len(waiting),
            "options": work_words.options({kind: sum(kind in row.kinds for row in waiting) for kind in KINDS}),
            "show": show if show in KINDS else "",
            "q": find,
        },
    )
