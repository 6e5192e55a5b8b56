"""The words of pages in other languages: what is to be translated, what is, and the file that Django reads.

A catalogue is `locale/LANGUAGE/LC_MESSAGES/django.po`; the build turns it into `django.mo` beside it (`hatch_build.py`
loads this file by its path, so that it imports nothing of the house). Only what patients read is translated: the files
in PATIENT_FACING, some of them only in part. `python -m daybreak.config.catalogues` adds what is missing to each
catalogue, to be translated.
"""

import ast
import re
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = PACKAGE / "config" / "locale"
PATIENT_FACING = (
    "consent/actions.py",
    "consent/web/handed_over.py",
    "consent/web/own_withdrawal.py",
    "consent/web/paper.py",
    "consent/web/forms.py:Signing,Pin,WithdrawingAlone",
    "consent/web/presenters.py:signer_word,way_words,seen_words,duration",
    "consent/web/templates/consent/elsewhere.html",
    "consent/web/templates/consent/give_back.html",
    "consent/web/templates/consent/no_text.html",
    "consent/web/templates/consent/sign.html",
    "consent/web/templates/consent/withdraw_own.html",
    "desk/releases.py:held_words_for_patient,_handed_out_words",
    "design/formats.py",
    "design/paper.py",
    "design/templates/design/components/django_forms.html",
    "design/templates/design/components/forms.html",
    "design/templates/design/components/marks.html",
    "design/templates/design/frame.html:ribbon",
    "design/templates/design/phone.html",
    "follow_up/actions/cognition.py",
    "follow_up/actions/messages.py",
    "follow_up/actions/own_page.py",
    "follow_up/actions/own_words.py",
    "follow_up/web/calendar_file.py",
    "follow_up/web/forms.py:ContactForm",
    "follow_up/web/cognition_words.py:to_learn,said_by_the_page,unreadable",
    "follow_up/web/lines.py:lines,reading",
    "follow_up/web/own.py",
    "follow_up/web/own_challenge.py",
    "follow_up/web/own_presenters.py",
    "follow_up/web/presenters.py:questions",
    "follow_up/web/templates/follow_up/phone/base.html",
    "follow_up/web/templates/follow_up/phone/help_sent.html",
    "follow_up/web/templates/follow_up/phone/not_mine.html",
    "follow_up/web/templates/follow_up/phone/not_yet.html",
    "follow_up/web/templates/follow_up/phone/nothing_here.html",
    "follow_up/web/templates/follow_up/phone/own.html",
    "follow_up/web/templates/follow_up/phone/own_door.html",
    "follow_up/web/templates/follow_up/phone/questions.html",
    "follow_up/web/templates/follow_up/phone/tasks.html",
    "follow_up/web/templates/follow_up/phone/thanks.html",
    "follow_up/web/templates/follow_up/phone/trouble.html",
    "follow_up/web/templates/follow_up/phone/whom_to_call.html",
)
ONE = {"_", "gettext", "gettext_lazy", "gettext_noop"}
COUNTED = {"_n", "ngettext", "ngettext_lazy"}
CONTEXTUAL = {"pgettext", "pgettext_lazy"}
HEADER = "Content-Type: text/plain; charset=UTF-8\nPlural-Forms: nplurals=2; plural=(n != 1);\n"
SEPARATOR, JOINT = "\x00", "\x04"

Entry = tuple[str, str, str]
"""Context, words, and the words for many; the first and the last may be empty."""


def wanted(package: Path = PACKAGE, files: Iterable[str] = PATIENT_FACING) -> set[Entry]:
    """Return every entry that the files ask for."""
    named = (each.partition(":") for each in files)
    return {entry for name, _, only in named for entry in _asked(package / name, only)}


def translated(catalogue: Path) -> dict[Entry, tuple[str, ...]]:
    """Return the entries of a catalogue with their translations, without those that are still empty."""
    return {entry: words for entry, words in _entries(catalogue.read_text(encoding="utf-8")) if all(words)}


