"""Beside which fields a form that came back says something."""

import re

from django.http import HttpResponse


def fields_refused(answer: HttpResponse) -> list[str]:
    """Return the fields with a sentence beside them, in the order of the page."""
    return re.findall(r'id="id_([a-z_]+)-error"', answer.text)
