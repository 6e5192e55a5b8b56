"""The safety board's page: signals that wait, what was decided, and what is held."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import KeyedForm
from daybreak.desk.signals import before_the_board, decide
from daybreak.desk.web.signal_forms import DECISION_WORDS, DecisionForm, HoldForm, LiftForm
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named, sites
from daybreak.treat.public import hold_protocol, lift_hold, protocols_to_hold
from daybreak.watch.public import signal_words


@requires(Permission.TRIAGE, purpose="signals and holds")
def board(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Show what lies before the safety board."""
    return _page(request, scope, HoldForm(scope.site))


@requires(Permission.TRIAGE, purpose="decide on a signal")
@require_http_methods(["GET", "POST"])
def decision(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Decide on one signal of the newest snapshot."""
    lies = before_the_board(scope)
    about = next((each for each in lies.waiting if each.key == request.GET.get("signal")), None)
    if about is None:
        raise Http404("No such signal waits")
    form = DecisionForm(scope.site, request.POST or None, initial={"at_site": about.site or ""})
    if request.method == "POST" and form.is_valid():
        try:
            decide(scope, form.decided(snapshot=lies.snapshot, signal=about.key), at=now())
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The decision is recorded."))
            return redirect("desk:board", site=scope.site)
    words = signal_words(about, _names())
    return render(request, "desk/decision.html", {"site": scope.site, "form": form, "words": words, "about": about})


@requires(Permission.TRIAGE, purpose="hold a protocol")
@require_POST
def hold(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Hold a protocol without a signal."""
    form = HoldForm(scope.site, request.POST)
    if form.is_valid():
        try:
            hold_protocol(scope, **_said(form, "key", "protocol", "at_site", "reason"), at=now())
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The protocol is held. Nothing of it is ordered or started from now on."))
            return redirect("desk:board", site=scope.site)
    return _page(request, scope, form)


@requires(Permission.TRIAGE, purpose="lift a hold")
@require_POST
def lift(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Lift a hold."""
    form = LiftForm(request.POST)
    if form.is_valid():
        try:
            lift_hold(scope, **_said(form, "key", "hold", "reason"), at=now())
        except Refusal as no:
            form.add_error(None, str(no))
        else:
            messages.success(request, _("The hold is lifted."))
            return redirect("desk:board", site=scope.site)
    return _page(request, scope, HoldForm(scope.site), lifting=form)


def _page(request: HttpRequest, scope: Scope, form: HoldForm, lifting: LiftForm | None = None) -> HttpResponse:
    lies, names = before_the_board(scope), _names()
    place = site_named(scope.site)
    people = names_of_staff({*(each.decided_by for each in lies.reviews), *(each.signed_by for each in lies.holds)})
    titles = protocols_to_hold()
    return render(
        request,
        "desk/board.html",
        {
            "site": scope.site,
            "zone": place.time_zone if place else "UTC",
            "problem": lies.problem,
            "waiting": [(each.key, signal_words(each, names)) for each in lies.waiting],
            "reviews": [
                (each, DECISION_WORDS[each.decision], names.get(each.signal.rpartition("/")[2], _("all sites")),
                 people.get(each.decided_by, ""))
                for each in lies.reviews
            ],
            "holds": [
                (each, titles.get(each.protocol, each.protocol), names.get(each.at_site, _("every site")),
                 people.get(each.signed_by, ""), _lift_form(each.key, lifting))
                for each in lies.holds
            ],
            "form": form,
        },
    )  # fmt: skip


def _lift_form(key: object, lifting: LiftForm | None) -> LiftForm:
    """Return the form that was sent, beside the hold that it was about; a new one beside the others."""
    if lifting is not None and str(lifting["hold"].value()) == str(key):
        return lifting
    return LiftForm(initial={"hold": key})


def _said(form: KeyedForm, *names: str) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in names}


def _names() -> dict[str, str]:
    return {each.code: each.name for each in sites()}
