"""The page on which anyone checks a certificate: it says what the paper says, or kindly that it does not know it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from daybreak.learn.queries import verified
from daybreak.learn.rules import read_code
from daybreak.learn.web.presenters import certificate_title, credit_words, in_italics
from daybreak.people.public import open_to, site_named

NOT_FOUND = 404


@open_to("anyone who holds a certificate's code: the page says what the paper says, and nothing else")
@require_GET
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for a code."""
    typed = request.GET.get("code", "").strip()[:60]
    if typed:
        return redirect("verify:certificate", code=read_code(typed) or typed.replace("/", "-"))
    return render(request, "learn/verify.html", {"found": None, "code": "", "asked": False})


@open_to("anyone who holds a certificate's code: the page says what the paper says, and nothing else")
@require_GET
def certificate(request: HttpRequest, code: str) -> HttpResponse:
    """Say what the certificate with this code says."""
    plain = read_code(code[:60])
    found = verified(plain) if plain else None
    context = {"found": found, "code": plain or code[:60], "asked": True}
    if found is None:
        return render(request, "learn/verify.html", context, status=NOT_FOUND)
    place = site_named(found.site)
    context |= {
        "kind": certificate_title(found),
        "credit": in_italics(credit_words(found.credit_type, found.credit)),
        "issuer": found.provider or place.name,
        "synthetic": place.synthetic,
    }
    return render(request, "learn/verify.html", context)
