"""What the home page says of papers: credentials that end, those to be verified, and courses that end."""

from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.desk.thing import Thing, said
from daybreak.kernel.permissions import Permission as P
from daybreak.kernel.scope import Scope
from daybreak.learn.public import PLANNER_DAYS, courses, days_left
from daybreak.people.public import (
    CREDENTIAL_WORDS,
    REMINDERS,
    ending_credentials,
    names_of_staff,
    offers,
    reminder,
)

SOON_DAYS = 30


def papers(scope: Scope, may: frozenset[P], today: date) -> list[tuple[str, list[Thing]]]:
    """Return the words for the sentence and the things of each kind, those of the team first."""
    return [
        _team(scope, may, today),
        _own(scope, today),
        _offered(scope, may),
        _ending_courses(scope, may, today),
    ]


def _team(scope: Scope, may: frozenset[P], today: date) -> tuple[str, list[Thing]]:
    if P.MANAGE_SITE not in may:
        return "", []
    ending = [c for c in ending_credentials(scope) if (c.expires_on - today).days <= SOON_DAYS]
    names = names_of_staff(c.account_key for c in ending)
    team = reverse("people:team", kwargs={"site": scope.site})
    found = [
        Thing(
            title=f"{names[c.account_key]}: {_short(c.kind)} {_ends(c.expires_on, today)}",
            label="Open the team",
            url=team,
            listed=team,
            urgent=c.expires_on <= today,
        )
        for c in ending
    ]
    return said(ngettext("%(n)s certificate to renew", "%(n)s certificates to renew", len(found)), len(found)), found


def _own(scope: Scope, today: date) -> tuple[str, list[Thing]]:
    mine = ending_credentials(scope, account=scope.actor) if scope.actor else []
    due = [(c, reminder(c.expires_on, on=today)) for c in mine]
    url = reverse("people:mine", kwargs={"site": scope.site})
    found = [
        Thing(
            title=_("Your %(what)s %(ends)s")
            % {"what": CREDENTIAL_WORDS.get(c.kind, c.kind), "ends": _ends(c.expires_on, today)},
            detail=_("A role that asks for it is closed to you from that day on."),
            label=_("Show a new one"),
            url=url,
            urgent=stage <= min(REMINDERS),
        )
        for c, stage in due
        if stage is not None
    ]
    told = [c for c, stage in due if stage is not None and stage <= SOON_DAYS]
    return "; ".join(f"your {_short(c.kind)} {_ends(c.expires_on, today)}" for c in told), found


def _short(kind: str) -> str:
    return CREDENTIAL_WORDS.get(kind, kind).removesuffix(" certificate")


def _offered(scope: Scope, may: frozenset[P]) -> tuple[str, list[Thing]]:
    """What a lead verifies: credentials that colleagues show."""
    if P.MANAGE_SITE not in may or not (waiting := len(offers(scope, waiting=True))):
        return "", []
    words = ngettext("%(n)s credential waits to be verified", "%(n)s credentials wait to be verified", waiting)
    team = reverse("people:team", kwargs={"site": scope.site})
    return "", [Thing(title=said(words, waiting).capitalize(), label=_("Look at them"), url=team)]


def _ending_courses(scope: Scope, may: frozenset[P], today: date) -> tuple[str, list[Thing]]:
    """Courses that end soon, told to a lead and to whoever works here and planned one."""
    ending = [(course, left) for course in courses() if (left := days_left(course, today)) <= PLANNER_DAYS]
    me = names_of_staff([scope.actor]).get(scope.actor) if ending and scope.actor else None
    found = []
    for course, left in ending:
        planners = [each.name for each in course.contributors if each.role == "planner"]
        if P.MANAGE_SITE not in may and me not in planners:
            continue
        found.append(
            Thing(
                title=_("The course “%(title)s” %(ends)s") % {"title": course.title, "ends": _course_ends(left)},
                detail=_("Its planner looks at it again and adds a version: %(who)s.") % {"who": ", ".join(planners)},
                label=_("Open it"),
                url=reverse("learn:course", kwargs={"site": scope.site, "course": course.id}),
            )
        )
    return "", found


def _course_ends(left: int) -> str:
    """Return when a course ends that may be begun for so many days after today."""
    if left < 0:
        return _("has ended")
    return ngettext("ends in %(n)s day", "ends in %(n)s days", left) % {"n": left} if left else _("ends today")


def _ends(day: date, today: date) -> str:
    left = (day - today).days
    if left <= 0:
        return _("has expired")
    return ngettext("expires in %(n)s day", "expires in %(n)s days", left) % {"n": left}
