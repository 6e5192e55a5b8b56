"""The end of a credential is told by mail: to its holder at 90, 30 and 7 days, and once it has ended to the leads too.

What was sent is a fact, so each is told once; a mail that nobody takes is tried again until the next one is due.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import day_of
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one, standing, told_once
from daybreak.people.models import Account, Credential, CredentialReminder
from daybreak.people.queries import ending_credentials, site_named, staff
from daybreak.people.roles import LEAD, holds_on
from daybreak.people.rules import ENDED, WORDS, next_try, stage_by_mail

Post = Callable[..., None]
"""Hands a mail over, called with key, to, subject and words; raises a Refusal where it was not taken."""


@dataclass(frozen=True, slots=True)
class Due:
    """A reminder that is to be sent: the credential, its holder, who is told, and at which stage."""

    credential: Credential
    holder: Account
    to: Account
    stage: int

    @property
    def to_holder(self) -> bool:
        """Whether it goes to the holder, and not to a lead."""
        return self.to.key == self.holder.key


def remind_by_mail(scope: Scope, *, at: datetime, post: Post, mine: str, team: str) -> None:
    """Send every reminder that is due and was not sent, each in a step of its own; `mine` and `team` are addresses of
    the pages that it names.

    A kill after a mail was handed over and before that was noted sends the very same mail again, with the same key.
    """
    for due in _due(scope, at):
        _send(scope, due, at=at, post=post, page=mine if due.to_holder else team)


def _due(scope: Scope, at: datetime) -> Iterator[Due]:
    """Yield what is to be told on this day to whom, sent or not, of those who work at the site and may sign in."""
    today = day_of(at, site_named(scope.site).time_zone)
    here = [
        m for m in staff(scope) if m.account.is_active and holds_on(today, from_day=m.from_day, until_day=m.until_day)
    ]
    people = {m.account_id: m.account for m in here}
    leads = {m.account_id: m.account for m in here if m.role == LEAD}
    for credential in ending_credentials(scope):
        stage, holder = stage_by_mail(credential.expires_on, on=today), people.get(credential.account_key)
        if stage is None or holder is None:
            continue
        told = {holder.key: holder} | (leads if stage == ENDED else {})
        yield from (Due(credential, holder, to, stage) for to in told.values())


def _send(scope: Scope, due: Due, *, at: datetime, post: Post, page: str) -> None:
    key = key_from("credential reminder", scope.site, str(due.credential.key), str(due.to.key), str(due.stage))
    with told_once(CredentialReminder, site=scope.site, key=key, moment="tried_at", at=at):
        tried = _tried(scope, due)
        waits_until = next_try([each.tried_at for each in tried])
        if any(each.sent for each in tried) or (waits_until and at < waits_until):
            return
        try:
            post(key=key, to=due.to.email, subject=_subject(due, at, scope), words=_words(due, page))
        except Refusal as no:
            _note(scope, due, key_from("not taken", str(key), str(len(tried))), at=at, because=str(no))
        else:
            _note(scope, due, key, at=at)


def _tried(scope: Scope, due: Due) -> list[CredentialReminder]:
    found = standing(CredentialReminder).filter(site=scope.site, credential_key=due.credential.key)
    return list(found.filter(to_key=due.to.key, stage=due.stage).order_by("tried_at", "key"))


def _note(scope: Scope, due: Due, key: UUID, *, at: datetime, because: str = "") -> None:
    record_one(
        CredentialReminder(
            site=scope.site,
            key=key,
            credential_key=due.credential.key,
            to_key=due.to.key,
            stage=due.stage,
            sent=not because,
            because=because,
            tried_at=at,
        )
    )


def _subject(due: Due, at: datetime, scope: Scope) -> str:
    """Return a subject without a name: mail is read over shoulders."""
    what = WORDS.get(due.credential.kind, due.credential.kind)
    if not due.to_holder:
        return _("A colleague's %(what)s has expired") % {"what": what}
    if due.stage == ENDED:
        return _("Your %(what)s has expired") % {"what": what}
    left = (due.credential.expires_on - day_of(at, site_named(scope.site).time_zone)).days
    return ngettext(
        "Your %(what)s expires in %(n)s day", "Your %(what)s expires in %(n)s days", left
    ) % {"what": what, "n": left}  # fmt: skip


def _words(due: Due, page: str) -> str:
    said = {
        "what": WORDS.get(due.credential.kind, due.credential.kind),
        "day": f"{due.credential.expires_on:%-d %B %Y}",
        "who": due.holder.name,
        "page": page,
    }
    if not due.to_holder:
        words = _(
            "The %(what)s of %(who)s expired on %(day)s. A role that asks for it is closed to them until a new one is "
            "verified.\nThe team: %(page)s\n"
        )
    elif due.stage == ENDED:
        words = _(
            "Your %(what)s expired on %(day)s. A role that asks for it is closed to you until a new one is verified.\n"
            "Show a new one: %(page)s\n"
        )
    else:
        words = _(
            "Your %(what)s expires on %(day)s. A role that asks for it is closed to you from that day on.\n"
            "Show a new one: %(page)s\n"
        )
    return words % said
