"""Sending an invitation's link by e-mail or text, and taking links back."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from daybreak.follow_up import actions
from daybreak.follow_up.web.forms import key_in
from daybreak.follow_up.web.invitations import page_of
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires

UNPROCESSABLE = 422


@requires(Permission.FOLLOW_UP, purpose="send a link")
@require_http_methods(["POST"])
def send(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Let the worker send a link by the chosen way."""
    channel = request.POST.get("channel", "")
    try:
        actions.send_questions(scope, key=key_in(request.POST), invitation=invitation, channel=channel, at=now())
    except (actions.NothingToAnswer, actions.NotToBeMessaged) as refusal:
        return page_of(request, scope, invitation, refusal=str(refusal), status=UNPROCESSABLE)
    return redirect("follow_up:invitation", site=scope.site, invitation=invitation)


@requires(Permission.FOLLOW_UP, purpose="withdraw links")
@require_http_methods(["POST"])
def withdraw(request: HttpRequest, scope: Scope, invitation: UUID) -> HttpResponse:
    """Let no link open the questions that was handed over or sent until now."""
    try:
        actions.withdraw_links(
            scope, key=key_in(request.POST), invitation=invitation, because="withdrawn by the clinic", at=now()
        )
    except actions.NothingToAnswer as refusal:
        return page_of(request, scope, invitation, refusal=str(refusal), status=UNPROCESSABLE)
    return redirect("follow_up:invitation", site=scope.site, invitation=invitation)
