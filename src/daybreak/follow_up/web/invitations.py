"""One invitation and its link."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions
from daybreak.follow_up.queries.invitations import asked
from daybreak.follow_up.web import presenters
from daybreak.follow_up.web.sent import sent_and_traced
from daybreak.identity.public import person
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="invitation")
def invitation_page(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Show one invitation and what may be done with it."""
    return page_of(request, scope, invitation, link="")


def page_of(
    request: HttpRequest, scope: Scope, invitation: UUID, *, link: str = "", refusal: str = "", status: int = 200
) -> HttpResponse:
    """Return the page of an invitation, with a link that was just made or a refusal."""
    found = asked(scope, invitation)
    if found is None:
        raise Http404("No such invitation")
    at = now()
    people = {found.invitation.patient_key: person(scope, found.invitation.patient_key, at=at)}
    shown = {
        "at": at,
        "invitation": found.invitation,
        "row": presenters.row(found.invitation, found.state(at), people, at),
        "answered_at": found.answered.answered_at if found.answered else None,
        "may_hand_over": found.state(at) in actions.MAY_BE_HANDED_OVER,
        "link": link,
        "refusal": refusal,
        "send_key": str(new_key(at=at)),
        "sent": sent_and_traced(scope, invitation, found.invitation.patient_key),
    }
    return render(request, "follow_up/invitation.html", shown, status=status)


@requires(Permission.FOLLOW_UP, purpose="hand over a link")
@require_http_methods(["POST"])
def link(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Make a link and show it once, in this answer: it is stored nowhere, so a redirect could not show it."""
    try:
        token = actions.hand_over_link(scope, invitation=invitation, at=now())
    except actions.NothingToAnswer as refusal:
        return page_of(request, scope, invitation, link="", refusal=str(refusal), status=UNPROCESSABLE)
    address = reverse("answer:questions", kwargs={"site": scope.site, "token": token})
    return page_of(request, scope, invitation, link=request.build_absolute_uri(address))


@requires(Permission.FOLLOW_UP, purpose="call an invitation off")
@require_http_methods(["POST"])
def take_back(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Call an invitation off."""
    try:
        actions.call_off(scope, invitation=invitation, at=now())
    except actions.NothingToAnswer as refusal:
        return page_of(request, scope, invitation, link="", refusal=str(refusal), status=UNPROCESSABLE)
    return redirect("follow_up:invitation", site=scope.site, invitation=invitation)
