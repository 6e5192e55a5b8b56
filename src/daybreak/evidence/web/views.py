"""Pages of what is published: the dose explorer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.evidence.definitions import kinetic_models
from daybreak.evidence.web.forms import RegimenForm
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def doses(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what the published models predict for a regimen, side by side."""
    form = RegimenForm(request.GET)
    context = {"site": scope.site, "form": form, "query": request.GET.urlencode(), "models": kinetic_models()}
    if not form.is_valid():
        return render(request, "evidence/doses.html", {**context, "found": [], "silent": []})
    from daybreak.evidence.web import explorer  # here, because arrays and drawing take a second to load

    found, silent = explorer.predicted(kinetic_models(), form.cleaned_data)
    if found:
        context |= {"drawing": explorer.drawing(found, explorer.finding(found)), "rows": explorer.rows(found)}
        context |= {"finding": explorer.finding(found)}
    return render(request, "evidence/doses.html", {**context, "found": found, "silent": silent})


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def doses_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give the same as a file; a regimen that cannot be asked about gives the page with its sentences."""
    form = RegimenForm(request.GET)
    if not form.is_valid():
        return doses(request, site=scope.site)
    from daybreak.evidence.web import explorer

    found, _silent = explorer.predicted(kinetic_models(), form.cleaned_data)
    answer = HttpResponse(explorer.as_csv(found, form.cleaned_data), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="not-for-dosing-a-patient.csv"'
    return answer
