"""A section with a video: its page, its captions in words, and its file, given whole or in part."""

import shutil
from pathlib import Path

import pytest
from django.urls import reverse

from tests.rooms.follow_up.browser import ORIGIN, phone
from tests.rooms.learn.test_dropped import drop, own
from tests.rooms.learn.test_looks import DESK, looked_at

pytestmark = pytest.mark.django_db
__all__ = ["own"]  # the fixture: a site's own folder of definitions
FILMS = Path("tests/definitions/films").resolve()
WHOLE = (FILMS / "pump.webm").read_bytes()


@pytest.fixture
def dropped(own):
    """Drop a second course whose first section begins with a video; return the folder of its files."""
    drop(own)
    folder = own / "courses" / "second" / "1"
    for file in ("pump.webm", "pump.vtt"):
        shutil.copyfile(FILMS / file, folder / file)
    text = (folder / "trials.md").read_text()
    (folder / "trials.md").write_text("{{video pump}}\n\n" + text)
    return folder


def at(name, site="dawn", film="pump", version=1):
    return reverse(f"learn:{name}", kwargs={"site": site, "course": "second", "version": version, "film": film})


def until(holds):
    """Return a script that waits until something holds of the video; the page's own policy lets nothing be evaluated."""
    return f"async each => {{ while (!({holds})) await new Promise(next => setTimeout(next, 50)) }}"


SECTION = reverse("learn:section", kwargs={"site": "dawn", "course": "second", "section": "trials"})
BEGIN = reverse("learn:begin", kwargs={"site": "dawn", "course": "second"})


def test_the_browser_plays_the_video_with_its_captions_and_the_page_tells_it_in_words(as_role, dropped):
    client = as_role("nurse")
    client.post(BEGIN)
    with phone(client, **DESK) as (page, _):
        looked_at(page, SECTION, "section-video")
        film = page.locator("video")
        film.evaluate(until("each.readyState >= 1 && each.querySelector('track').readyState === 2"))
        assert film.evaluate("each => [each.duration, each.videoWidth, each.controls]") == [6, 320, True]
        cues = film.evaluate("each => [...each.textTracks[0].cues].map(cue => [cue.startTime, cue.endTime])")
        assert cues == [[0, 2.5], [2.5, 5.9]]
        assert film.evaluate("each => [each.textTracks[0].mode, each.textTracks[0].language]") == ["showing", "en"]
        page.get_by_text("What the video says, in words").click()
        page.get_by_text("Nurse: The pump begins & runs.").wait_for()
        film.evaluate("each => { each.muted = true; each.currentTime = 5; each.play() }")
        film.evaluate(until("each.ended"))
        assert ORIGIN in film.evaluate("each => each.currentSrc")


PARTS = [
    ("bytes=0-", 206, 0, len(WHOLE)),
    ("bytes=10-19", 206, 10, 20),
    ("bytes=10-999999", 206, 10, len(WHOLE)),
    ("bytes=-5", 206, len(WHOLE) - 5, len(WHOLE)),
    ("bytes=-999999", 206, 0, len(WHOLE)),
    ("", 200, 0, len(WHOLE)),
    ("bytes=-", 200, 0, len(WHOLE)),
    ("bytes=9-3", 200, 0, len(WHOLE)),
    ("bytes=0-1,4-5", 200, 0, len(WHOLE)),
    ("lines=1-2", 200, 0, len(WHOLE)),
    ("bytes=" + "9" * 400 + "-", 200, 0, len(WHOLE)),
]


def test_a_video_is_given_whole_or_in_the_part_that_is_asked_for(as_role, dropped):
    client = as_role("nurse")
    for asked, status, begin, end in PARTS:
        answer = client.get(at("film"), headers={"Range": asked} if asked else {})
        assert (answer.status_code, answer.content == WHOLE[begin:end]) == (status, True), asked
        assert answer["Content-Type"] == "video/webm"
        if status == 206:
            assert answer["Content-Range"] == f"bytes {begin}-{end - 1}/{len(WHOLE)}"

    for beyond in (f"bytes={len(WHOLE)}-", "bytes=-0"):
        answer = client.get(at("film"), headers={"Range": beyond})
        assert (answer.status_code, answer["Content-Range"]) == (416, f"bytes */{len(WHOLE)}")
    told = client.get(at("captions"))
    assert told["Content-Type"] == "text/vtt; charset=utf-8"
    assert told.content.decode() == (FILMS / "pump.vtt").read_text()


def test_a_video_is_given_to_the_site_alone_and_only_as_it_was_checked(as_role, client, dropped):
    nurse = as_role("nurse")
    assert nurse.get(at("film")).status_code == 200
    for address in (
        at("film", film="other"),
        at("captions", film="other"),
        at("film", version=2),
        at("film", site="dusk"),
    ):
        assert nurse.get(address).status_code == 404, address
    assert nurse.post(at("film")).status_code == 405

    (dropped / "pump.webm").write_bytes(b"<script>")
    assert nurse.get(at("film")).status_code == 404


def test_a_stranger_is_sent_to_sign_in(client, dropped):
    assert client.get(at("film")).status_code == 302
    assert client.get(at("captions")).status_code == 302