def compiled(catalogue: Path) -> bytes:
    """Return a catalogue in the binary form that gettext reads: sorted keys, then words, each with its length."""
    pairs = sorted((_key(entry), SEPARATOR.join(words).encode()) for entry, words in translated(catalogue).items())
    pairs.insert(0, (b"", HEADER.encode()))
    begin = 7 * 4 + 2 * 8 * len(pairs)
    keys = b"".join(key + b"\0" for key, _ in pairs)
    words = b"".join(word + b"\0" for _, word in pairs)
    tables = [*_table([key for key, _ in pairs], begin), *_table([word for _, word in pairs], begin + len(keys))]
    head = struct.pack("<7I", 0x950412DE, 0, len(pairs), 28, 28 + 8 * len(pairs), 0, 0)
    return head + struct.pack(f"<{len(tables)}I", *tables) + keys + words


def compile_all(locale: Path = LOCALE) -> list[Path]:
    """Write the binary form of every catalogue beside it, and return the files."""
    written = []
    for catalogue in sorted(locale.glob("*/LC_MESSAGES/django.po")):
        catalogue.with_suffix(".mo").write_bytes(compiled(catalogue))
        written.append(catalogue.with_suffix(".mo"))
    return written


def _table(parts: list[bytes], begin: int) -> Iterator[int]:
    for part in parts:
        yield from (len(part), begin)
        begin += len(part) + 1


def _key(entry: Entry) -> bytes:
    context, words, many = entry
    return ((context + JOINT if context else "") + words + (SEPARATOR + many if many else "")).encode()


def _asked(path: Path, only: str) -> Iterator[Entry]:
    text = path.read_text(encoding="utf-8")
    calls = _in_python(text, only) if path.suffix == ".py" else _in_template(text, only)
    for name, said in calls:
        if name in ONE and said:
            yield "", said[0], ""
        elif name in COUNTED and len(said) > 1:
            yield "", said[0], said[1]
        elif name in CONTEXTUAL and len(said) > 1:
            yield said[0], said[1], ""


def _in_python(text: str, only: str) -> Iterator[tuple[str, list[str]]]:
    names = set(filter(None, only.split(",")))
    parts = [node for node in ast.parse(text).body if not names or getattr(node, "name", "") in names]
    for node in (each for part in parts for each in ast.walk(part)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id, [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]


def _in_template(text: str, only: str) -> Iterator[tuple[str, list[str]]]:
    from jinja2 import Environment, nodes
    from jinja2.ext import extract_from_ast

    tree = Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"], autoescape=True).parse(text)
    names = set(filter(None, only.split(",")))
    for part in [each for each in tree.find_all(nodes.Macro) if each.name in names] if names else [tree]:
        for _line, name, said in extract_from_ast(part, [*ONE, *COUNTED]):
            yield name, [said] if isinstance(said, str) else [each for each in said if isinstance(each, str)]


_LINE = re.compile(r'^(msgctxt|msgid|msgid_plural|msgstr(?:\[(\d)\])?)?\s*"(.*)"$')


def _entries(text: str) -> Iterator[tuple[Entry, tuple[str, ...]]]:
    for block in re.split(r"\n\s*\n", text):
        said: dict[str, str] = {}
        name = ""
        for line in block.splitlines():
            if line.startswith("#") or not (match := _LINE.match(line.strip())):
                continue
            name = match[1] or name
            said[name] = said.get(name, "") + ast.literal_eval(f'"{match[3]}"')
        if said.get("msgid"):
            words = [said[key] for key in ("msgstr", "msgstr[0]", "msgstr[1]") if key in said]
            yield (said.get("msgctxt", ""), said["msgid"], said.get("msgid_plural", "")), tuple(words)


def _written(entry: Entry) -> str:
    context, words, many = (each.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") for each in entry)
    lines = [f'msgctxt "{context}"'] if context else []
    lines.append(f'msgid "{words}"')
    lines += [f'msgid_plural "{many}"', 'msgstr[0] ""', 'msgstr[1] ""'] if many else ['msgstr ""']
    return "\n".join(lines) + "\n"


def add_missing(catalogue: Path) -> int:
    """Add what is wanted and does not stand in the catalogue yet, with empty translations; return how many."""
    known = {entry for entry, _ in _entries(catalogue.read_text(encoding="utf-8"))}
    missing = sorted(wanted() - known)
    with catalogue.open("a", encoding="utf-8") as file:
        file.writelines("\n" + _written(entry) for entry in missing)
    return len(missing)


if __name__ == "__main__":
    for each in sorted(LOCALE.glob("*/LC_MESSAGES/django.po")):
        print(f"{each.parts[-3]}: {add_missing(each)} added, to be translated")
