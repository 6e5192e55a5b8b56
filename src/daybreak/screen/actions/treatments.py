"""Treatments that were tried before. A correction is a new row that names the one it replaces."""

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from daybreak.identity.public import is_before_birth
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.kernel.units import UnknownUnit, convert
from daybreak.ledger.public import Fact, one_step, record_one, standing
from daybreak.measure.public import library
from daybreak.rulebook.public import adequacy
from daybreak.screen.models import OUTCOMES, PLACEMENTS, SAID_BY, ElectroconvulsiveSeries, PastTreatment
from daybreak.screen.queries import electroconvulsive, past_treatments
from daybreak.screen.rules import trouble_with_days, trouble_with_dose, trouble_with_weeks
from daybreak.screen.staging import ANOTHER_DRUG, is_same_trial

ADEQUACY = "athf"
MOST_TREATMENTS = 500


class NotAPastTreatment(Refusal):
    """The words do not describe a treatment that was tried; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class NotASeries(NotAPastTreatment):
    """The words do not describe a series of electroconvulsive treatments."""


class CorrectedMeanwhile(Refusal):
    """Somebody corrected the same row since the page was read."""


@one_step()
def record_past_treatment(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    drug: str,
    drug_code: str = "",
    dose: Decimal | None = None,
    unit: str = "mg",
    weeks: Decimal | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
    dose_adequate: bool | None = None,
    rating: int | None = None,
    adequate: bool | None = None,
    said_by: str = "",
    present_episode: bool | None = None,
    optimised: bool | None = None,
    augmented: bool | None = None,
    augmentation: str = "",
    outcome: str = "unknown",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> PastTreatment:
    """Record an antidepressant that was tried: `dose` a day in `unit`, everything that nobody knows left out.

    `adequate` is a person's word; without it the definition of an adequate trial judges weeks, `dose_adequate` and
    `rating`, and its version is kept. Raises NotAPastTreatment, CorrectedMeanwhile.
    """
    _demand_drug(drug, augmented, augmentation)
    _demand_words(outcome, said_by)
    _demand_days(scope, patient, started_on, ended_on, noted_at)
    dose_mg = _dose_mg(dose, unit, drug.strip())
    weeks = _weeks(weeks, started_on, ended_on)
    _demand_standing(PastTreatment, scope, key=key, corrects=corrects)
    row = PastTreatment(
        site=scope.site,
        key=key,
        corrects=corrects,
        patient_key=patient,
        drug=drug.strip(),
        drug_code=drug_code,
        dose_mg=dose_mg,
        weeks=weeks,
        started_on=started_on,
        ended_on=ended_on,
        dose_adequate=dose_adequate,
        rating=rating,
        **_adequacy(adequate, weeks, dose_adequate, rating),
        said_by=said_by,
        present_episode=present_episode,
        optimised=optimised,
        augmented=augmented,
        augmentation=augmentation,
        outcome=outcome,
        noted_at=noted_at,
    )
    _demand_new(scope, row)
    return record_one(row)


def _demand_new(scope: Scope, row: PastTreatment) -> None:
    """A trial is recorded once, so that it fails once."""
    others = [
        each for each in past_treatments(scope, patient=row.patient_key) if each.key not in (row.key, row.corrects)
    ]
    if any(is_same_trial(row, each) for each in others):
        raise NotAPastTreatment(
            "This treatment is already in the list, with the same dose and length: correct that entry if something "
            "in it is not right. If it was tried twice, give the days of each time.",
            field="drug",
        )


def _adequacy(said: bool | None, weeks: Decimal | None, dose: bool | None, rating: int | None) -> dict[str, object]:
    """A person's word, or what the definition makes of duration, dose and rating."""
    definition = library().adequacy(ADEQUACY)
    if rating is not None and not 1 <= rating <= definition.rating_highest:
        raise NotAPastTreatment(f"A rating goes from 1 to {definition.rating_highest}.", field="rating")
    if said and rating is None and weeks is not None and weeks < definition.weeks_at_least:
        raise NotAPastTreatment(
            f"{weeks.normalize():f} weeks are shorter than an adequate trial, which lasts at least "
            f"{definition.weeks_at_least} weeks. Check the length, choose another answer, or give the rating.",
            field="adequate",
        )
    if said is not None:
        return {"adequate": said, "adequacy_by": "person"}
    truth = adequacy(definition, weeks=weeks, dose_adequate=dose, rating=rating)
    if truth is Truth.UNKNOWN:
        return {"adequate": None, "adequacy_by": ""}
    return {
        "adequate": truth is Truth.MET,
        "adequacy_by": "definition",
        "definition": definition.id,
        "version": definition.version,
        "fingerprint": definition.fingerprint,
    }


def _demand_drug(drug: str, augmented: bool | None, augmentation: str) -> None:
    if not drug.strip():
        raise NotAPastTreatment("Say which treatment was tried.", field="drug")
    if drug.strip() not in (*library().codelist("antidepressants").words, ANOTHER_DRUG):
        raise NotAPastTreatment(f"“{drug}” is not in the list of antidepressants.", field="drug")
    if augmentation and augmented is not True:
        raise NotAPastTreatment(
            "A second medicine is named, but the answer is not that there was one.", field="augmented"
        )


