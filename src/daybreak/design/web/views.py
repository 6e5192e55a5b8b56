"""The gallery: every component in every state, with the call that made it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import get_template

from daybreak.design.icons import icons
from daybreak.design.palette import palette


def gallery(request: HttpRequest) -> HttpResponse:
    """This function will answer with the page at /design/, from invented data only."""
    from daybreak.design.web import inventions, samples  # here, because drawing takes a second to load

    environment = get_template("design/gallery.html").template.environment
    context = {
        "groups": samples.drawn(environment, inventions.facts()),
        "light": palette("light"),
        "dark": palette("dark"),
        "icon_names": sorted(icons()),
        "figures": inventions.figures(),
    }
    return render(request, "design/gallery.html", context)
