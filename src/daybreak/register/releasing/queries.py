"""Every read of requests for rows: who asked for what, what reviewers said, and what was handed out."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.register.models import HandOut, ReleaseRequest, ReleaseReview
from daybreak.register.releasing.rules import Answered, State, may_answer, state_of


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it stands today, with its answers and hand-outs in the order in which they came."""

    request: ReleaseRequest
    reviews: tuple[ReleaseReview, ...]
    hand_outs: tuple[HandOut, ...]
    state: State

    def may_answer(self, who: UUID | None) -> tuple[str, ...]:
        """Return the answers that somebody who reviews may give now."""
        asked_by = self.request.recorded_by
        return () if who is None else may_answer(
            asked_by=asked_by, answers=answered(self.reviews), who=who, state=self.state
        )  # fmt: skip


def is_centre(scope: Scope) -> bool:
    """Return whether one stands at the coordinating centre, where requests are reviewed."""
    here = site_named(scope.site)
    return here is not None and here.kind == "centre"


def requests_seen(scope: Scope, *, today: date) -> list[Asked]:
    """Return the requests that may be seen from a site, newest first: all at the centre, else the site's."""
    found = ReleaseRequest.objects.all() if is_centre(scope) else ReleaseRequest.objects.filter(site=scope.site)
    return _as_they_stand(found.order_by("-asked_at", "-key"), today)


def request_seen(scope: Scope, site: str, key: UUID, *, today: date) -> Asked | None:
    """Return one request, where it may be seen from the scope's site."""
    if not (is_centre(scope) or site == scope.site):
        return None
    return request_as_it_stands(site, key, today=today)


def request_as_it_stands(site: str, key: UUID, *, today: date) -> Asked | None:
    """Return one request of a site, whoever looks."""
    return next(iter(_as_they_stand(ReleaseRequest.objects.filter(site=site, key=key), today)), None)


def request_by_key(key: UUID, *, today: date) -> Asked | None:
    """Return the request of that key, for a command; nothing where two sites would have one."""
    found = _as_they_stand(ReleaseRequest.objects.filter(key=key), today)
    return found[0] if len(found) == 1 else None


def answered(reviews: Iterable[ReleaseReview]) -> list[Answered]:
    """Return the answers as the rules take them."""
    return [Answered(by=each.recorded_by, answer=each.answer) for each in reviews]


def hand_outs_of(snapshots: Iterable[str]) -> int:
    """Return how often rows of any of these snapshots were handed out."""
    return HandOut.objects.filter(request__snapshot__in=list(snapshots)).count()


def _as_they_stand(requests: Iterable[ReleaseRequest], today: date) -> list[Asked]:
    wanted = list(requests)
    reviews = _by_request(ReleaseReview, wanted, "reviewed_at")
    handed = _by_request(HandOut, wanted, "handed_at")
    found = []
    for each in wanted:
        mine = tuple(reviews.get((each.site, each.key), ()))
        state = state_of(asked_by=each.recorded_by, answers=answered(mine), last_day=each.expires_on, today=today)
        found.append(Asked(each, mine, tuple(handed.get((each.site, each.key), ())), state))
    return found


def _by_request(model: type, requests: list[ReleaseRequest], order: str) -> dict[tuple[str, UUID], list]:
    found: dict[tuple[str, UUID], list] = {}
    for each in model.objects.filter(request_key__in=[each.key for each in requests]).order_by(order, "recorded_at"):
        found.setdefault((each.site, each.request_key), []).append(each)
    return found
