"""A video of a course: nothing is shown without captions, and nothing that is not what its name says."""

import shutil
from pathlib import Path

import pytest

from daybreak.rulebook.captions import caption_wrongs, cues_of, language_of
from daybreak.rulebook.film import MOST_BYTES, kind_of, seconds_of
from daybreak.rulebook.public import Library, lock
from tests.rooms.rulebook.planting import copied

FILMS = Path(__file__).parent / "films"
FOLDER = "courses/ketamine_trd/2"
PUMP = "{{video pump}}"


def with_film(folder, ending="webm", text=f"\n\n{PUMP}\n"):
    """Put the video into the shipped course, whose lock is taken away."""
    (folder / "LOCK.toml").unlink(missing_ok=True)
    for file in (f"pump.{ending}", "pump.vtt"):
        shutil.copyfile(FILMS / file, folder / FOLDER / file)
    path = folder / FOLDER / "safety.md"
    path.write_text(path.read_text() + text)
    return folder / FOLDER


@pytest.fixture
def folder(tmp_path):
    return copied(tmp_path)


@pytest.mark.parametrize("ending", ["webm", "mp4"])
def test_a_video_with_captions_belongs_to_its_section(folder, ending):
    with_film(folder, ending)

    held = Library.load(folder)

    film = held.activity("ketamine_trd").section("safety").film("pump")
    assert (film.file, film.media, film.seconds) == (f"pump.{ending}", f"video/{ending}", 6.0)
    assert held.faults == ()


def spoil(name, says, *, file="safety.md"):
    """Mark a function that spoils the course's folder: the sentence that follows, and the file in which it stands."""
    return lambda do: pytest.param(do, says, file, id=name)


def too_large(own):
    with (own / "pump.webm").open("ab") as held:
        held.truncate(MOST_BYTES + 1)


def captions(own, old, new):
    (own / "pump.vtt").write_text((FILMS / "pump.vtt").read_text().replace(old, new))


SPOILT = [
    spoil("no captions", "“pump” has no captions: write pump.vtt beside it")(lambda own: (own / "pump.vtt").unlink()),
    spoil("no video", "there is no video “pump”: pump.webm or pump.mp4 lies beside")(lambda own: (own / "pump.webm").unlink()),
    spoil("another name", "did you mean “pump”?")(lambda own: (own / "safety.md").write_text("{{video pmup}}")),
    spoil("two of a name", "keep one of")(lambda own: shutil.copyfile(FILMS / "pump.mp4", own / "pump.mp4")),
    spoil("named like another", "named .webm, and inside it is mp4", file="pump.webm")(lambda own: shutil.copyfile(FILMS / "pump.mp4", own / "pump.webm")),
    spoil("no video inside", "neither WebM nor MP4", file="pump.webm")(lambda own: (own / "pump.webm").write_bytes(b"<html><script>")),
    spoil("too large", "at most 25 MB", file="pump.webm")(too_large),
    spoil("in a sentence", "stands alone on its line")(lambda own: (own / "safety.md").write_text("See {{video pump}} here.")),
    spoil("no name", "this figure is written {{video NAME}}")(lambda own: (own / "safety.md").write_text("{{video pump}}\n\n{{video}}")),
    spoil("left over", "no section names this file", file="pump.webm")(lambda own: (own / "safety.md").write_text("Nothing.")),
    spoil("not WebVTT", "their first line is WEBVTT", file="pump.vtt")(lambda own: captions(own, "WEBVTT", "1")),
    spoil("not text", "not UTF-8", file="pump.vtt")(lambda own: (own / "pump.vtt").write_bytes(b"WEBVTT\n\n\xff")),
    spoil("times of SubRip", "with a full stop", file="pump.vtt")(lambda own: captions(own, "00:02.500 --> 00:05.900", "00:02,500 --> 00:05,900")),
    spoil("ends before it begins", "ends before it begins", file="pump.vtt")(lambda own: captions(own, "00:05.900", "00:02.400")),
    spoil("out of order", "before the one above it", file="pump.vtt")(lambda own: captions(own, "00:00.000 --> 00:02.500", "00:04.000 --> 00:05.000")),
    spoil("after the end", "which takes 6.0 seconds", file="pump.vtt")(lambda own: captions(own, "00:05.900", "00:06.900")),
    spoil("silent", "says nothing", file="pump.vtt")(lambda own: captions(own, "It comes to its <i>end</i>.", "<i></i>")),
    spoil("none", "no captions in this file", file="pump.vtt")(lambda own: (own / "pump.vtt").write_text("WEBVTT\n")),
    spoil("no empty line", "an empty line stands between", file="pump.vtt")(lambda own: (own / "pump.vtt").write_text("WEBVTT\n00:01.000 --> 00:02.000\nA")),
]  # fmt: skip


@pytest.mark.parametrize(("do", "says", "file"), SPOILT)
def test_what_is_wrong_with_a_video_is_named_with_its_file(folder, do, says, file):
    do(with_film(folder))

    held = Library.load(folder)

    found = [each.file for each in held.faults if says in each.message]
    assert f"definitions/{FOLDER}/{file}" in found, held.faults
    assert [each.version for each in held.active("courses")] == [1], "the version before stays"


def test_a_fault_of_captions_stands_at_the_line_of_its_times():
    text = (FILMS / "pump.vtt").read_text()

    assert [cue.line for cue in cues_of(text)] == [7, 10]
    assert [line for line, _ in caption_wrongs(text, 5.0)] == [10]
    assert list(caption_wrongs(text, None)) == []


def test_captions_are_told_as_plain_words_in_their_language():
    text = (FILMS / "pump.vtt").read_text()

    assert [cue.words for cue in cues_of(text)] == ["Nurse: The pump begins & runs.", "It comes to its end."]
    assert (language_of(text), language_of("WEBVTT\nLanguage: es\n\n"), language_of("WEBVTT\n\n")) == ("en", "es", "en")


@pytest.mark.parametrize("file", ["pump.webm", "pump.mp4"])
def test_a_video_that_is_cut_off_anywhere_is_never_an_error(file):
    whole = (FILMS / file).read_bytes()

    lengths = [seconds_of(whole[:end]) for end in range(0, len(whole), 7)]

    assert set(lengths) <= {None, 6.0}
    assert kind_of(whole[:3]) == ""


@pytest.mark.parametrize("file", ["pump.webm", "pump.vtt"])
def test_a_video_or_its_captions_changed_after_it_was_active_break_the_lock(folder, file):
    own = with_film(folder)
    lock(folder)

    held = (own / file).read_bytes()
    (own / file).write_bytes(held.replace(b"runs", b"ran") if file.endswith("vtt") else held[:-1] + b"\x00")

    assert any("was made active and then edited" in each.message for each in Library.load(folder).faults)
