"""Acts that were kept on a device: the envelope of what was stored, what waits for a person, and how it is settled."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_bytes, seal_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import PLACED, SET_ASIDE, one_step, put_in_tray, record_one, settle_tray, waiting_in_tray
from daybreak.treat.actions.envelopes import Envelope, Opened, moment_of
from daybreak.treat.actions.run import given_by
from daybreak.treat.actions.steps import held
from daybreak.treat.models import Act, SessionStep, Settlement
from daybreak.treat.queries.acts import waiting_acts
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.clock import When
from daybreak.treat.rules.steps import Step

ABOUT = "treat_act"
STORED, TRAY = "stored", "tray"
NO_STORY = "This does not fit with what was recorded of this session: two devices tell of it differently."
KEY_TAKEN = "This act came back with other content."


class NotSettled(Refusal):
    """A settlement without a reason, or of an act that does not wait."""


@dataclass(frozen=True, slots=True)
class Sending:
    """Who sent an act, and when it was done by the server's clock."""

    by: UUID
    when: When


def note_act(scope: Scope, now: SessionNow, act: Opened, *, sending: Sending, answer: str, reason: str = "") -> Act:
    """Keep the envelope of an act beside the facts that were made of it.

    One that could not be placed keeps its content, sealed, and is told to the tray.
    """
    patient, envelope = now.session.patient_key, act.envelope
    noted = record_one(
        Act(
            site=scope.site,
            key=envelope.key,
            patient_key=patient,
            session_key=now.session.key,
            kind=act.kind,
            device=envelope.device,
            number=envelope.number,
            done_by=envelope.account,
            signed_in_at=act.signed_in_at,
            sent_by=sending.by,
            sent_hash=envelope.hash,
            proof=act.proof,
            device_time=moment_of(act.done.wall_ms),
            done_at=sending.when.at,
            ahead_ms=round(sending.when.ahead.total_seconds() * 1000),
            answer=answer,
            reason=reason[:400],
            content=seal_bytes(scope, patient, act.body.encode(), fact=envelope.key) if answer == TRAY else b"",
        )
    )
    if answer == TRAY:
        _tell_tray(scope, envelope, reason, at=sending.when.at)
    return noted


def keep_unread(scope: Scope, envelope: Envelope, reason: str, *, at: datetime) -> None:
    """Put an envelope in the tray as it is: it does not open, or its key is taken by other content."""
    put_in_tray(
        site=scope.site,
        about=ABOUT,
        about_key=envelope.key,
        reason=reason,
        content={
            "session": str(envelope.session),
            "account": str(envelope.account),
            "device": str(envelope.device),
            "number": envelope.number,
            "sealed": (envelope.nonce + envelope.sealed).hex(),
        },
        received_at=at,
        key=key_from("act", scope.site, envelope.hash.hex()),
    )


def mend_amounts(scope: Scope, session: UUID, *, late: Collection[UUID]) -> None:
    """Compute again what an end of the dose said was given, where steps that were told later come before it."""
    with held(scope, session) as now:
        told = [step for step in now.steps if step.key in late]
        for end in [step for step in now.steps if step.step in (Step.COMPLETED, Step.STOPPED)]:
            values = given_by(now, end.done_at)
            if end.values == values or not any(step.done_at <= end.done_at for step in told):
                continue
            record_one(
                SessionStep(
                    site=scope.site,
                    key=key_from("given again", str(end.key), *sorted(map(str, late))),
                    corrects=end.key,
                    patient_key=end.patient_key,
                    session_key=session,
                    position=max(step.position for step in now.steps) + 1,
                    step=end.step,
                    done_at=end.done_at,
                    reason=end.reason,
                    values=values,
                    note=bytes(end.note),
                )
            )


@one_step()
def settle(
    scope: Scope,
    *,
    key: UUID,
    session: UUID,
    act: UUID,
    outcome: str,
    at: datetime,
    instead_of: UUID | None = None,
    note: str = "",
) -> Settlement:
    """Say what becomes of an act that waits; raise NotSettled. A person who leaves one out says why."""
    waits = next((each.act for each in waiting_acts(scope, session) if each.act.key == act), None)
    if waits is None:
        raise NotSettled("This act does not wait any more.")
    if outcome == "left out" and not note.strip():
        raise NotSettled("Say why it is left out.")
    _clear_tray(scope, key=key, act=act, left_out=outcome == "left out", at=at)
    return record_one(
        Settlement(
            site=scope.site,
            key=key,
            patient_key=waits.patient_key,
            session_key=session,
            act_key=act,
            outcome=outcome,
            instead_of=instead_of,
            note=seal_text(scope, waits.patient_key, note.strip(), fact=key) if note.strip() else b"",
            settled_at=at,
        )
    )


def _clear_tray(scope: Scope, *, key: UUID, act: UUID, left_out: bool, at: datetime) -> None:
    item = key_from("act", scope.site, str(act))
    if waiting_in_tray(scope).filter(key=item).exists():
        how, why = (SET_ASIDE, "other") if left_out else (PLACED, "")
        settle_tray(scope, key=key, items=[item], outcome=how, reason=why, at=at)


def _tell_tray(scope: Scope, envelope: Envelope, reason: str, *, at: datetime) -> None:
    put_in_tray(
        site=scope.site,
        about=ABOUT,
        about_key=envelope.key,
        reason=reason[:400],
        content={"session": str(envelope.session), "act": str(envelope.key)},
        received_at=at,
        key=key_from("act", scope.site, str(envelope.key)),
    )
