"""One thing that waits for somebody, as the home page says it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing to do; `urgent` things come first. `listed` is the address of the list that it stands on, if any."""

    title: str
    label: str
    url: str
    detail: str = ""
    moment: datetime | None = None
    urgent: bool = False
    patient: UUID | None = None
    listed: str = ""


def said(words: str, n: int) -> str:
    """Return words with their %(n)s filled, up to twelve in letters."""
    in_letters = (
        *(_("no"), _("one"), _("two"), _("three"), _("four"), _("five"), _("six"), _("seven"), _("eight")),
        *(_("nine"), _("ten"), _("eleven"), _("twelve")),
    )
    return words % {"n": in_letters[n] if n < len(in_letters) else n}
