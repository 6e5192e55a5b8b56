"""Referrals and the files that come with them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_bytes, seal_text
from daybreak.kernel.files import MOST_FILES, NotAnAttachment, safe_name, sort_of
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.measure.public import library
from daybreak.screen.models import Attachment, Referral
from daybreak.screen.queries import attachments


@dataclass(frozen=True, slots=True)
class NewAttachment:
    """A file as it was sent; `key` was made by the page, or is made from the referral's and the file's place."""

    key: UUID
    name: str
    content: bytes


class NoSuchAttachment(Refusal):
    """A file that does not stand beside this patient."""


@one_step()
def refer(
    scope: Scope,
    *,
    key: UUID,
    patient: UUID,
    protocol: str,
    reason: str,
    at: datetime,
    referrer: str = "",
    files: Iterable[NewAttachment] = (),
) -> Referral:
    """Refer a patient to be considered for a protocol, with the files that came; all of it or nothing.

    Raises UnknownDefinition for a protocol that is not held, NotAnAttachment for a file that cannot be kept.
    """
    sealed = (
        seal_text(scope, patient, referrer.strip(), fact=key_from(str(key), "referrer")) if referrer.strip() else None
    )
    referral = record_one(
        Referral(
            site=scope.site,
            key=key,
            patient_key=patient,
            protocol=library().protocol(protocol).id,
            reason=seal_text(scope, patient, reason.strip(), fact=key),
            referrer=sealed,
            referred_at=at,
        )
    )
    attach(scope, patient=patient, referral=key, files=files, at=at)
    return referral


@one_step()
def attach(
    scope: Scope, *, patient: UUID, referral: UUID, files: Iterable[NewAttachment], at: datetime
) -> list[Attachment]:
    """Keep files beside a referral, sealed under the person's key; all of them or none. Raises NotAnAttachment."""
    sent = list(files)
    there = {each.key for each in attachments(scope, patient=patient) if each.referral_key == referral}
    if len(there | {each.key for each in sent}) > MOST_FILES:
        raise NotAnAttachment(f"At most {MOST_FILES} files stand beside a referral.")
    return [record_one(_sealed(scope, patient, referral, each, at)) for each in sent]


def _sealed(scope: Scope, patient: UUID, referral: UUID, new: NewAttachment, at: datetime) -> Attachment:
    sort = sort_of(new.name, new.content)
    return Attachment(
        site=scope.site,
        key=new.key,
        patient_key=patient,
        referral_key=referral,
        name=seal_text(scope, patient, safe_name(new.name), fact=key_from(str(new.key), "name")),
        media=sort.media,
        size_bytes=len(new.content),
        content=seal_bytes(scope, patient, new.content, fact=new.key),
        attached_at=at,
    )


def withdraw_attachment(scope: Scope, *, patient: UUID, attachment: UUID, at: datetime) -> Attachment:
    """Take a file back that does not belong here: a row without content replaces it. Raises NoSuchAttachment."""
    found = next((each for each in attachments(scope, patient=patient) if each.key == attachment), None)
    if found is None:
        raise NoSuchAttachment("This file does not stand here any more.")
    key = key_from(scope.site, str(attachment), "withdrawn")
    return record_one(
        Attachment(
            site=scope.site,
            key=key,
            corrects=attachment,
            patient_key=patient,
            referral_key=found.referral_key,
            name=seal_text(scope, patient, found.name, fact=key),
            media=found.media,
            size_bytes=0,
            content=b"",
            withdrawn=True,
            attached_at=at,
        )
    )
