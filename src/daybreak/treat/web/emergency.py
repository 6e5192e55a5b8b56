"""The emergency record: opened with one touch at the chair, written while it goes on, closed by a clinician."""

from datetime import datetime
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from daybreak.design.public import KeyedForm, Number, Whole, clock
from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.people.public import names_of_staff, requires
from daybreak.treat.actions.emergency import close_emergency, note_emergency
from daybreak.treat.queries.emergency import EmergencyLine, emergency_is_open, emergency_of
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.queries.team import may_be_named
from daybreak.treat.rules.emergency import (
    AIRWAY,
    CALLED,
    DOSE_UNITS,
    OXYGEN,
    ROUTES,
    Entry,
    NotAnEntry,
    check_entry,
)
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.alarms import page_of
from daybreak.treat.web.forms import spoken
from daybreak.treat.web.frame import NOT_DONE, done, found, frame, zone_of
from daybreak.treat.web.presenters import since

TEAM = (Permission.READ_PATIENT, Permission.RUN_SESSION)
HEADS = {
    Entry.CALLED: gettext_lazy("Called"),
    Entry.AIRWAY: gettext_lazy("Airway"),
    Entry.OXYGEN: gettext_lazy("Oxygen"),
    Entry.DRUG: gettext_lazy("Drug"),
    Entry.TRANSFER: gettext_lazy("Transfer"),
    Entry.WORDS: gettext_lazy("Note"),
    Entry.CLOSED: gettext_lazy("Closed"),
}


class Emergency(KeyedForm):
    """One entry; which fields count depends on `entry`."""

    entry = forms.ChoiceField(choices=[(each, HEADS[each]) for each in Entry if each is not Entry.CLOSED])
    what = forms.CharField(required=False, max_length=30)
    words = forms.CharField(required=False, max_length=500)
    dose = Number(required=False, label=gettext_lazy("Dose"))
    unit = forms.CharField(required=False, max_length=20)
    route = forms.CharField(required=False, max_length=30)
    litres = Number(required=False, label=gettext_lazy("Flow"))
    minutes_ago = Whole(required=False, label=gettext_lazy("Minutes ago"))
    done_by = forms.UUIDField(required=False)

    def clean(self) -> dict[str, object]:
        """Refuse what lacks what its kind needs, while what was typed stays."""
        said = super().clean() or {}
        if not self.errors:
            try:
                check_entry(
                    str(said["entry"]), what=str(said["what"]), values=self.values(), words=str(said["words"]),
                    minutes_ago=said["minutes_ago"] or 0,
                )  # fmt: skip
            except NotAnEntry as refusal:
                raise forms.ValidationError(str(refusal)) from refusal
        return said

    def values(self) -> dict[str, object]:
        """Return the numbers and their units, those that were said."""
        names = {"drug": ("dose", "unit", "route"), "oxygen": ("litres",)}.get(str(self.cleaned_data["entry"]), ())
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name] not in (None, "")}


class Ended(KeyedForm):
    """How the emergency ended."""

    words = forms.CharField(
        label=gettext_lazy("How it ended"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


def emergency_context(scope: Scope, now: SessionNow, at: datetime) -> dict[str, object]:
    """Return what the template `emergency` needs."""
    zone, lines = zone_of(scope), emergency_of(scope, now.session.key)
    names = names_of_staff({line.done_by or line.recorded_by for line in lines})
    is_open = emergency_is_open(scope, now.session.key)
    return {
        "emergency_rows": rows_of(lines, names, zone=zone),
        "emergency_open": is_open,
        "emergency_since": since(_begun(lines), at) if is_open else "",
        "emergency_people": sorted((name, str(key)) for key, name in may_be_named(scope, "nurse").items()),
        "emergency_words": {"called": spoken(CALLED), "airway": spoken(AIRWAY), "oxygen": spoken(OXYGEN)},
        "emergency_units": [(each, each) for each in DOSE_UNITS],
        "emergency_routes": spoken(ROUTES),
        "emergency_form": Emergency(),
        "ended_form": Ended(),
        "new_key": new_key,
    }


def _begun(lines: list[EmergencyLine]) -> datetime | None:
    """When the emergency that is under way began: its first entry since the last one was closed."""
    closed = [place for place, line in enumerate(lines) if line.entry == Entry.CLOSED]
    under_way = lines[closed[-1] + 1 if closed else 0 :]
    return under_way[0].done_at if under_way else None


def rows_of(lines: list[EmergencyLine], names: dict[object, str], *, zone: str) -> list[tuple[str, str, str, str]]:
    """Return each entry in words: when, what kind, what, and who did it."""
    return [
        (
            clock(line.done_at, zone),
            str(HEADS[Entry(line.entry)]),
            words_of(line),
            names.get(line.done_by or line.recorded_by, "–"),
        )
        for line in lines
    ]


def words_of(line: EmergencyLine) -> str:
    """Return what an entry says."""
    said = line.values
    if line.entry == Entry.DRUG:
        return f"{line.words} {said['dose']} {said['unit']}, {in_words(said['route'])}"
    flow = _("%(n)s L/min") % {"n": said["litres"]} if "litres" in said else ""
    return ", ".join(filter(None, (in_words(line.what), flow, line.words)))


@requires(*TEAM, purpose="the record of an emergency")
@require_GET
def page(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The emergency record on a page of its own, where it is closed."""
    return draw(request, scope, found(scope, session))


def draw(request: HttpRequest, scope: Scope, now: SessionNow, **refused: forms.Form) -> HttpResponse:
    """Draw the page; a form that was refused keeps what was typed."""
    at = this_moment()
    context = {**frame(request, scope, now, at), **emergency_context(scope, now, at), **refused}
    return render(request, "treat/emergency_page.html", context, status=NOT_DONE if refused else 200)


@requires(Permission.RUN_SESSION, purpose="the record of an emergency")
@require_POST
def note_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Write one entry down."""
    now, form = found(scope, session), Emergency(request.POST)
    if not form.is_valid():
        return draw(request, scope, now, emergency_form=form)
    said = form.cleaned_data
    stored = done(
        request, scope, "emergency", said["key"], this_moment(),
        action=lambda at: note_emergency(
            scope, key=said["key"], session=session, entry=said["entry"], what=said["what"], values=form.values(),
            words=said["words"], done_by=said["done_by"], minutes_ago=said["minutes_ago"] or 0, at=at,
        ),
    )  # fmt: skip
    if stored:
        messages.success(request, _("Written down: %(what)s.") % {"what": HEADS[Entry(said["entry"])]})
    return redirect(page_of(request, scope, session))


@requires(Permission.DISCHARGE, purpose="closing the record of an emergency")
@require_POST
def close_now(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Close the record with how it ended."""
    now, form = found(scope, session), Ended(request.POST)
    if not form.is_valid():
        return draw(request, scope, now, ended_form=form)
    said = form.cleaned_data
    done(
        request, scope, "emergency", said["key"], this_moment(),
        action=lambda at: close_emergency(scope, key=said["key"], session=session, words=said["words"], at=at),
    )  # fmt: skip
    return redirect("treat:emergency", site=scope.site, session=session)
