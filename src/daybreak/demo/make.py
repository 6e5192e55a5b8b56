"""Make the demonstration: clinics, people, their certificates, and every patient's story."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

from daybreak.demo.cast import CENTRE, CLINICS, ENDING_ACLS, EXPIRED_ACLS, STAFF, Clinic
from daybreak.demo.drugs import fill_the_safe
from daybreak.demo.duty import fill_roster
from daybreak.demo.places import CHAIRS, furnish
from daybreak.demo.plot import plots
from daybreak.demo.story import Story, Team
from daybreak.demo.under_way import RUNNING_AT, leave_under_way, plan_next
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import one_step
from daybreak.people.public import Account, add_site, give_role, open_account, record_credential
from daybreak.register.public import create_snapshot
from daybreak.treat.public import record_assessment

YEARS = timedelta(days=400)


def open_sites(*, at: datetime) -> None:
    """Open the clinics and the centre with accounts, roles and certificates: all of it, or nothing."""
    with one_step():
        _people(at)


def play_clinic(number: int, *, at: datetime, deliver: Callable[..., None], played: Callable[[], None]) -> None:
    """Play every patient of one clinic; clinics do not meet, so they may be played side by side. `played` counts
    patients.
    """
    clinic = CLINICS[number]
    team = _team(clinic)
    told = plots(number, today=at.date())
    # The last who is treated: while the dose runs it holds its chair, whatever day others are played at.
    running = [plot for plot in told if plot.stage == "in induction"][-1] if clinic.code == RUNNING_AT else None
    for place, plot in enumerate(told):
        leave = leave_under_way if plot is running else plan_next
        with one_step():
            Story(plot, team, at, CHAIRS[place % len(CHAIRS)], deliver, leave).play()
        played()


def freeze(*, at: datetime) -> None:
    """Freeze the first snapshot, in the name of the data manager."""
    create_snapshot(actor=_account("Dana Novak"), at=at)


def _people(at: datetime) -> None:
    for clinic in (*CLINICS, CENTRE):
        add_site(
            code=clinic.code,
            name=clinic.name,
            kind="centre" if clinic is CENTRE else "clinic",
            synthetic=True,
            time_zone=clinic.time_zone,
            at=at - YEARS,
            crisis_line=clinic.crisis_line,
            telephone=clinic.telephone,
            emergency_line=clinic.emergency_line,
            hours=clinic.hours,
        )
    accounts: dict[str, UUID] = {}
    for site, role, name in STAFF:
        if name not in accounts:
            email = f"{name.lower().replace(' ', '.')}@{site}.example"
            accounts[name] = open_account(email=email, name=name, one_click=True).key
        _employ(Scope(site, accounts[name], "the demonstration"), role, name, at)
    for clinic in CLINICS:
        _assess(clinic, accounts, at)
        with scoped(Scope(clinic.code, accounts[_holder(clinic, "site lead")], "the demonstration")) as scope:
            furnish(scope, at=at - YEARS * 0.9, monitors_at=at)
            fill_roster(
                scope,
                clinicians=[accounts[name] for name in _holders(clinic, "clinician")],
                coordinator=accounts[_holder(clinic, "coordinator")],
                at=at,
            )
        with scoped(Scope(clinic.code, accounts[_holder(clinic, "nurse")], "the demonstration")) as scope:
            fill_the_safe(scope, expires_after=at, at=at - YEARS * 0.9)


def _employ(scope: Scope, role: str, name: str, at: datetime) -> None:
    with scoped(scope):
        give_role(scope, account=scope.actor, role=role, from_day=(at - YEARS).date())
        if role in ("clinician", "nurse"):
            _certify(scope, name, at)


def _certify(scope: Scope, name: str, at: datetime) -> None:
    days = {EXPIRED_ACLS: -1, ENDING_ACLS: 12}.get(name, 320)
    for kind, ends in (("course", 500), ("acls", days), ("schedule_iii", 410)):
        record_credential(
            scope,
            key=new_key(at=at),
            account=scope.actor,
            kind=kind,
            issued_on=(at - YEARS).date(),
            expires_on=(at + timedelta(days=ends)).date(),
            number=f"SYN-{kind[:3].upper()}-{len(name):03d}",
        )


def _assess(clinic: Clinic, accounts: dict[str, UUID], at: datetime) -> None:
    """A synthetic clinic's own regulatory assessment: alarms are on because of this record, as at any other site."""
    with scoped(Scope(clinic.code, accounts[_holder(clinic, "site lead")], "the demonstration")) as scope:
        record_assessment(
            scope,
            key=new_key(at=at),
            conclusion="alarms on",
            reference="Synthetic site: nobody is treated here.",
            decided_on=(at - YEARS).date(),
            review_on=(at + YEARS).date(),
            at=at,
        )


def _holders(clinic: Clinic, role: str) -> list[str]:
    return [name for site, held, name in STAFF if site == clinic.code and held == role]


def _holder(clinic: Clinic, role: str) -> str:
    return _holders(clinic, role)[0]


def _team(clinic: Clinic) -> Team:
    def scope(role: str, place: int = 0) -> Scope:
        names = [name for site, held, name in STAFF if site == clinic.code and held == role]
        return Scope(clinic.code, _account(names[place]), "care")

    return Team(scope("clinician"), scope("nurse"), scope("nurse", 1), scope("coordinator"))


def _account(name: str) -> UUID:
    return Account.objects.get(name=name).key
