"""Every read of screen."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from daybreak.identity.public import open_bytes, open_text
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing, told_once
from daybreak.people.public import merged_records
from daybreak.screen.models import (
    Attachment,
    CauseOfDeath,
    Decision,
    Diagnosis,
    ElectroconvulsiveSeries,
    Finding,
    PastTreatment,
    Referral,
    SecondSignature,
)


@dataclass(frozen=True, slots=True)
class ReferralEntry:
    """A referral with its words."""

    key: UUID
    protocol: str
    reason: str
    referrer: str
    referred_at: datetime


@dataclass(frozen=True, slots=True)
class AttachmentEntry:
    """A file beside a referral, without its content."""

    key: UUID
    referral_key: UUID
    name: str
    media: str
    size_bytes: int
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class DiagnosisEntry:
    """A diagnosis with its words."""

    key: UUID
    code: str
    system: str
    display: str
    onset_on: date | None
    status: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class DecisionEntry:
    """A decision with its words. It counts as an acceptance only once every needed signature is there."""

    key: UUID
    protocol: str
    version: int
    fingerprint: str
    verdict: str
    decision: str
    answers: list[dict]
    facts: dict
    overridden: tuple[str, ...]
    background: dict
    reason: str
    override_reason: str
    decided_by: UUID
    decided_at: datetime
    waits_for_second: bool
    second_by: UUID | None

    @property
    def accepted(self) -> bool:
        """Whether the patient may be treated as far as screening goes."""
        return self.decision == "accept" and not self.waits_for_second


@dataclass(frozen=True, slots=True)
class Progress:
    """How far screening has come, without its words: the newest referral's protocol and the newest decision, each None
    where there is none.
    """

    protocol: str | None = None
    decision: str | None = None
    waits_for_second: bool = False


@dataclass(frozen=True, slots=True)
class Awaiting:
    """A patient who was referred and has no final decision yet; `last` is what was decided so far, if
    anything.
    """

    patient_key: UUID
    protocol: str
    referred_at: datetime
    last: str


def referrals(scope: Scope, *, patient: UUID) -> list[ReferralEntry]:
    """Return the patient's referrals, newest first."""
    rows = standing(Referral).filter(site=scope.site, patient_key=patient).order_by("-referred_at", "key")
    return [
        ReferralEntry(
            r.key,
            r.protocol,
            open_text(scope, patient, r.reason),
            open_text(scope, patient, r.referrer) if r.referrer else "",
            r.referred_at,
        )
        for r in rows
    ]


def attachments(scope: Scope, *, patient: UUID) -> list[AttachmentEntry]:
    """Return the files that stand beside the patient's referrals, oldest first, without their content."""
    rows = standing(Attachment).filter(site=scope.site, patient_key=patient, withdrawn=False)
    return [
        AttachmentEntry(r.key, r.referral_key, open_text(scope, patient, r.name), r.media, r.size_bytes, r.attached_at)
        for r in rows.defer("content").order_by("attached_at", "key")
    ]


def attachment_content(scope: Scope, *, patient: UUID, attachment: UUID) -> bytes | None:
    """Return what a standing file holds; None where there is no such file, or the person was forgotten."""
    rows = standing(Attachment).filter(site=scope.site, patient_key=patient, withdrawn=False, key=attachment)
    found = rows.first()
    return open_bytes(scope, patient, found.content) if found else None


def referred_to(scope: Scope, *, patient: UUID) -> str | None:
    """Return the protocol that the patient was last referred to, or nothing."""
    found = standing(Referral).filter(site=scope.site, patient_key=patient).order_by("-referred_at", "key").first()
    return found.protocol if found else None


def progress_of_each(scope: Scope, patients: Collection[UUID]) -> dict[UUID, Progress]:
    """Return how far screening has come for each of the patients, in three queries however many they are."""
    of_these = {"site": scope.site, "patient_key__in": patients}
    referred = standing(Referral).filter(**of_these).order_by("referred_at", "-key")
    protocols = dict(referred.values_list("patient_key", "protocol"))
    rows = standing(Decision).filter(**of_these).order_by("decided_at", "recorded_at", "-key")
    last = {d.patient_key: d for d in rows.only("site", "key", "patient_key", "decision", "answers", "overridden")}
    seconded = set(standing(SecondSignature).filter(**of_these).values_list("decision_key", flat=True))
    return {key: _progress(protocols.get(key), last.get(key), seconded) for key in patients}


def _progress(protocol: str | None, decision: Decision | None, seconded: set[UUID]) -> Progress:
    if decision is None:
        return Progress(protocol)
    return Progress(protocol, decision.decision, decision.key not in seconded and _needs_two(decision))


def _needs_two(decision: Decision) -> bool:
    two = {answer["id"] for answer in decision.answers if answer["override"] == "two_clinicians"}
    return bool(two.intersection(decision.overridden))


def diagnosis_rows(scope: Scope, *, patient: UUID) -> list[Diagnosis]:
    """Return the patient's standing diagnoses, newest first, without their words."""
    return list(standing(Diagnosis).filter(site=scope.site, patient_key=patient).order_by("-noted_at", "key"))


def causes_of_death(scope: Scope, *, patient: UUID) -> dict[UUID, CauseOfDeath]:
    """Return what the patient is said to have died of, by the key of the death it stands beside."""
    found = CauseOfDeath.objects.filter(site=scope.site, patient_key=patient)
    return {row.death_key: row for row in found}


