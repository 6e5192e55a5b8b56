"""Acts of a session, and those of them that wait for a person."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from daybreak.identity.public import open_bytes
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.treat.models import Act, Reading, Settlement
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.merge import Told
from daybreak.treat.rules.steps import Step

TRAY, PAPER = "tray", "paper"


@dataclass(frozen=True, slots=True)
class WaitingAct:
    """An act that waits, and what was filled in."""

    act: Act
    address: str
    fields: tuple[tuple[str, str], ...]


def act_of(scope: Scope, key: UUID) -> Act | None:
    """Return the act of that key at the site, or nothing."""
    return standing(Act).filter(site=scope.site, key=key).first()


def last_of_device(scope: Scope, session: UUID, device: UUID, *, before: int) -> Act | None:
    """Return the act of a session that a device told of just before its number `before`."""
    found = standing(Act).filter(site=scope.site, session_key=session, device=device, number__lt=before)
    return found.order_by("-number").first()


def acts_on(scope: Scope, session: UUID, device: UUID) -> list[Act]:
    """Return the acts of a session that were told on one device, by the time they were done."""
    found = standing(Act).filter(site=scope.site, session_key=session, device=device)
    return list(found.order_by("done_at", "number"))


def acts_of(scope: Scope, session: UUID) -> list[Act]:
    """Return every act of a session that was told on a device or on paper, by the time it was done."""
    return rows(Read(Act, {"site": scope.site, "session_key": session}, by=("done_at", "number")))


def is_on_paper(act: Act) -> bool:
    """Return whether it was written on paper and typed in afterwards."""
    return act.kind == PAPER


def told_on_paper(scope: Scope, session: UUID) -> frozenset[UUID]:
    """Return the keys of the acts of a session that were typed in from paper, and of the readings made of them."""
    acts = [act.key for act in acts_of(scope, session) if is_on_paper(act)]
    if not acts:
        return frozenset()
    signs = set(Reading.objects.filter(site=scope.site, session_key=session).values_list("sign", flat=True))
    return frozenset([*acts, *(key_from(str(act), sign) for sign in signs for act in acts)])


def devices_of(scope: Scope, keys: Collection[UUID]) -> dict[UUID, UUID]:
    """Return on which device each of these acts was told."""
    return dict(standing(Act).filter(site=scope.site, key__in=keys).values_list("key", "device"))


def told_of(scope: Scope, now: SessionNow) -> list[Told]:
    """Return the steps of a session as `rules.merge` reads them."""
    devices = devices_of(scope, [step.key for step in now.steps])
    return [Told(step.key, Step(step.step), step.done_at, devices.get(step.key)) for step in now.steps]


def waiting_acts(scope: Scope, session: UUID) -> list[WaitingAct]:
    """Return the acts of a session that wait for a person, in the order they were done."""
    return [_with_content(scope, act) for act in _waiting(scope, session)]


def count_waiting(scope: Scope, session: UUID) -> int:
    """Return how many acts of a session wait for a person."""
    return len(_waiting(scope, session))


def _waiting(scope: Scope, session: UUID) -> list[Act]:
    of_it = {"site": scope.site, "session_key": session}
    acts, settled = together(
        Read(Act, {**of_it, "answer": TRAY}, by=("done_at", "number")),
        Read(Settlement, of_it),
    )
    done = {each.act_key for each in settled}
    return [act for act in acts if act.key not in done]


def settlements_of(scope: Scope, session: UUID) -> list[Settlement]:
    """Return what was settled in a session, in order."""
    (found,) = together(Read(Settlement, {"site": scope.site, "session_key": session}, by=("settled_at", "key")))
    return found


def _with_content(scope: Scope, act: Act) -> WaitingAct:
    told = json.loads(open_bytes(scope, act.patient_key, bytes(act.content)) or "{}")
    return WaitingAct(act, str(told.get("address", "")), tuple((n, v) for n, v in told.get("fields", [])))
