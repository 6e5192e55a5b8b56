"""Ask by message what the schedule asks, and again where nobody answered."""

from datetime import datetime

from daybreak.follow_up.actions.messages import send_questions, why_not
from daybreak.follow_up.models import EMAIL, QUESTIONS, REMINDER, TEXT, Message
from daybreak.follow_up.queries.invitations import asking_at, due
from daybreak.follow_up.rules.invitations import State
from daybreak.follow_up.rules.schedule import last_asking
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step


@one_step()
def ask_by_message(scope: Scope, *, at: datetime) -> list[Message]:
    """Want a message for everything of the schedule that is open: at its opening, and again at each reminder's time.

    Each is wanted once; of several moments that have passed only the latest counts. Only patients who agreed to
    messages and have an address are written to: by text where there is a number, else by e-mail.
    """
    asking = asking_at()
    hours = asking.remind_after_hours if asking else ()
    wanted = {}
    for each in due(scope, at=at):
        row = each.invitation
        found = last_asking(hours, opens_at=row.opens_at, closes_at=row.closes_at, at=at)
        if row.rule and each.state in (State.OPEN, State.LATE) and found is not None:
            wanted[key_from("asking", scope.site, str(row.key), str(found[0]))] = (row, found[0])
    known = set(Message.objects.filter(site=scope.site, key__in=list(wanted)).values_list("key", flat=True))
    sent = []
    for key, (row, number) in wanted.items():
        if key not in known:
            channel = next((c for c in (TEXT, EMAIL) if not why_not(scope, row.patient_key, c, at=at)), None)
            if channel is not None:
                kind = REMINDER if number else QUESTIONS
                sent.append(send_questions(scope, key=key, invitation=row.key, channel=channel, at=at, kind=kind))
    return sent
