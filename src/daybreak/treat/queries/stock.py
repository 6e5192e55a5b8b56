"""The controlled drug as it stands: what the safe holds, the register, and the account of each session."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db.models import Sum

from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing
from daybreak.treat.models import Count, Lot, Movement, SessionStep, Waste, Witness
from daybreak.treat.queries.sessions import SessionNow, SessionSummary, sessions_of_keys
from daybreak.treat.rules.steps import Step
from daybreak.treat.rules.stock import Account, Kind, Taken, Wasted, account

FOR_SESSIONS = (str(Kind.DRAWN), str(Kind.RETURNED))


@dataclass(frozen=True, slots=True)
class Balance:
    """What the safe holds: containers of the lot, mg of base of the drug, and the drug's last position."""

    containers: int
    drug_mg: Decimal
    position: int


@dataclass(frozen=True, slots=True)
class Held:
    """A lot in the safe, and when it was last counted by two."""

    lot: Lot
    containers: int
    last_counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Reconciled:
    """A session and the account of its drug."""

    line: SessionSummary
    account: Account


def lot_of(scope: Scope, lot: UUID) -> Lot | None:
    """Return a lot, or nothing."""
    return standing(Lot).filter(site=scope.site, key=lot).first()


def lots(scope: Scope) -> list[Lot]:
    """Return every lot that the site ever had, by drug and the day it expires on."""
    return list(standing(Lot).filter(site=scope.site).order_by("drug", "expires_on", "number"))


def balance_of(scope: Scope, lot: Lot) -> Balance:
    """Return the balance after the last movement."""
    of_drug = Movement.objects.filter(site=scope.site, drug=lot.drug).order_by("-position")
    last, last_of_lot = of_drug.first(), of_drug.filter(lot_key=lot.key).first()
    return Balance(
        containers=last_of_lot.lot_balance if last_of_lot else 0,
        drug_mg=last.balance_mg if last else Decimal(0),
        position=last.position if last else 0,
    )


def in_the_safe(scope: Scope) -> list[Held]:
    """Return the lots that the safe holds something of, by drug and the day they expire on."""
    newest: dict[UUID, int] = {}
    for lot, containers in (
        Movement.objects.filter(site=scope.site).order_by("position").values_list("lot_key", "lot_balance")
    ):
        newest[lot] = containers
    seen = Witness.objects.filter(site=scope.site).values("about")
    counted: dict[UUID, datetime] = {}
    for count in Count.objects.filter(site=scope.site, key__in=seen).order_by("counted_at"):
        counted[count.lot_key] = count.counted_at
    return [Held(lot, newest[lot.key], counted.get(lot.key)) for lot in lots(scope) if newest.get(lot.key)]


def register(scope: Scope, drug: str) -> list[Movement]:
    """Return the movements of a drug in their order."""
    return list(Movement.objects.filter(site=scope.site, drug=drug).order_by("position"))


def drugs(scope: Scope) -> list[str]:
    """Return the drugs that the site ever had, by name."""
    return sorted(set(Lot.objects.filter(site=scope.site).values_list("drug", flat=True)))


def unseen(scope: Scope, about: UUID) -> Waste | Count | None:
    """Return a waste or a count that still waits for a witness, or nothing."""
    if Witness.objects.filter(site=scope.site, about=about).exists():
        return None
    of_site = {"site": scope.site, "key": about}
    return Waste.objects.filter(**of_site).first() or Count.objects.filter(**of_site).first()


def waiting_for_a_witness(scope: Scope) -> list[Waste | Count]:
    """Return every waste and count that one person signed alone so far, the earliest first."""
    seen = Witness.objects.filter(site=scope.site).values("about")
    wastes = Waste.objects.filter(site=scope.site).exclude(key__in=seen).order_by("wasted_at")
    counts = Count.objects.filter(site=scope.site).exclude(key__in=seen).order_by("counted_at")
    return [*wastes, *counts]


