"""The duty roster is written by turns: entered, ended early, or taken back before they begin."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import day_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one, told_once
from daybreak.people.duty import Turn, why_not_a_turn
from daybreak.people.models import DutyTurn
from daybreak.people.queries import duty_turn, duty_turns, site_named, staff
from daybreak.people.roles import holds_on, permissions_of

DIALLED = re.compile(r"(\+?[\d\s()/.-]{4,40})?")


class NotATurn(Refusal):
    """The words do not describe a turn of duty that can be entered or ended; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


def enter_turn(
    scope: Scope,
    *,
    key: UUID,
    account: UUID,
    from_at: datetime,
    until_at: datetime,
    at: datetime,
    rank: int = 1,
    telephone: str = "",
) -> DutyTurn:
    """Put somebody of the site on duty; the same `key` again is the same turn. Raises NotATurn.

    Who takes turns follows patients up at this site on every day of the turn, since a call is taken with that right.
    """
    turn = Turn(key, account, from_at, until_at, rank, telephone.strip())
    if not DIALLED.fullmatch(turn.telephone):
        raise NotATurn(f"“{turn.telephone}” is not a telephone number that can be dialled.", field="telephone")
    with one_step():
        with told_once(DutyTurn, site=scope.site, key=_roster(scope), moment="entered_at", at=at):
            pass  # one writer of a site's roster at a time, until this step ends
        with told_once(DutyTurn, site=scope.site, key=key, moment="entered_at", at=at) as moment:
            if refusal := why_not_a_turn(turn, others=duty_turns(scope, since=moment), at=moment):
                raise NotATurn(refusal, field="until_at")
            if not _may_be_called(scope, turn):
                raise NotATurn("This person does not follow patients up here on all these days.", field="account")
            return _turn(scope, turn, moment)


@one_step()
def end_turn(scope: Scope, *, key: UUID, turn: UUID, at: datetime) -> DutyTurn:
    """End a turn now, or take it back where it has not begun. Raises NotATurn where it is over or not there.

    A gap that this leaves is seen on the roster.
    """
    with told_once(DutyTurn, site=scope.site, key=key, moment="entered_at", at=at) as moment:
        if known := DutyTurn.objects.filter(site=scope.site, key=key).first():
            return known
        found = duty_turn(scope, turn)
        if found is None or found.until_at <= moment:
            raise NotATurn("This turn is over, or was changed in the meantime. Read the roster again.")
        if found.from_at < moment:
            return _turn(scope, replace(found, key=key, until_at=moment), moment, corrects=turn)
        return _turn(scope, replace(found, key=key), moment, corrects=turn, taken_back=True)


def _turn(scope: Scope, turn: Turn, at: datetime, **more: object) -> DutyTurn:
    return record_one(
        DutyTurn(
            site=scope.site,
            key=turn.key,
            account_key=turn.account,
            from_at=turn.from_at,
            until_at=turn.until_at,
            rank=turn.rank,
            telephone=turn.telephone,
            entered_at=at,
            **more,
        )
    )


def _roster(scope: Scope) -> UUID:
    return key_from("duty roster", scope.site)


def _may_be_called(scope: Scope, turn: Turn) -> bool:
    zone = site_named(scope.site).time_zone
    ends = [day_of(turn.from_at, zone), day_of(turn.until_at - timedelta(microseconds=1), zone)]
    held = [m for m in staff(scope) if m.account_id == turn.account]
    return all(
        Permission.FOLLOW_UP
        in permissions_of(frozenset(m.role for m in held if holds_on(day, from_day=m.from_day, until_day=m.until_day)))
        for day in ends
    )
