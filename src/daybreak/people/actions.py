"""Every write to people."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import announce, one_step, record_one, told_once
from daybreak.people.hours import spans_of
from daybreak.people.models import DEATH_SOURCES, PRECISIONS, Account, Credential, Death, Membership, Patient, Site
from daybreak.people.queries import deaths, deaths_told, site_named
from daybreak.people.roles import ROLES

EASTERNMOST = "Pacific/Kiritimati"
"""Where a day begins first on earth: a day that was stated anywhere does not lie ahead there."""


CORRECTIONS = ("more is known", "typed wrong")
RETRACTIONS = ("lives", "another person")


class SiteTaken(Refusal):
    """A site of that code exists."""


class NotASite(Refusal):
    """The words do not describe a site."""


class NotADeath(Refusal):
    """The words do not describe a death, or its correction; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


class PatientDied(Refusal):
    """Something was to be planned, ordered or asked of a patient who is recorded as deceased."""


class WrongKindOfRecord(Refusal):
    """A synthetic site was given a real record, or a real site a synthetic one."""


@one_step()
def add_site(*, code: str, name: str, kind: str, synthetic: bool, time_zone: str, at: datetime, **contact: str) -> Site:
    """Add a site; `contact` may hold crisis_line, telephone, emergency_line and hours.

    Raises NotASite for a code that is not 2 to 20 small letters, digits or hyphens or an unknown time zone, SiteTaken
    for a
    code in use, NotHours for hours that cannot be read.
    """
    spans_of(contact.get("hours", ""))
    plain = code.replace("-", "")
    if not (2 <= len(code) <= 20 and plain.isascii() and plain.isalnum() and code == code.lower()):
        raise NotASite(f"“{code}” cannot be a site's code: use 2 to 20 small letters, digits and hyphens.")
    if time_zone not in available_timezones():
        raise NotASite(f"“{time_zone}” is not a time zone; an example is Europe/Berlin.")
    if site_named(code):
        raise SiteTaken(f"There is a site “{code}” already.")
    return Site.objects.create(
        code=code, name=name, kind=kind, synthetic=synthetic, time_zone=ZoneInfo(time_zone).key, opened_at=at, **contact
    )


@one_step()
def open_account(*, email: str, name: str, one_click: bool = False) -> Account:
    """Open an account without a usable password; it signs in after setting one, or by one click on synthetic sites."""
    account = Account(email=email.strip().lower(), name=name.strip(), one_click=one_click)
    account.set_unusable_password()
    account.save(force_insert=True)
    return account


class NotAName(Refusal):
    """A name that cannot be one, or of somebody who does not work here."""


@one_step()
def rename_colleague(scope: Scope, *, account: UUID, name: str) -> Account:
    """Change the name of somebody who works at the scope's site; what was signed before keeps its name.

    Raise NotAName.
    """
    name = " ".join(name.split())
    works_here = Membership.objects.filter(site=scope.site, account_id=account, waits_since=None).exists()
    if not name or not works_here:
        raise NotAName("Give the new name of somebody who works here.")
    found = Account.objects.get(key=account)
    found.name = name
    found.save(update_fields=["name"])
    return found


@one_step()
def give_role(
    scope: Scope,
    *,
    account: UUID,
    role: str,
    from_day: date,
    until_day: date | None = None,
    waits_since: datetime | None = None,
) -> Membership:
    """Give the account a role at the scope's site; with `waits_since` it begins when the account's owner joins."""
    place = site_named(scope.site)
    if place and not place.synthetic and Account.objects.filter(key=account, one_click=True).exists():
        raise WrongKindOfRecord("A demonstration account cannot hold a role at a real site.")
    if role not in ROLES:
        raise Refusal(f"“{role}” is not a role; there are: {', '.join(sorted(ROLES))}.")
    return Membership.objects.create(
        site=scope.site,
        account_id=account,
        role=role,
        from_day=from_day,
        until_day=until_day,
        waits_since=waits_since,
    )


