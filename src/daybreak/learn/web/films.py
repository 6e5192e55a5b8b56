"""The videos of a course and their captions, given to whoever may read the course; a browser may ask for a part."""

import re

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from daybreak.kernel.scope import Scope
from daybreak.learn.definitions import course_named, film_at
from daybreak.people.public import requires
from daybreak.rulebook.public import Film, LearningActivity

PART, NO_SUCH_PART = 206, 416
_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")


@requires(purpose="watching a video of a course")
@require_safe
def film(request: HttpRequest, scope: Scope, course: str, version: int, film: str) -> HttpResponse:
    """Give a video, or the part of it that is asked for."""
    activity, found = _film(course, version, film)
    place = film_at(activity, found)
    if place is None:
        raise Http404(_("The file of this video is not the one that was checked."))
    answer = _ranged(place.read_bytes(), request.headers.get("Range", ""))
    answer["Content-Type"] = found.media
    answer["Accept-Ranges"] = "bytes"
    return answer


@requires(purpose="reading the captions of a video")
@require_safe
def captions(request: HttpRequest, scope: Scope, course: str, version: int, film: str) -> HttpResponse:
    """Give the captions of a video."""
    return HttpResponse(_film(course, version, film)[1].captions, content_type="text/vtt; charset=utf-8")


def _film(course: str, version: int, name: str) -> tuple[LearningActivity, Film]:
    activity = course_named(course, version)
    found = next((film for section in activity.sections if (film := section.film(name))), None) if activity else None
    if activity is None or found is None:
        raise Http404(_("This course has no such video."))
    return activity, found


def _ranged(content: bytes, asked: str) -> HttpResponse:
    """Answer with the one range of bytes that is asked for (RFC 9110, 14); any other wish gets the whole."""
    found, size = _RANGE.fullmatch(asked.strip()), len(content)
    if found is None or not any(found.groups()):
        return HttpResponse(content)
    first, last = found.groups()
    begin = int(first) if first else max(0, size - int(last))
    end = min(int(last) if first and last else size - 1, size - 1)
    if first and last and int(last) < int(first):
        return HttpResponse(content)
    if begin >= size:
        return HttpResponse(status=NO_SUCH_PART, headers={"Content-Range": f"bytes */{size}"})
    return HttpResponse(content[begin : end + 1], status=PART, headers={"Content-Range": f"bytes {begin}-{end}/{size}"})
