"""What a site sets up: its own assessment, without which alarms are off, and the devices of its chairs."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.refusal import Refusal
from daybreak.kernel.scope import Scope
from daybreak.people.public import requires
from daybreak.treat.actions.alarms import record_assessment
from daybreak.treat.actions.devices import end_device, issue_device_token, register_monitor
from daybreak.treat.actions.steps import told
from daybreak.treat.queries.alarms import alarms_are_on, assessment
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.devices import devices
from daybreak.treat.queries.places import chairs
from daybreak.treat.web.forms import Assessed, NewDevice, NewMonitor
from daybreak.treat.web.frame import NOT_DONE, sent_key, zone_of


@requires(Permission.MANAGE_SITE, purpose="setting up the infusion room")
@require_GET
def page(request: HttpRequest, scope: Scope) -> HttpResponse:
    """The assessment and the devices."""
    return _draw(request, scope)


@requires(Permission.MANAGE_SITE, purpose="registering a device")
@require_POST
def new_device(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Register a device and show its token, once."""
    form = NewDevice(request.POST)
    if not form.is_valid():
        return _draw(request, scope, device_form=form)
    said = form.cleaned_data
    try:
        token = issue_device_token(scope, key=said["key"], chair=said["chair"], name=said["name"], at=this_moment())
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, scope, device_form=form)
    return _draw(request, scope, token=token)


@requires(Permission.MANAGE_SITE, purpose="registering a monitor")
@require_POST
def new_monitor(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Register a monitor behind the gateway."""
    form = NewMonitor(request.POST, auto_id="id_monitor_%s")
    if not form.is_valid():
        return _draw(request, scope, monitor_form=form)
    said = form.cleaned_data
    try:
        with told("device", scope, key=said["key"], at=this_moment()) as at:
            register_monitor(
                scope,
                key=said["key"],
                name=said["name"],
                location=said["location"],
                chair=said["chair"],
                model=said["model"],
                at=at,
            )
    except Refusal as refusal:
        form.add_error("location", str(refusal))
        return _draw(request, scope, monitor_form=form)
    messages.success(request, _("The monitor is registered. Its readings go to the session in its chair."))
    return redirect("treat:setup", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="ending a device")
@require_POST
def end_a_device(request: HttpRequest, scope: Scope, device: UUID) -> HttpResponse:
    """End a device's token."""
    try:
        end_device(scope, key=sent_key(request), device=device, at=this_moment())
        messages.success(request, _("The device may not send any more."))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("treat:setup", site=scope.site)


@requires(Permission.MANAGE_SITE, purpose="recording the site's assessment")
@require_POST
def assess_now(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Record the site's own regulatory assessment."""
    form = Assessed(request.POST)
    if not form.is_valid():
        return _draw(request, scope, assessment_form=form)
    said = form.cleaned_data
    try:
        record_assessment(
            scope,
            key=said["key"],
            conclusion=said["conclusion"],
            reference=said["reference"],
            decided_on=said["decided_on"],
            review_on=said["review_on"],
            at=this_moment(),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _draw(request, scope, assessment_form=form)
    messages.success(request, _("The assessment is recorded."))
    return redirect("treat:setup", site=scope.site)


def _draw(
    request: HttpRequest,
    scope: Scope,
    *,
    device_form: NewDevice | None = None,
    monitor_form: NewMonitor | None = None,
    assessment_form: Assessed | None = None,
    token: str = "",
) -> HttpResponse:
    at = this_moment()
    context = {
        "site": scope.site,
        "zone": zone_of(scope),
        "assessment": assessment(scope),
        "alarms_on": alarms_are_on(scope, today(scope, at)),
        "devices": devices(scope),
        "chairs": chairs(scope),
        "device_form": device_form or NewDevice(auto_id="id_device_%s"),
        "monitor_form": monitor_form or NewMonitor(auto_id="id_monitor_%s"),
        "assessment_form": assessment_form or Assessed(),
        "token": token,
        "new_key": new_key,
    }
    refused = any(form is not None for form in (device_form, monitor_form, assessment_form))
    return render(request, "treat/setup.html", context, status=NOT_DONE if refused else 200)