def taken_for(scope: Scope, session: UUID, lot: UUID) -> int:
    """Return how many containers of a lot were drawn for a session and not returned."""
    found = Movement.objects.filter(site=scope.site, session_key=session, lot_key=lot, kind__in=FOR_SESSIONS)
    return -(found.aggregate(Sum("change"))["change__sum"] or 0)


def movements_of(scope: Scope, session: UUID) -> list[Movement]:
    """Return what was drawn for a session and returned, in its order."""
    found = Movement.objects.filter(site=scope.site, session_key=session, kind__in=FOR_SESSIONS)
    return list(found.order_by("moved_at", "position"))


def waste_of(scope: Scope, session: UUID) -> list[tuple[Waste, Witness | None]]:
    """Return what was wasted of a session's drug, each with who witnessed it."""
    found = list(Waste.objects.filter(site=scope.site, session_key=session).order_by("wasted_at"))
    seen = {w.about: w for w in Witness.objects.filter(site=scope.site, about__in=[each.key for each in found])}
    return [(each, seen.get(each.key)) for each in found]


def account_of(scope: Scope, now: SessionNow) -> Account:
    """Return the account of one session; what was given comes from its steps."""
    given = now.moment_of(Step.COMPLETED, Step.STOPPED, Step.CANCELLED)
    return _accounts(scope, [now.session.key])[now.session.key] if given else _running(scope, now)


def rest_in_hand(scope: Scope, now: SessionNow) -> Decimal | None:
    """Return what is left of what was drawn, a waste without its witness taken off too; None while a dose runs."""
    found = account_of(scope, now)
    return None if found.rest_mg is None else found.rest_mg - found.unwitnessed_mg


def open_accounts(scope: Scope) -> list[Reconciled]:
    """Return the sessions whose dose has ended, or that were cancelled, and whose drug is not wholly accounted for.

    It begins with the first thing that came into the safe: a site that keeps no register here has none open.
    """
    since = Movement.objects.filter(site=scope.site).order_by("moved_at").values_list("moved_at", flat=True).first()
    if since is None:
        return []
    ended = standing(SessionStep).filter(
        site=scope.site, done_at__gte=since, step__in=(Step.COMPLETED, Step.STOPPED, Step.CANCELLED)
    )
    keys = list(ended.values_list("session_key", flat=True).distinct())
    found = _accounts(scope, keys)
    still_open = [key for key in keys if not found[key].is_closed]
    return [Reconciled(line, found[line.key]) for line in sessions_of_keys(scope, still_open)]


def _running(scope: Scope, now: SessionNow) -> Account:
    found = _accounts(scope, [now.session.key])[now.session.key]
    nothing_given = Decimal(0) if now.started_at is None else None
    return Account(found.drawn_mg, nothing_given, found.wasted_mg, found.unwitnessed_mg)


def _accounts(scope: Scope, keys: Iterable[UUID]) -> dict[UUID, Account]:
    of_these = {"site": scope.site, "session_key__in": list(keys)}
    each_of = {lot.key: lot.mg_each for lot in lots(scope)}
    taken: dict[UUID, list[Taken]] = defaultdict(list)
    for move in Movement.objects.filter(**of_these, kind__in=FOR_SESSIONS):
        taken[move.session_key].append(Taken(-move.change, each_of[move.lot_key]))
    wasted: dict[UUID, list[Wasted]] = defaultdict(list)
    thrown = list(Waste.objects.filter(**of_these))
    seen = set(
        Witness.objects.filter(site=scope.site, about__in=[w.key for w in thrown]).values_list("about", flat=True)
    )
    for each in thrown:
        wasted[each.session_key].append(Wasted(each.amount_mg, each.key in seen))
    given = {
        step.session_key: Decimal(step.values.get("given_mg", "0"))
        for step in standing(SessionStep).filter(**of_these, step__in=(Step.COMPLETED, Step.STOPPED))
    }
    return {
        key: account(taken[key], wasted[key], given_mg=given.get(key, Decimal(0)))
        for key in of_these["session_key__in"]
    }
