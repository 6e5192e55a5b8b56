"""Every write to learning. Each is one step; what is done twice, in two tabs or by a retry, is done once."""

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from random import Random
from uuid import UUID

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.learn.definitions import course_named
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
from daybreak.learn.queries import (
    accreditation,
    attempt_named,
    certificate_of,
    drawn_in,
    enrolment_of,
    open_attempt,
    progress_of,
    provider_record,
)
from daybreak.learn.reporting import NOTHING_TOLD, Details, check_details, keep_details
from daybreak.learn.rules import (
    CATEGORY_1,
    CODE_LENGTH,
    CODE_LETTERS,
    claim_refused,
    code_from,
    designation_refused,
    draw,
    is_open,
    next_step,
    statements,
    unanswered,
    unread,
)
from daybreak.ledger.public import one_step, record_one, told_once
from daybreak.people.public import names_of_staff, record_credential, site_named
from daybreak.rulebook.public import LearningActivity, is_passed, wrong_items


class NoSuchCourse(Refusal):
    """A course, or an enrolment in one, that is not there."""


class NotOpen(Refusal):
    """A course before its release or after its expiry."""


class NotYet(Refusal):
    """A step that comes later."""


class HandedInAlready(Refusal):
    """An attempt that was handed in, in this tab or another."""


class Unanswered(Refusal):
    """A quiz or an evaluation with questions left; `.missing` names them."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        self.missing = missing
        super().__init__("Please answer every question.")


class NotClaimable(Refusal):
    """A claim that is not a quarter step, above the maximum or the time, or for credit that cannot be given.

    `.field` is `credit` where another number would do, and nothing where none would.
    """

    def __init__(self, why: str, *, field: str | None = None) -> None:
        self.field = field
        super().__init__(why)


class NotAProvider(Refusal):
    """Words that do not describe an accredited provider."""


def enrol(scope: Scope, *, course: str, at: datetime) -> Enrolment:
    """Begin the active version of a course as the scope's actor; raise NoSuchCourse or NotOpen."""
    found = course_named(course)
    if found is None or scope.actor is None:
        raise NoSuchCourse("There is no such course.")
    known = enrolment_of(scope, account=scope.actor, course=course, version=found.version)
    if known:
        return known
    _demand_open(found, on=_today(scope, at), word="begun")
    key = key_from("enrolment", scope.site, str(scope.actor), course, str(found.version))
    with told_once(Enrolment, site=scope.site, key=key, moment="enrolled_at", at=at) as moment:
        return record_one(
            Enrolment(
                site=scope.site, key=key, account_key=scope.actor, course=course, version=found.version,
                fingerprint=found.fingerprint, enrolled_at=moment,
            )
        )  # fmt: skip


def read_section(scope: Scope, *, enrolment: Enrolment, section: str, at: datetime) -> SectionRead:
    """Note that a section was read to its end, in the order of the course; raise NotYet, NoSuchCourse."""
    course = own_course(scope, enrolment)
    waiting = unread(course, progress_of(scope, enrolment))
    if course.section(section) is None:
        raise NoSuchCourse("This course has no such section.")
    if section in waiting and section != waiting[0]:
        raise NotYet("The sections are read in their order.")
    key = key_from("section", str(enrolment.key), section)
    with told_once(SectionRead, site=scope.site, key=key, moment="read_at", at=at) as moment:
        return record_one(
            SectionRead(site=scope.site, key=key, enrolment_key=enrolment.key, section=section, read_at=moment)
        )


@one_step()
def begin_attempt(scope: Scope, *, enrolment: Enrolment, key: UUID, at: datetime) -> Attempt:
    """Draw a quiz, or give the one that waits: two tabs have one. Raise NotYet before every section was read, and
    after a pass.
    """
    course = own_course(scope, enrolment)
    _demand_step(scope, enrolment, course, "quiz")
    with told_once(Enrolment, site=scope.site, key=enrolment.key, moment="enrolled_at", at=at):
        waiting = open_attempt(scope, enrolment) or attempt_named(scope, enrolment, key)
        if waiting:
            return waiting
        drawn = [[each.item, list(each.order)] for each in draw(course, Random(secrets.randbits(64)))]
        return record_one(Attempt(site=scope.site, key=key, enrolment_key=enrolment.key, drawn=drawn, begun_at=at))


