"""Words of people: credentials, when they end, and those that were shown."""

from datetime import date

from django.utils.translation import gettext as _

from daybreak.people.offered import Offered
from daybreak.people.queries import Credential
from daybreak.people.rules import OFFER_REFUSED, REMINDERS, WORDS, reminder


def credential_words(credential: Credential, today: date) -> dict[str, object]:
    """Return a credential as a row shows it; `state` is good, soon or over."""
    left = (credential.expires_on - today).days if credential.expires_on else None
    due = reminder(credential.expires_on, on=today)
    return {
        "word": WORDS.get(credential.kind, credential.kind),
        "number": credential.number,
        "expires_on": credential.expires_on,
        "left": left,
        "state": "good" if due is None else "soon" if due else "over",
        "urgent": due is not None and due <= min(REMINDERS),
    }


def offer_words(each: Offered, names: dict[object, str] | None = None) -> dict[str, object]:
    """Return a credential that was shown as a row shows it."""
    words = {None: _("waits for the site lead"), True: _("verified"), False: _("refused")}
    reasons = dict(refusal_choices())
    return {
        "key": each.offer.key,
        "word": WORDS.get(each.offer.kind, each.offer.kind),
        "number": each.offer.number,
        "issued_on": each.offer.issued_on,
        "expires_on": each.offer.expires_on,
        "file": each.offer.file_name,
        "state": words[each.verified],
        "badge": {None: "attention", True: "good", False: "neutral"}[each.verified],
        "reason": reasons.get(each.reason, ""),
        "by": (names or {}).get(each.offer.account_key, ""),
    }


def refusal_choices() -> list[tuple[str, str]]:
    """Return why a credential may be refused, for a choice."""
    words = (_("It cannot be read"), _("It is another credential"), _("It is another person's"), _("It has other days"))
    return list(zip(OFFER_REFUSED, words, strict=True))