def record_credential(
    scope: Scope,
    *,
    key: UUID,
    account: UUID,
    kind: str,
    issued_on: date,
    expires_on: date | None,
    number: str = "",
) -> Credential:
    """Record a credential that the site has seen."""
    return record_one(
        Credential(
            site=scope.site,
            key=key,
            account_key=account,
            kind=kind,
            issued_on=issued_on,
            expires_on=expires_on,
            number=number,
        )
    )


def admit_patient(
    scope: Scope, *, key: UUID | None, sex: str, birth_year: int | None, origin: str, synthetic: bool, at: datetime
) -> Patient:
    """Make a patient's token. Raises WrongKindOfRecord when the record and the site are not both synthetic or both
    real.
    """
    site = site_named(scope.site)
    if site is None or site.synthetic != synthetic:
        raise WrongKindOfRecord(
            f"{scope.site} is a {'synthetic' if site and site.synthetic else 'real'} site and takes only such records."
        )
    return record_one(
        Patient(
            site=scope.site,
            key=key or new_key(at=at),
            registered_at=at,
            sex=sex,
            birth_year=birth_year,
            origin=origin,
        )
    )


def record_death(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    died_on: date | None,
    at: datetime,
    precision: str = "",
    source: str = "import",
    corrects: UUID | None = None,
    because: str = "",
) -> Death:
    """Record that a patient has died, or correct what was recorded: `corrects` with `because`, one of CORRECTIONS.

    `precision` says whether `died_on` is known to the day, month or year; the day is then the first of it, and without
    a day it is “unknown”. A key that is told again is the same death. Raises NotADeath.
    """
    precision = precision or ("day" if died_on else "unknown")
    _check_death(died_on, precision, source, at)
    _check_correction(scope, patient, key, corrects, because, among=CORRECTIONS)
    return _death(
        scope, key, patient, at, died_on=_first_day(died_on, precision), precision=precision, source=source,
        corrects=corrects, because=because,
    )  # fmt: skip


def take_back_death(scope: Scope, *, key: UUID, patient: UUID, death: UUID, because: str, at: datetime) -> Death:
    """Say that a death was recorded in error, `because` one of RETRACTIONS. Raises NotADeath."""
    _check_correction(scope, patient, key, death, because, among=RETRACTIONS)
    return _death(scope, key, patient, at, corrects=death, taken_back=True, because=because)


def _death(scope: Scope, key: UUID, patient: UUID, at: datetime, **said: object) -> Death:
    with told_once(Death, site=scope.site, key=key, moment="noted_at", at=at) as moment:
        row = record_one(Death(site=scope.site, key=key, patient_key=patient, noted_at=moment, **said))
        if row.stored_now:
            announce("death recorded", site=scope.site, key=key, at=moment)
        return row


def _first_day(died_on: date | None, precision: str) -> date | None:
    if died_on is None or precision == "day":
        return died_on
    return died_on.replace(day=1) if precision == "month" else died_on.replace(month=1, day=1)


def _check_death(died_on: date | None, precision: str, source: str, at: datetime) -> None:
    if precision not in PRECISIONS or source not in DEATH_SOURCES:
        raise NotADeath("Say how exactly the day is known, and from whom.")
    if (died_on is None) != (precision == "unknown"):
        raise NotADeath("Give the day as far as it is known, or say that it is not known.", field="died_on")
    if died_on and died_on > day_of(at, EASTERNMOST):
        raise NotADeath("The day of death lies in the future.", field="died_on")


def _check_correction(
    scope: Scope, patient: UUID, key: UUID, corrects: UUID | None, because: str, *, among: Collection[str]
) -> None:
    if corrects is None:
        return
    if because not in among:
        raise NotADeath("Say why it is corrected.", field="because")
    history = {each.key: each for each in deaths_told(scope, patient)}
    if corrects not in history or any(e.corrects == corrects and e.key != key for e in history.values()):
        raise NotADeath("This was corrected in the meantime. Read the page again.")


def demand_living(scope: Scope, patient: UUID, *, on: date) -> None:
    """Raise PatientDied for what lies after a death, by the day at the clinic; what was before may still be entered."""
    death = deaths(scope, [patient]).get(patient)
    if death and not (death.died_on and on <= death.died_on):
        raise PatientDied("This patient is recorded as deceased. Nothing can be planned for them, or asked of them.")
