"""Files, folders and archives: what is read, what is passed over, and what is refused in one sentence."""

import gzip
import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import pytest

from daybreak.interop.fhir import documents, sources
from daybreak.interop.fhir.records import Read, Rejected, Unused
from daybreak.interop.fhir.sources import CannotRead
from tests.rooms.interop.world import bundle, observation, patient, pressure, reads, written

BUNDLE = bundle(patient(), pressure())
LINES = "\n".join(json.dumps(entry["resource"]) for entry in BUNDLE["entry"]) + "\n"


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def kinds(found: list[Read]) -> list[str]:
    return [read.type for read in found if isinstance(read.outcome, tuple)]


def only_reason(found: list[Read]) -> str:
    (read,) = found
    assert (read.type, read.position) == ("file", "file")
    assert isinstance(read.outcome, Rejected)
    return read.outcome.reason


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("b.json", json.dumps(BUNDLE)),
        ("b.json", json.dumps(BUNDLE, indent=2)),
        ("b.json", "\ufeff" + json.dumps(BUNDLE)),
        ("b.json", "\n\n" + json.dumps(BUNDLE)),
        ("b.json.gz", gzip.compress(json.dumps(BUNDLE).encode())),
        ("no_ending", gzip.compress(json.dumps(BUNDLE).encode())),
        ("l.ndjson", LINES),
        ("l.ndjson", "\ufeff" + LINES.replace("\n", "\r\n\r\n")),
        ("l.json", LINES),
        ("l.ndjson.gz", gzip.compress(LINES.encode())),
        ("b.zip", zipped({"in/b.json": json.dumps(BUNDLE, indent=1).encode()})),
        ("l.zip", zipped({"l.ndjson.gz": gzip.compress(LINES.encode())})),
        (
            "two.zip",
            zipped({"o.ndjson": LINES.splitlines()[1].encode(), "p.ndjson": LINES.splitlines()[0].encode()}),
        ),
        ("bundles.ndjson", json.dumps(BUNDLE)),
    ],
)
def test_every_packing_gives_the_same_resources(tmp_path: Path, name: str, content: str | bytes) -> None:
    found = reads(written(tmp_path, content, name))

    assert sorted(kinds(found)) == ["Observation", "Patient"]
    assert len(found) == 2


def test_a_lone_resource_is_read(tmp_path: Path) -> None:
    (found,) = reads(written(tmp_path, json.dumps(patient(), indent=1)))

    assert (found.type, found.position) == ("Patient", "entry 1")


def test_positions_count_entries_and_lines_from_one(tmp_path: Path) -> None:
    found = reads(
        written(tmp_path, BUNDLE, "a.json"),
        written(
            tmp_path,
            "\n" + LINES.replace("ana", "eva") + "{\n" + json.dumps(bundle(patient("leo"))),
            "b.ndjson",
        ),
    )

    assert [(read.file, read.position) for read in found] == [
        ("a.json", "entry 1"),
        ("a.json", "entry 2"),
        ("b.ndjson", "line 2"),
        ("b.ndjson", "line 3"),
        ("b.ndjson", "line 4"),
        ("b.ndjson", "line 5, entry 1"),
    ]


def test_a_folder_is_read_in_the_order_of_its_names_and_what_is_not_fhir_is_passed_over(
    tmp_path: Path,
) -> None:
    (tmp_path / "deep").mkdir()
    written(tmp_path, BUNDLE, "deep/b.json")
    written(tmp_path, "read me", "README.txt")
    written(tmp_path, "x", ".hidden.json")
    written(tmp_path, "not json", "broken.json")
    found = reads(tmp_path)

    assert [(read.file, type(read.outcome)) for read in found] == [
        ("README.txt", Unused),
        ("broken.json", Rejected),
        ("deep/b.json", tuple),
        ("deep/b.json", tuple),
    ]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "The file is empty."),
        (b"\n \n", "The file is empty."),
        (b"hello", "The file is not FHIR: it does not begin with a JSON object."),
        (b"[]", "The file is not FHIR: it does not begin with a JSON object."),
        (b"<Bundle/>", "The file is XML or a web page."),
        (b"{}", "The file is not FHIR: it does not say a resourceType."),
        (b'{"a": 1}', "The file is not FHIR: it does not say a resourceType."),
        (b'{"resourceType": 5}', "The file is not FHIR: it does not say a resourceType."),
        (json.dumps(BUNDLE)[:-40].encode(), "The file is not FHIR, or ends too early. It is not JSON: "),
        (
            json.dumps(BUNDLE, indent=1)[:-40].encode(),
            "The file is not FHIR, or ends too early. It is not JSON: ",
        ),
        (gzip.compress(json.dumps(BUNDLE).encode())[:-30], "The file is damaged or ends too early."),
        (json.dumps(BUNDLE).encode("utf-16"), "The file is written in UTF-16 or UTF-32."),
        (json.dumps(BUNDLE).encode("utf-16-le"), "The file is written in UTF-16 or UTF-32."),
        (
            json.dumps(BUNDLE, ensure_ascii=False).encode("latin-1"),
            "The file is not written in UTF-8 (at byte",
        ),
        (b'{"resourceType":"Bundle","entry":{}}', "Bundle.entry is not a list."),
        (b'{"resourceType":"Bundle","entry":[],"entry":[]}', "In the Bundle, the key “entry” stands twice"),
        (b'{"a":' * 100_000, "The file is not FHIR, or ends too early. It is nested more deeply"),
        (b"PK\x03\x04 no archive", "The file is damaged or ends too early."),
    ],
)
def test_a_file_that_is_not_fhir_is_one_sentence(tmp_path: Path, content: bytes, reason: str) -> None:
    assert only_reason(reads(written(tmp_path, content))).startswith(reason)


