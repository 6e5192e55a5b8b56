"""Every write about data quality: ask a clinic, answer, close, ask again."""

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import IntegrityError

from daybreak.kernel.moments import day_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import Site, permissions_at, site_named
from daybreak.register.models import DataQuery, DataQueryStep
from daybreak.register.quality.asking import Asked, open_query, query_seen
from daybreak.register.quality.queries import asked_of_data, stood
from daybreak.register.quality.rules import REASONS, may_step
from daybreak.register.quality.values import NotAValue, holding, value_asked
from daybreak.register.queries import dataset, frozen_snapshots
from daybreak.register.releasing.queries import is_centre

if TYPE_CHECKING:
    import ibis.expr.types as ir


class NotAQuestion(Refusal):
    """Nothing can be asked so."""


class NotAStep(Refusal):
    """The question cannot go on so. `field` names what of the form it is about."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


@one_step()
def ask_clinic(
    scope: Scope, *, key: UUID, clinic: str, check: str, snapshot_id: str, words: str = "", at: datetime
) -> DataQuery:
    """Ask a clinic about what a check found not to be well in a snapshot, as who may at the coordinating centre.

    Raises NotAQuestion, and the register's NoSuchSnapshot and NotIntact.
    """
    here = _demand_askable(scope, clinic, at)
    found = stood(clinic, synthetic=here.synthetic, snapshot_id=snapshot_id)
    about = next((each for each in found.asked if each.check.id == check), None)
    if about is None or not about.failing:
        raise NotAQuestion("In this snapshot nothing of this clinic fails that check, so there is nothing to ask.")
    counts = {"well": about.share.events, "of": int(about.share.denominator)}
    return _asked(scope, key, clinic, check, "", at, snapshot=found.snapshot.id, words=words.strip(), **counts)


@one_step()
def ask_about_value(
    scope: Scope, *, key: UUID, clinic: str, column: str, value: str, snapshot_id: str, words: str = "", at: datetime
) -> DataQuery:
    """Ask a clinic about the rows that hold one value in a `column` (“session.dose_mg”) of a snapshot, as who may at
    the coordinating centre. Raises NotAQuestion, NotAValue, and the register's NoSuchSnapshot and NotIntact.
    """
    here, about = _demand_askable(scope, clinic, at), value_asked(column, value)
    if snapshot_id not in {each.id for each in frozen_snapshots(synthetic=here.synthetic)}:
        raise NotAQuestion("There is no such snapshot of this house's people.")
    rows = dataset(snapshot_id).tables[about.table]
    rows = rows.filter(rows.site == clinic)
    of, held = _count(rows), _count(holding(rows, about))
    if not held:
        raise NotAValue("In this snapshot no row of this clinic holds that value.", "value")
    counts = {"well": of - held, "of": of}
    return _asked(scope, key, clinic, column, about.value, at, snapshot=snapshot_id, words=words.strip(), **counts)


def _count(rows: "ir.Table") -> int:
    return int(rows.count().to_pyarrow().as_py())


def _demand_askable(scope: Scope, clinic: str, at: datetime) -> Site:
    here, there = _at_centre(scope, at, NotAQuestion), site_named(clinic)
    if there is None or there.kind != "clinic" or there.synthetic != here.synthetic:
        raise NotAQuestion("There is no such clinic to ask.")
    return here


def _asked(
    scope: Scope, key: UUID, clinic: str, about: str, value: str, at: datetime, **told: object
) -> DataQuery:  # fmt: skip
    quality, known = asked_of_data(), DataQuery.objects.filter(site=clinic, key=key).first()
    if known is None and open_query(clinic, about, value=value, today=_today(scope, at)) is not None:
        raise NotAQuestion("This was asked already and is not closed yet. Read what was said.")
    return record_one(
        DataQuery(
            site=clinic, key=key, asked_by_check=about, value=value, definition_version=quality.version,
            definition_fingerprint=quality.fingerprint, asked_at=known.asked_at if known else at,
            answer_by=_today(scope, at) + timedelta(days=quality.answer_within_days), **told,
        )
    )  # fmt: skip


@one_step()
def answer_query(
    scope: Scope, *, key: UUID, asked: Asked, corrected: int, confirmed: int, unknowable: int, reason: str, at: datetime
) -> DataQueryStep:
    """Answer what the register asks, at the clinic that made the data: how many rows were corrected, are right as they
    are, and cannot be known any more, and why as a word of a closed list. Raises NotAStep.
    """
    if scope.site != asked.query.site or Permission.ANSWER_QUERIES not in _may(scope, at):
        raise NotAStep("Only the clinic that made the data answers.")
    if min(corrected, confirmed, unknowable) < 0 or not corrected + confirmed + unknowable:
        raise NotAStep("Say of at least one row what became of it.", "corrected")
    if reason not in REASONS:
        raise NotAStep("Choose a reason of the list.", "reason")
    counts = {"corrected": corrected, "confirmed": confirmed, "unknowable": unknowable}
    return _stepped(scope, key, asked, "answer", at, reason=reason, **counts)


@one_step()
def close_query(scope: Scope, *, key: UUID, asked: Asked, at: datetime) -> DataQueryStep:
    """Close a question, as who may ask at the coordinating centre. Raises NotAStep."""
    _at_centre(scope, at, NotAStep)
    return _stepped(scope, key, asked, "close", at)


@one_step()
def ask_again(scope: Scope, *, key: UUID, asked: Asked, words: str, at: datetime) -> DataQueryStep:
    """Ask again, with words about what the answer left open. Raises NotAStep."""
    _at_centre(scope, at, NotAStep)
    if not words.strip():
        raise NotAStep("Say what the answer left open.", "words")
    wanted_by = _today(scope, at) + timedelta(days=asked_of_data().answer_within_days)
    return _stepped(scope, key, asked, "ask_again", at, words=words.strip(), answer_by=wanted_by)


def _stepped(scope: Scope, key: UUID, asked: Asked, step: str, at: datetime, **told: object) -> DataQueryStep:
    """Record a step after those that are there now, not those that a page once showed."""
    now = query_seen(scope, asked.query.site, asked.query.key, today=_today(scope, at))
    if now is None:
        raise NotAStep("There is no such question.")
    known = next((each for each in now.steps if each.key == key), None)
    if known is None and not may_step(now.state, step):
        raise NotAStep("This question does not wait for that any more. Read the page again.")
    try:
        return record_one(
            DataQueryStep(
                site=asked.query.site, key=key, query_key=asked.query.key, step=step, **told,
                number=known.number if known else len(now.steps) + 1, stepped_at=known.stepped_at if known else at,
            )
        )  # fmt: skip
    except IntegrityError as fault:
        raise NotAStep("Somebody else went on with this question meanwhile. Read the page again.") from fault


def _at_centre(scope: Scope, at: datetime, refusal: type[Refusal]) -> Site:
    here = site_named(scope.site)
    if here is None or not is_centre(scope) or Permission.QUERY_DATA not in _may(scope, at):
        raise refusal("Clinics are asked about their data by a data manager of the coordinating centre.")
    return here


def _may(scope: Scope, at: datetime) -> frozenset[Permission]:
    if scope.actor is None:
        return frozenset()
    return permissions_at(account=scope.actor, site=scope.site, on=_today(scope, at))


def _today(scope: Scope, at: datetime) -> date:
    here = site_named(scope.site)
    return day_of(at, here.time_zone if here else "UTC")
