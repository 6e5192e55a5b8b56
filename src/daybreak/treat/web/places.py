"""The rooms and chairs of a site: set up, changed and taken out of use by its lead."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.places import change_chair, end_chair, set_up_chair
from daybreak.treat.queries.places import chair_of_key, chairs
from daybreak.treat.web.forms import SetUpChair
from daybreak.treat.web.frame import NOT_DONE, sent_key


@requires(Permission.MANAGE_SITE, purpose="the site's chairs")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The chairs that are in use."""
    return _draw(request, scope)


@requires(Permission.MANAGE_SITE, purpose="setting up a chair")
@require_POST
def new_chair(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Set up a chair."""
    form = SetUpChair(request.POST)
    if not form.is_valid():
        return _draw(request, scope, form=form)
    said = form.cleaned_data
    try:
        set_up_chair(
            scope, key=said["key"], name=said["name"], treatment_room=said["treatment_room"],
            set_up_minutes=said["set_up_minutes"], at=this_moment(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, scope, form=form)
    messages.success(request, _("The chair is set up. Sessions can be planned in it."))
    return redirect("treat:chairs", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="changing a chair")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, scope: Scope, chair: UUID) -> HttpResponse:
    """Rename a chair, or change its room or minutes."""
    found = chair_of_key(scope, chair)
    if found is None or found.ended:
        raise Http404("No such chair")
    if request.method == "GET":
        so_far = {name: getattr(found, name) for name in ("name", "treatment_room", "set_up_minutes")}
        return _draw(request, scope, form=SetUpChair(initial=so_far), changed=chair)
    form = SetUpChair(request.POST)
    if not form.is_valid():
        return _draw(request, scope, form=form, changed=chair)
    said = form.cleaned_data
    try:
        change_chair(
            scope, key=said["key"], chair=chair, name=said["name"], treatment_room=said["treatment_room"],
            set_up_minutes=said["set_up_minutes"], at=this_moment(),
        )  # fmt: skip
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, scope, form=form, changed=chair)
    messages.success(request, _("The chair is changed. Its sessions and devices follow it."))
    return redirect("treat:chairs", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="ending a chair")
@require_POST
def end(request: HttpRequest, scope: Scope, chair: UUID) -> HttpResponse:
    """Take a chair out of use."""
    try:
        end_chair(scope, key=sent_key(request), chair=chair, at=this_moment())
        messages.success(request, _("The chair is not in use any more."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("treat:chairs", site=scope.site)


def _draw(
    request: HttpRequest, scope: Scope, *, form: SetUpChair | None = None, changed: UUID | None = None
) -> HttpResponse:
    context = {
        "site": scope.site,
        "chairs": chairs(scope),
        "form": form or SetUpChair(),
        "changed": changed,
        "new_key": new_key,
    }
    refused = form is not None and form.is_bound
    return render(request, "treat/chairs.html", context, status=NOT_DONE if refused else 200)
