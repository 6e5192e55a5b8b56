"""A real browser whose every request is answered by Django in this process, inside the test's own
transaction.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

from django.db import connections
from django.test import Client
from playwright.sync_api import Page, Route

from tests.world.chromium import one_browser

ORIGIN = "http://testserver"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Network:
    """What lies between the phone and the clinic; `is_down` loses requests, `loses_answers` loses what comes
    back.
    """

    def __init__(self, connection: object, client: Client) -> None:
        self.connection = connection
        self.client = client
        self.is_down = False
        self.loses_answers = False
        self.posts = 0

    def carry(self, route: Route) -> None:
        """Carry one request."""
        connections["default"] = self.connection
        if self.is_down:
            return route.abort("internetdisconnected")
        request = route.request
        address = urlsplit(request.url)
        path = f"{address.path}?{address.query}" if address.query else address.path
        if request.method == "POST":
            self.posts += 1
            body = (request.post_data_buffer or b"").decode()
            kind = request.headers.get("content-type", "")
            response = self.client.generic("POST", path, body, content_type=kind)
        else:
            response = self.client.get(path)
        if self.loses_answers and request.method == "POST":
            return route.abort("connectionreset")
        body = b"".join(response.streaming_content) if response.streaming else response.content
        return route.fulfill(status=response.status_code, headers=dict(response.items()), body=body)


@contextmanager
def phone(client: Client | None = None, **options: object) -> Iterator[tuple[Page, Network]]:
    """Open a phone-sized browser; `options` go to the browser's context (color_scheme, java_script_enabled
    …).

    `client` is signed in where the page needs it.
    """
    connection = connections["default"]
    with one_browser() as browser:
        context = browser.new_context(**{**PHONE, **options})
        # Playwright's event loop would give this thread another connection, which sees nothing of the
        # test's transaction.
        connections["default"] = connection
        network = Network(connection, client or Client())
        context.route("**/*", network.carry)
        try:
            yield context.new_page(), network
        finally:
            context.close()
