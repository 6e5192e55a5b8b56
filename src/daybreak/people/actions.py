"""Every write to people."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.hours import spans_of
from daybreak.people.models import Account, Credential, Death, Membership, Patient, Site
from daybreak.people.queries import site_named
from daybreak.people.roles import ROLES

EASTERNMOST = "Pacific/Kiritimati"
"""Where a day begins first on earth: a day that was stated anywhere does not lie ahead there."""


class SiteTaken(Refusal):
    """A site of that code exists."""


class NotASite(Refusal):
    """The words do not describe a site."""


class NotADeath(Refusal):
    """The words do not describe a death."""


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


def record_death(scope: Scope, *, key: UUID, patient: UUID, died_on: date | None, at: datetime) -> Death:
    """Record that a patient has died. Raises NotADeath for a day that lies ahead."""
    if died_on and died_on > day_of(at, EASTERNMOST):
        raise NotADeath("The day of death lies in the future.")
    return record_one(Death(site=scope.site, key=key, patient_key=patient, died_on=died_on, noted_at=at))
