"""Styles, scripts and pictures of the pages, under the asynchronous server."""

from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware
from whitenoise.responders import StaticFile


class Assets(WhiteNoiseMiddleware):
    """Gives each file in one piece. WhiteNoise streams it from a synchronous iterator; the asynchronous server reads
    that to its end before it sends the first byte, and warns of it.
    """

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """Return the file, or a part of it, or that it has not changed: as WhiteNoise answers, read whole."""
        answer = static_file.get_response(request.method, request.META)
        content = b""
        if answer.file is not None:
            with answer.file as file:
                content = file.read()
        response = HttpResponse(content, status=int(answer.status))
        del response["Content-Type"]
        for name, value in answer.headers:
            response[name] = value
        return response
