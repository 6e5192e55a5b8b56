"""A sample of a clinic's sessions, or of its scores, compared with their sources: draw, read, compare.

What is compared is what a freeze would take now, of people whose consent stands. The clinic alone sees which records
they are; the register learns how many agree, field by field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from secrets import token_hex
from typing import TYPE_CHECKING
from uuid import UUID

from daybreak.kernel.keys import new_key
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record, record_one, standing
from daybreak.register.models import SourceComparison, SourceItem, SourceSample
from daybreak.register.quality.rules import (
    FEWEST_SAMPLED,
    FIELDS,
    MOST_SAMPLED,
    SCORE,
    SESSION,
    VERDICTS,
    agreement,
    drawn,
)
from daybreak.stats.public import Estimate, exact_proportion

if TYPE_CHECKING:
    from daybreak.register.description import Table

NOTHING_THERE = {
    SESSION: "No session of a person in the register was discharged yet, so there is nothing to draw from.",
    SCORE: "Staff have entered no score of a person in the register yet, so there is nothing to draw from.",
}


class NoSample(Refusal):
    """Nothing can be drawn, or compared so."""


@dataclass(frozen=True, slots=True)
class RecordNow:
    """A session that was discharged, or a score that staff entered, as a freeze would take it now. `name` says which
    score of its questionnaire.
    """

    key: UUID
    patient: UUID
    values: Mapping[str, datetime | Decimal | str | None]
    name: str = ""


@dataclass(frozen=True, slots=True)
class Sampled:
    """A sample as it stands: how many of its items were compared, and for each field what agrees, with the exact
    interval, and how many had no source.
    """

    sample: SourceSample
    size: int
    compared: int
    fields: Mapping[str, tuple[Estimate, int]]


def records_now(scope: Scope, kind: str) -> dict[UUID, RecordNow]:
    """Return the scope's own records of consenting people that have a source elsewhere: sessions that were discharged,
    or scores that staff entered (what a patient answers on a phone is its own source). Raises the register's
    CannotRead.
    """
    from daybreak.register.quality.looking import site_in_memory  # here: the engine takes a second to load

    asked, name = ("state = 'discharged'", "''") if kind == SESSION else ("entered_by_staff", "name")
    columns = ("key", "patient_key", *FIELDS[kind])
    with site_in_memory(scope.site, _tables(kind)) as memory:
        rows = memory.execute(
            f"SELECT {', '.join(columns)}, {name} FROM raw_{kind} WHERE {asked} ORDER BY key"  # noqa: S608 - our own names
        ).fetchall()
    found = {}
    for key, patient, *told, which in rows:
        values = {field: _value(field, value) for field, value in zip(FIELDS[kind], told, strict=True)}
        found[UUID(str(key))] = RecordNow(UUID(str(key)), UUID(str(patient)), values, which)
    return found


def _tables(kind: str) -> list["Table"]:
    """Return what is read: of scores also the clinic's own key and who entered them, which a freeze does not take."""
    from daybreak.register.columns import own, yes_no
    from daybreak.register.tables import table

    people = [table(name) for name in ("person", "course", "session")]
    if kind == SESSION:
        return people
    scores = table(SCORE)
    known = (own("The score.", source="key"), yes_no("entered_by_staff", "Whether staff entered it."))
    columns = (*(column for column in scores.columns if column.name != "key"), *known)
    return [*people, replace(scores, columns=columns)]


def _value(name: str, value: object) -> datetime | Decimal | str | None:
    if value is None or isinstance(value, str):
        return value
    return datetime.fromtimestamp(int(str(value)), UTC) if name.endswith("_at") else Decimal(str(value))


@one_step()
def draw_sample(scope: Scope, *, key: UUID, wanted: int, at: datetime, kind: str = SESSION) -> SourceSample:
    """Draw a sample of the scope's own sessions, or scores, by a seed made now, and keep which they are. Raises
    NoSample, and the register's CannotRead.
    """
    known = SourceSample.objects.filter(site=scope.site, key=key).first()
    if known is not None:
        return known
    if not FEWEST_SAMPLED <= wanted <= MOST_SAMPLED:
        raise NoSample(f"A sample has {FEWEST_SAMPLED} to {MOST_SAMPLED} {kind}s.")
    there = records_now(scope, kind)
    if not there:
        raise NoSample(NOTHING_THERE[kind])
    seed = token_hex(16)
    sample = record_one(
        SourceSample(site=scope.site, key=key, kind=kind, wanted=wanted, among=len(there), seed=seed, drawn_at=at)
    )
    chosen = drawn(there, seed=seed, wanted=wanted)
    record([
        SourceItem(
            site=scope.site, key=new_key(), sample_key=key, number=number, patient_key=there[each].patient,
            **{f"{kind}_key": each},
        )
        for number, each in enumerate(chosen, 1)
    ])  # fmt: skip
    return sample


@one_step()
def compare_item(
    scope: Scope, *, key: UUID, item: SourceItem, verdicts: Mapping[str, str], at: datetime
) -> SourceComparison:
    """Record what came of comparing one item with its source, at the clinic. Raises NoSample."""
    if item.site != scope.site:
        raise NoSample("Only the clinic compares its own records with their sources.")
    if set(verdicts) != set(FIELDS[item.kind]) or not set(verdicts.values()) <= set(VERDICTS):
        raise NoSample("Say of each field whether it agrees with its source.")
    same = standing(SourceComparison).filter(site=item.site, sample_key=item.sample_key, number=item.number)
    before = same.exclude(key=key).order_by("-recorded_at").first()
    again = SourceComparison.objects.filter(site=item.site, key=key).first()
    return record_one(
        SourceComparison(
            site=item.site, key=key, sample_key=item.sample_key, number=item.number, verdicts=dict(verdicts),
            corrects=again.corrects if again else before.key if before else None,
            compared_at=again.compared_at if again else at,
        )
    )  # fmt: skip


def samples_of(site: str) -> list[Sampled]:
    """Return the samples of a clinic, newest first. Who may see them is the caller's to know."""
    return [_stands(each) for each in SourceSample.objects.filter(site=site).order_by("-drawn_at", "-key")]


def sample_of(scope: Scope, key: UUID) -> Sampled | None:
    """Return one sample of the scope's own site."""
    found = SourceSample.objects.filter(site=scope.site, key=key).first()
    return None if found is None else _stands(found)


def items_of(scope: Scope, sample: UUID) -> list[tuple[SourceItem, SourceComparison | None]]:
    """Return the items of a sample of the scope's own site with what came of comparing each."""
    came = {
        each.number: each
        for each in standing(SourceComparison).filter(site=scope.site, sample_key=sample).order_by("recorded_at")
    }
    items = SourceItem.objects.filter(site=scope.site, sample_key=sample).order_by("number")
    return [(each, came.get(each.number)) for each in items]


def _stands(sample: SourceSample) -> Sampled:
    rows = standing(SourceComparison).filter(site=sample.site, sample_key=sample.key).order_by("recorded_at")
    came = {each.number: each.verdicts for each in rows}
    fields = {
        name: (exact_proportion(agree, of), without)
        for name, (agree, of, without) in agreement(list(came.values()), FIELDS[sample.kind]).items()
    }
    return Sampled(sample, min(sample.wanted, sample.among), len(came), fields)
