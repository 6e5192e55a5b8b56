"""A paper is fit for keeping; and the eyes that see so for every paper of the tests see what is wrong, too."""

import shutil
from datetime import UTC, datetime
from io import BytesIO

import pytest
import typst
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, NumberObject, TextStringObject

from daybreak.design.public import on_paper
from tests.world import papers, preflight

AT = datetime(2027, 1, 12, 10, tzinfo=UTC)
TEMPLATE = """#let content = json(bytes(sys.inputs.at("leaf")))
#set document(title: content.title)
#set text(font: "Public Sans", lang: "en")
= #content.title
A sentence, and #link("https://a.example/")[a link].
#image(bytes(content.figure), format: "svg", alt: "a square")
"""
FIGURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9" fill-opacity="0.4"/></svg>'
)
needs_preflight = pytest.mark.skipif(
    not preflight.is_there(), reason="no preflight: validation/README.md says what to install"
)


@pytest.fixture
def leaf(tmp_path):
    path = tmp_path / "leaf.typ"
    path.write_text(TEMPLATE, encoding="utf-8")
    return path


def printed(leaf) -> bytes:
    return on_paper(leaf, {"title": "Tea & <sugar>", "figure": FIGURE}, at=AT)


def written(pdf: bytes, change) -> bytes:
    """Return the paper written anew with a change, by another program than typst."""
    writer, made = PdfWriter(clone_from=PdfReader(BytesIO(pdf))), BytesIO()
    change(writer)
    writer.write(made)
    return made.getvalue()


def test_a_paper_is_fit_for_keeping(leaf):
    assert papers.shortcomings(printed(leaf)) == []


def test_what_prints_is_looked_at(leaf, monkeypatch):
    monkeypatch.setattr(papers, "shortcomings", lambda pdf: ["6.9 it is blue"])
    with pytest.raises(papers.NotForKeeping, match=r"leaf\.typ: 6\.9 it is blue"):
        printed(leaf)


def without(name):
    return lambda writer: writer.root_object.pop(name)


def with_an_action(writer):
    action = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    writer.root_object[NameObject("/OpenAction")] = action


def with_a_foreign_font(writer):
    for font in fonts_of(writer):
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object().pop("/FontFile2", None)
        font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object().pop("/FontFile3", None)


def with_letters_without_meaning(writer):
    for font in fonts_of(writer):
        font.pop("/ToUnicode", None)


def fonts_of(writer):
    return [font.get_object() for page in writer.pages for font in page["/Resources"]["/Font"].get_object().values()]


def with_a_hidden_link(writer):
    writer.pages[0]["/Annots"][0].get_object()[NameObject("/F")] = NumberObject(2)


def with_another_profile(writer):
    intent = writer.root_object["/OutputIntents"][0].get_object()
    intent["/DestOutputProfile"].get_object().set_data(b"no profile" * 20)


def with_another_part(writer):
    stream = writer.root_object["/Metadata"].get_object()
    stream.set_data(stream.get_data().replace(b"<pdfaid:part>2<", b"<pdfaid:part>3<"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda writer: writer.encrypt("secret"), "6.1.3 it is encrypted"),
        (without("/OutputIntents"), "6.2.3 it does not say which colours are meant"),
        (with_another_profile, "6.2.3 its profile of colours is none, or none of red, green and blue"),
        (with_a_foreign_font, "6.2.11.4 the font"),
        (with_letters_without_meaning, "6.2.11.7 the letters of the font"),
        (with_a_hidden_link, "6.3.2 an annotation is hidden, or is not printed"),
        (with_an_action, "6.5.1 it acts by itself"),
        (lambda writer: writer.root_object.update({NameObject("/AA"): DictionaryObject()}), "6.5.2 it acts on what"),
        (lambda writer: writer.add_attachment("a.txt", b"a"), "6.8 another file lies in it"),
        (lambda writer: writer.add_metadata({"/Title": "Coffee"}), "6.6.3 it has two titles"),
        (with_another_part, "6.6.4 its description does not say part 2"),
        (without("/Metadata"), "6.6.4 its description does not say conformance A"),
        (without("/StructTreeRoot"), "6.7.3 it is not tagged"),
        (without("/MarkInfo"), "6.7.3 it is not tagged"),
        (without("/Lang"), "6.7.4 it names no language"),
    ],
)  # fmt: skip
def test_each_thing_that_is_wrong_is_seen(leaf, change, said):
    good = printed(leaf)

    assert not [each for each in papers.shortcomings(written(good, lambda writer: None)) if each.startswith(said)]
    found = papers.shortcomings(written(good, change))

    assert [each for each in found if each.startswith(said)], found


def test_what_the_file_is_made_of_is_seen(leaf):
    good = printed(leaf)
    assert papers.shortcomings(good + b"and more\n%%EOF\nx")[-1] == "6.1.3 something follows its end"
    assert papers.shortcomings(good.replace(b"\n%\x80\x80\x80\x80", b"\n%abcd", 1)) == [
        "6.1.2 its second line does not say that it is binary"
    ]
    assert papers.shortcomings(good.replace(b"/ID[", b"/Id[", 1))[0] == "6.1.3 it has no identifier"


@needs_preflight
def test_preflight_takes_the_paper_and_refuses_one_that_is_not_for_keeping(leaf, monkeypatch):
    asked = []
    monkeypatch.setattr(papers, "look_at", lambda made, template, how, write: asked.append(how))
    printed(leaf)
    how = papers.as_part_1(asked[0])

    assert preflight.refusals(typst.compile(str(leaf), **how)) == []
    refused = preflight.refusals(typst.compile(str(leaf), **{**how, "pdf_standards": []}))
    assert any("PDF/A identification schema" in each for each in refused), refused
    assert preflight.refusals(b"no PDF"), "and what is no PDF at all"


GOOD_PLACE = b"\n7 0 obj\n[3 0 R/XYZ 79.4 385.8 0]\nendobj\n3 0 obj\n<</Type/Page>>\nendobj"
REFERENCE = "1.2.3 : Body Syntax error, Error: can't convert to Destination COSObject{7, 0}"


@pytest.mark.parametrize(
    ("answer", "pdf", "said"),
    [
        ("The file a.pdf is a valid PDF/A-1b file\n", b"", []),
        (f"The file a.pdf is not a valid PDF/A-1b file, error(s) :\n{REFERENCE}\n", GOOD_PLACE, []),
        (f"The file a.pdf is not a valid PDF/A-1b file, error(s) :\n{REFERENCE}\n", b"", [f"preflight: {REFERENCE}"]),
        (f"{REFERENCE}\n", GOOD_PLACE.replace(b"/Page>", b"/Font>"), [f"preflight: {REFERENCE}"]),
        (f"{REFERENCE}\n7.11 : Error on MetaData\n", GOOD_PLACE, ["preflight: 7.11 : Error on MetaData"]),
        ("", b"", ["preflight gave no answer: ''"]),
    ],
)
def test_an_answer_is_read_and_only_a_good_bookmark_is_passed_over(answer, pdf, said):
    assert preflight.read(answer, pdf) == said


def test_without_java_preflight_is_not_there(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    preflight.is_there.cache_clear()
    assert not preflight.is_there()
    preflight.is_there.cache_clear()
