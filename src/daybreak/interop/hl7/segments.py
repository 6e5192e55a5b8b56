"""HL7 v2 as segments with fields, repetitions, components and sub-components, by the separators it names. Pure."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_USUAL = "^~\\&"
_ESCAPED = re.compile(r"[0-9A-Fa-f]{2}(?:[0-9A-Fa-f]{2})*")
_BREAK = ".br"


class NoSegments(Exception):
    """The text does not begin with a segment that names its separators."""


@dataclass(frozen=True, slots=True)
class Marks:
    """The separators of a message, as its first segment names them."""

    between_fields: str
    components: str
    repetitions: str
    escape: str
    subcomponents: str


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment. Fields, repetitions and components count from 1, as the standard counts them."""

    name: str
    fields: tuple[str, ...] = field(repr=False)
    marks: Marks = field(repr=False)

    def part(self, number: int, *, component: int = 1, repetition: int = 1, whole: bool = False) -> str:
        """Return the first sub-component of a component, or all of them where it is wanted `whole`, without escapes;
        nothing where there is none.
        """
        text, marks = self.field(number), self.marks
        if repetition > 1 or marks.repetitions in text:
            text = _nth(text, marks.repetitions, repetition)
        if component > 1 or marks.components in text:
            text = _nth(text, marks.components, component)
        if marks.subcomponents in text and not whole:
            text = _nth(text, marks.subcomponents, 1)
        return _unescaped(text, marks) if marks.escape in text else text

    def field(self, number: int) -> str:
        """Return a field as it was sent; nothing where there is none."""
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> int:
        """Return how often a field is repeated; none where it is empty."""
        text = self.field(number)
        return text.count(self.marks.repetitions) + 1 if text else 0


def segments(text: str) -> Iterator[Segment]:
    """Yield the segments of a message, one a line; raise NoSegments where the first does not name the separators."""
    lines = text.split("\r")
    marks = marks_of(lines[0])
    between = marks.between_fields
    yield Segment("MSH", ("MSH", between, *lines[0].split(between)[1:]), marks)
    for line in lines[1:]:
        fields = tuple(line.split(between))
        yield Segment(fields[0].strip(), fields, marks)


def marks_of(line: str) -> Marks:
    """Return the separators that a first segment names, the usual ones for those that it leaves out."""
    if not line.startswith("MSH") or len(line) < 5 or line[3].isalnum() or line[3].isspace():
        raise NoSegments
    named = line[4:].split(line[3], maxsplit=1)[0]
    if not named or named[:5].isalnum():
        raise NoSegments
    components, repetitions, escape, subcomponents = (named + _USUAL[len(named) :])[:4]
    return Marks(line[3], components, repetitions, escape, subcomponents)


def _nth(text: str, mark: str, number: int) -> str:
    parts = text.split(mark, number)
    return parts[number - 1] if number <= len(parts) else ""


def _unescaped(text: str, marks: Marks) -> str:
    """Return text with its escapes resolved; what is no escape stays as it was sent."""
    told = {
        "F": marks.between_fields, "S": marks.components, "R": marks.repetitions, "T": marks.subcomponents,
        "E": marks.escape, _BREAK: " ", "H": "", "N": "",
    }  # fmt: skip
    parts = text.split(marks.escape)
    found = [parts[0]]
    place = 1
    while place < len(parts):
        word = parts[place]
        if place + 1 < len(parts) and word in told:
            found += [told[word], parts[place + 1]]
            place += 2
        elif place + 1 < len(parts) and word[:1] == "X" and _ESCAPED.fullmatch(word[1:]):
            found += [bytes.fromhex(word[1:]).decode("latin-1"), parts[place + 1]]
            place += 2
        else:
            found.append(marks.escape + word)
            place += 1
    return "".join(found)