@one_step()
def submit(
    scope: Scope, *, enrolment: Enrolment, attempt: UUID, answers: Mapping[str, int], at: datetime
) -> Submission:
    """Hand an attempt in, once. Raise HandedInAlready for one that was, Unanswered where an answer is missing."""
    course, drawn_attempt = own_course(scope, enrolment), attempt_named(scope, enrolment, attempt)
    if drawn_attempt is None:
        raise NoSuchCourse("There is no such attempt.")
    drawn = drawn_in(drawn_attempt)
    key = key_from("submission", str(attempt))
    with told_once(Submission, site=scope.site, key=key, moment="submitted_at", at=at):
        if Submission.objects.filter(site=scope.site, attempt_key=attempt).exists():
            raise HandedInAlready("This quiz was handed in already, perhaps in another tab. Its result counts.")
        if missing := unanswered(drawn, answers):
            raise Unanswered(missing)
        given = {each.item: answers[each.item] for each in drawn}
        wrong = wrong_items(course, tuple(given), given)
        passed = is_passed(course, drawn=len(given), wrong=len(wrong))
        return record_one(
            Submission(
                site=scope.site, key=key, enrolment_key=enrolment.key, attempt_key=attempt, answers=given,
                wrong=list(wrong), passed=passed, submitted_at=at,
            )
        )  # fmt: skip


def evaluate(scope: Scope, *, enrolment: Enrolment, answers: Mapping[str, int], at: datetime) -> Evaluation:
    """Judge the course, once, after the quiz was passed. Raise NotYet, Unanswered."""
    course = own_course(scope, enrolment)
    if known := Evaluation.objects.filter(site=scope.site, enrolment_key=enrolment.key).first():
        return known
    _demand_step(scope, enrolment, course, "evaluate")
    wrong = tuple(q.id for q in course.evaluation if answers.get(q.id) not in range(len(q.choices)))
    if wrong:
        raise Unanswered(wrong)
    key = key_from("evaluation", str(enrolment.key))
    given = {q.id: answers[q.id] for q in course.evaluation}
    with told_once(Evaluation, site=scope.site, key=key, moment="evaluated_at", at=at) as moment:
        known = Evaluation.objects.filter(site=scope.site, key=key).first()
        return known or record_one(
            Evaluation(site=scope.site, key=key, enrolment_key=enrolment.key, answers=given, evaluated_at=moment)
        )


@one_step()
def claim(
    scope: Scope,
    *,
    enrolment: Enrolment,
    credit: Decimal,
    minutes: int,
    profession: str,
    credit_type: str,
    may_report: bool,
    at: datetime,
    details: Details = NOTHING_TOLD,
) -> Certificate:
    """Claim credit for the minutes taken part, and be granted the certificate that it gives; a second claim gives the
    same one. `details` are for the report that is allowed. Raise NotYet, NotOpen, NotClaimable, NotReportable.
    """
    course = own_course(scope, enrolment)
    key = key_from("claim", str(enrolment.key))
    with told_once(Claim, site=scope.site, key=key, moment="claimed_at", at=at):
        if known := certificate_of(scope, enrolment):
            return known
        _demand_step(scope, enrolment, course, "claim")
        on = _today(scope, at)
        _demand_open(course, on=on, word="claimed for")
        provider = accreditation(scope) if credit_type == CATEGORY_1 else None
        began = _today(scope, enrolment.enrolled_at)
        if credit_type == CATEGORY_1 and (
            refused := designation_refused(course, profession=profession, provider=provider, enrolled_on=began, on=on)
        ):
            raise NotClaimable(refused)
        if refused := claim_refused(course, credit=credit, minutes=minutes, type_=credit_type):
            raise NotClaimable(refused, field="credit")
        check_details(details, may_report=may_report)
        claimed = record_one(
            Claim(
                site=scope.site, key=key, enrolment_key=enrolment.key, credit_type=credit_type, credit=credit,
                minutes=minutes, profession=profession, may_report=may_report, claimed_at=at,
            )
        )  # fmt: skip
        if details:
            keep_details(scope, claimed, account=enrolment.account_key, details=details, at=at)
        said: tuple[str, ...] = ()
        if provider:
            said = statements(course, provider=provider, credit_maximum=course.maximum("ama_pra_category_1") or credit)
        return _grant(scope, course, enrolment, claimed, said, provider.name if provider else "", on, at)


