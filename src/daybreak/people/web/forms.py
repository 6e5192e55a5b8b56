"""Forms of people."""

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.utils.translation import gettext_lazy as _

from daybreak.design.public import Day
from daybreak.kernel.keys import new_key
from daybreak.people.roles import ROLES
from daybreak.people.rules import OFFERED, WORDS

KINDS = [("", ""), *((kind, WORDS[kind]) for kind in OFFERED)]


class ColleagueForm(forms.Form):
    """Somebody who begins to work here."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"))
    role = forms.ChoiceField(label=_("Role"), choices=[("", ""), *((role, role) for role in sorted(ROLES))])


class NewPassword(SetPasswordForm):
    """A password that nobody but the account's owner knows."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].help_text = self.fields["new_password2"].help_text = ""


class NameForm(forms.Form):
    """Somebody of the team has another name now."""

    account = forms.ChoiceField(label=_("Member of the team"))
    name = forms.CharField(label=_("New name"), max_length=120)

    def __init__(self, *args: object, team: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, auto_id="id_rename_%s", **kwargs)
        self.fields["account"].choices = [("", ""), *team]


class OfferForm(forms.Form):
    """A credential of one's own, with its document."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    kind = forms.ChoiceField(label=_("Credential"), choices=KINDS)
    issued_on = Day(label=_("Issued on"))
    expires_on = Day(label=_("Expires on"), required=False)
    number = forms.CharField(label=_("Number"), max_length=60, required=False)
    document = forms.FileField(
        label=_("Document"),
        help_text=_("A PDF, or a picture as PNG or JPEG, at most 5 MB."),
        widget=forms.FileInput(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
        max_length=100,
        allow_empty_file=True,
    )


class CredentialForm(forms.Form):
    """A colleague's credential that the site lead has seen."""

    key = forms.UUIDField(widget=forms.HiddenInput, initial=new_key)
    account = forms.ChoiceField(label=_("Member of the team"))
    kind = forms.ChoiceField(label=_("Credential"), choices=KINDS)
    issued_on = Day(label=_("Issued on"))
    expires_on = Day(label=_("Expires on"))
    number = forms.CharField(label=_("Number"), max_length=60, required=False)

    def __init__(self, *args: object, team: list[tuple[str, str]], **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["account"].choices = [("", ""), *team]
