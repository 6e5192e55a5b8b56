"""What was done, given, read and seen in a session: as a page and as a PDF with the chart, of the same parts."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daybreak.design.public import clock, moment
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.queries.acts import acts_of, count_waiting
from daybreak.treat.queries.alarms import alarms_of
from daybreak.treat.queries.emergency import emergency_of
from daybreak.treat.queries.events import adverse_events
from daybreak.treat.queries.notes import notes_of
from daybreak.treat.queries.quality import quality_of
from daybreak.treat.queries.readings import baseline_of, mended_of, readings_of
from daybreak.treat.queries.reports import reports_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import Step, in_words
from daybreak.treat.web import summary_parts as parts
from daybreak.treat.web.doses import ordered_words
from daybreak.treat.web.emergency import rows_of
from daybreak.treat.web.frame import found, frame, zone_of
from daybreak.treat.web.presenters import amount, plain, since, state_words, worst_so_far
from daybreak.treat.web.reports import TEAM
from daybreak.treat.web.session_chart import session_chart
from daybreak.treat.web.sheet import head_of, sheet
from daybreak.treat.web.summary_parts import Names, Part


@requires(Permission.READ_PATIENT, purpose="summary of a session")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The summary as a page."""
    now, at = found(scope, session), this_moment()
    zone = zone_of(scope)
    context = {
        **frame(request, scope, now, at),
        "acts_waiting": count_waiting(scope, session),
        "state_words": state_words(now.state),
        "facts": facts_of(scope, now, zone=zone, at=at),
        "chart": session_chart(scope, now, zone=zone, at=at),
        "parts": parts_of(scope, now, zone=zone, at=at),
        "owed": [
            (each.report, moment(each.due_at, zone, year=True), each.standing(at))
            for each in (reports_of(scope, now, at=at) if request.may.intersection(TEAM) else ())
        ],
    }
    return render(request, "treat/summary.html", context)


@requires(Permission.READ_PATIENT, purpose="summary of a session on paper")
@require_GET
def summary_pdf(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The summary as a PDF."""
    now, at = found(scope, session), this_moment()
    return sheet("summary", summary_of(scope, now, at=at), at=at, file_name=f"summary-{session.hex[-8:]}")


def summary_of(scope: Scope, now: SessionNow, *, at: datetime) -> dict[str, object]:
    """Return what stands on the summary's PDF."""
    zone = zone_of(scope)
    chart = session_chart(scope, now, zone=zone, at=at)
    planned = moment(now.session.planned_for, zone, year=True)
    return {
        **head_of(scope, now.session.patient_key, at=at),
        "title": _("Session %(n)s: %(state)s") % {"n": now.session.number, "state": state_words(now.state).lower()},
        "lead": f"{now.protocol.title} · {now.session.chair} · {planned} ({zone})",
        "facts": facts_of(scope, now, zone=zone, at=at),
        "chart": str(chart.svg) if chart else "",
        "chart_alt": chart.words if chart else "",
        "chart_title": _("Readings and dose over time"),
        "parts": [{**asdict(part), "widths": part.widths} for part in parts_of(scope, now, zone=zone, at=at)],
        "key": str(now.session.key),
        "secondary": _(
            "Alarms here are a secondary notification: the primary bedside monitor was the alarm, and is not replaced."
        ),
    }


def facts_of(scope: Scope, now: SessionNow, *, zone: str, at: datetime) -> list[tuple[str, str]]:
    """Return the session in a few lines: weight, order, what was given, who discharged, by which protocol."""
    names = names_of_staff({step.recorded_by for step in now.steps})
    left = next((step for step in reversed(now.steps) if step.step == Step.DISCHARGED), None)
    rows = []
    if now.order and now.order.weight_kg is not None:
        rows.append((_("Weight"), f"{plain(now.order.weight_kg)} kg"))
    if now.order:
        rows.append((_("Ordered"), ordered_words(now)))
    if now.started_at:
        until = now.ended_at or at
        said = {"mg": amount(now, at=until)["given"], "time": since(now.started_at, until)}
        rows.append((_("Given"), _("%(mg)s mg, from start to end %(time)s") % said))
        rows.append((_("Started"), moment(now.started_at, zone, year=True)))
        rows.append((_("Worst reading since the start"), _worst_words(scope, now, zone=zone)))
    if now.ended_at:
        rows.append((_("Ended"), f"{clock(now.ended_at, zone)}, {_reason(now)}".rstrip(", ")))
    if left:
        said = {"when": moment(left.done_at, zone), "who": names.get(left.recorded_by, "–")}
        rows.append((_("Discharged"), _("%(when)s, by %(who)s") % said))
    course = now.course
    said = {"name": course.protocol, "n": course.protocol_version, "print": course.fingerprint[:12]}
    return [*rows, (_("Protocol"), _("%(name)s, version %(n)s, fingerprint %(print)s") % said)]


def _worst_words(scope: Scope, now: SessionNow, *, zone: str) -> str:
    found = worst_so_far(now, readings_of(scope, now.session.key), baseline_of(scope, now), zone=zone)
    return f"{found.sign} {found.value} {found.limit}".replace(" – ", ", ")


def _reason(now: SessionNow) -> str:
    return next((in_words(step.reason) for step in reversed(now.steps) if step.step == Step.STOPPED), "")


def parts_of(scope: Scope, now: SessionNow, *, zone: str, at: datetime) -> list[Part]:
    """Return every part in its order. What is rarely there (paper, corrections) is left out where there is none."""
    session, patient = now.session.key, now.session.patient_key
    called, acts = alarms_of(scope, session), acts_of(scope, session)
    mended = mended_of(scope, session)
    names = names_of_staff(
        parts.people_in(now)
        | {each.acknowledged.done_by for each in called if each.acknowledged}
        | {each.by for each in notes_of(scope, session)}
        | {by for act in acts for by in (act.done_by, act.sent_by)}
        | {new.recorded_by for _old, new in mended}
        | parts.who_said_effects(scope, now)
        | {by for line in emergency_of(scope, session) for by in (line.done_by, line.recorded_by)}
    )
    shown = {"names": names, "zone": zone}
    found_parts = [
        parts.ranges(scope, now),
        parts.done(scope, now, **shown),
        parts.given(scope, now, zone=zone),
        parts.effects(scope, now, **shown),
        parts.events(adverse_events(scope, patient, session=session), zone=zone),
        emergency_part(scope, session, **shown),
        parts.alarms(scope, called, **shown),
        parts.notes(scope, now, **shown),
        parts.overrides(scope, now, **shown),
        parts.team(now, **shown),
        parts.current_medicines(scope, now),
        parts.asked(now, **shown),
        parts.watch(quality_of(scope, now, at=at)),
        parts.corrections(mended, **shown),
        parts.on_paper(scope, now, **shown),
        parts.times(scope, now, zone=zone),
    ]
    return [part for part in found_parts if part.rows or part.empty]


def emergency_part(scope: Scope, session: UUID, *, names: Names, zone: str) -> Part:
    """The emergency record, where there is one."""
    rows = rows_of(emergency_of(scope, session), names, zone=zone)
    columns = (_("When"), _("What"), _("Said"), _("Who"))
    return Part("emergency", _("Emergency"), columns, rows)
