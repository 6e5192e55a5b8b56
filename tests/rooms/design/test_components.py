"""Components refuse what they do not know, and keep what was typed."""

import pytest
from django import forms
from jinja2 import UndefinedError

from daybreak.design.public import ComponentMisused
from tests.rooms.design.world import drawn

MISUSED = [
    "{{ button() }}",
    '{{ button("Go", kind="shiny") }}',
    '{{ button("Go", icon_name="rocket") }}',
    '{{ field("Weight") }}',
    '{{ field("Weight", "weight", type="colour") }}',
    '{{ criterion("perhaps", "A criterion") }}',
    '{{ criterion(text="A criterion") }}',
    '{{ source_tag("rumour") }}',
    '{{ alarm_card("extreme", "A title", "A detail") }}',
    '{{ stat("Responded", "41", denominator="24 of 58 people") }}',
    '{{ stat("Responded", "41", denominator=None, as_of="today") }}',
    "{{ progress_dots(10, 9) }}",
    '{{ steps(["One"], 3) }}',
    '{{ notice("A title", kind="loud") }}',
    '{{ badge("A label", kind="alarm") }}',
    '{{ table("Rows", [{"label": "One"}], [["a", "b"]]) }}',
    '{{ patient_banner("Mara Lindqvist", "Tue 3 Feb 1981") }}',
]


@pytest.mark.parametrize("call", MISUSED)
def test_a_missing_or_unknown_value_is_an_error(call: str) -> None:
    with pytest.raises(ComponentMisused):
        drawn(call)


@pytest.mark.parametrize("call", ['{{ button("Go", colour="red") }}', '{{ notice("Title", "info", "text", 1, 2) }}'])
def test_a_parameter_that_does_not_exist_is_an_error(call: str) -> None:
    with pytest.raises(TypeError):
        drawn(call)


def test_a_value_that_the_page_was_not_given_is_an_error() -> None:
    with pytest.raises((UndefinedError, ComponentMisused)):
        drawn("{{ button(label_of_nothing) }}")


def test_words_are_escaped() -> None:
    assert "<script>" not in drawn("{{ notice(title) }}", title="<script>alert(1)</script>")


def test_an_absent_allergy_list_is_not_no_allergies() -> None:
    banner = '{{ patient_banner("Mara", "Tue 3 Feb 1981", "45 years", allergies=known) }}'

    assert "allergies unknown" in drawn(banner, known=None)
    assert "none known" in drawn(banner, known=[])
    assert "penicillin" in drawn(banner, known=["penicillin"])


def test_a_missing_cell_is_a_word() -> None:
    assert "not recorded" in drawn('{{ table("Rows", [{"label": "One"}, {"label": "Two"}], [["a", None]]) }}')


@pytest.mark.parametrize(("truth", "word"), [("met", "Met"), ("not_met", "Not met"), ("unknown", "Unknown")])
def test_a_criterion_says_its_truth_in_a_word_and_uses_no_alarm_colour(truth: str, word: str) -> None:
    row = drawn("{{ criterion(truth, 'A criterion') }}", truth=truth)

    assert word in row
    assert "alarm" not in row


class _Weighing(forms.Form):
    weight = forms.DecimalField(help_text="Without shoes")
    arm = forms.ChoiceField(choices=[("left", "Left"), ("right", "Right")], widget=forms.RadioSelect)
    asked = forms.BooleanField(label="Asked aloud")
    signs = forms.MultipleChoiceField(choices=[("a", "Nausea")], widget=forms.CheckboxSelectMultiple)
    key = forms.CharField(widget=forms.HiddenInput, required=False)


def test_a_bound_field_keeps_what_was_typed_and_shows_its_error_beside() -> None:
    form = _Weighing({"weight": "seventy"})

    field = drawn("{{ bound(form['weight'], unit='kg') }}", form=form)

    assert 'value="seventy"' in field
    assert "Enter a number." in field
    assert 'aria-describedby="id_weight-help id_weight-error"' in field
    assert ">kg<" in field


@pytest.mark.parametrize("name", ["arm", "asked", "signs"])
def test_a_choice_is_a_large_target(name: str) -> None:
    assert "choice-box" in drawn("{{ bound(form[name]) }}", form=_Weighing(), name=name)


@pytest.mark.parametrize("name", ["arm", "asked", "signs"])
def test_what_is_wrong_with_a_choice_is_tied_to_it(name: str) -> None:
    field = drawn("{{ bound(form[name]) }}", form=_Weighing({}), name=name)

    assert f'aria-describedby="id_{name}-error"' in field
    assert f'id="id_{name}-error"' in field


def test_a_hidden_field_stays_hidden() -> None:
    assert drawn("{{ bound(form['key']) }}", form=_Weighing()).strip().startswith('<input type="hidden"')


def test_the_summary_leads_to_each_field() -> None:
    assert 'href="#id_weight"' in drawn("{{ form_errors(form) }}", form=_Weighing({"weight": "seventy"}))
