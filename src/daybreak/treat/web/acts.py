"""Acts arrive from devices: each is stored once, or waits for a person. What the device may forget is told by its hash.

See docs/decisions/acts-are-merged-by-time.md and kept-on-a-shared-tablet.md.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from operator import itemgetter
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from django.urls import ResolverMatch
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.public import Account, requires
from daybreak.treat.actions.acts import KEY_TAKEN, NO_STORY, Sending, keep_unread, mend_amounts, note_act
from daybreak.treat.actions.envelopes import Envelope, NotAnEnvelope, Opened, clocks_of, envelope_of, opened
from daybreak.treat.actions.quality import recount
from daybreak.treat.actions.steps import wait_for
from daybreak.treat.queries.acts import act_of, last_of_device, told_of
from daybreak.treat.rules.clock import AGREES, Clocks, When, when
from daybreak.treat.rules.merge import Told, fitting
from daybreak.treat.rules.steps import Step
from daybreak.treat.web.carrying import (
    ASKS,
    REFUSED,
    STORED,
    TRAY,
    Deed,
    Outcome,
    actor_of,
    carry_out,
    match_of,
    step_of,
)
from daybreak.treat.web.frame import found
from daybreak.treat.web.waiting import halves, merge, try_waiting

SAME, AGAIN = "same", "again"
MOST_BYTES, MOST_ACTS = 2_000_000, 500
ENDED = "Who did this may not run a session here any more."
NO_TIME = "The device's clock was set while this waited: it is not known when it was done."
NO_PLACE = "This is nothing that may be told later."
APART = timedelta(milliseconds=1)
"""At least so far apart is what one device tells of: a pressure is known by the moment of its two values."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What a device sends: what its clocks show now, which acts somebody just did and waits for, which it was asked to
    send again, and the envelopes.
    """

    clocks: Clocks
    fresh: frozenset[str]
    again: frozenset[str]
    envelopes: tuple[Envelope, ...]


@dataclass(frozen=True, slots=True)
class Arrived:
    """An act on its way in: when it was done, by whom, and where it leads. `because` says why it must wait."""

    act: Opened
    when: When
    actor: Account | None
    match: ResolverMatch | None
    fresh: bool
    because: str = ""

    @property
    def step(self) -> Step | None:
        """The step of the dose that it takes."""
        return step_of(self.match)


@requires(Permission.RUN_SESSION, purpose="acts kept on a device")
@require_POST
def acts(request: HttpRequest, scope: Scope, session: UUID) -> JsonResponse:
    """Take acts of one session in their order and answer for each: stored, same, tray, refused, asks or again.

    What was just done and is refused is shown to who did it, and kept nowhere; what waited is never refused: it goes to
    the tray. An act of which it is not known when it was done is asked for again before it waits: the message itself
    may have been on its way for long, while this server started. With no acts it is an exchange of the time.
    """
    found(scope, session)
    try:
        batch = _batch(request, session)
    except (ValueError, KeyError, TypeError, RecursionError, NotAnEnvelope):
        return JsonResponse({"error": "not_acts", "sentence": _("This is not what a device sends.")}, status=400)
    answers = _take(request, scope, session, batch) if batch.envelopes else []
    return JsonResponse({"server": round(this_moment().timestamp() * 1000), "answers": answers})


def _batch(request: HttpRequest, session: UUID) -> Batch:
    if len(request.body) > MOST_BYTES:
        raise ValueError("too large")
    body = json.loads(request.body)
    envelopes = tuple(envelope_of(each) for each in body["acts"])
    if len(envelopes) > MOST_ACTS or any(each.session != session for each in envelopes):
        raise ValueError("too many, or of another session")
    once = {each.hash: each for each in envelopes}
    ordered = sorted(once.values(), key=lambda each: (str(each.device), each.number))
    fresh, again = (frozenset(map(str, body.get(name, ()))) for name in ("fresh", "again"))
    return Batch(clocks_of(body["clocks"]), fresh, again, tuple(ordered))


@one_step()
def _take(request: HttpRequest, scope: Scope, session: UUID, batch: Batch) -> list[dict[str, str]]:
    wait_for(f"treat session {scope.site} {session}")
    at, answers, first = this_moment(), {}, {}
    arrived: list[Arrived] = []
    for envelope in batch.envelopes:
        known = _known(scope, envelope, first.setdefault(envelope.key, envelope.hash), at)
        if known is None:
            try:
                each = _arrive(scope, opened(scope.site, envelope), batch, session, at)
            except NotAnEnvelope as fault:
                known = Outcome(TRAY, str(fault))
                keep_unread(scope, envelope, str(fault), at=at)
            else:
                if each.because != NO_TIME or str(envelope.key) in batch.again:
                    arrived.append(each)
                    continue
                known = Outcome(AGAIN)
        answers[envelope.hash] = known
    for each, outcome in deliver(request, scope, session, arrived):
        answers[each.act.envelope.hash] = outcome
    return [_answer(envelope, answers[envelope.hash]) for envelope in batch.envelopes]


def _answer(envelope: Envelope, outcome: Outcome) -> dict[str, str]:
    said = {"sentence": outcome.sentence, "page": outcome.page, "go": outcome.go}
    told = {name: words for name, words in said.items() if words}
    return {"key": str(envelope.key), "hash": envelope.hash.hex(), "answer": outcome.answer, **told}


def _known(scope: Scope, envelope: Envelope, first: bytes, at: datetime) -> Outcome | None:
    """Answer for an act whose key has arrived before, with this or with other content; nothing for a new one.

    `first` is the hash of the first act of that key in this message.
    """
    before = act_of(scope, envelope.key)
    if before is None and first == envelope.hash:
        return None
    if before is not None and bytes(before.sent_hash) == envelope.hash:
        return Outcome(SAME if before.answer == STORED else TRAY, before.reason)
    keep_unread(scope, envelope, KEY_TAKEN, at=at)
    return Outcome(TRAY, KEY_TAKEN)


def _arrive(scope: Scope, act: Opened, batch: Batch, session: UUID, at: datetime) -> Arrived:
    moment = when(act.done, believed_ms=act.believed_ms, sent=batch.clocks, at=at)
    actor, match = actor_of(scope, act.envelope.account, at=at), match_of(scope, act.address, session)
    because = ENDED if actor is None else NO_PLACE if match is None else "" if moment.certain else NO_TIME
    return Arrived(act, moment, actor, match, str(act.envelope.key) in batch.fresh, because)


def deliver(
    request: HttpRequest, scope: Scope, session: UUID, arrived: Sequence[Arrived]
) -> list[tuple[Arrived, Outcome]]:
    """Store each act or let it wait; then see whether what arrived makes a story of what waited before."""
    done = _deliver(request, scope, session, arrived)
    if any(outcome.answer == STORED and each.step for each, outcome in done):
        try_waiting(request, scope, session)
    if any(outcome.answer == STORED and not each.fresh for each, outcome in done):
        recount(scope, session, at=this_moment())
    return done


def _deliver(
    request: HttpRequest, scope: Scope, session: UUID, arrived: Sequence[Arrived]
) -> list[tuple[Arrived, Outcome]]:
    waits = halves(scope, session)
    late = [
        Told(each.act.envelope.key, each.step, each.when.at, each.act.envelope.device)
        for each in arrived
        if each.step and not each.because and not each.fresh
    ]
    fits = fitting(told_of(scope, found(scope, session)), [*late, *(told for _, told in waits)])
    ready = [(told.at, waiting) for waiting, told in waits if told.key in fits] if late else []
    done: list[tuple[Arrived, Outcome]] = []
    for _at, each in sorted([*zip(_moments(arrived), arrived, strict=True), *ready], key=itemgetter(0)):
        if isinstance(each, Arrived):
            done.append((each, _place(request, scope, session, each, fits)))
        else:
            merge(request, scope, each, fits)
    stored = [each.act.envelope.key for each, outcome in done if outcome.answer == STORED and each.step]
    if stored:
        mend_amounts(scope, session, late=stored)
    return done


def _moments(arrived: Sequence[Arrived]) -> list[datetime]:
    """When each was done; what one device numbered later does not stand before what it numbered earlier."""
    latest: dict[UUID, datetime] = {}
    moments = []
    for each in arrived:
        device = each.act.envelope.device
        latest[device] = max(each.when.at, latest.get(device, each.when.at))
        moments.append(latest[device])
    return moments


def _place(request: HttpRequest, scope: Scope, session: UUID, each: Arrived, fits: frozenset[UUID]) -> Outcome:
    act = each.act
    if not each.because and not each.fresh and each.step and act.envelope.key not in fits:
        each = replace(each, because=NO_STORY)
    moment, deed = _in_order(scope, session, each), Deed(act.envelope.key, act.address, act.fields)
    outcome = (
        Outcome(TRAY, each.because)
        if each.because or each.match is None or each.actor is None
        else carry_out(request, each.match, deed, each.actor, at=moment.at, steps=dict.fromkeys(fits))
    )
    if each.fresh and outcome.answer in (REFUSED, ASKS):
        return outcome
    if outcome.answer != STORED:
        outcome = Outcome(TRAY, outcome.sentence)
    who = replace(scope, actor=each.actor.key) if each.actor else scope
    with scoped(who):
        sending = Sending(request.user.key, moment)
        note_act(scope, found(scope, session), act, sending=sending, answer=outcome.answer, reason=outcome.sentence)
    return outcome


def _in_order(scope: Scope, session: UUID, each: Arrived) -> When:
    """One device's acts keep their order, each at a moment of its own, and what is told at once does not come before
    what it answers: a slow network makes moments of seconds look swapped, or one.
    """
    envelope, at = each.act.envelope, each.when.at
    before = last_of_device(scope, session, envelope.device, before=envelope.number)
    floors = [before.done_at + APART] if before else []
    if each.fresh:
        floors += [step.done_at for step in found(scope, session).steps[-1:]]
    floor = max(floors, default=at)
    return replace(each.when, at=floor) if at < floor < at + AGREES else each.when
