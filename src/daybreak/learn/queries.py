"""Every read of learning; each takes the scope, but for the one question that a stranger may ask."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from daybreak.kernel.scope import Scope
from daybreak.learn.models import (
    Attempt,
    Certificate,
    Claim,
    Enrolment,
    Evaluation,
    Provider,
    SectionRead,
    Submission,
)
from daybreak.learn.reporting import NOTHING_TOLD, Details, allowed, details_of
from daybreak.learn.rules import Accreditation, Drawn, Progress
from daybreak.ledger.public import standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """What a certificate says to whoever has its code."""

    title: str
    name: str
    credit_type: str
    credit: Decimal
    completed_on: date
    provider: str
    issued_at: datetime
    site: str


def enrolment_of(scope: Scope, *, account: UUID, course: str, version: int | None = None) -> Enrolment | None:
    """Return an account's enrolment in a course at the site: in this version, or the newest."""
    found = Enrolment.objects.filter(site=scope.site, account_key=account, course=course)
    if version is not None:
        found = found.filter(version=version)
    return found.order_by("-version").first()


def enrolment_named(scope: Scope, key: UUID) -> Enrolment | None:
    """Return an enrolment at the site by its key, or nothing."""
    return Enrolment.objects.filter(site=scope.site, key=key).first()


def enrolments(scope: Scope, *, account: UUID) -> dict[str, Enrolment]:
    """Return an account's newest enrolment in each course at the site, by the course's id."""
    found = Enrolment.objects.filter(site=scope.site, account_key=account).order_by("version")
    return {each.course: each for each in found}


def progress_of(scope: Scope, enrolment: Enrolment | None) -> Progress:
    """Return how far somebody has come; without an enrolment, nowhere."""
    if enrolment is None:
        return Progress()
    mine = {"site": scope.site, "enrolment_key": enrolment.key}
    return Progress(
        enrolled=True,
        read=frozenset(SectionRead.objects.filter(**mine).values_list("section", flat=True)),
        passed=Submission.objects.filter(**mine, passed=True).exists(),
        evaluated=Evaluation.objects.filter(**mine).exists(),
        claimed=Claim.objects.filter(**mine).exists(),
    )


def open_attempt(scope: Scope, enrolment: Enrolment) -> Attempt | None:
    """Return the attempt that was drawn and not handed in yet, if there is one."""
    handed_in = Submission.objects.filter(site=scope.site, enrolment_key=enrolment.key).values_list("attempt_key")
    drawn = Attempt.objects.filter(site=scope.site, enrolment_key=enrolment.key)
    return drawn.exclude(key__in=handed_in).order_by("begun_at", "key").first()


def attempt_named(scope: Scope, enrolment: Enrolment, key: UUID) -> Attempt | None:
    """Return an attempt of this enrolment, or nothing."""
    return Attempt.objects.filter(site=scope.site, enrolment_key=enrolment.key, key=key).first()


def drawn_in(attempt: Attempt) -> tuple[Drawn, ...]:
    """Return the items of an attempt in the order of its page."""
    return tuple(Drawn(item, tuple(order)) for item, order in attempt.drawn)


def submission_of(scope: Scope, attempt: UUID) -> Submission | None:
    """Return how an attempt was handed in, or nothing while it was not."""
    return Submission.objects.filter(site=scope.site, attempt_key=attempt).first()


def submissions(scope: Scope, enrolment: Enrolment) -> list[Submission]:
    """Return every attempt that was handed in, the first one first."""
    found = Submission.objects.filter(site=scope.site, enrolment_key=enrolment.key)
    return list(found.order_by("submitted_at", "key"))


def certificate_of(scope: Scope, enrolment: Enrolment | None) -> Certificate | None:
    """Return the certificate as it stands, or nothing."""
    if enrolment is None:
        return None
    return standing(Certificate).filter(site=scope.site, enrolment_key=enrolment.key).first()


def certificate_with(*, account: UUID, code: str) -> Certificate | None:
    """Return an account's own certificate by its code, whatever the site; the scope's actor must be the account."""
    return standing(Certificate).filter(account_key=account, code=code).first()


def transcript(*, account: UUID) -> list[Certificate]:
    """Return all certificates of an account, whatever the site, newest first; the scope's actor must be the account."""
    return list(standing(Certificate).filter(account_key=account).order_by("-completed_on", "-issued_at"))


def provider_record(scope: Scope) -> Provider | None:
    """Return what was last said of the site's accredited provider, or nothing."""
    return standing(Provider).filter(site=scope.site).order_by("-told_at").first()


def accreditation(scope: Scope) -> Accreditation | None:
    """Return the provider that the site may name and on which days, or nothing."""
    found = provider_record(scope)
    return found and Accreditation(name=found.name, from_day=found.from_day, until_day=found.until_day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """How many people of a site came how far in a course, over all its versions."""

    begun: int
    passed: int
    certified: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A learner who allowed the provider to report what was learnt."""

    name: str
    activity: str
    completed_on: date
    credit_type: str
    credit: Decimal
    profession: str
    provider: str
    certificate: str
    details: Details


def may_be_reported(scope: Scope, certificate: Certificate) -> bool:
    """Return whether the holder of a certificate of this site allows a report of it now."""
    return certificate.site == scope.site and certificate.claim_key in allowed(scope)


def reach_of(scope: Scope, *, course: str) -> Reach:
    """Return how many came how far."""
    begun = set(Enrolment.objects.filter(site=scope.site, course=course).values_list("key", flat=True))
    of_these = {"site": scope.site, "enrolment_key__in": begun}
    return Reach(
        begun=len(begun),
        passed=Submission.objects.filter(**of_these, passed=True).values("enrolment_key").distinct().count(),
        certified=standing(Certificate).filter(**of_these).count(),
    )


def judged(scope: Scope, *, course: str) -> dict[int, list[dict[str, int]]]:
    """Return the evaluations of each version that was judged, the newest version first, without whose they are."""
    versions = dict(Enrolment.objects.filter(site=scope.site, course=course).values_list("key", "version"))
    found = Evaluation.objects.filter(site=scope.site, enrolment_key__in=versions).order_by("key")
    told: dict[int, list[dict[str, int]]] = {}
    for enrolment, answers in found.values_list("enrolment_key", "answers"):
        told.setdefault(versions[enrolment], []).append(answers)
    return dict(sorted(told.items(), reverse=True))


def reported(scope: Scope) -> list[Reported]:
    """Return the learners who allowed a report, the newest first."""
    told = allowed(scope)
    found = list(standing(Certificate).filter(site=scope.site, claim_key__in=told).order_by("-completed_on", "code"))
    details = details_of(scope, {each.claim_key: each.account_key for each in found})
    return [
        Reported(
            name=each.name,
            activity=each.title,
            completed_on=each.completed_on,
            credit_type=each.credit_type,
            credit=each.credit,
            profession=told[each.claim_key].profession,
            provider=each.provider,
            certificate=each.code,
            details=details.get(each.claim_key, NOTHING_TOLD),
        )
        for each in found
    ]


def verified(code: str) -> Verified | None:
    """Return what the certificate with exactly this code says, to anyone, or nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM learn_verified(%s)", [code])
        row = cursor.fetchone()
        names = [column.name for column in cursor.description or ()]
    return Verified(**dict(zip(names, row, strict=True))) if row else None
