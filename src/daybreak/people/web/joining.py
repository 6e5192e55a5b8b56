"""The page at which the owner of an account joins a second site."""

from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.kernel.refusal import Refusal
from daybreak.people.access import open_to
from daybreak.people.joining import SamePassword, join, site_of_link
from daybreak.people.queries import site_named
from daybreak.people.web.forms import NewPassword

GONE = 410


@open_to("the owner of an account, signed in, who holds the link that their new site handed over")
@require_http_methods(["GET", "POST"])
def join_site(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for a new password, and begin the roles that wait at the site."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
    form = NewPassword(request.user, request.POST or None)
    try:
        place = site_named(site_of_link(request.user, token))
        if form.is_valid():
            account, site = join(request.user.key, token=token, password=form.cleaned_data["new_password1"])
            update_session_auth_hash(request, account)
            return redirect("desk:home", site=site)
    except SamePassword as refusal:
        form.add_error("new_password1", str(refusal))
    except Refusal as refusal:
        return render(request, "design/refused.html", {"sentence": str(refusal)}, status=GONE)
    status = 422 if form.is_bound else 200
    return render(request, "people/join.html", {"form": form, "place": place}, status=status)
