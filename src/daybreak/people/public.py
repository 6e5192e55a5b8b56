"""The door of people."""

from daybreak.people.access import HANDED_OVER, open_to, requires
from daybreak.people.actions import (
    NotASite,
    SiteTaken,
    WrongKindOfRecord,
    add_site,
    admit_patient,
    give_role,
    open_account,
    record_credential,
)
from daybreak.people.invitation import HoldsRole, Invited, invite_colleague, password_link
from daybreak.people.models import Account, Credential, Membership, Patient, Site
from daybreak.people.queries import (
    credentials,
    names_of_staff,
    own_memberships,
    patient,
    patients,
    permissions_at,
    roles_at,
    site_named,
    sites,
    sites_of,
    staff,
    standing_for,
)
from daybreak.people.roles import ROLES
from daybreak.people.rules import Standing

__all__ = [
    "HANDED_OVER",
    "ROLES",
    "Account",
    "Credential",
    "HoldsRole",
    "Invited",
    "Membership",
    "NotASite",
    "Patient",
    "Site",
    "SiteTaken",
    "Standing",
    "WrongKindOfRecord",
    "add_site",
    "admit_patient",
    "credentials",
    "give_role",
    "invite_colleague",
    "names_of_staff",
    "open_account",
    "open_to",
    "own_memberships",
    "password_link",
    "patient",
    "patients",
    "permissions_at",
    "record_credential",
    "requires",
    "roles_at",
    "site_named",
    "sites",
    "sites_of",
    "staff",
    "standing_for",
]
