"""Who is on duty at the clinic, and who was told of a task and how, in words."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.design.public import moment
from daybreak.follow_up.queries.messages import message_now
from daybreak.follow_up.queries.tasks import TOLD, TaskStep
from daybreak.follow_up.web.sent import words_of
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, on_duty, site_named


def duty_words(scope: Scope, *, at: datetime) -> str:
    """Return who is on duty now and until when, or that nobody is and who is told then."""
    turns = on_duty(scope, at=at)
    if not turns:
        return _("Nobody is on duty now: everybody who holds the role that is asked gets the message.")
    names, zone = names_of_staff(turn.account for turn in turns), site_named(scope.site).time_zone
    until = [
        _("%(name)s until %(until)s") % {"name": names.get(turn.account, ""), "until": moment(turn.until_at, zone)}
        for turn in turns
    ]
    return _("On duty now: %(names)s.") % {"names": "; ".join(until)}


def told_words(scope: Scope, steps: Iterable[TaskStep], names: Mapping[UUID, str]) -> dict[UUID, str]:
    """Return for each step that told somebody whom, and what became of the message."""
    found = {}
    for step in steps:
        if step.step == TOLD:
            sent = message_now(scope, step.key)
            found[step.key] = _("%(name)s is asked. %(how)s") % {
                "name": names.get(step.told, ""),
                "how": words_of(sent) if sent else "",
            }
    return found
