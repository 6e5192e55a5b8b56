"""What the documents say is there: commands, targets, files, decisions, words."""

import re

import click
import pytest

from daybreak.config.command import entry
from tests.documents.pages import DECISIONS, DOCUMENTS, ROOT, links_of, name_of, shown_in

CLINIC_PAGES = ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "GLOSSARY.md")
PICTURE_BYTES = 300_000


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_relative_link_leads_somewhere(document):
    broken = [target for target in links_of(document) if not (document.parent / target).exists()]
    assert not broken


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_make_target_that_is_shown_exists(document):
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), flags=re.MULTILINE))
    assert {words.split()[0] for words in shown_in(document, "make")} <= targets


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_command_that_is_shown_exists(document):
    for words in shown_in(document, "daybreak"):
        assert is_a_command(words.split()), f"daybreak {words}"


def is_a_command(words):
    context, command = click.Context(entry), entry
    while words and isinstance(command, click.Group):
        command = command.get_command(context, words[0])
        words = words[1:]
    return command is not None


@pytest.mark.parametrize("name", CLINIC_PAGES)
def test_every_file_of_the_house_that_is_named_exists(name):
    named = re.findall(r"`((?:src|tests|definitions|docs)/[^`\s]+)`", (ROOT / name).read_text())
    missing = [path for path in named if not re.search(r"[A-Z]{2,}/|/[A-Z]+_", path) and not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize("name", CLINIC_PAGES)
def test_every_room_and_variable_that_is_named_exists(name):
    text = (ROOT / name).read_text()
    code = "".join(
        path.read_text() for folder in ("src/daybreak/config", "tests") for path in (ROOT / folder).rglob("*.py")
    )
    missing = [
        variable for variable in set(re.findall(r"\b(?:DAYBREAK|DATABASE)_[A-Z_]+\b", text)) if variable not in code
    ]
    assert not missing


def test_the_map_of_the_house_names_every_room():
    rooms = {path.parent.name for path in (ROOT / "src" / "daybreak").glob("*/__init__.py")}
    readme = (ROOT / "README.md").read_text()
    assert not [room for room in rooms if f"`{room}`" not in readme]


def test_every_decision_is_listed_and_says_what_was_refused():
    index = (DECISIONS / "README.md").read_text()
    for record in sorted(DECISIONS.glob("*.md")):
        if record.name == "README.md":
            continue
        title = record.read_text().splitlines()[0].removeprefix("# ")
        assert f"[{title}]({record.name})" in index
        for part in ("**Context.**", "**Options refused.**", "**Decision.**", "**Consequence.**"):
            assert part in record.read_text(), (record.name, part)


def test_the_glossary_is_alphabetical_and_says_each_word_once():
    words = re.findall(r"^\| \*\*(.+?)\*\* \|", (ROOT / "GLOSSARY.md").read_text(), flags=re.MULTILINE)
    assert len(words) > 100
    assert words == sorted(set(words), key=str.casefold)


def test_pictures_are_small_and_shown():
    pictures = [path for path in (ROOT / "docs" / "pictures").iterdir() if path.is_file()]
    shown = {(page.parent / target).resolve() for page in DOCUMENTS for target in links_of(page)}
    assert all(path.stat().st_size < PICTURE_BYTES and path in shown for path in pictures)


def test_every_setting_of_the_environment_is_explained():
    read = (ROOT / "src/daybreak/config/settings.py").read_text() + (
        ROOT / "src/daybreak/config/environment.py"
    ).read_text()
    contributing = (ROOT / "CONTRIBUTING.md").read_text()
    named = re.findall(r'environ\.get\("([A-Z_]+)"', read)
    assert named
    assert not [name for name in named if f"`{name}`" not in contributing]
