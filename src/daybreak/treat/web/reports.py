"""Reports that sessions owe: the list of the site, each with what the record says, as a PDF, as JSON, and when sent."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from daybreak.design.public import KeyedForm, moment
from daybreak.identity.public import persons
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires, site_named
from daybreak.rulebook.public import Report
from daybreak.treat.actions.reports import mark_sent
from daybreak.treat.queries.reports import Owed, Value, owed_of, reports_of_site, sent_values, values_of
from daybreak.treat.rules.reports import HOW, Standing
from daybreak.treat.web.forms import spoken
from daybreak.treat.web.frame import NOT_DONE, done, frame, zone_of
from daybreak.treat.web.sheet import head_of, sheet

TEAM = (Permission.RUN_SESSION, Permission.FOLLOW_UP)
STANDINGS = {
    Standing.DUE: gettext_lazy("due"),
    Standing.LATE: gettext_lazy("late"),
    Standing.SENT: gettext_lazy("sent"),
}
YES_NO = [("", gettext_lazy("not recorded")), ("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No"))]


class Sending(KeyedForm):
    """What the record does not say, and how the report was sent. Nothing of it has to be answered."""

    how = forms.ChoiceField(label=gettext_lazy("How it was sent"), choices=spoken(HOW), widget=forms.RadioSelect)

    def __init__(self, report: Report, known: dict[str, Value], *args: object, **named: object) -> None:
        super().__init__(*args, **named)
        self.report, self.known = report, known
        self.asked = [field for field in report.fields if known.get(field.id) is None]
        for field in self.asked:
            label = f"{field.title} ({field.unit})" if field.unit else field.title
            self.fields[field.id] = (
                forms.ChoiceField(label=label, required=False, choices=YES_NO)
                if field.kind == "yes_no"
                else forms.CharField(label=label, required=False, max_length=500)
            )
        self.order_fields(["key", *(field.id for field in self.asked), "how"])

    def told(self) -> dict[str, Value]:
        """Return every value of the report: the record's, and for the rest what was typed."""
        words: dict[str, Value] = {"yes": True, "no": False, "": None}
        typed = {field.id: self.cleaned_data[field.id] for field in self.asked}
        return {**self.known, **{name: words.get(value, value) for name, value in typed.items()}}


@requires(*TEAM, purpose="reports that sessions owe")
@require_GET
def of_site(request: HttpRequest, scope: Scope) -> HttpResponse:
    """Every report of the site: due, late, sent."""
    at, zone = this_moment(), zone_of(scope)
    found = reports_of_site(scope, at=at)
    people = persons(scope, {each.now.session.patient_key for each in found}, at=at)
    names = names_of_staff({each.sent.sent_by for each in found if each.sent})
    context = {
        "site": scope.site,
        "rows": [
            (people[each.now.session.patient_key].full_name, each, _standing(each, at), _when(each, names, zone))
            for each in found
        ],
    }
    return render(request, "treat/reports.html", context)


@requires(*TEAM, purpose="a report that a session owes")
@require_http_methods(["GET", "POST"])
def one(request: HttpRequest, scope: Scope, session: UUID, report: str) -> HttpResponse:
    """One report: what stands on it, and that it was sent."""
    at = this_moment()
    owed = _owed(scope, session, report, at)
    form = Sending(owed.report, values_of(scope, owed.now, owed.report, at=at), request.POST or None)
    if request.method == "POST" and form.is_valid() and _send(request, scope, owed, form):
        return redirect("treat:report", site=scope.site, session=session, report=report)
    names = names_of_staff({owed.sent.sent_by} if owed.sent else set())
    context = {
        **frame(request, scope, owed.now, at),
        "owed": owed,
        "report": owed.report,
        "standing": _standing(owed, at),
        "when": _when(owed, names, zone_of(scope)),
        "rows": rows_of(owed.report, _values(scope, owed, at)),
        "form": form,
    }
    return render(request, "treat/report.html", context, status=NOT_DONE if form.errors else 200)


