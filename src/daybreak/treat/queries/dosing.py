"""What the dose of a session rests on beside the weight: which session of the course it is, and the last amount."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows
from daybreak.rulebook.public import Choices, Fact, choices_for
from daybreak.treat.models import DoseOrder
from daybreak.treat.queries.answers import facts_before_dose
from daybreak.treat.queries.sessions import SessionNow, sessions_of_course, starts_of


def amounts_offered(scope: Scope, now: SessionNow, *, at: datetime) -> Choices:
    """Return the amounts among which a clinician may choose today; raise NoDose where a fact that decides is open."""
    facts = facts_before_dose(scope, now, at=at) if now.protocol.dose.steps else {}
    return choices_for(now.protocol, facts=facts, session=session_of_course(scope, now), last=last_amount(scope, now))


def session_of_course(scope: Scope, now: SessionNow) -> int:
    """Return which session of the course this is, counting those that were started."""
    return 1 + len(starts_of(scope, now.session.course_key, but=now.session.key))


def last_amount(scope: Scope, now: SessionNow) -> Decimal | None:
    """Return the amount of the course's last started session, in the protocol's unit; what was given of a fixed dose
    where that is less than what was ordered. Nothing before the first, or where no step asks for it.
    """
    if not now.protocol.dose.steps:
        return None
    others = sessions_of_course(scope, now.session.course_key)
    started = [(each.started_at, each) for each in others if each.started_at and each.key != now.session.key]
    if not started:
        return None
    last = max(started, key=lambda each: each[0])[1]
    order = rows(Read(DoseOrder, {"site": scope.site, "session_key": last.key}, by=("ordered_at", "key")))[-1]
    if now.protocol.dose.unit == "mg" and last.ended_at is not None and last.dose_mg is not None:
        return min(order.amount or order.dose_mg, last.dose_mg)
    return order.amount


def known_for_dose(
    scope: Scope, now: SessionNow, *, ideal: bool, height_cm: Decimal | None, at: datetime
) -> Mapping[str, Fact]:
    """Return what bands and the formula of the ideal weight ask for, with the height of today or the last one known."""
    if not now.protocol.dose.steps and not ideal:
        return {}
    known = facts_before_dose(scope, now, at=at)
    return known if height_cm is None else {**known, "height": Fact(height_cm, "cm")}
