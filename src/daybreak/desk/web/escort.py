"""The page of the message to who takes a patient home."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from daybreak.design.public import KeyedForm, moment
from daybreak.desk.escort import MINUTES, Told, tell_escort, told_escort, words_for
from daybreak.follow_up.public import Message
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import told_once
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.treat.public import escort_of, session_now

REFUSED = 422


class Ready(KeyedForm):
    """To whom, and when the patient is ready."""

    telephone = forms.CharField(
        label=gettext_lazy("Telephone of who takes the patient home"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    minutes = forms.TypedChoiceField(
        label=gettext_lazy("Ready"),
        coerce=int,
        initial=15,
        widget=forms.RadioSelect,
        choices=[(n, gettext_lazy("now") if not n else gettext_lazy("in %(n)s minutes") % {"n": n}) for n in MINUTES],
    )
    agreed = forms.BooleanField(
        label=gettext_lazy("The patient agrees that this person is written to"),
        error_messages={"required": gettext_lazy("Ask the patient first.")},
    )


@requires(Permission.RUN_SESSION, purpose="a message to the escort")
@require_http_methods(["GET", "POST"])
def escort(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Ask for the number once, and tell who takes the patient home when they are ready."""
    now = session_now(scope, session)
    if now is None:
        raise Http404("No such session")
    form = Ready(request.POST or None, initial={"telephone": escort_of(scope, session), "minutes": 15})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            with told_once(Message, site=scope.site, key=said["key"], moment="wanted_at", at=this_moment()) as at:
                tell_escort(scope, now, key=said["key"], telephone=said["telephone"], minutes=said["minutes"], at=at)
            messages.success(request, _("The message is on its way; below stands what became of it."))
            return redirect("desk:escort", site=scope.site, session=session)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    told, zone = told_escort(scope, now), site_named(scope.site).time_zone
    names = names_of_staff({each.by for each in told})
    context = {
        "site": scope.site,
        "patient": now.session.patient_key,
        "session": now.session,
        "form": form,
        "example": words_for(15),
        "rows": [
            (moment(each.message.message.wanted_at, zone), each.number, names.get(each.by, "–"), _became(each, zone))
            for each in told
        ],
    }
    return render(request, "desk/escort.html", context, status=REFUSED if form.errors else 200)


def _became(told: Told, zone: str) -> str:
    end = told.message.end
    if end is None:
        return _("waits to be sent. %(why)s") % {"why": told.message.why_failed}
    when = moment(end.done_at, zone)
    if end.step == "sent":
        return _("sent on %(when)s") % {"when": when}
    return _("not sent: %(why)s Telephone them.") % {"why": end.because}
