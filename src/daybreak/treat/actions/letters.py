"""A letter to the referrer is signed by a named clinician; another version never erases an earlier one."""

from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step, record_one
from daybreak.treat.actions.steps import demand, wait_for
from daybreak.treat.models import ReferrerLetter
from daybreak.treat.queries.sessions import course_of_key


class NotALetter(Refusal):
    """A letter to nobody, without a word, or about no course."""


@one_step()
def sign_letter(scope: Scope, *, key: UUID, course: UUID, addressee: str, words: str, at: datetime) -> ReferrerLetter:
    """Sign a letter about a course as the scope's actor, a clinician; raise NotALetter, NotYourPart.

    The newest version corrects the one before. The same `key` again is the same letter.
    """
    signer = demand(scope, Permission.DECIDE, at=at)
    wait_for(f"treat letter {scope.site} {course}")
    about = course_of_key(scope, course)
    if about is None:
        raise NotALetter("There is no such course at this site.")
    if not addressee.strip() or not words.strip():
        raise NotALetter("A letter says to whom it goes, and something.")
    mine = ReferrerLetter.objects.filter(site=scope.site, course_key=course)
    told, last = mine.filter(key=key).first(), mine.exclude(key=key).order_by("signed_at", "key").last()
    return record_one(
        ReferrerLetter(
            site=scope.site,
            key=key,
            corrects=told.corrects if told else last.key if last else None,
            patient_key=about.patient_key,
            course_key=course,
            addressee=seal_text(scope, about.patient_key, addressee.strip(), fact=key),
            words=seal_text(scope, about.patient_key, words.strip(), fact=key),
            signed_by=signer,
            signed_at=at,
        )
    )
