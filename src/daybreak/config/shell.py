"""What surrounds every page: the site, the person, the rail, the search. Rooms are plugged in here."""
from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, object]:
    """Return the shell of the page."""
    return {}
