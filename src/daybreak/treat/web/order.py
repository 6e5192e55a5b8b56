"""The page on which a clinician orders the dose of a session, and a second one signs where it is above the usual."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from daybreak.design.public import Day, KeyedForm, Number
from daybreak.identity.public import open_text
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import names_of_staff, requires
from daybreak.rulebook.public import Choices, NoDose
from daybreak.treat.actions.order import confirm_order, sign_order
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.courses import spacing_at
from daybreak.treat.queries.dosing import amounts_offered
from daybreak.treat.queries.order import order_of, order_row
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import BEFORE_START
from daybreak.treat.web.forms import WEIGHTS
from daybreak.treat.web.frame import NOT_DONE, found, frame, sent_key, zone_of
from daybreak.treat.web.presenters import plain
from daybreak.treat.web.second import colleagues, second_scope

SECOND = "second clinician at a shared device"
OTHER = "other"
_LONGEST_DAYS = 366


class OrderDose(KeyedForm):
    """How much, from which weight, why, and until when."""

    amount = forms.ChoiceField(label=gettext_lazy("Amount"), widget=forms.RadioSelect)
    other_amount = Number(label=gettext_lazy("Another amount"), required=False)
    weight_used = forms.ChoiceField(
        label=gettext_lazy("Computed from"), choices=WEIGHTS, widget=forms.RadioSelect, required=False
    )
    reason = forms.CharField(
        label=gettext_lazy("Why"), max_length=500, required=False,
        help_text=gettext_lazy("Needed for another amount than the protocol offers, and for the ideal weight."),
    )  # fmt: skip
    valid_on = Day(label=gettext_lazy("Holds up to and with"))

    def __init__(self, choices: Choices | None, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        amounts = choices.amounts if choices else ()
        unit = choices.unit if choices else ""
        self.fields["amount"].choices = [
            *((plain(each), f"{plain(each)} {unit}") for each in amounts),
            (OTHER, _("another amount, with a reason")),
        ]

    def ordered(self) -> Decimal | None:
        """Return the amount that was chosen or typed."""
        said = self.cleaned_data["amount"]
        return self.cleaned_data.get("other_amount") if said == OTHER else Decimal(said)

    def clean_valid_on(self) -> date:
        """Refuse a day that is no day of this treatment."""
        last: date = self.cleaned_data["valid_on"]
        if (last - this_moment().date()).days > _LONGEST_DAYS:
            raise forms.ValidationError(_("An order holds for a year at most."))
        return last

    def clean(self) -> dict[str, object]:
        """Ask for the other amount where it was chosen."""
        data = super().clean() or {}
        if data.get("amount") == OTHER and data.get("other_amount") is None and "other_amount" not in self.errors:
            self.add_error("other_amount", _("Say how much."))
        return data


@requires(Permission.ORDER, Permission.RUN_SESSION, purpose="the order of a session")
@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The order of a session, and the form for a new one."""
    now = found(scope, session)
    if request.method == "GET" or Permission.ORDER not in request.may:
        return _draw(request, scope, now)
    form = OrderDose(_choices(scope, now)[0], request.POST)
    if form.is_valid():
        said, zone = form.cleaned_data, ZoneInfo(zone_of(scope))
        try:
            until = datetime.combine(said["valid_on"] + timedelta(days=1), time(), zone)
            with told("order", scope, key=said["key"], at=this_moment()) as at:
                sign_order(
                    scope, key=said["key"], session=session, amount=form.ordered(), valid_until=until, at=at,
                    weight_used=said["weight_used"] or "actual", reason=said["reason"],
                )  # fmt: skip
            messages.success(request, _("The dose is ordered."))
            return redirect("treat:order", site=scope.site, session=session)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return _draw(request, scope, now, form=form)


@requires(Permission.ORDER, Permission.RUN_SESSION, purpose="the second signature of an order")
@require_POST
def confirm(request: HttpRequest, scope: Scope, session: UUID, order: UUID) -> HttpResponse:
    """Sign as the second clinician, signed in, or at this device with a password of one's own."""
    found(scope, session)
    key = sent_key(request)
    try:
        signing = scope
        if "second" in request.POST:
            chosen = forms.UUIDField(required=False).clean(request.POST.get("signer", ""))
            signing = second_scope(
                request, scope, account=chosen, password=request.POST.get("password", ""),
                permission=Permission.ORDER, purpose=SECOND,
            )  # fmt: skip
        with scoped(signing), told("witness", signing, key=key, at=this_moment()) as at:
            confirm_order(signing, key=key, session=session, order=order, at=at)
        messages.success(request, _("Signed by two clinicians."))
    except forms.ValidationError:
        messages.error(request, _("Choose the second clinician."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("treat:order", site=scope.site, session=session)


def _choices(scope: Scope, now: SessionNow) -> tuple[Choices | None, str]:
    try:
        return amounts_offered(scope, now, at=this_moment()), ""
    except NoDose as none:
        return None, str(none)


def _draw(request: HttpRequest, scope: Scope, now: SessionNow, *, form: OrderDose | None = None) -> HttpResponse:
    at, zone = this_moment(), ZoneInfo(zone_of(scope))
    choices, trouble = _choices(scope, now)
    row, order = order_row(scope, now.session.key), order_of(scope, now.session.key)
    day = max(now.session.planned_for, at).astimezone(zone).date()
    so_far = {
        "weight_used": "actual",
        "valid_on": day.isoformat(),
        "amount": plain(choices.amounts[0]) if choices and len(choices.amounts) == 1 else None,
    }
    reason = open_text(scope, row.patient_key, bytes(row.reason)) if row and row.reason else ""
    context = {
        **frame(request, scope, now, at),
        "choices": choices,
        "trouble": trouble,
        "row": row,
        "order": order,
        "reason": reason,
        "names": names_of_staff(order.signers) if order else {},
        "ended": order is not None and at >= order.valid_until,
        "last_day": order.valid_until - timedelta(seconds=1) if order else None,
        "form": form or OrderDose(choices, initial=so_far),
        "may_sign": Permission.ORDER in request.may and now.state in BEFORE_START,
        "looked_at": {
            "at": now.session.planned_for,
            "spacing": spacing_at(scope, now.course, planned_for=now.session.planned_for, but=now.session.key),
        },
        "offers": [],
        "colleagues": colleagues(scope, permission=Permission.ORDER),
        "me": scope.actor,
        "plain": plain,
        "new_key": new_key,
    }
    return render(request, "treat/order.html", context, status=NOT_DONE if form is not None else 200)
