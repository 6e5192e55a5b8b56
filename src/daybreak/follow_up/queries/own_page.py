"""A patient's own page: whose it is, whether a PIN or a passkey was chosen, and how it was tried."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import connection

from daybreak.follow_up.models import OwnPage, OwnPageEnded, OwnPasskey, OwnPin, OwnTry
from daybreak.follow_up.rules.invitations import hash_of
from daybreak.follow_up.rules.own_page import CHOSEN_WITHIN, Tries, tries_of
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import standing


@dataclass(frozen=True, slots=True)
class OwnVisit:
    """What the address of a patient's own page names; without the PIN it shows nothing."""

    site: str
    page: UUID
    patient: UUID

    @property
    def scope(self) -> Scope:
        """The scope of the visit: this site and this one patient, nobody else."""
        return Scope(site=self.site, actor=None, purpose="the patient's own page", patient=self.patient)


@dataclass(frozen=True, slots=True)
class OwnPageNow:
    """A patient's own page as it stands. `pin_hash` and `passkey` are empty until one of them was chosen."""

    page: OwnPage
    pin_hash: str
    tries: Tries
    passkey: bytes = b""

    @property
    def is_set_up(self) -> bool:
        """Whether the patient has chosen how it opens."""
        return bool(self.pin_hash or self.passkey)

    def may_choose(self, at: datetime) -> bool:
        """Return whether a PIN or a passkey may still be chosen."""
        return not self.is_set_up and at < self.page.made_at + CHOSEN_WITHIN


def own_page_at(*, site: str, token: str) -> OwnVisit | None:
    """Return whose page this address is, or nothing. Asks the database where no row of any site can be seen."""
    with scoped(Scope(site="", actor=None, purpose="an own page is opened")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM follow_up_own_page_of(%s, %s)", [site, hash_of(token)])
        found = cursor.fetchone()
    return OwnVisit(site, *found) if found else None


def own_page(scope: Scope, key: UUID, *, at: datetime) -> OwnPageNow | None:
    """Return one own page as it stands, or nothing."""
    page = standing(OwnPage).filter(site=scope.site, key=key).first()
    return _as_it_stands(scope, page, at) if page else None


def own_pages_of(scope: Scope, *, patient: UUID, at: datetime) -> list[OwnPageNow]:
    """Return the patient's pages that were not closed, the newest first."""
    closed = OwnPageEnded.objects.filter(site=scope.site).values("page_key")
    found = standing(OwnPage).filter(site=scope.site, patient_key=patient).exclude(key__in=closed)
    return [_as_it_stands(scope, page, at) for page in found.order_by("-made_at", "key")]


def _as_it_stands(scope: Scope, page: OwnPage, at: datetime) -> OwnPageNow:
    pin = standing(OwnPin).filter(site=scope.site, page_key=page.key).first()
    tries = standing(OwnTry).filter(site=scope.site, page_key=page.key).order_by("tried_at", "recorded_at", "key")
    passkey = standing(OwnPasskey).filter(site=scope.site, page_key=page.key).first()
    return OwnPageNow(
        page,
        pin.pin_hash if pin else "",
        tries_of(list(tries.values_list("tried_at", "is_right")), at=at),
        bytes(passkey.credential) if passkey else b"",
    )
