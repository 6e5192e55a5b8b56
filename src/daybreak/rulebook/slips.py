"""What went wrong while a file was read, in words that its author can act on."""

import re
from collections.abc import Mapping
from typing import Any

_AT_LINE = re.compile(r" \(at line (\d+), column \d+\)| \(at end of document\)")
_SLIPS = (
    (re.compile(r"[“”„‘’]"), 'the quotes are curly: write straight ones, ", around words'),
    (re.compile(r"=\s*-?\d+,\d+\s*(#.*)?$"), "a decimal number is written with a point: 0.5, not 0,5"),
    (
        re.compile(r"=\s*-?\d+(\.\d+)?\s*[^\W\d]\S*\s*(#.*)?$"),
        "a number stands alone: its unit has a key of its own, `unit`",
    ),
    (re.compile(r"=\s*(True|False|yes|no|Yes|No)\s*(#.*)?$"), "yes and no are written true and false"),
    (re.compile(r"=\s*[\[(]?[^\W\d]"), 'words stand in quotes: "…"'),
    (re.compile(r"^\s*[\w.]+\s*:"), "a key and its value are joined by =, not by a colon"),
    (re.compile(r"=\s*(#.*)?$"), "there is nothing after the ="),
    (re.compile(r"=\s*\d{1,2}[./]\d{1,2}[./]\d{2,4}"), "a day is written year-month-day, without quotes: 2027-01-31"),
)
_WANTED = {
    "int_type": "a whole number is expected here, without quotes",
    "bool_type": "true or false is expected here, without quotes",
    "string_type": "words in quotes are expected here",
    "tuple_type": 'a list is expected here, in brackets: ["…", "…"]',
    "dict_type": "a table is expected here: { … }",
    "model_type": "a table is expected here",
    "date_type": "a day is expected here, year-month-day without quotes: 2027-01-31",
    "date_from_datetime_parsing": "a day is expected here, year-month-day without quotes: 2027-01-31",
    "date_parsing": "a day is expected here, year-month-day without quotes: 2027-01-31",
    "string_too_short": "there is nothing between the quotes",
}


def unreadable(text: str, error: str) -> tuple[int, str]:
    """Return the line (from 1) at which `text` is not TOML, and a sentence that says what to do; `error` is the
    reader's own.
    """
    lines = text.splitlines() or [""]
    found = _AT_LINE.search(error)
    number = int(found[1]) if found and found[1] else len(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    bare = _AT_LINE.sub("", error)
    return number, f"not TOML: {_slip(line, bare) or bare}"


def _slip(line: str, error: str) -> str:
    if "Illegal character '\\n'" in error or "Unterminated" in error or 'Expected "\\""' in error:
        return "a quote is missing: words begin and end with one"
    if "overwrite" in error or "twice" in error:
        return f"“{line.strip().partition('=')[0].strip(' []')}” stands twice in the same table"
    return next((words for slip, words in _SLIPS if slip.search(line)), "")


def unexpected(kind: str, value: object, context: Mapping[str, Any]) -> str:
    """Return what was expected instead of `value`, or nothing where the check says it itself."""
    match kind:
        case "too_short":
            words = f"at least {_many(context['min_length'])} needed"
        case "string_pattern_mismatch":
            words = f"“{value}” cannot stand here: {_PATTERNS.get(context['pattern'], 'its form is another')}"
        case "greater_than_equal":
            words = f"{value} is too low: at least {context['ge']}"
        case "greater_than":
            words = f"{value} is too low: more than {context['gt']}"
        case "tuple_type" if isinstance(value, dict):
            words = "several of these may stand in a file: write its name in two pairs of brackets, [[…]]"
        case _:
            words = _WANTED.get(kind, "")
    return words


def _many(number: int) -> str:
    return "one is" if number == 1 else f"{number} are"


_PATTERNS = {
    r"^[a-z][a-z0-9_]*$": "small letters, digits and underscores, a letter first",
    r"^[a-z]{2}$": "a language is two small letters, such as en",
    r"^[a-z][a-z0-9_]*/[1-9][0-9]*$": "write id/version, such as ketamine_iv_40min/1",
}
