"""Every read of people."""

from collections.abc import Collection, Iterable
from datetime import date, datetime
from uuid import UUID

from django.db.models import QuerySet

from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope, once_in_scope
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.people.duty import Turn, turns_at
from daybreak.people.models import (
    SAME,
    Account,
    Credential,
    Death,
    DuplicateDecision,
    DutyTurn,
    Membership,
    Patient,
    Site,
)
from daybreak.people.roles import holds_on, permissions_of
from daybreak.people.rules import CredentialHeld, Standing, may_take_role


def sites() -> list[Site]:
    """Return every site, clinics first, by name."""
    return list(Site.objects.order_by("-kind", "name"))


def site_named(code: str) -> Site | None:
    """Return the site of that code, or nothing. A site does not change, so a scope reads it once."""
    return once_in_scope(("site", code), lambda: Site.objects.filter(code=code).first())


def roles_at(*, account: UUID, site: str, on: date) -> frozenset[str]:
    """Return the roles that the account holds at the site on that day. Needs a scope whose actor is the account."""
    return frozenset(
        m.role
        for m in Membership.objects.filter(account_id=account, site=site, waits_since=None)
        if holds_on(on, from_day=m.from_day, until_day=m.until_day)
    )


def permissions_at(*, account: UUID, site: str, on: date) -> frozenset[Permission]:
    """Return what the account may do at the site on that day."""
    return permissions_of(roles_at(account=account, site=site, on=on))


def sites_of(*, account: UUID, on: date) -> list[Site]:
    """Return the sites where the account holds a role on that day."""
    codes = {
        m.site
        for m in Membership.objects.filter(account_id=account, waits_since=None)
        if holds_on(on, from_day=m.from_day, until_day=m.until_day)
    }
    return [site for site in sites() if site.code in codes]


def staff(scope: Scope) -> QuerySet[Membership]:
    """Return the memberships of the site with their accounts; those that wait for their owner to join are not there."""
    return _memberships(scope).filter(waits_since=None)


def expected(scope: Scope) -> QuerySet[Membership]:
    """Return the memberships of the site that wait for their owner to join, with their accounts."""
    return _memberships(scope).filter(waits_since__isnull=False)


def _memberships(scope: Scope) -> QuerySet[Membership]:
    return Membership.objects.filter(site=scope.site).select_related("account").order_by("account__name", "role")


def names_of_staff(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Return the names under which members of staff act, for signatures and banners."""
    return dict(Account.objects.filter(key__in={k for k in keys if k}).values_list("key", "name"))


def who_hold(scope: Scope, roles: Collection[str], *, on: date) -> dict[str, list[UUID]]:
    """Return who holds each of these roles at the site on that day, and may sign in, by name."""
    held = [m for m in staff(scope) if m.account.is_active and holds_on(on, from_day=m.from_day, until_day=m.until_day)]
    return {role: [m.account_id for m in held if m.role == role] for role in roles}


def account_emails(keys: Iterable[UUID]) -> dict[UUID, str]:
    """Return the addresses at which members of staff are reached."""
    return dict(Account.objects.filter(key__in=set(keys)).values_list("key", "email"))


def credentials(scope: Scope, *, account: UUID | None = None) -> list[Credential]:
    """Return the credentials recorded at the site, of one account or of all, soonest expiry first."""
    of_these = {"site": scope.site} | ({"account_key": account} if account else {})
    return sorted(rows(Read(Credential, of_these)), key=lambda c: (c.expires_on or date.max, c.kind))


def ending_credentials(scope: Scope, *, account: UUID | None = None) -> list[Credential]:
    """Return of each kind that somebody holds the credential that ends last, if it ends, soonest first: what was
    renewed is not there.
    """
    last: dict[tuple[UUID, str], Credential] = {}
    for each in credentials(scope, account=account):
        last[each.account_key, each.kind] = each
    return sorted((each for each in last.values() if each.expires_on), key=lambda each: each.expires_on)


def standing_for(scope: Scope, *, account: UUID, role: str, on: date, also: Iterable[str] = ()) -> Standing:
    """Answer whether the account may take `role` at the site on that day; `also` names credentials asked for beside."""
    held = [CredentialHeld(c.kind, c.issued_on, c.expires_on) for c in credentials(scope, account=account)]
    return may_take_role(role, held=held, on=on, also=also)


def patient(scope: Scope, key: UUID) -> Patient | None:
    """Return the patient of that key at the site, or nothing: another site's patient does not exist, nor does a record
    that was merged into another.
    """
    merged = Read(DuplicateDecision, {"site": scope.site, "record_key": key, "verdict": SAME})
    found, gone = together(Read(Patient, {"site": scope.site, "key": key}), merged)
    return None if gone else next(iter(found), None)


def patient_record(scope: Scope, key: UUID) -> Patient | None:
    """Return a record of the site as `patient` does, also one that was merged into another."""
    return next(iter(rows(Read(Patient, {"site": scope.site, "key": key}))), None)


def patients(scope: Scope) -> QuerySet[Patient]:
    """Return the patients of the site, newest first, without records that were merged into another."""
    merged = standing(DuplicateDecision).filter(site=scope.site, verdict=SAME).values("record_key")
    return standing(Patient).filter(site=scope.site).exclude(key__in=merged).order_by("-registered_at", "key")


def deaths(scope: Scope, patients: Collection[UUID]) -> dict[UUID, Death]:
    """Return those of the patients who are recorded as deceased."""
    theirs = {"site": scope.site, "patient_key": list(patients), "taken_back": False}
    return {row.patient_key: row for row in rows(Read(Death, theirs, by=("noted_at", "key")))}


def deaths_told(scope: Scope, patient: UUID) -> list[Death]:
    """Return all that was ever recorded of a patient's death, what was corrected and taken back too, newest first."""
    return list(Death.objects.filter(site=scope.site, patient_key=patient).order_by("-noted_at", "-key"))


def own_memberships(account: UUID) -> list[Membership]:
    """Return the account's memberships, also those that wait or have ended; the scope's actor must be the account."""
    return list(Membership.objects.filter(account_id=account).order_by("site", "role"))


def duty_turns(scope: Scope, *, since: datetime) -> list[Turn]:
    """Return the turns of duty at the site that end after `since`, those that begin first first."""
    found = standing(DutyTurn).filter(site=scope.site, until_at__gt=since, taken_back=False)
    return [_turn(row) for row in found.order_by("from_at", "rank", "key")]


def duty_turn(scope: Scope, key: UUID) -> Turn | None:
    """Return a turn of duty as it stands, or nothing where it was changed, taken back or never entered."""
    row = standing(DutyTurn).filter(site=scope.site, key=key, taken_back=False).first()
    return _turn(row) if row else None


def on_duty(scope: Scope, *, at: datetime) -> tuple[Turn, ...]:
    """Return who is on duty at the site at a moment: who is asked first stands first."""
    return turns_at(duty_turns(scope, since=at), at)


def _turn(row: DutyTurn) -> Turn:
    return Turn(row.key, row.account_key, row.from_at, row.until_at, row.rank, row.telephone)
