"""Base pages, the gallery, and what no page may contain."""

import re

import pytest
from django.template.loader import get_template

from daybreak.design.icons import icons
from daybreak.design.palette import palette
from daybreak.design.web import inventions, samples
from tests.rooms.design.world import SHELL, drawn, environment

RIBBON = "Synthetic data: no real patient on this page"
FORBIDDEN = re.compile(r"<[^>]*\s(?:style|on[a-z]+)=|<style|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


def _gallery() -> str:
    made = environment()
    return get_template("design/gallery.html").render(
        {
            "shell": SHELL,
            "groups": samples.drawn(made, inventions.facts()),
            "light": palette("light"),
            "dark": palette("dark"),
            "icon_names": sorted(icons()),
            "figures": inventions.figures(),
        }
    )


def test_the_gallery_shows_every_component() -> None:
    calls = " ".join(call for group in samples.groups() for call in group["calls"])
    unshown = [name for name in samples.component_names(environment()) if f"{name}(" not in calls + "line_frame("]

    assert unshown == []


def test_the_gallery_keeps_the_content_security_policy() -> None:
    assert FORBIDDEN.findall(_gallery()) == []


@pytest.mark.parametrize("base", ["page", "plain", "phone", "dark"])
def test_a_page_of_synthetic_data_says_so(base: str) -> None:
    page = environment().from_string(f'{{% extends "design/{base}.html" %}}').render(shell=SHELL)

    assert RIBBON in page
    assert FORBIDDEN.findall(page) == []


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "500.html"])
def test_an_error_page_needs_nothing(name: str) -> None:
    assert "<h1>" in get_template(name).render({})


def test_only_alarms_use_alarm_colours() -> None:
    calls = [call for group in samples.groups() for call in group["calls"] if "alarm_card" not in call]

    facts = inventions.facts()

    assert not any("alarm-" in drawn(call, **facts) for call in calls)


def test_a_page_may_set_something_beside_it() -> None:
    source = '{% extends "design/page.html" %}{% block aside %}<p>Beside</p>{% endblock %}'

    assert 'class="aside"' in environment().from_string(source).render(shell=SHELL)
    assert 'class="aside"' not in environment().from_string('{% extends "design/page.html" %}').render(shell=SHELL)
