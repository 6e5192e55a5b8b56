"""The controlled drug: received, drawn for a session, returned, wasted before a witness, counted by two."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.treat.actions.steps import demand, held, wait_for
from daybreak.treat.models import Count, Lot, Movement, Waste, Witness
from daybreak.treat.models.stock import CONTAINERS
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.stock import balance_of, lot_of, rest_in_hand, taken_for, unseen
from daybreak.treat.rules.steps import State
from daybreak.treat.rules.stock import OF_A_SESSION, OF_THE_SAFE, Kind


class NotInStock(Refusal):
    """More than there is, or of a lot that the site does not have."""


class NotAnAmount(Refusal):
    """An amount, a reason or a count that cannot be right."""


class NotAWitness(Refusal):
    """The second person must be another, and what they witness must wait for one."""


@one_step()
def receive(
    scope: Scope,
    *,
    key: UUID,
    drug: str,
    container: str,
    mg_each: Decimal,
    mg_per_ml: Decimal | None,
    number: str,
    expires_on: date,
    count: int,
    reference: str,
    at: datetime,
) -> Movement:
    """Take containers of one lot into the safe; raise NotAnAmount, NotYourPart. `reference` is the supplier's paper."""
    signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
    drug, number = drug.strip().lower(), " ".join(number.split())
    if not drug or len(drug) > 40 or not number or len(number) > 40 or container not in CONTAINERS:
        raise NotAnAmount("Name the drug, the container and the lot.")
    if not _is_amount(mg_each) or (mg_per_ml is not None and not _is_amount(mg_per_ml)):
        raise NotAnAmount("The strength is a number of milligrams of base above zero.")
    if not 1 <= count <= 10_000:
        raise NotAnAmount("Say how many containers came: a whole number above zero.")
    if expires_on <= today(scope, at):
        raise NotAnAmount("This lot has expired. Do not take it into the safe.")
    _wait(scope, drug)
    content = (drug, container, str(mg_each.normalize()), str(mg_per_ml and mg_per_ml.normalize()), number)
    lot_key = key_from("lot", scope.site, *content, expires_on.isoformat())
    lot = lot_of(scope, lot_key) or record_one(
        Lot(
            site=scope.site, key=lot_key, drug=drug, container=container, mg_each=mg_each, mg_per_ml=mg_per_ml,
            number=number, expires_on=expires_on, said_at=at,
        )
    )  # fmt: skip
    return _move(scope, lot, key=key, kind=Kind.RECEIVED, change=count, signer=signer, at=at, reference=reference)


