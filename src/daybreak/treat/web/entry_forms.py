"""The forms of what is typed in at the chair. Each carries the key of the fact it will become."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from daybreak.design.public import KeyedForm, Number
from daybreak.measure.public import fact_definition, library
from daybreak.rulebook.public import Fact, trouble_with
from daybreak.treat.rules.corrections import ARTEFACT_REASONS, is_slip, slip_step
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.forms import spoken

LEVELS = "{score}"


class LastSaid(forms.TextInput):
    """A field and the buttons of one touch beside it carry the same name: the last that holds something counts."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> str | None:
        """Return the last value that is not empty."""
        said = data.getlist(name) if hasattr(data, "getlist") else [data.get(name)]
        return next((each for each in reversed(said) if each not in (None, "")), "")


class Readings(KeyedForm):
    """Readings typed in; what was not read stays empty. `last` holds the last value of each sign, to catch a slip.

    A value far from the last one is asked about beside its field, once: it is stored when it is sent again, since the
    form then says in `sure` which value is meant.
    """

    def __init__(
        self, signs: Sequence[str], *args: object, last: Mapping[str, Decimal] | None = None, **kwargs: object
    ) -> None:
        super().__init__(*args, **kwargs)
        self.signs, self.last = list(signs), last or {}
        self.asked: dict[str, str] = {}
        for sign in self.signs:
            self.fields[sign] = Number(label=in_words(sign).capitalize(), required=False, widget=LastSaid)

    def given(self) -> dict[str, Decimal]:
        """Return the signs that were read."""
        values = {sign: self.cleaned_data.get(sign) for sign in self.signs}
        return {sign: value for sign, value in values.items() if value is not None}

    def clean(self) -> dict[str, object]:
        """Refuse an empty form and a pressure whose numbers are the wrong way round; ask about a possible slip."""
        data = super().clean() or {}
        high, low = data.get("systolic_pressure"), data.get("diastolic_pressure")
        if not self.errors and not any(data.get(sign) is not None for sign in self.signs):
            raise forms.ValidationError(_("Nothing is filled in yet."))
        if high is not None and low is not None and low >= high:
            self.add_error("diastolic_pressure", _("The diastolic pressure is not below the systolic one: check both."))
        sure = set(self.data.getlist("sure")) if hasattr(self.data, "getlist") else set()
        for sign in self.signs:
            value, last = data.get(sign), self.last.get(sign)
            if isinstance(value, Decimal) and last is not None and self._is_slip(sign, value, last):
                self.asked[sign] = f"{sign}={value.normalize():f}"
                if self.asked[sign] not in sure:
                    self.add_error(sign, _slip_words(value, last))
        return data

    def _is_slip(self, sign: str, value: Decimal, last: Decimal) -> bool:
        definition = fact_definition(library(), sign)
        if definition is None or definition.unit == LEVELS:
            return False  # a level is chosen by its words, not typed
        if trouble_with(definition, Fact(value, definition.unit)):
            return False  # what cannot be right at all is refused where it is stored, and kept
        return is_slip(value, last=last, step=slip_step(lowest=definition.lowest, highest=definition.highest))


def _slip_words(value: Decimal, last: Decimal) -> str:
    said = {"value": f"{value.normalize():f}", "last": f"{last.normalize():f}"}
    return _("Really %(value)s? The last one was %(last)s. Record it again if it is right.") % said


class Correction(KeyedForm):
    """What a reading that was typed wrong should have said."""

    value = Number(label=gettext_lazy("It should say"))


class Artefact(KeyedForm):
    """Why a reading is not the patient's."""

    reason = forms.ChoiceField(choices=spoken(ARTEFACT_REASONS), label=gettext_lazy("Why"), widget=forms.RadioSelect)


class SideEffect(KeyedForm):
    """A side effect with its severity, as “nausea:2”."""

    effect = forms.RegexField(r"^[a-z_]{1,40}:[0-9]$")

    def said(self) -> tuple[str, int]:
        """Return the item and its value."""
        item, _colon, value = str(self.cleaned_data["effect"]).partition(":")
        return item, int(value)


class Written(KeyedForm):
    """A note."""

    words = forms.CharField(
        label=gettext_lazy("Note"), max_length=2000, widget=forms.Textarea, strip=True,
        error_messages={"required": gettext_lazy("Nothing is written yet.")},
    )  # fmt: skip
