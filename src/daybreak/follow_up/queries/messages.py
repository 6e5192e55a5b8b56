"""Messages as they stand, and traces of links."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef

from daybreak.follow_up.models import (
    EMAIL,
    FAILED,
    GIVEN_UP,
    LinksWithdrawn,
    LinkTrace,
    Message,
    MessageStep,
    WrongLink,
)
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import standing


@dataclass(frozen=True, slots=True)
class MessageNow:
    """A message, the step that ended it if any, and when it failed."""

    message: Message
    end: MessageStep | None
    failed: tuple[datetime, ...]
    why_failed: str

    @property
    def is_by_email(self) -> bool:
        """Whether it goes by e-mail, and not as a text message."""
        return self.message.channel == EMAIL

    @property
    def is_given_up(self) -> bool:
        """Whether nobody tries to send it any more."""
        return self.end is not None and self.end.step == GIVEN_UP


def messages_of(scope: Scope, *, patient: UUID) -> list[MessageNow]:
    """Return the patient's messages, the newest first."""
    found = standing(Message).filter(site=scope.site, patient_key=patient)
    return _with_steps(scope, list(found.order_by("-wanted_at", "key")))


def waiting_messages(scope: Scope, *, at: datetime) -> list[MessageNow]:
    """Return the messages of the site that are wanted by now and have not ended, the longest waiting first."""
    ended = MessageStep.objects.filter(site=OuterRef("site"), message_key=OuterRef("key")).exclude(step=FAILED)
    found = standing(Message).filter(~Exists(ended), site=scope.site, wanted_at__lte=at)
    return _with_steps(scope, list(found.order_by("wanted_at", "key")))


def message_now(scope: Scope, key: UUID) -> MessageNow | None:
    """Return one message of the site as it stands, or nothing."""
    return next(iter(_with_steps(scope, list(standing(Message).filter(site=scope.site, key=key)))), None)


def traces_of(scope: Scope, *, invitation: UUID) -> list[LinkTrace]:
    """Return who came by the links of an invitation in vain, oldest first."""
    found = standing(LinkTrace).filter(site=scope.site, invitation_key=invitation)
    return list(found.order_by("came_at", "key"))


def withdrawals_of_links(scope: Scope, *, invitation: UUID) -> list[LinksWithdrawn]:
    """Return when links of an invitation were withdrawn, oldest first."""
    found = standing(LinksWithdrawn).filter(site=scope.site, invitation_key=invitation)
    return list(found.order_by("withdrawn_at", "key"))


def wrong_links(scope: Scope, *, since: datetime) -> int:
    """Return how often since then somebody came by a link that opens nothing."""
    return standing(WrongLink).filter(site=scope.site, came_at__gte=since).count()


def _with_steps(scope: Scope, messages: list[Message]) -> list[MessageNow]:
    keys = [each.key for each in messages]
    steps = list(standing(MessageStep).filter(site=scope.site, message_key__in=keys).order_by("done_at", "key"))
    return [_as_it_stands(each, [step for step in steps if step.message_key == each.key]) for each in messages]


def _as_it_stands(message: Message, steps: list[MessageStep]) -> MessageNow:
    failed = [step for step in steps if step.step == FAILED]
    end = next((step for step in steps if step.step != FAILED), None)
    return MessageNow(message, end, tuple(step.done_at for step in failed), failed[-1].because if failed else "")