@requires(*TEAM, purpose="a report on paper")
@require_GET
def report_pdf(request: HttpRequest, scope: Scope, session: UUID, report: str) -> HttpResponse:
    """The report as a PDF: as it was sent, or as it would be sent now."""
    at = this_moment()
    content = content_of(scope, _owed(scope, session, report, at), at=at)
    return sheet("form", content, at=at, file_name=f"report-{report}-{session.hex[-8:]}")


@requires(*TEAM, purpose="a report as data")
@require_GET
def report_json(request: HttpRequest, scope: Scope, session: UUID, report: str) -> JsonResponse:
    """The report as JSON: as it was sent, or as it would be sent now. What is not known is null."""
    at = this_moment()
    owed = _owed(scope, session, report, at)
    course, sent = owed.now.course, owed.sent
    return JsonResponse(
        {
            "report": report,
            "title": owed.report.title,
            "to": owed.report.to,
            "protocol": {"id": course.protocol, "version": course.protocol_version, "fingerprint": course.fingerprint},
            "session": str(session),
            "synthetic": site_named(scope.site).synthetic,
            "due_at": owed.due_at.isoformat(),
            "standing": str(owed.standing(at)),
            "sent_at": sent.sent_at.isoformat() if sent else None,
            "fields": _values(scope, owed, at),
        }
    )


def content_of(scope: Scope, owed: Owed, *, at: datetime) -> dict[str, object]:
    """Return what stands on the PDF of a report."""
    zone = zone_of(scope)
    names = names_of_staff({owed.sent.sent_by} if owed.sent else set())
    return {
        **head_of(scope, owed.now.session.patient_key, at=at),
        "title": owed.report.title,
        "lead": _("For %(to)s. %(when)s") % {"to": owed.report.to, "when": _when(owed, names, zone)},
        "note": _("Filled from the record of the session; what the record does not say is left open. Own layout."),
        "rows": rows_of(owed.report, _values(scope, owed, at)),
        "key": str(owed.now.session.key),
    }


def rows_of(report: Report, values: dict[str, Value]) -> list[tuple[str, str]]:
    """Return each field with its value in words."""
    return [(field.title, _words(values.get(field.id), field.unit)) for field in report.fields]


def _words(value: Value, unit: str) -> str:
    if value is None:
        return _("not recorded")
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return f"{value} {unit}".strip()


def _owed(scope: Scope, session: UUID, report: str, at: datetime) -> Owed:
    found = owed_of(scope, session, report, at=at)
    if found is None:
        raise Http404("No such report")
    return found


def _values(scope: Scope, owed: Owed, at: datetime) -> dict[str, Value]:
    return sent_values(scope, owed.sent) if owed.sent else values_of(scope, owed.now, owed.report, at=at)


def _standing(owed: Owed, at: datetime) -> tuple[str, str]:
    here = owed.standing(at)
    return str(STANDINGS[here]), {"due": "neutral", "late": "attention", "sent": "good"}[here]


def _when(owed: Owed, names: dict[object, str], zone: str) -> str:
    by = _("Due by %(when)s.") % {"when": moment(owed.due_at, zone, year=True)}
    if owed.sent is None:
        return by
    said = {"when": moment(owed.sent.sent_at, zone, year=True), "who": names.get(owed.sent.sent_by, "–")}
    return f"{by} {_('Sent on %(when)s by %(who)s.') % said}"


def _send(request: HttpRequest, scope: Scope, owed: Owed, form: Sending) -> bool:
    said, session = form.cleaned_data, owed.now.session.key
    stored = done(
        request, scope, "report", said["key"], this_moment(),
        action=lambda at: mark_sent(
            scope, key=said["key"], session=session, report=owed.report.id, how=said["how"], values=form.told(), at=at
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("It is marked as sent, in your name. Daybreak itself sends nothing."))
    return stored
