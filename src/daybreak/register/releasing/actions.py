"""Every write of a release: a request, an answer to it, and that rows were handed out."""

import hashlib
import shutil
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError

from daybreak.kernel.moments import day_of
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.people.public import permissions_at, site_named
from daybreak.register.models import HandOut, ReleaseRequest, ReleaseReview
from daybreak.register.queries import dataset, snapshot
from daybreak.register.releasing.columns import released_tables
from daybreak.register.releasing.package import MANIFEST, Approval, write_release
from daybreak.register.releasing.profiles import profile_named, snapshots_home
from daybreak.register.releasing.queries import Asked, is_centre, request_as_it_stands
from daybreak.register.releasing.rules import State, trouble_with_last_day
from daybreak.register.releasing.trying import anchors_for

WHY_NOT = {
    State.WAITING: "It waits: two reviewers who did not ask for it have to approve it.",
    State.REFUSED: "It was refused. Ask again with what the reviewer missed.",
    State.WITHDRAWN: "An approval was taken back, so nothing more is handed out.",
    State.TAKEN_BACK: "The request was taken back by who made it.",
    State.EXPIRED: "Its last day is over, so nothing more is handed out. Ask again.",
}


class NotARequest(Refusal):
    """A request that cannot be made; `field` names where it is wrong."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.field = field


class NotAnAnswer(Refusal):
    """An answer to a request that cannot be given."""


class NotHandedOut(Refusal):
    """Rows that may not be handed out, and why."""


@one_step()
def ask_for_release(
    scope: Scope,
    *,
    key: UUID,
    recipient: str,
    purpose: str,
    snapshot_id: str,
    profile: str,
    tables: Sequence[str] = (),
    agreement: str = "",
    determination: str = "",
    expires_on: date,
    at: datetime,
) -> ReleaseRequest:
    """Ask for rows of a snapshot, in the active version of a profile. Raises NotARequest, NoSuchSnapshot,
    NoSuchProfile and NotAProfile.
    """
    _demand(scope, at, Permission.READ_REGISTER, "Only who reads the register asks for rows of it.", NotARequest)
    wanted = profile_named(profile)
    there = {each.frozen.name for each in released_tables(wanted)}
    if not recipient.strip():
        raise NotARequest("Say who gets the rows.", "recipient")
    if not purpose.strip():
        raise NotARequest("Say what the rows are for: the reviewers decide by it.", "purpose")
    if wanted.agreement and not agreement.strip():
        raise NotARequest("This profile needs an agreement about the use: name the document.", "agreement")
    if wanted.determination and not determination.strip():
        raise NotARequest("This profile needs an expert's written determination: name the document.", "determination")
    if stranger := next((name for name in tables if name not in there), None):
        raise NotARequest(f"The profile lets out no table “{stranger}”.", "tables")
    asked_of = snapshot(snapshot_id)
    if asked_of.synthetic != site_named(scope.site).synthetic:
        raise NotARequest(
            "A demonstration site asks for rows of invented people only, and a real one of real.", "snapshot"
        )
    if trouble := trouble_with_last_day(expires_on, _today(scope, at)):
        raise NotARequest(trouble, "expires_on")
    return record_one(
        ReleaseRequest(
            site=scope.site, key=key, recipient=recipient.strip(), purpose=purpose.strip(),
            snapshot=asked_of.id, profile=wanted.id, profile_version=wanted.version,
            profile_fingerprint=wanted.fingerprint, tables=sorted(tables), agreement=agreement.strip(),
            determination=determination.strip(), expires_on=expires_on, asked_at=at,
        )
    )  # fmt: skip


@one_step()
def answer_request(
    scope: Scope, *, key: UUID, asked: Asked, answer: str, reason: str = "", at: datetime
) -> ReleaseReview:
    """Approve or refuse a request, or take an approval back, as a reviewer of the coordinating centre. Raises
    NotAnAnswer; what the page overlooks, the database refuses.
    """
    _demand(scope, at, Permission.REVIEW_RELEASE, "Only a reviewer answers requests for rows.", NotAnAnswer)
    if not is_centre(scope):
        raise NotAnAnswer("Requests are reviewed at the coordinating centre.")
    if scope.actor == asked.request.recorded_by:
        raise NotAnAnswer("Nobody reviews a request of their own: two others have to.")
    found = _again(scope, asked, at)
    if answer not in found.may_answer(scope.actor) and not _is_known(asked, key):
        raise NotAnAnswer("This request does not wait for that answer of yours any more. Read the page again.")
    if answer != "approve" and not reason.strip():
        raise NotAnAnswer("Give the reason: whoever asked reads it.")
    return _answered(scope, key, asked, answer, reason, at)


@one_step()
def take_request_back(scope: Scope, *, key: UUID, asked: Asked, at: datetime) -> ReleaseReview:
    """Take a request back, as who made it. Raises NotAnAnswer."""
    if scope.actor is None or scope.actor != asked.request.recorded_by:
        raise NotAnAnswer("Only who made a request takes it back.")
    if _again(scope, asked, at).state not in (State.WAITING, State.APPROVED):
        raise NotAnAnswer("Nothing of this request is open any more.")
    return _answered(scope, key, asked, "take_back", "", at)


def hand_out_release(
    scope: Scope, *, key: UUID, asked: Asked, folder: Path, labels: bool = False, at: datetime
) -> dict[str, Any]:
    """Write the rows of an approved request into a new folder and record that they were handed out; return the
    manifest. Who asked may, who freezes at the centre, and a command of the house.

    The folder is there only if the hand-out is recorded. Raises
    NotHandedOut, NotIntact, NoDates, FolderInTheWay and Unwritable.
    """
    request = asked.request
    _demand_may_hand_out(scope, asked, at)
    _demand_open(_again(scope, asked, at).state)
    profile = profile_named(request.profile, request.profile_version)
    if profile.fingerprint != request.profile_fingerprint:
        raise NotHandedOut("The profile is not the one that was approved. Ask again.")
    frozen = dataset(request.snapshot)
    anchors = anchors_for(frozen, profile, home=snapshots_home(), seed=settings.DAYBREAK_SIGNING_KEY)
    manifest = write_release(
        frozen, profile, folder, at=at, anchors=anchors, wanted=tuple(request.tables), labels=labels,
        approval=_approval(request),
    )  # fmt: skip
    try:
        _record_hand_out(key, request, folder, manifest, at)
    except BaseException:
        shutil.rmtree(folder)
        raise
    return manifest


def _approval(request: ReleaseRequest) -> Approval:
    return Approval(
        request=str(request.key),
        recipient=request.recipient,
        purpose=request.purpose,
        agreement=request.agreement,
        determination=request.determination,
    )


@one_step()
def _record_hand_out(key: UUID, request: ReleaseRequest, folder: Path, manifest: dict[str, Any], at: datetime) -> None:
    try:
        record_one(
            HandOut(
                site=request.site, key=key, request_key=request.key,
                manifest=manifest, manifest_sha256=hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest(),
                rows=sum(file.get("rows", 0) for file in manifest["files"].values()), handed_at=at,
            )
        )  # fmt: skip
    except IntegrityError as fault:
        raise NotHandedOut("The approval does not stand any more, so nothing was handed out.") from fault


def _answered(scope: Scope, key: UUID, asked: Asked, answer: str, reason: str, at: datetime) -> ReleaseReview:
    try:
        return record_one(
            ReleaseReview(
                site=asked.request.site, key=key, request_key=asked.request.key,
                answer=answer, reason=reason.strip(), reviewed_at=at,
            )
        )  # fmt: skip
    except IntegrityError as fault:
        raise NotAnAnswer("This answer cannot be given. Read the page again.") from fault


def _demand_may_hand_out(scope: Scope, asked: Asked, at: datetime) -> None:
    if scope.actor is None:
        return  # a command of the house; the database still asks for two approvals
    if scope.actor == asked.request.recorded_by:
        _demand(scope, at, Permission.READ_REGISTER, "You do not read the register any more.", NotHandedOut)
    elif not is_centre(scope) or Permission.FREEZE not in _may(scope, at):
        raise NotHandedOut("Rows are handed to who asked for them, or by a data manager of the centre.")


def _demand_open(state: State) -> None:
    if state is not State.APPROVED:
        raise NotHandedOut(WHY_NOT[state])


def _again(scope: Scope, asked: Asked, at: datetime) -> Asked:
    """Return the request as it stands now, not as a page once showed it."""
    return request_as_it_stands(asked.request.site, asked.request.key, today=_today(scope, at)) or asked


def _is_known(asked: Asked, key: UUID) -> bool:
    return any(each.key == key for each in asked.reviews)


def _demand(scope: Scope, at: datetime, needed: Permission, otherwise: str, refusal: type[Refusal]) -> None:
    if scope.actor is None or needed not in _may(scope, at):
        raise refusal(otherwise)


def _may(scope: Scope, at: datetime) -> frozenset[Permission]:
    return permissions_at(account=scope.actor, site=scope.site, on=_today(scope, at))


def _today(scope: Scope, at: datetime) -> date:
    here = site_named(scope.site)
    return day_of(at, here.time_zone if here else "UTC")
