"""One's own credentials: what they allow today, when they end, and showing a new one; and verifying those of others."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.kernel.files import MOST_BYTES, safe_name
from daybreak.kernel.moments import day_of, now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.access import requires
from daybreak.people.offered import content_of, offered_document, offers
from daybreak.people.offers import offer_credential, settle_offer
from daybreak.people.queries import credentials, site_named, standing_for
from daybreak.people.rules import SESSION_ROLES
from daybreak.people.web.forms import OfferForm
from daybreak.people.web.presenters import credential_words, offer_words

NOT_SAVED = 422


@requires(purpose="own credentials")
@require_http_methods(["GET", "POST"])
def mine(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show one's credentials and what they allow, and take a new one with its document."""
    at = now()
    today = day_of(at, site_named(scope.site).time_zone)
    form = OfferForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        said, file = form.cleaned_data, form.cleaned_data["document"]
        try:
            offer_credential(
                scope,
                key=said["key"],
                kind=said["kind"],
                issued_on=said["issued_on"],
                expires_on=said["expires_on"],
                number=said["number"],
                name=file.name,
                content=file.read(MOST_BYTES + 1),
                at=at,
            )
        except Refusal as no:
            field = getattr(no, "field", "document")
            form.add_error(field if field in form.fields else "document", str(no))
        else:
            messages.success(request, _("It waits for the site lead, and counts once it is verified."))
            return redirect("people:mine", site=scope.site)
    context = {
        "site": scope.site,
        "form": form,
        "held": [credential_words(each, today) for each in credentials(scope, account=scope.actor)],
        "offered": [offer_words(each) for each in offers(scope, account=scope.actor)],
        "standings": {
            role: standing_for(scope, account=scope.actor, role=role, on=today)
            for role, asked in SESSION_ROLES.items()
            if asked.permission in request.may
        },
    }
    return render(request, "people/mine.html", context, status=NOT_SAVED if form.errors else 200)


@requires(purpose="the document of a credential")
@require_GET
def document(request: HttpRequest, scope: Scope, offer: UUID) -> HttpResponse:
    """Give the document of one's own credential, or of a colleague's to whoever verifies it, to be saved."""
    found = offered_document(scope, offer)
    if found is None:
        raise Http404("No such document")
    if found.account_key != scope.actor and Permission.MANAGE_SITE not in request.may:
        raise PermissionDenied("This document is not yours.")
    answer = HttpResponse(content_of(found), content_type="application/octet-stream")
    answer["Content-Disposition"] = content_disposition_header(True, safe_name(found.file_name))
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return answer


@requires(Permission.MANAGE_SITE, purpose="verifying a credential")
@require_POST
def settle(request: HttpRequest, scope: Scope, offer: UUID) -> HttpResponse:
    """Verify a credential that a colleague showed, or refuse it with a reason."""
    verified, reason = request.POST.get("outcome") == "verified", request.POST.get("reason", "")
    try:
        settle_offer(scope, offer=offer, verified=verified, reason=reason, at=now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Verified: it counts from now on.") if verified else _("Refused, with the reason."))
    return redirect("people:team", site=scope.site)