@pytest.mark.parametrize(
    ("entry", "kind", "reason"),
    [
        ("5", "unknown", "Bundle.entry is not an object."),
        ("null", "unknown", "Bundle.entry is not an object."),
        ("{}", "unknown", "Bundle.entry.resource is missing."),
        ('{"resource": 5}', "unknown", "The resource is not an object."),
        ('{"resource": {}}', "unknown", "The resource does not say a resourceType."),
        ('{"resource": {"resourceType": "a b"}}', "unknown", "The resource does not say a resourceType."),
        ('{"resource": {"resourceType": "Bundle"}}', "Bundle", "A Bundle inside a Bundle is not opened."),
        ('{"fullUrl": 5, "resource": {}}', "unknown", "Bundle.entry.fullUrl is not a text."),
        ('{"resource": {}, "resource": {}}', "unknown", "In the entry, the key “resource” stands twice"),
        (
            '{"resource": {"resourceType": "Patient", "id": "x", "id": "y"}}',
            "Patient",
            "In the resource, the key “id” stands twice in one object.",
        ),
        (
            '{"resource": {"resourceType": "Observation", "valueQuantity": {"value": NaN}}}',
            "Observation",
            "In the resource, NaN is not a number.",
        ),
        (
            '{"resource": {"resourceType": "Observation", "x": [-Infinity]}}',
            "Observation",
            "In the resource, -Infin",
        ),
    ],
)
def test_a_bad_entry_is_rejected_alone(tmp_path: Path, entry: str, kind: str, reason: str) -> None:
    good = json.dumps({"resource": patient()})
    bad_first = f'{{"resourceType": "Bundle", "entry": [{entry}, {good}]}}'
    found = reads(written(tmp_path, bad_first))

    assert (found[0].type, found[0].position) == (kind, "entry 1")
    assert isinstance(found[0].outcome, Rejected)
    assert found[0].outcome.reason.startswith(reason)
    assert isinstance(found[1].outcome, tuple)


@pytest.mark.parametrize(
    "line", ["{", "nonsense", "[1]", '"text"', '{"resourceType": "Patient", "id"', "{" * 9000, '{"a":1}']
)
def test_a_bad_line_is_rejected_alone(tmp_path: Path, line: str) -> None:
    found = reads(written(tmp_path, f"{LINES.splitlines()[0]}\n{line}\n{LINES.splitlines()[1]}", "in.ndjson"))

    assert [type(read.outcome) for read in found] == [tuple, Rejected, tuple]
    assert (found[1].position, found[1].type) == ("line 2", "unknown")


@pytest.mark.parametrize(("first", "name"), [("{oops", "in.json"), ("oops", "in.ndjson"), ("[]", "in.ndjson")])
def test_a_bad_first_line_does_not_hide_the_others(tmp_path: Path, first: str, name: str) -> None:
    found = reads(written(tmp_path, f"{first}\n{LINES}", name))

    assert [type(read.outcome) for read in found] == [Rejected, tuple, tuple]


def test_a_line_in_another_encoding_is_rejected_alone(tmp_path: Path) -> None:
    other = json.dumps(patient("eva"), ensure_ascii=False).encode("latin-1")
    found = reads(written(tmp_path, LINES.encode() + other, "in.ndjson"))

    assert [type(read.outcome) for read in found] == [tuple, tuple, Rejected]


def test_the_whole_lines_of_a_truncated_gzip_go_in(tmp_path: Path) -> None:
    many = "".join(json.dumps(patient(f"p{os.urandom(20).hex()}")) + "\n" for _ in range(2000))
    found = reads(written(tmp_path, gzip.compress(many.encode())[:-5000], "in.ndjson.gz"))

    assert len(kinds(found)) > 1000
    assert found[-1].outcome == Rejected("The file is damaged or ends too early.")


def test_a_deletion_is_unused(tmp_path: Path) -> None:
    entry = {"request": {"method": "DELETE", "url": "Patient/ana"}}
    (found,) = reads(written(tmp_path, {"resourceType": "Bundle", "entry": [entry]}))

    assert isinstance(found.outcome, Unused)


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRead, match="There is nothing at"):
        reads(tmp_path / "nowhere")