def _demand_words(outcome: str, said_by: str) -> None:
    if outcome not in OUTCOMES:
        raise NotAPastTreatment(f"“{outcome}” is not one of: {', '.join(OUTCOMES)}.", field="outcome")
    if said_by and said_by not in SAID_BY:
        raise NotAPastTreatment(f"“{said_by}” is not one of: {', '.join(SAID_BY)}.", field="said_by")


def _demand_days(
    scope: Scope, patient: UUID, started_on: date | None, ended_on: date | None, noted_at: datetime
) -> None:
    trouble = trouble_with_days(
        started_on, ended_on, today=noted_at.date(), unborn=lambda day: is_before_birth(scope, patient, on=day)
    )
    if trouble:
        raise NotAPastTreatment(trouble.sentence, field=trouble.field)


def _dose_mg(dose: Decimal | None, unit: str, drug: str) -> Decimal | None:
    if dose is None:
        return None
    try:
        in_mg = convert(Decimal(dose), unit=unit, into="mg") if unit != "g" else Decimal(dose) * 1000
    except UnknownUnit as refusal:
        raise NotAPastTreatment(str(refusal), field="unit") from refusal
    if sentence := trouble_with_dose(in_mg, listed=drug != ANOTHER_DRUG):
        raise NotAPastTreatment(sentence, field="dose")
    return round(in_mg, 3)


def _weeks(weeks: Decimal | None, started_on: date | None, ended_on: date | None) -> Decimal | None:
    """The weeks that were said; where none were, those between the two days."""
    span = Decimal((ended_on - started_on).days) / 7 if started_on and ended_on else None
    if weeks is None:
        return round(span, 1) if span else None
    if sentence := trouble_with_weeks(Decimal(weeks), span):
        raise NotAPastTreatment(sentence, field="weeks")
    return round(Decimal(weeks), 1)


def _demand_standing(model: type[Fact], scope: Scope, *, key: UUID, corrects: UUID | None) -> None:
    """A row is corrected once; the same correction sent again is the same correction."""
    mine = {"site": scope.site}
    if corrects is None or model._default_manager.filter(**mine, key=key).exists():
        return
    if not standing(model).filter(**mine, key=corrects).exists():
        raise CorrectedMeanwhile("This entry was changed in the meantime. Look at it again before you change it.")


@one_step()
def withdraw_past_treatment(scope: Scope, *, patient: UUID, entry: UUID, at: datetime) -> PastTreatment:
    """Take back an entry that is not right; it stays in the table. Raises CorrectedMeanwhile."""
    found = next((row for row in past_treatments(scope, patient=patient) if row.key == entry), None)
    if found is None:
        raise CorrectedMeanwhile("This entry does not stand any more.")
    return record_one(_withdrawn(scope, found, PastTreatment, at))


@one_step()
def record_electroconvulsive(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    placement: str,
    outcome: str,
    treatments: int | None = None,
    started_on: date | None = None,
    ended_on: date | None = None,
    said_by: str = "",
    noted_at: datetime,
    corrects: UUID | None = None,
) -> ElectroconvulsiveSeries:
    """Record a series of electroconvulsive treatments that was given. Raises NotASeries, CorrectedMeanwhile."""
    if placement not in PLACEMENTS:
        raise NotASeries(f"“{placement}” is not one of: {', '.join(PLACEMENTS)}.", field="placement")
    if treatments is not None and not 0 < treatments <= MOST_TREATMENTS:
        raise NotASeries("The number of treatments cannot be right: check it.", field="treatments")
    _demand_words(outcome, said_by)
    _demand_days(scope, patient, started_on, ended_on, noted_at)
    _demand_standing(ElectroconvulsiveSeries, scope, key=key, corrects=corrects)
    return record_one(
        ElectroconvulsiveSeries(
            site=scope.site,
            key=key,
            corrects=corrects,
            patient_key=patient,
            placement=placement,
            treatments=treatments,
            started_on=started_on,
            ended_on=ended_on,
            outcome=outcome,
            said_by=said_by,
            noted_at=noted_at,
        )
    )


@one_step()
def withdraw_electroconvulsive(scope: Scope, *, patient: UUID, entry: UUID, at: datetime) -> ElectroconvulsiveSeries:
    """Take back a series that is not right; it stays in the table. Raises CorrectedMeanwhile."""
    found = next((row for row in electroconvulsive(scope, patient=patient) if row.key == entry), None)
    if found is None:
        raise CorrectedMeanwhile("This entry does not stand any more.")
    return record_one(_withdrawn(scope, found, ElectroconvulsiveSeries, at))


_BY_DATABASE = {"key", "corrects", "withdrawn", "noted_at", "content_hash", "batch", "recorded_at", "recorded_by"}


def _withdrawn(scope: Scope, found: Fact, model: type[Fact], at: datetime) -> Fact:
    """The same row, taken back."""
    kept = {f.attname: getattr(found, f.attname) for f in model._meta.local_concrete_fields if f.column}
    said = {name: value for name, value in kept.items() if name not in _BY_DATABASE}
    key = key_from(scope.site, str(found.key), "withdrawn")
    return model(**said, key=key, corrects=found.key, withdrawn=True, noted_at=at)
