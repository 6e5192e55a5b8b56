"""A medicine is written down as it was given or taken; what was written wrong is stated anew, and never removed."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.measure.public import fact_definition, library
from daybreak.people.public import staff
from daybreak.treat.actions.steps import NoSuchSession, demand, wait_for
from daybreak.treat.models import MedicineGiven
from daybreak.treat.queries.medicines import medicine, names_known, words_known
from daybreak.treat.queries.sessions import SessionNow, session_now
from daybreak.treat.rules.medicines import GIVEN, NEVER_GIVEN, OTHER, NewMedicine, time_trouble, trouble, word_for
from daybreak.treat.rules.steps import Step


class NotAMedicine(Refusal):
    """What was told cannot be a medicine that was given."""


class NoSuchMedicine(Refusal):
    """There is no medicine of that key at the site."""


class MedicineCorrected(Refusal):
    """Somebody corrected the medicine first."""


@one_step()
def note_medicine(
    scope: Scope, *, key: UUID, session: UUID, new: NewMedicine, at: datetime, given_by: UUID | None = None
) -> MedicineGiven:
    """Keep that a medicine was given at `at`, by `given_by` or else by the actor, or that the patient took it then.

    Raises NoSuchSession, NotAMedicine with what is not right, NotYourPart.
    """
    actor = demand(scope, Permission.RUN_SESSION, at=at)
    now = session_now(scope, session)
    if now is None:
        raise NoSuchSession("There is no such session at this site.")
    _check(scope, now, new, at, given_by)
    return record_one(_row(scope, now, key, new, at, given_by or actor))


@one_step()
def correct_medicine(
    scope: Scope, *, key: UUID, medicine: UUID, new: NewMedicine, at: datetime, given_by: UUID | None = None
) -> MedicineGiven:
    """State a medicine anew, with the moment `at` at which it was given; raise NoSuchMedicine, MedicineCorrected,
    NotAMedicine, NotYourPart.
    """
    actor = demand(scope, Permission.RUN_SESSION, at=at)
    old, now = _held(scope, key, medicine)
    _check(scope, now, new, at, given_by)
    return record_one(_row(scope, now, key, new, at, given_by or actor, corrects=old.key))


@one_step()
def mark_never_given(scope: Scope, *, key: UUID, medicine: UUID, at: datetime) -> MedicineGiven:
    """Say that a medicine was never given; what was written stays. Raises NoSuchMedicine, MedicineCorrected,
    NotYourPart.
    """
    demand(scope, Permission.RUN_SESSION, at=at)
    old, _now = _held(scope, key, medicine)
    copied = ("medicine", "how", "dose", "unit", "route", "flow", "device", "reason", "given_by", "given_at")
    return record_one(
        MedicineGiven(
            site=scope.site, key=key, corrects=old.key, patient_key=old.patient_key, session_key=old.session_key,
            mark=NEVER_GIVEN, **{name: getattr(old, name) for name in copied},
        )
    )  # fmt: skip


def _held(scope: Scope, key: UUID, which: UUID) -> tuple[MedicineGiven, SessionNow]:
    """Return the row for one person at a time, while nothing but a retry of `key` follows it."""
    wait_for(f"treat medicine {scope.site} {which}")
    old = medicine(scope, which)
    now = session_now(scope, old.session_key) if old else None
    if old is None or now is None:
        raise NoSuchMedicine("There is no such medicine at this site.")
    followed = MedicineGiven.objects.filter(site=scope.site, corrects=which).exclude(key=key).exists()
    if old.mark or followed:
        raise MedicineCorrected("This was corrected already. Look at it again.")
    return old, now


def _check(scope: Scope, now: SessionNow, new: NewMedicine, at: datetime, given_by: UUID | None) -> None:
    found = trouble(new, known=words_known(now), flow=fact_definition(library(), "oxygen_flow"))
    why = (
        found.why
        if found
        else time_trouble(
            at,
            state=now.state,
            checked_in_at=now.moment_of(Step.CHECKED_IN),
            left_at=now.moment_of(Step.DISCHARGED),
            how=new.how,
        )
    )
    if why:
        raise NotAMedicine(why)
    if given_by is not None and given_by not in {member.account.key for member in staff(scope)}:
        raise NotAMedicine("Who gave it is not of this site's team.")


def _row(
    scope: Scope,
    now: SessionNow,
    key: UUID,
    new: NewMedicine,
    at: datetime,
    giver: UUID,
    *,
    corrects: UUID | None = None,
) -> MedicineGiven:
    patient, name = now.session.patient_key, new.name.strip()[:200]
    word = word_for(name, names_known()) if new.medicine == OTHER else new.medicine
    is_flow = new.flow is not None and new.dose is None
    return MedicineGiven(
        site=scope.site,
        key=key,
        corrects=corrects,
        patient_key=patient,
        session_key=now.session.key,
        medicine=word,
        name=seal_text(scope, patient, name, fact=key) if name and new.medicine == OTHER else b"",
        how=new.how,
        dose=None if new.dose is None else round(new.dose, 3),
        unit="" if new.dose is None else new.unit,
        route="" if is_flow else new.route,
        flow=round(new.flow, 3) if is_flow and new.flow is not None else None,
        device=new.device if is_flow else "",
        reason=new.reason,
        given_by=giver if new.how == GIVEN else None,
        given_at=at,
    )
