"""Certificates: one, on the screen and on paper; all of one person; and who may be named on them."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.learn.actions import issue_again, name_provider
from daybreak.learn.queries import (
    Certificate,
    certificate_with,
    enrolment_named,
    may_be_reported,
    provider_record,
    transcript,
)
from daybreak.learn.reporting import withdraw_report
from daybreak.learn.rules import read_code
from daybreak.learn.web.forms import ProviderForm
from daybreak.learn.web.paper import address_of, printed
from daybreak.learn.web.presenters import certificate_title, credit_words, in_italics
from daybreak.learn.web.views import NOT_SAVED
from daybreak.people.public import names_of_staff, requires, site_named


@requires(purpose="own certificates")
@require_GET
def own_transcript(request: HttpRequest, scope: Scope) -> HttpResponse:
    """List every certificate of the signed-in person, whatever the site."""
    held = transcript(account=scope.actor)
    rows = [
        (
            each,
            certificate_title(each),
            in_italics(credit_words(each.credit_type, each.credit)),
            each.provider or site_named(each.site).name,
        )
        for each in held
    ]
    context = {"site": scope.site, "rows": rows, "name": names_of_staff([scope.actor])[scope.actor]}
    return render(request, "learn/transcript.html", context)


@requires(purpose="own certificates")
@require_GET
def certificate(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """Show a certificate of one's own, with its code and what can be done with it."""
    found = _own(scope, code)
    name = names_of_staff([scope.actor])[scope.actor]
    context = {
        "site": scope.site,
        "certificate": found,
        "kind": certificate_title(found),
        "credit": in_italics(credit_words(found.credit_type, found.credit)),
        "statements": [in_italics(each) for each in found.statements],
        "issuer": found.provider or site_named(found.site).name,
        "address": address_of(found.code),
        "reported": may_be_reported(scope, found),
        "renamed": name if name != found.name and found.site == scope.site else "",
    }
    return render(request, "learn/certificate.html", context)


@requires(purpose="own certificates")
@require_GET
def certificate_file(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """Give the certificate as a PDF."""
    found = _own(scope, code)
    paper = printed(found, site=site_named(found.site), format_words=_("Enduring material, on demand"))
    answer = HttpResponse(paper, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="certificate-{found.code}.pdf"'
    return answer


@requires(purpose="own certificates")
@require_http_methods(["POST"])
def again(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """Issue a certificate again under one's present name, with the same code."""
    found = _own(scope, code)
    enrolment = enrolment_named(scope, found.enrolment_key)
    if enrolment is None:
        raise Http404("No such certificate")
    issued = issue_again(scope, enrolment=enrolment, at=now())
    messages.success(request, _("Issued again for %(name)s, with the same code.") % {"name": issued.name})
    return redirect("learn:certificate", site=scope.site, code=issued.code)


@requires(purpose="own certificates")
@require_http_methods(["POST"])
def unreport(request: HttpRequest, scope: Scope, code: str) -> HttpResponse:
    """Take back the permission to report a course that one completed."""
    found = _own(scope, code)
    enrolment = enrolment_named(scope, found.enrolment_key)
    if enrolment is None:
        raise Http404("No such certificate")
    try:
        withdraw_report(scope, enrolment=enrolment, at=now())
    except Refusal as no:
        messages.error(request, str(no))
    else:
        messages.success(request, _("Taken back: no report names you from now on. The certificate is the same."))
    return redirect("learn:certificate", site=scope.site, code=found.code)


@requires(Permission.MANAGE_SITE, purpose="naming an accredited provider")
@require_http_methods(["GET", "POST"])
def provider(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Say which accredited provider the certificates of physicians may name."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            name_provider(
                scope, key=said["key"], name=said["name"], from_day=said["from_day"], until_day=said["until_day"],
                at=now(),
            )  # fmt: skip
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The provider is named from that day on."))
            return redirect("learn:provider", site=scope.site)
    context = {"site": scope.site, "form": form, "known": provider_record(scope)}
    return render(request, "learn/provider.html", context, status=NOT_SAVED if form.errors else 200)


def _own(scope: Scope, code: str) -> Certificate:
    plain = read_code(code[:60])
    found = certificate_with(account=scope.actor, code=plain) if plain else None
    if found is None:
        raise Http404("No such certificate")
    return found
