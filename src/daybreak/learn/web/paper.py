"""A certificate on paper: a PDF for keeping, with its code as words and as a pattern that a telephone reads."""

import io
from pathlib import Path

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from daybreak.design.public import day, on_paper
from daybreak.learn.queries import Certificate
from daybreak.learn.rules import CATEGORY_1
from daybreak.learn.web.presenters import certificate_title, credit_words
from daybreak.people.public import Site

TEMPLATE = Path(__file__).parent / "paper" / "certificate.typ"


def address_of(code: str) -> str:
    """Return where anyone checks a certificate."""
    return f"{settings.DAYBREAK_ADDRESS}{reverse('verify:certificate', kwargs={'code': code})}"


def printed(certificate: Certificate, *, site: Site, format_words: str) -> bytes:
    """Return the certificate as a PDF; the same certificate gives the same bytes."""
    drawn, address = io.BytesIO(), address_of(certificate.code)
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, dark="#14213a")
    issuer = certificate.provider or site.name
    content = {
        "title": certificate_title(certificate),
        "issuer": issuer,
        "place": _("Taken at %(site)s") % {"site": site.name},
        "name": certificate.name,
        "lead": _("has completed the activity"),
        "activity": certificate.title,
        "facts": [
            [_("Format"), format_words],
            [_("Completed on"), day(certificate.completed_on)],
            [_("Claimed"), credit_words(certificate.credit_type, certificate.credit)],
            [_("Provider"), issuer],
        ],
        "statements": certificate.statements,
        "credit": _("Credit designated by an accredited provider.")
        if certificate.credit_type == CATEGORY_1
        else _("A certificate of participation. It is no credit of a physician."),
        "code_svg": drawn.getvalue().decode(),
        "code_alt": _("A pattern with the address at which this certificate is checked"),
        "code": certificate.code,
        "check": _("Anyone can check this certificate at"),
        "address": address,
        "synthetic": _("Synthetic data: this person and this certificate are invented.") if site.synthetic else "",
    }
    return on_paper(TEMPLATE, content, at=certificate.issued_at)
