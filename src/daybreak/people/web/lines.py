"""The page on which the site lead says whom patients call, and when somebody reads."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.access import requires
from daybreak.people.lines import NotLines, lines_of, tell_lines
from daybreak.people.queries import names_of_staff, site_named
from daybreak.people.web.lines_form import LinesForm

UNPROCESSABLE = 422
FIELDS = ("emergency_line", "crisis_line", "telephone", "hours")


@requires(Permission.MANAGE_SITE, purpose="whom patients call")
@require_http_methods(["GET", "POST"])
def lines(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show whom patients call, and take what holds from now on."""
    told = lines_of(site_named(scope.site))
    form = LinesForm(request.POST or None, initial={name: getattr(told, name) for name in FIELDS})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            tell_lines(scope, key=said["key"], at=now(), **{name: said[name] for name in FIELDS})
            return redirect("people:lines", site=scope.site)
        except NotLines as refusal:
            form.add_error(refusal.field, str(refusal))
    shown = {"form": form, "told": told, "teller": names_of_staff([told.recorded_by]).get(told.recorded_by, "")}
    return render(request, "people/lines.html", shown, status=UNPROCESSABLE if form.is_bound else 200)
