"""What stood on paper is typed in as such: marked as from paper, with who had written it and who typed it in.

A paper is a device that nobody can sign in to: what stands on it takes the same way as an act that waited, is placed by
time, and goes to a person where it contradicts the record.
"""

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from daybreak.design.public import KeyedForm, Number, moment
from daybreak.kernel.keys import key_from
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import one_step
from daybreak.measure.public import fact_definition, library
from daybreak.people.public import names_of_staff, requires, staff
from daybreak.treat.actions.envelopes import Envelope, Opened
from daybreak.treat.actions.steps import wait_for
from daybreak.treat.queries.acts import PAPER, act_of, acts_on
from daybreak.treat.queries.medicines import words_known
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.clock import Clocks, When
from daybreak.treat.rules.medicines import FLOW_UNIT, OXYGEN, NewMedicine, trouble
from daybreak.treat.rules.steps import BEFORE_START, REASONS, in_words
from daybreak.treat.web.acts import Arrived, deliver
from daybreak.treat.web.carrying import STEP_OF, STORED, match_of
from daybreak.treat.web.frame import NOT_DONE, found, frame, zone_of
from daybreak.treat.web.medicine_forms import GiveMedicine
from daybreak.treat.web.presenters import label, unit_of

ROWS, STEPS, MEDICINES = 10, 6, 6
STEP_FIELDS = ("step_at", "step", "rate", "reason")
MEDICINE_FIELDS = ("medicine_at", "medicine", "name", "much", "unit", "way", "why")
# What a field of a medicine is called on a sheet, where one column serves two.
PAPER_FIELDS = {"dose": "much", "flow": "much", "route": "way", "device": "way", "reason": "why"}
Choices = list[tuple[str, str]]