def draw(scope: Scope, *, key: UUID, session: UUID, lot: UUID, count: int, at: datetime) -> Movement:
    """Take containers out of the safe for a session; raise NotInStock, NotAnAmount, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
        found = _lot(scope, lot)
        _wait(scope, found.drug)
        if not Movement.objects.filter(site=scope.site, key=key).exists():
            if now.state in (State.CANCELLED, State.DISCHARGED):
                raise NotAnAmount("The session is over: nothing can be drawn for it.")
            if found.drug != now.protocol.dose.drug:
                raise NotInStock(f"The protocol gives {now.protocol.dose.drug}, and this is {found.drug}.")
            if found.expires_on <= today(scope, at):
                raise NotInStock(f"Lot {found.number} has expired. Take another, and waste this one.")
        return _move(
            scope, found, key=key, kind=Kind.DRAWN, change=-_count(count), signer=signer, at=at,
            session=session, patient=now.session.patient_key,
        )  # fmt: skip


def give_back(scope: Scope, *, key: UUID, session: UUID, lot: UUID, count: int, at: datetime) -> Movement:
    """Put unopened containers of a session back into the safe; raise NotInStock, NotYourPart."""
    with held(scope, session) as now:
        signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
        found = _lot(scope, lot)
        _wait(scope, found.drug)
        known = Movement.objects.filter(site=scope.site, key=key).exists()
        rest = rest_in_hand(scope, now)
        if not known and (
            count > taken_for(scope, session, lot) or (rest is not None and count * found.mg_each > rest)
        ):
            raise NotInStock("No more can go back unopened than was drawn and not used for this session.")
        return _move(
            scope, found, key=key, kind=Kind.RETURNED, change=_count(count), signer=signer, at=at,
            session=session, patient=now.session.patient_key,
        )  # fmt: skip


def waste(scope: Scope, *, key: UUID, session: UUID, lot: UUID, amount_mg: Decimal, reason: str, at: datetime) -> Waste:
    """Say that a part of what was drawn for a session was thrown away; a witness signs beside it.

    Raises NotAnAmount for more than is left, NotYourPart.
    """
    with held(scope, session) as now:
        signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
        if reason not in OF_A_SESSION:
            raise NotAnAmount("Say why it was thrown away.")
        if not Waste.objects.filter(site=scope.site, key=key).exists():
            if taken_for(scope, session, lot) <= 0:
                raise NotInStock("Nothing of this lot was drawn for this session.")
            left = rest_in_hand(scope, now)
            if not _is_amount(amount_mg) or (left is not None and amount_mg > left):
                raise NotAnAmount(
                    f"At most {left} mg are left of what was drawn." if left else "Nothing is left of it."
                )
        return record_one(
            Waste(
                site=scope.site, key=key, lot_key=lot, patient_key=now.session.patient_key, session_key=session,
                amount_mg=amount_mg, reason=reason, signed_by=signer, wasted_at=at,
            )
        )  # fmt: skip


@one_step()
def waste_from_safe(scope: Scope, *, key: UUID, lot: UUID, count: int, reason: str, at: datetime) -> Waste:
    """Say that whole containers are thrown away, such as expired ones; they leave the balance when a witness signs."""
    signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
    found = _lot(scope, lot)
    _wait(scope, found.drug)
    if reason not in OF_THE_SAFE:
        raise NotAnAmount("Say why they are thrown away.")
    if (
        _count(count) > balance_of(scope, found).containers
        and not Waste.objects.filter(site=scope.site, key=key).exists()
    ):
        raise NotInStock(f"The safe holds fewer than {count} of this lot.")
    return record_one(
        Waste(
            site=scope.site, key=key, lot_key=lot, amount_mg=count * found.mg_each, containers=count, reason=reason,
            signed_by=signer, wasted_at=at,
        )
    )  # fmt: skip


@one_step()
def count_lot(scope: Scope, *, key: UUID, lot: UUID, counted: int, explanation: str, at: datetime) -> Count:
    """Say how many containers of a lot were counted in the safe, and why that differs from the balance, if it does.

    A second person signs too; then the balance follows the count. Raises NotAnAmount, NotYourPart.
    """
    signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
    found = _lot(scope, lot)
    _wait(scope, found.drug)
    before = Count.objects.filter(site=scope.site, key=key).first()
    expected = before.expected if before else balance_of(scope, found).containers
    if not 0 <= counted <= 100_000:
        raise NotAnAmount("Count whole containers.")
    if counted != expected and not explanation.strip():
        raise NotAnAmount(f"The movements say {expected}. Count again; if it is {counted}, say what explains it.")
    return record_one(
        Count(
            site=scope.site, key=key, lot_key=lot, counted=counted, expected=expected,
            explanation=explanation.strip()[:300], signed_by=signer, counted_at=at,
        )
    )  # fmt: skip


@one_step()
def witness(scope: Scope, *, key: UUID, about: UUID, at: datetime) -> Witness:
    """Sign as the second person for a waste or a count; raise NotAWitness, NotInStock, NotYourPart."""
    signer = demand(scope, Permission.HANDLE_DRUGS, at=at)
    known = Witness.objects.filter(site=scope.site, key=key).first()
    seen = unseen(scope, about) if known is None else None
    if known is not None:
        return record_one(
            Witness(site=scope.site, key=key, about=about, first=known.first, signed_by=signer, signed_at=at)
        )
    if seen is None:
        raise NotAWitness("Nothing waits for a witness here.")
    if seen.signed_by == signer:
        raise NotAWitness("You signed it yourself. Another person must have seen it.")
    lot = _lot(scope, seen.lot_key)
    _wait(scope, lot.drug)
    signed = record_one(
        Witness(site=scope.site, key=key, about=about, first=seen.signed_by, signed_by=signer, signed_at=at)
    )
    _follow(scope, seen, lot, signer, at)
    return signed


def _follow(scope: Scope, seen: Waste | Count, lot: Lot, signer: UUID, at: datetime) -> None:
    """Let the balance follow what two people have signed."""
    if isinstance(seen, Count):
        change, kind = seen.counted - balance_of(scope, lot).containers, Kind.ADJUSTED
        if balance_of(scope, lot).containers != seen.expected:
            raise NotAWitness("Something was moved since this count. Count again.")
    else:
        change, kind = -seen.containers, Kind.WASTED
    if change:
        _move(
            scope, lot, key=key_from(str(seen.key), "movement"), kind=kind, change=change, signer=signer, at=at,
            about=seen.key,
        )  # fmt: skip


def _move(
    scope: Scope,
    lot: Lot,
    *,
    key: UUID,
    kind: Kind,
    change: int,
    signer: UUID,
    at: datetime,
    session: UUID | None = None,
    patient: UUID | None = None,
    reference: str = "",
    about: UUID | None = None,
) -> Movement:
    """Add a movement to the register of its drug; the balance comes from the one before, which the caller holds."""
    known = Movement.objects.filter(site=scope.site, key=key).first()
    before = balance_of(scope, lot)
    if known is None and before.containers + change < 0:
        raise NotInStock(f"The safe holds {before.containers} of lot {lot.number}, not {-change}.")
    return record_one(
        Movement(
            site=scope.site,
            key=key,
            lot_key=lot.key,
            drug=lot.drug,
            position=known.position if known else before.position + 1,
            kind=str(kind),
            change=change,
            lot_balance=known.lot_balance if known else before.containers + change,
            balance_mg=known.balance_mg if known else before.drug_mg + change * lot.mg_each,
            patient_key=patient,
            session_key=session,
            reference=" ".join(reference.split())[:60],
            about=about,
            signed_by=signer,
            moved_at=at,
        )
    )


def _wait(scope: Scope, drug: str) -> None:
    """Whoever changes the balance of a drug takes turns."""
    wait_for(f"treat stock {scope.site} {drug}")


def _lot(scope: Scope, lot: UUID) -> Lot:
    found = lot_of(scope, lot)
    if found is None:
        raise NotInStock("There is no such lot at this site.")
    return found


def _count(count: int) -> int:
    if not 1 <= count <= 10_000:
        raise NotAnAmount("Say how many containers: a whole number above zero.")
    return count


def _is_amount(amount: Decimal) -> bool:
    return amount.is_finite() and 0 < amount < 1_000_000 and amount == round(amount, 3)
