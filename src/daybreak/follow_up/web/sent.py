"""What was sent for an invitation and who came by its links in vain, in words."""

from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.follow_up.carriers import is_set_up
from daybreak.follow_up.queries.messages import MessageNow, messages_of, traces_of, withdrawals_of_links
from daybreak.kernel.scope import Scope


def sent_and_traced(scope: Scope, invitation: UUID, patient: UUID) -> dict[str, object]:
    """Return what was sent for an invitation, when its links were withdrawn, and who came by them in vain."""
    messages = [m for m in messages_of(scope, patient=patient) if m.message.invitation_key == invitation]
    return {
        "messages": [(m.message.wanted_at, words_of(m)) for m in messages],
        "withdrawals": [each.withdrawn_at for each in withdrawals_of_links(scope, invitation=invitation)],
        "traces": [(each.came_at, trace_words(each.what)) for each in traces_of(scope, invitation=invitation)],
    }


def words_of(now: MessageNow) -> str:
    """Return how a message stands, in words."""
    by = _("E-mail") if now.is_by_email else _("Text message")
    if now.end is not None and now.is_given_up:
        return _("%(by)s: not sent. %(why)s") % {"by": by, "why": now.end.because}
    if now.end is not None:
        return _("%(by)s: sent") % {"by": by}
    if not is_set_up(now.message.channel):
        return _("%(by)s: waits, since this installation cannot send any yet") % {"by": by}
    if now.failed:
        return _("%(by)s: tried %(n)s times and tried again. %(why)s") % {
            "by": by,
            "n": len(now.failed),
            "why": now.why_failed,
        }
    return _("%(by)s: waits to be sent") % {"by": by}


def trace_words(what: str) -> str:
    """Return a trace in words."""
    return {
        "ended": _("Somebody came by a link after the questions had ended."),
        "called off": _("Somebody came by a link after the questions were called off."),
        "withdrawn": _("Somebody came by a link that was withdrawn."),
        "died": _("Somebody came by a link after a death was recorded."),
        "not meant for them": _("Whoever got the message said that it is not for them."),
    }[what]
