"""Every PDF that a test prints is looked at, whether it is fit for keeping as it says: PDF/A-2a (ISO 19005-2).

What is looked for here is read from the file by another program than the one that wrote it. It is no whole validator:
operators inside page contents and inside font programs are typst's to check. Where Debian's preflight is there, each
template is written once more as PDF/A-1a, the part that preflight knows, and preflight must find nothing.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any

import typst

from tests.world.preflight import is_there, refusals

FORBIDDEN_ACTIONS = {
    "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide", "/SetOCGState", "/Rendition", "/Trans",
    "/GoTo3DView", "/JavaScript",
}  # fmt: skip
NEEDS_EMBEDDING = {"/Type1", "/TrueType", "/MMType1", "/CIDFontType0", "/CIDFontType2"}
_of_this_process: set[str] = set()


class NotForKeeping(AssertionError):
    """A PDF says that it is PDF/A, and is not."""


@contextmanager
def looked_at() -> Iterator[None]:
    """This context will look at every PDF that says that it is PDF/A while it lasts, and raise NotForKeeping."""
    plain = typst.compile

    def compile_and_look(template: str, **how: Any) -> bytes:
        made = plain(template, **how)
        if how.get("format") == "pdf" and how.get("pdf_standards"):
            look_at(made, template, how, plain)
        return made

    typst.compile = compile_and_look
    try:
        yield
    finally:
        typst.compile = plain


def look_at(made: bytes, template: str, how: dict[str, Any], write: Callable[..., bytes]) -> None:
    """Look at a PDF, and once for each template and process at what preflight says of it."""
    wrong = shortcomings(made)
    if is_there() and template not in _of_this_process:
        _of_this_process.add(template)
        wrong += refusals(write(template, **as_part_1(how)))
    if wrong:
        raise NotForKeeping(f"{Path(template).name}: " + "; ".join(wrong))


def as_part_1(how: dict[str, Any]) -> dict[str, Any]:
    """Return how to write the same paper as PDF/A-1a, which knows no transparency: its figures become opaque."""
    opaque = {
        name: re.sub(r' (?:fill-|stroke-)?opacity=\\"[0-9.]+\\"', "", text) for name, text in how["sys_inputs"].items()
    }
    return {**how, "pdf_standards": ["a-1a"], "sys_inputs": opaque}


def shortcomings(pdf: bytes) -> list[str]:
    """Return what keeps a PDF from being PDF/A-2a, each with its clause of ISO 19005-2:2011; none if nothing does."""
    from pypdf import PdfReader

    reader = PdfReader(BytesIO(pdf), strict=True)
    if "/Encrypt" in reader.trailer:
        return ["6.1.3 it is encrypted"]
    every = [found.get_object() for found in _objects(reader)]
    catalog: Any = reader.trailer["/Root"]
    return [
        *_of_the_file(pdf, reader),
        *_of_colour(catalog),
        *_of_what_it_does(catalog, every),
        *_of_fonts(every),
        *_of_its_description(catalog, reader),
        *_of_its_structure(catalog),
    ]


def _objects(reader: Any) -> Iterator[Any]:
    """Yield every dictionary of the file that can be reached."""
    waiting, seen = [reader.trailer["/Root"], reader.trailer.get("/Info")], set()
    while waiting:
        found = waiting.pop()
        if hasattr(found, "idnum"):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            waiting.append(found.get_object())
        elif isinstance(found, dict):
            yield found
            waiting += [found.raw_get(key) for key in found]
        elif isinstance(found, list):
            waiting += list(found)


def _of_the_file(pdf: bytes, reader: Any) -> Iterator[str]:
    head = pdf.split(b"\n", 2)
    if not re.fullmatch(rb"%PDF-1\.[0-7]", head[0]):
        yield "6.1.2 it does not begin as a PDF 1.x"
    if not (head[1].startswith(b"%") and len(head[1]) > 4 and all(byte > 127 for byte in head[1][1:5])):
        yield "6.1.2 its second line does not say that it is binary"
    if len(reader.trailer.get("/ID", [])) != 2:
        yield "6.1.3 it has no identifier"
    if not pdf.rstrip(b"\r\n").endswith(b"%%EOF"):
        yield "6.1.3 something follows its end"


def _of_colour(catalog: Any) -> Iterator[str]:
    intents = [each.get_object() for each in catalog.get("/OutputIntents", [])]
    meant = [each for each in intents if each.get("/S") == "/GTS_PDFA1" and "/DestOutputProfile" in each]
    profiles = [each["/DestOutputProfile"].get_object().get_data() for each in meant]
    if not profiles:
        yield "6.2.3 it does not say which colours are meant"
    if any(profile[36:40] != b"acsp" or profile[8] > 4 or profile[16:20] != b"RGB " for profile in profiles):
        yield "6.2.3 its profile of colours is none, or none of red, green and blue"


def _of_what_it_does(catalog: Any, every: list[Any]) -> Iterator[str]:
    if any(each.get("/S") in FORBIDDEN_ACTIONS or "/JS" in each for each in every):
        yield "6.5.1 it acts by itself"
    if any("/AA" in each for each in every):
        yield "6.5.2 it acts on what a reader does"
    if any("/Filter" in each and "/LZWDecode" in str(each["/Filter"]) for each in every):
        yield "6.1.7.2 it is compressed by LZW"
    if any("/Length" in each and "/F" in each for each in every):
        yield "6.1.7.1 a part of it lies in another file"
    if any(each.get("/Type") == "/EmbeddedFile" for each in every) or "/EmbeddedFiles" in catalog.get("/Names", {}):
        yield "6.8 another file lies in it"
    if any(each.get("/Subtype") == "/PS" or "/OPI" in each or "/Ref" in each for each in every):
        yield "6.2.9 it holds a part in another language"
    notes = [each for each in every if each.get("/Subtype") == "/Link" or each.get("/Type") == "/Annot"]
    if any(not each.get("/F", 0) & 4 or each.get("/F", 0) & 0b100011 for each in notes):
        yield "6.3.2 an annotation is hidden, or is not printed"


def _of_fonts(every: list[Any]) -> Iterator[str]:
    fonts = [each for each in every if each.get("/Type") == "/Font"]
    embedded = ("/FontFile", "/FontFile2", "/FontFile3")
    for font in fonts:
        if font.get("/Subtype") in NEEDS_EMBEDDING:
            described = font.get("/FontDescriptor", {}).get_object() if "/FontDescriptor" in font else {}
            if not any(name in described for name in embedded):
                yield f"6.2.11.4 the font {font.get('/BaseFont')} is not in it"
        if (
            font.get("/Subtype") in NEEDS_EMBEDDING - {"/CIDFontType0", "/CIDFontType2"} | {"/Type0"}
            and "/ToUnicode" not in font
        ):
            yield f"6.2.11.7 the letters of the font {font.get('/BaseFont')} have no meaning"


def _of_its_description(catalog: Any, reader: Any) -> Iterator[str]:
    metadata = catalog.get("/Metadata")
    said = metadata.get_object().get_data().decode("utf-8") if metadata is not None else ""
    for name, value in (("part", "2"), ("conformance", "A")):
        if not re.search(rf"<pdfaid:{name}>{value}</pdfaid:{name}>|pdfaid:{name}=[\"']{value}[\"']", said):
            yield f"6.6.4 its description does not say {name} {value}"
    title = (reader.metadata or {}).get("/Title")
    if title is not None and _escaped(title) not in said:
        yield "6.6.3 it has two titles"


def _escaped(words: str) -> str:
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _of_its_structure(catalog: Any) -> Iterator[str]:
    if not catalog.get("/MarkInfo", {}).get("/Marked") or "/StructTreeRoot" not in catalog:
        yield "6.7.3 it is not tagged"
    if not catalog.get("/Lang"):
        yield "6.7.4 it names no language"
