"""Pages of what is published: the trials pooled, the data set, the dose explorer."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from daybreak.evidence.dataset import as_zip
from daybreak.evidence.definitions import kinetic_models, reviews, trials
from daybreak.evidence.rules.comparing import Choices, NotPooled, compare
from daybreak.evidence.web.forms import PoolForm, RegimenForm
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires

POOLED_FILE = "pooled.csv"


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


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def pooled(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what the published trials say together about one outcome, by the choices in the address."""
    form = PoolForm(request.GET)
    context = {"site": scope.site, "form": form, "trials": trials()}
    if not form.is_valid():
        return render(request, "evidence/pooled.html", {**context, "found": None})
    from daybreak.evidence.rules.synthesis import synthesise
    from daybreak.evidence.web.explaining import explained
    from daybreak.evidence.web.pooled_file import command_of
    from daybreak.evidence.web.pooling import pictures
    from daybreak.evidence.web.wording import finding, method_words, question_words, spread_words

    asked = form.cleaned_data
    choices, how = _chosen(asked)
    comparisons, left_out = compare(trials(), choices)
    context |= {"question": question_words(choices), "left_out": left_out}
    try:
        found = synthesise(comparisons, how)
    except NotPooled as no:
        return render(request, "evidence/pooled.html", {**context, "found": None, "sentence": str(no)})
    context |= {
        "found": found,
        "finding": finding(found),
        "spread": spread_words(found.pooled, how.measure),
        "pictures": pictures(found),
        "method": method_words(how, choices, found.effects),
        "command": command_of(found, POOLED_FILE),
        "query": request.GET.urlencode(),
    }
    if asked["by"]:
        context |= explained(found, asked["by"])
    return render(request, "evidence/pooled.html", context)


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def pooled_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give the trials of that page as a file; choices that cannot be pooled give the page with its sentences."""
    form = PoolForm(request.GET)
    if not form.is_valid():
        return pooled(request, site=scope.site)
    from daybreak.evidence.rules.synthesis import synthesise
    from daybreak.evidence.web.pooled_file import as_csv

    choices, how = _chosen(form.cleaned_data)
    try:
        found = synthesise(compare(trials(), choices)[0], how)
    except NotPooled:
        return pooled(request, site=scope.site)
    answer = HttpResponse(as_csv(found), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{POOLED_FILE}"'
    return answer


def _chosen(asked: dict[str, object]) -> tuple[Choices, object]:
    """Return what is compared, and how it is pooled."""
    from daybreak.evidence.rules.synthesis import Asked
    from daybreak.stats.public import Measure, Method

    choices = Choices(
        kind=asked["kind"],
        window=asked["window"],
        drug=asked["drug"],
        control=asked["control"],
        crossover=asked["crossover"],
        correlation=float(asked["correlation"]),
        provisional=asked["provisional"] == "in",
    )
    return choices, Asked(measure=Measure(asked["measure"]), method=Method(asked["method"]), interval=asked["interval"])


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def reviewed(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show the published reviews, each tried again with the trials that are here."""
    from daybreak.evidence.web.reviews import cards

    return render(request, "evidence/reviews.html", {"site": scope.site, "cards": cards(reviews(), trials())})


@requires(Permission.READ_DEFINITIONS, purpose="reading published evidence")
def trials_file(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Give the published trials as a data set: CSV, JSON, Parquet, dictionary and licence."""
    answer = HttpResponse(as_zip(trials()), content_type="application/zip")
    answer["Content-Disposition"] = 'attachment; filename="ketamine-trials.zip"'
    return answer
