"""Before the start: check in, ask, and the time-out by two people. The dose is in `dosing`."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.rulebook.public import Fact, Protocol, trouble_with
from daybreak.treat.actions.steps import demand, held, take
from daybreak.treat.models import Check, Override, SessionStep
from daybreak.treat.queries.answers import leaving, questions, starting
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.route import time_out_items
from daybreak.treat.rules.steps import Step, check_allowed


class NotAnAnswer(Refusal):
    """Answers that the protocol's questions do not offer."""


class NotConfirmed(Refusal):
    """A time-out with an item that was not confirmed is no time-out."""


class SamePerson(Refusal):
    """The second signature must be another person's."""


class NothingToOverride(Refusal):
    """The criterion is not in the way, or nobody may go on in spite of it."""


def check_in(scope: Scope, *, key: UUID, session: UUID, at: datetime) -> SessionStep:
    """The patient is here and in the chair; raise NotNow."""
    with held(scope, session) as now:
        return take(scope, now, key=key, step=Step.CHECKED_IN, at=at)


def note_readiness(
    scope: Scope, *, key: UUID, session: UUID, answers: Mapping[str, bool | str | None], at: datetime
) -> SessionStep:
    """Record what was asked today (question to answer; None is “not known”); raise NotAnAnswer, NotNow."""
    with held(scope, session) as now:
        checked = _checked(now.protocol, "before_each_dose", answers)
        return take(scope, now, key=key, step=Step.READY, at=at, values={"answers": checked})


def sign_time_out(
    scope: Scope, *, key: UUID, session: UUID, items: Mapping[str, bool], order: UUID, at: datetime
) -> Check:
    """Sign the time-out for the dose `order` that was on the page; the second person's signature completes it.

    The signer is the scope's actor. Raises NotConfirmed, SamePerson, NotYourPart, NotNow.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        before = [check for check in now.checks if check.key == key]
        if not before:
            check_allowed(now.state, Step.TIMED_OUT)
            _check_time_out(now, signer, items, order)
        check = record_one(
            _check(
                scope, now, key, "time_out", items=dict.fromkeys(time_out_items(now.manner), True), signer=signer, at=at
            )
        )
        pending = now.pending_time_out if before else [*now.pending_time_out, check]
        if not before and len({each.signed_by for each in pending}) >= 2:
            values = {"checks": sorted(str(each.key) for each in pending)}
            take(scope, now, key=key_from(str(key), "timed out"), step=Step.TIMED_OUT, at=at, values=values)
        return check


def note_leaving(
    scope: Scope, *, key: UUID, session: UUID, answers: Mapping[str, bool | str | None], at: datetime
) -> Check:
    """Record the checks before leaving (question to answer; None is “not known”); raise NotAnAnswer, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.RUN_SESSION, at=at)
        checked = {n: v for n, v in _checked(now.protocol, "before_leaving", answers).items() if v is not None}
        return record_one(_check(scope, now, key, "leaving", items=checked, signer=signer, at=at))


def sign_override(
    scope: Scope, *, key: UUID, session: UUID, stage: str, criterion: str, reason: str, at: datetime
) -> Override:
    """Go on in spite of a criterion of `stage` that is in the way, with a reason; raise NothingToOverride, NotYourPart.

    Identity, consent and what the protocol keeps from everybody cannot be overridden.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.DECIDE, at=at)
        before = next((each for each in now.overrides if each.key == key), None)
        may = leaving(scope, now, at=at) if stage == "before_leaving" else starting(scope, now, at=at)
        named = [each for each in may.blockers if criterion and (each.criterion, each.stage) == (criterion, stage)]
        found = named[0] if named else None
        if (found is None and before is None) or not reason.strip():
            raise NothingToOverride("Name a criterion that is in the way and may be signed for, and say why you go on.")
        return record_one(
            Override(
                site=scope.site,
                key=key,
                patient_key=now.session.patient_key,
                session_key=session,
                stage=stage,
                criterion=criterion,
                truth=before.truth if before else found.truth if found else "",
                protocol=now.course.protocol,
                protocol_version=now.course.protocol_version,
                fingerprint=now.course.fingerprint,
                reason=seal_text(scope, now.session.patient_key, reason.strip(), fact=key),
                signed_by=signer,
                signed_at=at,
            )
        )


def _check_time_out(now: SessionNow, signer: UUID, items: Mapping[str, bool], order: UUID) -> None:
    if now.order is None or order != now.order.key:
        raise NotConfirmed("The dose has changed since this page was opened. Read the new one first.")
    missing = [item for item in time_out_items(now.manner) if items.get(item) is not True]
    if missing:
        raise NotConfirmed(f"Not confirmed: {', '.join(missing)}. If one of them is wrong, do not start.")
    if any(check.signed_by == signer for check in now.pending_time_out):
        raise SamePerson("You have signed already. A second person must confirm.")


def _check(
    scope: Scope,
    now: SessionNow,
    key: UUID,
    kind: str,
    *,
    items: Mapping[str, object],
    signer: UUID,
    at: datetime,
) -> Check:
    before = next((check for check in now.checks if check.key == key), None)
    order = before.order_key if before else now.order.key if now.order else None
    return Check(
        site=scope.site,
        key=key,
        patient_key=now.session.patient_key,
        session_key=now.session.key,
        order_key=order,
        kind=kind,
        items=dict(items),
        signed_by=signer,
        signed_at=at,
    )


def _checked(protocol: Protocol, stage: str, answers: Mapping[str, bool | str | None]) -> dict[str, bool | str | None]:
    asked = {question.id: question for question in questions(protocol, stage)}
    for name, answer in answers.items():
        if name not in asked:
            raise NotAnAnswer(f"Nobody asks “{name}” here.")
        if answer is not None and (trouble := trouble_with(asked[name], Fact(answer))):
            raise NotAnAnswer(f"{asked[name].question} {trouble}")
    return {name: answers.get(name) for name in asked}
