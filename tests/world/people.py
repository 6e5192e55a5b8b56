"""Two clinics that must never see each other, and the people who work there."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from daybreak.identity.public import Person, introduce
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import ROLES, Account, add_site, admit_patient, give_role, open_account, record_credential

# A moment in the real present, because views ask the clock.
NOW = datetime.now(UTC).replace(microsecond=0)
TODAY = NOW.date()
SITES = {"dawn": "clinic", "dusk": "clinic", "centre": "centre"}
NAMES = {
    "coordinator": "Cora Vance",
    "nurse": "Noor Haddad",
    "clinician": "Clara Okafor",
    "educator": "Edda Lind",
    "data manager": "Dana Novak",
    "analyst": "Anil Rao",
    "safety board member": "Sofia Brandt",
    "site lead": "Liam Castro",
    "administrator": "Ada Winter",
}


@dataclass
class World:
    """What the tests know: accounts by site and role."""

    staff: dict[tuple[str, str], Account] = field(default_factory=dict)
    now: datetime = NOW

    def scope(self, role: str = "clinician", site: str = "dawn", purpose: str = "a test") -> Scope:
        """Return the scope of the holder of a role at a site."""
        return Scope(site=site, actor=self.staff[site, role].key, purpose=purpose)

    def patient(
        self,
        site: str = "dawn",
        *,
        given: str = "Pia",
        family: str = "Sommer",
        born: date = date(1984, 5, 6),
        sex: str = "female",
    ) -> UUID:
        """Admit and introduce a patient at a site; return the key."""
        scope, key = self.scope(site=site), new_key()
        with scoped(scope):
            admit_patient(scope, key=key, sex=sex, birth_year=born.year, origin="desk", synthetic=True, at=NOW)
            introduce(scope, patient=key, person=Person(given, family, born), key=new_key(), at=NOW)
        return key

    def credential(
        self, role: str, kind: str, *, site: str = "dawn", issued_on: date | None = None, expires_on: date | None = None
    ) -> None:
        """Give the holder of a role a credential; without dates it is current."""
        scope = self.scope("site lead", site)
        with scoped(scope):
            record_credential(
                scope,
                key=new_key(),
                account=self.staff[site, role].key,
                kind=kind,
                issued_on=issued_on or TODAY - timedelta(days=100),
                expires_on=expires_on or TODAY + timedelta(days=400),
            )


def the_world() -> World:
    """Return the world that stands in the database, its accounts read afresh."""
    accounts = {account.email: account for account in Account.objects.all()}
    staff = {(site, role): accounts[_email(role, site)] for site in SITES for role in ROLES}
    return World(staff)


def make_world() -> World:
    """Make the sites and their people."""
    world = World()
    for code, kind in SITES.items():
        add_site(
            code=code,
            name=code.title(),
            kind=kind,
            synthetic=True,
            time_zone="Europe/Berlin",
            at=NOW,
            crisis_line="116 123",
        )
        for role in ROLES:
            account = open_account(email=_email(role, code), name=NAMES[role])
            with scoped(Scope(site=code, actor=account.key, purpose="set-up")):
                give_role(
                    Scope(site=code, actor=account.key, purpose="set-up"),
                    account=account.key,
                    role=role,
                    from_day=TODAY - timedelta(days=30),
                )
            world.staff[code, role] = account
    return world


def _email(role: str, site: str) -> str:
    return f"{role.replace(' ', '.')}@{site}.example"