def diagnoses(scope: Scope, *, patient: UUID) -> list[DiagnosisEntry]:
    """Return the patient's standing diagnoses with their words, newest first."""
    return [
        DiagnosisEntry(r.key, r.code, r.system, open_text(scope, patient, r.display), r.onset_on, r.status, r.noted_at)
        for r in diagnosis_rows(scope, patient=patient)
    ]


def past_treatments(scope: Scope, *, patient: UUID) -> list[PastTreatment]:
    """Return the antidepressants that were tried before, in the order they were noted."""
    rows = standing(PastTreatment).filter(site=scope.site, patient_key=patient, withdrawn=False)
    return list(rows.order_by("noted_at", "key"))


def electroconvulsive(scope: Scope, *, patient: UUID) -> list[ElectroconvulsiveSeries]:
    """Return the series of electroconvulsive treatments that were given before, in the order they were noted."""
    rows = standing(ElectroconvulsiveSeries).filter(site=scope.site, patient_key=patient, withdrawn=False)
    return list(rows.order_by("noted_at", "key"))


def replaced_treatments(scope: Scope, *, patient: UUID) -> list[tuple[PastTreatment, PastTreatment]]:
    """Return each antidepressant's row that another replaced, with the one that replaced it, newest first."""
    rows = {row.key: row for row in PastTreatment.objects.filter(site=scope.site, patient_key=patient)}
    pairs = [(rows[row.corrects], row) for row in rows.values() if row.corrects in rows]
    return sorted(pairs, key=lambda pair: pair[1].recorded_at, reverse=True)


def current_findings(scope: Scope, *, patient: UUID) -> dict[str, Finding]:
    """Return the newest answer to each question."""
    rows = standing(Finding).filter(site=scope.site, patient_key=patient).order_by("noted_at", "recorded_at", "key")
    return {row.question: row for row in rows}


def decisions(scope: Scope, *, patient: UUID) -> list[DecisionEntry]:
    """Return the decisions about a patient, newest first."""
    rows = (
        standing(Decision).filter(site=scope.site, patient_key=patient).order_by("-decided_at", "-recorded_at", "key")
    )
    second = {
        s.decision_key: s.signed_by for s in standing(SecondSignature).filter(site=scope.site, patient_key=patient)
    }
    return [_decision_entry(scope, row, second.get(row.key)) for row in rows]


def decision_of(scope: Scope, patient: UUID) -> DecisionEntry | None:
    """Return the newest decision about a patient, or nothing."""
    return next(iter(decisions(scope, patient=patient)), None)


def _decision_entry(scope: Scope, row: Decision, second: UUID | None) -> DecisionEntry:
    return DecisionEntry(
        key=row.key,
        protocol=row.protocol,
        version=row.version,
        fingerprint=row.fingerprint,
        verdict=row.verdict,
        decision=row.decision,
        answers=row.answers,
        facts=row.facts,
        overridden=tuple(row.overridden),
        background=row.background,
        reason=open_text(scope, row.patient_key, row.reason),
        override_reason=open_text(scope, row.patient_key, row.override_reason),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        waits_for_second=second is None and _needs_two(row),
        second_by=second,
    )


def awaiting(scope: Scope) -> list[Awaiting]:
    """Return the site's patients who wait for a final decision, the longest waiting first."""
    newest: dict[UUID, Referral] = {}
    here = standing(Referral).filter(site=scope.site).exclude(patient_key__in=merged_records(scope))
    for referral in here.order_by("referred_at", "key"):
        newest[referral.patient_key] = referral
    last = {
        d.patient_key: d
        for d in standing(Decision)
        .filter(site=scope.site, patient_key__in=newest)
        .order_by("decided_at", "recorded_at", "key")
    }
    seconded = set(standing(SecondSignature).filter(site=scope.site).values_list("decision_key", flat=True))
    waiting = [
        Awaiting(key, referral.protocol, referral.referred_at, last[key].decision if key in last else "")
        for key, referral in newest.items()
        if not _is_final(last.get(key), referral, seconded)
    ]
    return sorted(waiting, key=lambda each: (each.referred_at, each.patient_key))


def _is_final(decision: Decision | None, referral: Referral, seconded: set[UUID]) -> bool:
    if decision is None or decision.decided_at < referral.referred_at or decision.decision == "postpone":
        return False
    return decision.key in seconded or not _needs_two(decision)


# What each form records, and the moment that a second sending of it shares with the first.
_TOLD = {
    "referral": (Referral, "referred_at"),
    "diagnosis": (Diagnosis, "noted_at"),
    "attachment": (Attachment, "attached_at"),
    "past treatment": (PastTreatment, "noted_at"),
    "series": (ElectroconvulsiveSeries, "noted_at"),
    "finding": (Finding, "noted_at"),
    "decision": (Decision, "decided_at"),
    "second signature": (SecondSignature, "signed_at"),
}


def once(scope: Scope, what: str, *, key: UUID, at: datetime) -> AbstractContextManager[datetime]:
    """Hold the key of a form that may be sent twice and give the moment of its first sending (see
    `told_once`).
    """
    model, moment = _TOLD[what]
    return told_once(model, site=scope.site, key=key, moment=moment, at=at)
