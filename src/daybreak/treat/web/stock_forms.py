"""The forms of the controlled drug."""

from collections.abc import Sequence

from django import forms
from django.utils.translation import gettext_lazy

from daybreak.design.public import Day, KeyedForm, Number, Whole
from daybreak.treat.rules.stock import OF_A_SESSION, OF_THE_SAFE
from daybreak.treat.web.forms import spoken

CONTAINERS = ("ampoule", "vial", "device", "tablet")


class Receive(KeyedForm):
    """What came: drug, container, strength, lot, how many."""

    drug = forms.CharField(label=gettext_lazy("Drug"), max_length=40)
    container = forms.ChoiceField(label=gettext_lazy("Container"), choices=spoken(CONTAINERS))
    mg_each = Number(
        label=gettext_lazy("In each container"), help_text=gettext_lazy("Milligrams of base, as on the label.")
    )
    mg_per_ml = Number(label=gettext_lazy("Strength"), required=False, help_text=gettext_lazy("Where it is a liquid."))
    number = forms.CharField(label=gettext_lazy("Lot number"), max_length=40)
    expires_on = Day(label=gettext_lazy("Expires on"))
    count = Whole(label=gettext_lazy("How many containers"), min_value=1, max_value=10_000)
    reference = forms.CharField(
        label=gettext_lazy("Supplier's paper"), max_length=60, required=False,
        help_text=gettext_lazy("The number of the delivery or the order form."),
    )  # fmt: skip


class OfALot(KeyedForm):
    """Something about one lot."""

    lot = forms.TypedChoiceField(label=gettext_lazy("Lot"))

    def __init__(self, lots: Sequence[tuple[str, str]], *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lot"].choices = lots


class Containers(OfALot):
    """Whole containers of a lot."""

    count = Whole(label=gettext_lazy("How many containers"), min_value=1, max_value=1000)


class WasteOfSafe(Containers):
    """Whole containers that are thrown away, and why."""

    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=spoken(OF_THE_SAFE))


class WasteOfSession(OfALot):
    """A part of what was drawn that is thrown away, and why."""

    amount_mg = Number(label=gettext_lazy("Thrown away"))
    reason = forms.ChoiceField(label=gettext_lazy("Why"), choices=spoken(OF_A_SESSION))


class CountLot(OfALot):
    """What was counted in the safe."""

    counted = Whole(label=gettext_lazy("Counted"), min_value=0, max_value=100_000)
    explanation = forms.CharField(
        label=gettext_lazy("What explains a difference"), max_length=300, required=False,
        help_text=gettext_lazy("Needed where the count differs from the balance. Name no patient."),
    )  # fmt: skip
