"""Styles and scripts under the asynchronous server: whole, in part, unchanged, and without a warning, which would be an error here."""

import asyncio

import pytest
from asgiref.testing import ApplicationCommunicator
from django.core.handlers.asgi import ASGIHandler
from django.templatetags.static import static


def asked(path: str, **headers: str) -> tuple[int, dict[bytes, bytes], bytes]:
    sent = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": sent, "query_string": b""}

    async def ask() -> tuple[int, dict[bytes, bytes], bytes]:
        talk = ApplicationCommunicator(ASGIHandler(), scope)
        await talk.send_input({"type": "http.request"})
        head, body = await talk.receive_output(5), b""
        while True:
            part = await talk.receive_output(5)
            body += part["body"]
            if not part.get("more_body"):
                await talk.wait()
                return head["status"], dict(head["headers"]), body

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("headers", "status", "length"),
    [({}, 200, None), ({"range": "bytes=0-9"}, 206, 10), ({"if_none_match": ""}, 304, 0)],
)
def test_a_file_is_given_whole_in_part_or_not_again(headers, status, length):
    path = static("mark.svg")
    found, told, whole = asked(path)
    assert (found, len(whole) > 100, told[b"Content-Type"].split(b";")[0]) == (200, True, b"image/svg+xml")
    if "if_none_match" in headers:
        headers = {"if_none_match": told[b"ETag"].decode()}
    found, told, part = asked(path, **headers)
    assert (found, part) == (status, whole if length is None else whole[:length])
