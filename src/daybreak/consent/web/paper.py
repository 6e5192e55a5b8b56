"""The patient's copy of a consent on paper: the exact text, who signed it and when, as a PDF.

How it is set stands in `paper/copy.typ`.
"""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from daybreak.consent.queries import SignatureEntry, TryEntry, WithdrawalEntry
from daybreak.consent.texts import shown_text
from daybreak.consent.web.presenters import seen_words, signer_word, svg_of, way_words
from daybreak.design.public import moment, on_paper
from daybreak.people.public import Site
from daybreak.rulebook.public import Consent

FOLDER = Path(__file__).parent / "paper"
TEMPLATE = FOLDER / "copy.typ"


def copy_of(
    own: SignatureEntry,
    *,
    every: Sequence[SignatureEntry],
    withdrawals: Sequence[WithdrawalEntry],
    tries: Sequence[TryEntry],
    patient: str,
    site: Site,
    at: datetime,
) -> dict[str, object]:
    """Return what stands on the copy of the patient's answer `own`: the text as it was read, every signature on it
    until the patient's next answer, and the withdrawal, if one followed. Raises TextLost.
    """
    text = shown_text(own.definition, own.version, fingerprint=own.fingerprint, language=own.language)
    later = [s.signed_at for s in every if s.consent == own.consent and s.signer == "patient"]
    until = min((moment_ for moment_ in later if moment_ > own.signed_at), default=None)
    here = [s for s in every if s.consent == own.consent and s.fingerprint == own.fingerprint]
    signed = [s for s in here if own.signed_at <= s.signed_at and (until is None or s.signed_at < until)]
    gone = [w for w in withdrawals if w.consent == own.consent and own.signed_at <= w.withdrawn_at]
    ended = min((w for w in gone if until is None or w.withdrawn_at < until), key=_when, default=None)
    return {
        "title": text.title,
        "definition": text.id,
        "version": text.version,
        "fingerprint": own.fingerprint,
        "language": text.language,
        "clinic": site.name,
        "synthetic": site.synthetic,
        "patient": patient,
        "state": _("The patient said no.") if own.answer == "declined" else "",
        "printed_at": moment(at, site.time_zone, year=True),
        "sections": [{"heading": section.heading, "text": section.text.strip()} for section in text.sections],
        "questions": _questions(text, own, tries),
        "signatures": [_signature(each, site.time_zone) for each in sorted(signed, key=lambda s: s.signed_at)],
        "withdrawal": _withdrawal(ended, site.time_zone) if ended else None,
        "consequence": text.withdrawal,
        "words": _words(),
    }


def printed(copy: dict[str, object], *, at: datetime) -> bytes:
    """Return the copy as a PDF, for screen readers and for keeping."""
    return on_paper(TEMPLATE, copy, at=at)


def file_name(own: SignatureEntry) -> str:
    """Return a name for the file that names nobody."""
    return f"consent-{own.consent}-v{own.version}-{own.signed_at:%Y%m%d}-{own.key.hex[-8:]}.pdf"


def _when(withdrawal: WithdrawalEntry) -> datetime:
    return withdrawal.withdrawn_at


def _questions(text: Consent, own: SignatureEntry, tries: Sequence[TryEntry]) -> list[dict[str, str]]:
    if own.answer == "declined":
        return []
    before = [t for t in tries if (t.consent, t.version) == (own.consent, own.version) and t.tried_at <= own.signed_at]
    rows = []
    for check in text.checks:
        again = sum(check.id in each.wrong for each in before)
        note = _("Right after another look (%(n)s).") % {"n": again} if again else ""
        rows.append({"question": check.question, "answer": check.answers[check.right], "note": note})
    return rows


def _signature(entry: SignatureEntry, zone: str) -> dict[str, str]:
    return {
        "name": entry.name or _("(no name given)"),
        "who": signer_word(entry),
        "when": f"{moment(entry.signed_at, zone, year=True)} ({zone})",
        "meaning": entry.meaning,
        "how": " ".join((way_words(entry), seen_words(entry)[0])),
        "drawing": svg_of(entry.drawing),
        "drawing_alt": _("The signature as it was drawn"),
    }


def _withdrawal(entry: WithdrawalEntry, zone: str) -> dict[str, str]:
    who = _("by the patient") if entry.said_by == "patient" else _("by a member of staff, for the patient")
    when = moment(entry.withdrawn_at, zone, year=True)
    return {"sentence": _("Withdrawn on %(when)s, %(who)s.") % {"when": when, "who": who}, "reason": entry.reason}


def _words() -> dict[str, str]:
    return {
        "synthetic": _("Synthetic data: this person and this signature are invented."),
        "version": _("version"),
        "fingerprint": _("text"),
        "page": _("page"),
        "copy-for": _("Copy for"),
        "printed": _("Printed on"),
        "questions": _("The questions, and the answers given"),
        "signatures": _("Signed"),
        "withdrawn": _("Withdrawn"),
        "reason": _("Reason:"),
        "withdrawing": _("What follows if this consent is withdrawn"),
        "exact": _("The exact text"),
        "exact-why": _(
            "The signatures above belong to this text and to no other. Its fingerprint is computed from every word:"
            " another text has another one."
        ),
        "text": _("Text"),
        "language": _("language"),
    }
