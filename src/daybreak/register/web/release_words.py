"""How a request for rows is told: its state, the answers, and everything that was done, in order."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as __

from daybreak.register.releasing.queries import Asked
from daybreak.register.releasing.rules import State

STATE_WORDS: dict[State, Promise] = {
    State.WAITING: __("waits for reviewers"),
    State.APPROVED: __("approved"),
    State.REFUSED: __("refused"),
    State.WITHDRAWN: __("approval taken back"),
    State.TAKEN_BACK: __("taken back"),
    State.EXPIRED: __("ended"),
}
STATE_KINDS = {State.WAITING: "info", State.APPROVED: "good"}
STATE_KINDS = {state: STATE_KINDS.get(state, "neutral") for state in State}
ANSWER_WORDS: dict[str, Promise] = {
    "approve": __("Approved"),
    "refuse": __("Refused"),
    "withdraw": __("Took the approval back"),
    "take_back": __("Took the request back"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that was done: when, by whom, what, and what was said with it."""

    at: datetime
    by: UUID | None
    what: str
    said: str = ""


def log_of(asked: Asked) -> Iterator[Entry]:
    """Yield everything that was done with a request, oldest first."""
    request = asked.request
    done = [Entry(request.asked_at, request.recorded_by, _("Asked for the rows"))]
    done += [
        Entry(each.reviewed_at, each.recorded_by, str(ANSWER_WORDS[each.answer]), each.reason) for each in asked.reviews
    ]
    done += [
        Entry(
            each.handed_at,
            each.recorded_by,
            _("Handed out %(rows)s rows in %(files)s files")
            % {"rows": f"{each.rows:,}", "files": len(each.manifest["files"])},
            _("Manifest %(digest)s") % {"digest": each.manifest_sha256[:16] + "…"},
        )
        for each in asked.hand_outs
    ]
    yield from sorted(done, key=lambda entry: entry.at)
