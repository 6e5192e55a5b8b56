"""What an accreditor asks of a learner beside the certificate: sealed under a key of the learner's, and given or taken
back by the learner alone.
"""

import json
from dataclasses import astuple, dataclass
from datetime import date, datetime
from uuid import UUID

from django.conf import settings

from daybreak.kernel.keys import key_from
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.kernel.sealing import derived_key, open_sealed, seal
from daybreak.learn.models import Claim, Enrolment, ReportDetails, ReportWithdrawn
from daybreak.ledger.public import one_step, record_one, told_once

LEAP_YEAR = 2000
"""A year in which every day of the calendar exists."""


class NotReportable(Refusal):
    """Details for a report that cannot be, or that nobody may make; `field` names what to look at."""

    def __init__(self, sentence: str, *, field: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Details:
    """The number of a licence, the month and day of birth, without the year, and first and last name as the board has
    them: no certificate tells which part of a name is which. What was not told is empty.
    """

    licence: str = ""
    birth_month: int | None = None
    birth_day: int | None = None
    first_name: str = ""
    last_name: str = ""

    def __bool__(self) -> bool:
        return any(astuple(self))


NOTHING_TOLD = Details()


def check_details(details: Details, *, may_report: bool) -> None:
    """Raise NotReportable for details without the permission to report them, and for a day that does not exist."""
    if details and not may_report:
        raise NotReportable("Allow the report as well, or leave what is meant for it empty.", field="may_report")
    if bool(details.first_name) != bool(details.last_name):
        raise NotReportable("Give first and last name, or neither.", field="last_name")
    if bool(details.birth_month) != bool(details.birth_day):
        raise NotReportable("Give month and day of birth, or neither.", field="birth_day")
    if details.birth_month and details.birth_day:
        try:
            date(LEAP_YEAR, details.birth_month, details.birth_day)
        except ValueError as fault:
            raise NotReportable("This day does not exist.", field="birth_day") from fault


def keep_details(scope: Scope, claim: Claim, *, account: UUID, details: Details, at: datetime) -> ReportDetails:
    """Keep what a learner lets an accreditor know, sealed; raise NotReportable."""
    check_details(details, may_report=claim.may_report)
    key = key_from("report details", str(claim.key))
    said = json.dumps(astuple(details)).encode()
    sealed = seal(_key(scope.site, account), said, bound_to=_bound_to(scope.site, claim.key), retry_of=str(key))
    return record_one(ReportDetails(site=scope.site, key=key, claim_key=claim.key, sealed=sealed, told_at=at))


@one_step()
def withdraw_report(scope: Scope, *, enrolment: Enrolment, at: datetime) -> ReportWithdrawn:
    """Take back the permission to report what one learnt: from then on no report names one, and what was told for it is
    not opened again. Raise NotReportable.
    """
    claim = Claim.objects.filter(site=scope.site, enrolment_key=enrolment.key, may_report=True).first()
    if claim is None or enrolment.account_key != scope.actor:
        raise NotReportable("There is no permission of yours to take back.", field="may_report")
    key = key_from("report withdrawn", str(claim.key))
    with told_once(ReportWithdrawn, site=scope.site, key=key, moment="withdrawn_at", at=at) as moment:
        return record_one(ReportWithdrawn(site=scope.site, key=key, claim_key=claim.key, withdrawn_at=moment))


def allowed(scope: Scope) -> dict[UUID, Claim]:
    """Return the claims of the site whose learners allow a report, by key."""
    taken_back = ReportWithdrawn.objects.filter(site=scope.site).values("claim_key")
    found = Claim.objects.filter(site=scope.site, may_report=True).exclude(key__in=taken_back)
    return {each.key: each for each in found}


def details_of(scope: Scope, accounts: dict[UUID, UUID]) -> dict[UUID, Details]:
    """Open what was told with these claims (claim to account); raise CannotOpen."""
    found = ReportDetails.objects.filter(site=scope.site, claim_key__in=accounts)
    return {each.claim_key: _opened(each, accounts[each.claim_key]) for each in found}


def _opened(kept: ReportDetails, account: UUID) -> Details:
    bound_to = _bound_to(kept.site, kept.claim_key)
    return Details(*json.loads(open_sealed(_key(kept.site, account), bytes(kept.sealed), bound_to=bound_to)))


def _key(site: str, account: UUID) -> bytes:
    return derived_key(settings.DAYBREAK_MASTER_KEY, "details of learners", site, str(account))


def _bound_to(site: str, claim: UUID) -> str:
    return f"{site} {claim} details"