def test_a_pipe_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")

    assert only_reason(reads(tmp_path)) == "It is not an ordinary file."


@pytest.mark.parametrize("member", ["../out.json", "/etc/out.json", "a/../../out.json", "C:\\out.json", "..\\o.json"])
def test_a_member_that_leads_outside_is_refused_and_nothing_is_unpacked(tmp_path: Path, member: str) -> None:
    path = written(tmp_path, zipped({member: json.dumps(BUNDLE).encode(), "in.json": LINES.encode()}), "in.zip")
    found = reads(path)

    outside = [read for read in found if isinstance(read.outcome, Rejected)]
    assert [read.outcome for read in outside] == [Rejected("The name of the file leads outside the archive.")]
    assert kinds(found) == ["Patient", "Observation"]
    assert list(tmp_path.iterdir()) == [path]


def test_an_archive_inside_an_archive_is_not_opened(tmp_path: Path) -> None:
    inner = zipped({"in.json": LINES.encode()})

    assert only_reason(reads(written(tmp_path, zipped({"inner.zip": inner}), "in.zip"))).startswith("An archive inside")
    assert only_reason(reads(written(tmp_path, gzip.compress(inner), "in.gz"))).startswith("The file is not FHIR")
    twice = gzip.compress(gzip.compress(LINES.encode()))
    assert only_reason(reads(written(tmp_path, twice, "in.gz"))).startswith("The file is not FHIR")


@pytest.mark.parametrize("packed", [gzip.compress, lambda content: zipped({"bomb.json": content})])
def test_content_that_grows_out_of_proportion_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: Any
) -> None:
    monkeypatch.setattr(sources, "FREE_INFLATION", 1_000_000)
    bomb = packed(b'{"resourceType": "Bundle", "x": "' + b" " * 40_000_000)

    reason = only_reason(reads(written(tmp_path, bomb, "bomb.zip")))
    assert reason == "The content is more than 400 times larger than the file that holds it."


def test_an_archive_of_too_many_files_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "MOST_MEMBERS", 2)
    path = written(tmp_path, zipped({f"{n}.json": b"{}" for n in range(3)}), "in.zip")

    assert only_reason(reads(path)) == "The archive holds more than 2 files."


def test_a_locked_archive_says_so(tmp_path: Path) -> None:
    content = bytearray(zipped({"in.json": LINES.encode()}))
    for mark, flag in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + flag] |= 1

    assert only_reason(reads(written(tmp_path, bytes(content), "in.zip"))) == "The archive is locked with a password."


def test_a_document_and_a_line_beyond_their_limits_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "LARGEST_DOCUMENT", 3 * 1024**2)
    monkeypatch.setattr(documents, "LARGEST_LINE", 1024**2)
    long = json.dumps(observation("2339-0", 1, note="x" * 4 * 1024**2))

    assert only_reason(reads(written(tmp_path, long))).startswith("The file is larger than 3 MB. Export it as NDJSON")
    found = reads(written(tmp_path, LINES + long + "\n" + json.dumps(patient("eva")), "in.ndjson"))
    assert [type(read.outcome) for read in found] == [tuple, tuple, Rejected, tuple]
    assert found[3].position == "line 4"


@pytest.mark.parametrize("rubbish", ["", "7", "oops"])
def test_a_file_of_rubbish_is_given_up_and_what_came_before_it_is_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rubbish: str
) -> None:
    monkeypatch.setattr(documents, "MOST_NOT_FHIR", 3)
    found = reads(written(tmp_path, LINES + f"{rubbish}\n" * 9 + LINES, name="l.ndjson"))
    assert kinds(found) == ["Patient", "Observation"]
    assert found[-1].type == "file"
    assert found[-1].outcome == Rejected("More than 3 of its lines hold no FHIR. The rest was not read.")


def test_the_meter_ends_at_its_total(tmp_path: Path) -> None:
    from daybreak.interop.fhir.reader import Reader
    from tests.rooms.interop.world import KNOWN, NOW

    written(tmp_path, BUNDLE, "a.json")
    written(tmp_path, gzip.compress(LINES.encode()), "b.ndjson.gz")
    written(tmp_path, zipped({"c.ndjson": LINES.encode()}), "c.zip")
    reader = Reader([tmp_path], known=KNOWN, now=NOW)
    list(reader.reads())

    assert reader.meter.done == reader.meter.total == sum(file.stat().st_size for file in tmp_path.iterdir())


def test_many_members_that_share_their_bytes_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sources, "FREE_INFLATION", 0)
    members = {f"{number}.json": b" " * 500_000 for number in range(20)}

    assert "times larger" in only_reason(reads(written(tmp_path, zipped(members), "in.zip")))


def test_a_member_without_a_name_is_passed_over(tmp_path: Path) -> None:
    content = zipped({"x": b"1"}).replace(b"x1", b"\x001")
    found = reads(written(tmp_path, content, "in.zip"))

    assert not isinstance(found[0].outcome, tuple)
