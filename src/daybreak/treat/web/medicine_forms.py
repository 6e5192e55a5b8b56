"""The form in which a medicine or oxygen is written down, and its words."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm, Number
from daybreak.kernel.units import written
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import ROUTES
from daybreak.treat.queries.medicines import MedicineEntry, choices, words_known
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.medicines import (
    FLOW_UNIT,
    GIVEN,
    HOW,
    OTHER,
    OXYGEN,
    OXYGEN_DEVICES,
    OXYGEN_REASONS,
    PLANNED,
    REASONS_GIVEN,
    TAKEN,
    UNITS,
    NewMedicine,
    trouble,
)
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.forms import spoken
from daybreak.treat.web.presenters import plain

HOW_WORDS = {GIVEN: gettext_lazy("given here"), TAKEN: gettext_lazy("taken by the patient")}
REASON_WORDS = {PLANNED: gettext_lazy("as planned")}


class GiveMedicine(KeyedForm):
    """A medicine: which, how much, by which way, why, and when if not now. Oxygen has a flow and a device instead."""

    medicine = forms.ChoiceField(label=gettext_lazy("Medicine"), widget=forms.RadioSelect)
    name = forms.CharField(label=gettext_lazy("Its name"), max_length=200, required=False)
    dose = Number(label=gettext_lazy("Amount"), required=False)
    unit = forms.ChoiceField(
        label=gettext_lazy("Unit"), choices=[(each, written(each)) for each in UNITS], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    route = forms.ChoiceField(
        label=gettext_lazy("Way"), choices=spoken(ROUTES), required=False, widget=forms.RadioSelect
    )
    flow = Number(label=gettext_lazy("Litres a minute"), required=False)
    device = forms.ChoiceField(
        label=gettext_lazy("Through"), choices=spoken(OXYGEN_DEVICES), required=False, widget=forms.RadioSelect
    )
    reason = forms.ChoiceField(
        label=gettext_lazy("Why"),
        choices=[(each, REASON_WORDS.get(each, in_words(each))) for each in REASONS_GIVEN],
        required=False,
        widget=forms.RadioSelect,
    )
    how = forms.ChoiceField(
        label=gettext_lazy("By whom"), choices=[(each, HOW_WORDS[each]) for each in HOW], required=False,
        widget=forms.RadioSelect,
    )  # fmt: skip
    given_by = forms.TypedChoiceField(label=gettext_lazy("Who gave it"), coerce=UUID, empty_value=None, required=False)
    when = forms.TimeField(
        label=gettext_lazy("When, if not now"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )

    def __init__(self, now: SessionNow, people: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_medicine_%s", **kwargs})
        self.now = now
        known = words_known(now)
        listed = [(code.means, code.display.capitalize()) for code in choices()]
        more = [(word, in_words(word).capitalize()) for word in known if word not in dict(listed)]
        self.shown = [each for each in listed if each[0] != OXYGEN] + [(OTHER, _("Another one"))]
        self.oxygen_reasons = [each for each in self.fields["reason"].choices if each[0] in OXYGEN_REASONS]
        self.units = {code.means: code.unit for code in choices()}
        self.fields["medicine"].choices = [*listed, *more, (OTHER, _("Another one"))]
        self.fields["given_by"].choices = [("", "–"), *people]

    def said(self) -> NewMedicine:
        """Return the medicine as it was filled in."""
        data = self.cleaned_data
        is_oxygen = data.get("medicine") == OXYGEN
        return NewMedicine(
            medicine=data.get("medicine", ""),
            name=data.get("name") or "",
            how=data.get("how") or GIVEN,
            dose=None if is_oxygen else data.get("dose"),
            unit="" if is_oxygen else data.get("unit") or "",
            route="" if is_oxygen else data.get("route") or "",
            flow=data.get("flow") if is_oxygen else None,
            device=(data.get("device") or "") if is_oxygen else "",
            reason=data.get("reason") or "",
        )

    def clean(self) -> dict[str, object]:
        """Say beside its field what cannot be right."""
        data = super().clean() or {}
        if not self.errors:
            flow = fact_definition(library(), "oxygen_flow")
            found = trouble(self.said(), known=words_known(self.now), flow=flow)
            if found:
                self.add_error(found.field, found.why)
        return data


def moment_of(said: time | None, *, zone: str, at: datetime, near: datetime | None = None) -> datetime:
    """Return a time of day as a moment: the last such one up to `at`, or the one nearest to `near`; `at` for none."""
    if said is None:
        return at
    place = ZoneInfo(zone)
    today = at.astimezone(place) if near is None else near.astimezone(place)
    days = [datetime.combine(today.date() + timedelta(days=n), said, place) for n in (-1, 0, 1)]
    past = [each for each in days if each <= at]
    return min(past, key=lambda each: abs(each - (near or at)))


def medicine_words(entry: MedicineEntry) -> str:
    """Return a medicine as it is read: its name, amount and way, or the flow and device of oxygen."""
    row, name = entry.row, entry.name[:1].upper() + entry.name[1:]
    if row.medicine == OXYGEN and row.flow is not None:
        if not row.flow:
            return _("Oxygen stopped")
        return _("Oxygen %(flow)s %(unit)s, %(device)s") % {
            "flow": plain(row.flow), "unit": FLOW_UNIT, "device": in_words(row.device),
        }  # fmt: skip
    much = "" if row.dose is None else f"{plain(row.dose)} {written(row.unit)}"
    words = " ".join(filter(None, (name, much)))
    taken = str(HOW_WORDS[TAKEN]) if row.how == TAKEN else ""
    return ", ".join(filter(None, (words, in_words(row.route), taken)))


def reason_words(reason: str) -> str:
    """Return why a medicine was given, as it is read."""
    return str(REASON_WORDS.get(reason, in_words(reason)))