class Paper(KeyedForm):
    """A sheet: rows of signs, of the pump and of medicines, and who wrote them."""

    written_by = forms.ChoiceField(label=gettext_lazy("Who wrote it on paper"))

    def __init__(
        self, now: SessionNow, people: list[tuple[str, str]], zone: str, *args: object, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.now, self.zone = now, ZoneInfo(zone)
        self.fields["written_by"].choices = [("", ""), *people]
        self.signs = list(dict.fromkeys(s.sign for s in (*now.protocol.during.signs, *now.protocol.after.signs)))
        steps = [("", ""), *((slug, in_words(step).capitalize()) for slug, step in STEP_OF.items())]
        reasons = [
            ("", ""),
            *((r, in_words(r)) for r in dict.fromkeys(r for s in STEP_OF.values() for r in REASONS.get(s, ()))),
        ]
        for row in range(ROWS):
            self.fields[f"at_{row}"] = _time()
            for sign in self.signs:
                self.fields[f"{sign}_{row}"] = Number(required=False, label=f"{label(sign)} {unit_of(sign)}".strip())
        for row in range(STEPS):
            self.fields[f"step_at_{row}"] = _time()
            self.fields[f"step_{row}"] = forms.ChoiceField(required=False, choices=steps, label=_("What"))
            self.fields[f"rate_{row}"] = Number(required=False, label=_("Rate mL/h"))
            self.fields[f"reason_{row}"] = forms.ChoiceField(required=False, choices=reasons, label=_("Why"))

        self._add_medicines()

    def _add_medicines(self) -> None:
        form = GiveMedicine(self.now, [])
        chosen = {
            name: [("", ""), *form.fields[name].choices] for name in ("medicine", "unit", "route", "device", "reason")
        }
        for row in range(MEDICINES):
            self.fields[f"medicine_at_{row}"] = _time()
            for name, label_, choices in (
                ("medicine", _("Medicine"), chosen["medicine"]),
                ("unit", _("Unit"), [*chosen["unit"], (FLOW_UNIT, FLOW_UNIT)]),
                ("way", _("Way, or device"), [*chosen["route"], *chosen["device"][1:]]),
                ("why", _("Why"), chosen["reason"]),
            ):
                self.fields[f"{name}_{row}"] = forms.ChoiceField(required=False, choices=choices, label=label_)
            self.fields[f"name_{row}"] = forms.CharField(
                required=False, max_length=200, label=_("Its name, if another")
            )
            self.fields[f"much_{row}"] = Number(required=False, label=_("Amount"))

    def medicine_of(self, row: int) -> NewMedicine | None:
        """Return the medicine of a row, or nothing for an empty one."""
        said = {name: self.cleaned_data.get(f"{name}_{row}") for name in MEDICINE_FIELDS[1:]}
        if not any(value not in (None, "") for value in said.values()):
            return None
        flows = said["medicine"] == OXYGEN
        much, way = said["much"], str(said["way"] or "")
        unit = str(said["unit"] or "")
        return NewMedicine(
            medicine=str(said["medicine"] or ""), name=str(said["name"] or ""), reason=str(said["why"] or ""),
            dose=None if flows else much, unit="" if flows or much is None else unit, route="" if flows else way,
            flow=much if flows else None, device=way if flows else "",
        )  # fmt: skip

    def _check_medicine(self, row: int) -> None:
        new = self.medicine_of(row)
        if new is None:
            return
        self._check_time(f"medicine_at_{row}")
        flow = fact_definition(library(), "oxygen_flow")
        if found := trouble(new, known=words_known(self.now), flow=flow):
            self.add_error(f"{PAPER_FIELDS.get(found.field, found.field)}_{row}", found.why)

    def clean(self) -> dict[str, object]:
        """Refuse a value without its time, a time in the future, and a step without a reason that it needs."""
        said = super().clean() or {}
        for row in range(ROWS):
            values = [said.get(f"{sign}_{row}") for sign in self.signs]
            if any(value is not None for value in values):
                self._check_time(f"at_{row}")
        for row in range(STEPS):
            if slug := said.get(f"step_{row}"):
                self._check_time(f"step_at_{row}")
                wanted = REASONS.get(STEP_OF[str(slug)], ())
                if wanted and said.get(f"reason_{row}") not in wanted:
                    self.add_error(f"reason_{row}", _("Say why: %(r)s.") % {"r": ", ".join(map(in_words, wanted))})
                if slug == "rate" and said.get(f"rate_{row}") is None:
                    self.add_error(f"rate_{row}", _("Say the new rate."))
        for row in range(MEDICINES):
            self._check_medicine(row)
        if not self.errors and not self.entries():
            raise forms.ValidationError(_("Nothing is filled in yet."))
        return said

    def _check_time(self, name: str) -> None:
        if self.errors.get(name):
            return
        if self.cleaned_data.get(name) is None:
            self.add_error(name, _("Say at what time."))
        elif self.moment(name) > this_moment():
            self.add_error(name, _("This time has not come yet."))

    def moment(self, name: str) -> datetime:
        """Return a time of the sheet as a moment: the first such time since check-in, midnight or not."""
        begun = self.now.steps[0].done_at.astimezone(self.zone)
        here = datetime.combine(begun.date(), self.cleaned_data[name], self.zone)
        day_later = timedelta(days=1) if here < begun.replace(second=0, microsecond=0) else timedelta(0)
        return (here + day_later).astimezone(UTC)

    def entries(self) -> list[tuple[datetime, str, list[tuple[str, str]]]]:
        """Return each row that was filled in: when, which form it would have been on a device, and its fields."""
        said, found_rows = self.cleaned_data, []
        for row in range(ROWS):
            values = [(s, str(said[f"{s}_{row}"])) for s in self.signs if said.get(f"{s}_{row}") is not None]
            if values:
                found_rows.append((self.moment(f"at_{row}"), "readings", values))
        for row in range(STEPS):
            if slug := said.get(f"step_{row}"):
                fields = [("reason", str(said.get(f"reason_{row}") or ""))]
                if said.get(f"rate_{row}") is not None:
                    fields.append(("rate", str(said[f"rate_{row}"])))
                fields += [("short", "1")] if slug == "complete" else []
                found_rows.append((self.moment(f"step_at_{row}"), f"step/{slug}", fields))
        for row in range(MEDICINES):
            if new := self.medicine_of(row):
                names = ("medicine", "name", "how", "dose", "unit", "route", "flow", "device", "reason")
                fields = [(n, str(v)) for n in names if (v := getattr(new, n)) not in (None, "")]
                writer = ("given_by", str(said["written_by"]))
                found_rows.append((self.moment(f"medicine_at_{row}"), "medicines", [*fields, writer]))
        return sorted(found_rows, key=lambda each: each[0])


def _time() -> forms.TimeField:
    clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(required=False, label=_("Time"), widget=clock)


@requires(Permission.RUN_SESSION, purpose="typing in a paper record")
@require_http_methods(["GET", "POST"])
def transcribe(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """Type in what stood on paper."""
    now, zone = found(scope, session), zone_of(scope)
    people = [(str(key), name) for key, name in sorted(_team(scope).items(), key=lambda each: each[1])]
    form = Paper(now, people, zone, request.POST or None)
    may_type = now.state not in BEFORE_START
    if request.method == "POST" and may_type and form.is_valid():
        _tell(request, _typed_in(request, scope, now, form))
        return redirect("treat:transcribe", site=scope.site, session=session)
    typed = acts_on(scope, session, device_of(session))
    names = names_of_staff({act.done_by for act in typed} | {act.sent_by for act in typed})
    context = {
        **frame(request, scope, now, this_moment()),
        "form": form,
        "may_type": may_type,
        "reading_rows": [[form[f"at_{row}"], *(form[f"{sign}_{row}"] for sign in form.signs)] for row in range(ROWS)],
        "medicine_rows": [[form[f"{name}_{row}"] for name in MEDICINE_FIELDS] for row in range(MEDICINES)],
        "step_rows": [[form[f"{name}_{row}"] for name in STEP_FIELDS] for row in range(STEPS)],
        "typed": [
            (
                moment(act.done_at, zone),
                names.get(act.done_by, "–"),
                names.get(act.sent_by, "–"),
                moment(act.recorded_at, zone),
                _("in the record") if act.answer == STORED else act.reason,
            )
            for act in typed
        ],
    }
    return render(request, "treat/transcribe.html", context, status=NOT_DONE if form.errors else 200)


def device_of(session: UUID) -> UUID:
    """Return the name under which the paper of a session counts as a device."""
    return key_from("paper", str(session))


@one_step()
def _typed_in(request: HttpRequest, scope: Scope, now: SessionNow, form: Paper) -> list[str]:
    """Store what is new of a sheet. An entry is known by what it says: typed in again, by whomever, it is the same."""
    session = now.session.key
    wait_for(f"treat session {scope.site} {session}")
    writer = UUID(form.cleaned_data["written_by"])
    number = max((act.number for act in acts_on(scope, session, device_of(session))), default=0)
    arrived, alike = [], Counter[tuple[str, ...]]()
    for at, name, fields in form.entries():
        said = (at.isoformat(), name, json.dumps([each for each in fields if each[0] != "given_by"]))
        key = key_from("paper", str(session), *said, str(alike[said]))
        alike[said] += 1
        if act_of(scope, key) is None:
            number += 1
            arrived.append(_arrived(request, scope, now, key, writer, number, at, name, fields))
    return [outcome.answer for _each, outcome in deliver(request, scope, session, arrived)]


def _arrived(
    request: HttpRequest, scope: Scope, now: SessionNow, key: UUID, writer: UUID, number: int, at: datetime, name: str,
    fields: list[tuple[str, str]],
) -> Arrived:  # fmt: skip
    """An entry of the sheet as an act: done by who wrote it, sent by who types it in, whose name the record carries."""
    session = now.session.key
    base = reverse("treat:session", kwargs={"site": scope.site, "session": session})
    address = f"{base}{name}/"
    body = json.dumps({"key": str(key), "address": address, "fields": fields}, ensure_ascii=False)
    envelope = Envelope(key, session, writer, device_of(session), number, b"", body.encode())
    clocks = Clocks(round(at.timestamp() * 1000), 0, PAPER)
    act = Opened(envelope, PAPER, address, tuple(fields), clocks, clocks.wall_ms, this_moment(), PAPER.encode(), body)
    match = match_of(scope, address, session)
    return Arrived(act, When(at, timedelta(0), certain=True), request.user, match, fresh=False)


def _tell(request: HttpRequest, answers: list[str]) -> None:
    stored = answers.count(STORED)
    if not answers:
        messages.info(request, _("All of this was typed in before: nothing is in the record twice."))
    if stored:
        words = ngettext(
            "%(n)s entry is in the record, as from paper.", "%(n)s entries are in the record, as from paper.", stored
        )
        messages.success(request, words % {"n": stored})
    if len(answers) > stored:
        words = ngettext(
            "%(n)s entry waits for a person: see the acts that wait.",
            "%(n)s entries wait for a person: see the acts that wait.",
            len(answers) - stored,
        )
        messages.error(request, words % {"n": len(answers) - stored})


def _team(scope: Scope) -> dict[UUID, str]:
    return {member.account.key: member.account.name for member in staff(scope)}