def _grant(
    scope: Scope,
    course: LearningActivity,
    enrolment: Enrolment,
    claimed: Claim,
    said: tuple[str, ...],
    provider: str,
    on: date,
    at: datetime,
) -> Certificate:
    mine = {"site": scope.site, "enrolment_key": enrolment.key}
    passed = Submission.objects.filter(**mine, passed=True).order_by("submitted_at").first()
    judged = Evaluation.objects.filter(**mine).first()
    if passed is None or judged is None:
        raise NotYet("A certificate needs a passed quiz and an evaluation.")
    granted = record_one(
        Certificate(
            **mine, key=key_from("certificate", str(enrolment.key)), submission_key=passed.key,
            evaluation_key=judged.key, claim_key=claimed.key, account_key=enrolment.account_key,
            code=code_from(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH)),
            name=names_of_staff([enrolment.account_key])[enrolment.account_key], title=course.title,
            credit_type=claimed.credit_type, credit=claimed.credit, completed_on=on, provider=provider,
            statements=list(said), issued_at=at,
        )
    )  # fmt: skip
    if course.grants:
        record_credential(
            scope, key=key_from("credential", str(enrolment.key)), account=enrolment.account_key, kind=course.grants,
            issued_on=on, expires_on=None, number=granted.code,
        )  # fmt: skip
    return granted


def issue_again(scope: Scope, *, enrolment: Enrolment, at: datetime) -> Certificate:
    """Issue a certificate again under the holder's present name, with the same code; unchanged where the name is.

    Raise NotYet where none was granted.
    """
    own_course(scope, enrolment)
    last = certificate_of(scope, enrolment)
    if last is None:
        raise NotYet("There is no certificate yet.")
    name = names_of_staff([enrolment.account_key])[enrolment.account_key]
    if name == last.name:
        return last
    key = key_from("certificate", str(last.key), name)
    fields = ("enrolment_key", "submission_key", "evaluation_key", "claim_key", "account_key", "code", "title")
    kept = {each: getattr(last, each) for each in (*fields, "credit_type", "credit", "completed_on", "provider")}
    with told_once(Certificate, site=scope.site, key=key, moment="issued_at", at=at) as moment:
        return record_one(
            Certificate(
                site=scope.site, key=key, corrects=last.key, **kept, statements=last.statements, name=name,
                issued_at=moment,
            )
        )  # fmt: skip


def name_provider(
    scope: Scope, *, key: UUID, name: str, from_day: date, until_day: date | None, at: datetime
) -> Provider:
    """Say which accredited provider this site may name, from a day that is not past; raise NotAProvider."""
    if not name.strip():
        raise NotAProvider("Give the provider's name as its accreditor knows it.")
    if from_day < _today(scope, at):
        raise NotAProvider("The first day lies in the past: credit is not designated in retrospect.")
    if until_day and until_day <= from_day:
        raise NotAProvider("The last day lies before the first.")
    last = provider_record(scope)
    with told_once(Provider, site=scope.site, key=key, moment="told_at", at=at) as moment:
        known = Provider.objects.filter(site=scope.site, key=key).first()
        return record_one(
            Provider(
                site=scope.site, key=key, corrects=known.corrects if known else last and last.key, name=name.strip(),
                from_day=from_day, until_day=until_day, told_at=moment,
            )
        )  # fmt: skip


def own_course(scope: Scope, enrolment: Enrolment) -> LearningActivity:
    """Return the course of an enrolment that is the actor's own, in its version; raise NoSuchCourse."""
    found = course_named(enrolment.course, enrolment.version)
    if found is None or enrolment.site != scope.site or enrolment.account_key != scope.actor:
        raise NoSuchCourse("There is no such course.")
    return found


def _demand_step(scope: Scope, enrolment: Enrolment, course: LearningActivity, step: str) -> None:
    sentences = {
        "read": "Read every section first.",
        "quiz": "Pass the quiz first.",
        "evaluate": "Answer the questions about the course first.",
        "claim": "The quiz is passed and the course is judged: claim your credit.",
        "done": "This course is done. Your certificate is on your transcript.",
    }
    here = next_step(course, progress_of(scope, enrolment))
    if here != step:
        raise NotYet(sentences.get(here, "Begin the course first."))


def _demand_open(course: LearningActivity, *, on: date, word: str) -> None:
    if not is_open(course, on):
        ended = on > course.expiry_date
        when = f"ended on {course.expiry_date:%-d %B %Y}" if ended else f"begins on {course.release_date:%-d %B %Y}"
        raise NotOpen(f"“{course.title}” {when}: it cannot be {word} now. Certificates that were granted stay valid.")


def _today(scope: Scope, at: datetime) -> date:
    place = site_named(scope.site)
    return day_of(at, place.time_zone if place else "UTC")
