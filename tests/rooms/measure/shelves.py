"""Definitions for tests: an invented instrument as a file, and a site's licensed words."""

from pathlib import Path

INVENTED = """
id = "{id}"
version = {version}
status = "{status}"
title = "Mood in three questions"
licence = "Invented for a test"
rater = "patient"
look_back_days = 7
languages = ["en"]
instruction = {{ en = "How was the last week?" }}

[provenance]
references = [{{ id = "own", title = "Invented" }}]
authored_by = "One person"
checked_by = "Another person"
next_review = 2027-01-15
{licence_record}
[[choices.usual]]
value = 0
text = {{ en = "Never" }}

[[choices.usual]]
value = 1
text = {{ en = "Sometimes" }}

[[choices.usual]]
value = 2
text = {{ en = "Always" }}

[[items]]
id = "low"
text = {{ en = "{word}: feeling low" }}

[[items]]
id = "tired"
text = {{ en = "{word}: feeling tired" }}

[[items]]
id = "hopeful"
text = {{ en = "{word}: feeling hopeful" }}

[[scores]]
id = "total"
title = "Mood total"
rule = "sum"
items = ["low", "tired", "hopeful"]
reverse = ["hopeful"]
lowest = 0
highest = 6

[[scores.bands]]
at_least = 0
name = "fair"
text = {{ en = "Fair" }}

[[scores.bands]]
at_least = 3
name = "poor"
text = {{ en = "Poor" }}

[[cut_offs]]
score = "total"
remission_at_most = 1
source = "site"
reference = "own"

[[examples]]
name = "fair"
answers = [0, 0, 2]
expect = {{ scores = {{ total = 0 }}, bands = {{ total = "fair" }} }}

[[examples]]
name = "poor"
answers = [2, 1, 2]
expect = {{ scores = {{ total = 3 }}, bands = {{ total = "poor" }} }}
"""
LICENCE = """
[licence_record]
holder = "{holder}"
granted_by = "The owner of the words"
number = "L-17"
valid_from = 2020-01-01
{until}
"""


def licence(holder: str = "Dawn clinic", until: str = "") -> str:
    """Return the record of a licence; `until` is the first day without it."""
    return LICENCE.format(holder=holder, until=f"valid_until = {until}" if until else "")


def write_invented(
    folder: Path,
    *,
    id: str = "mood_three",
    version: int = 1,
    status: str = "active",
    word: str = "Own words",
    licence_record: str = "",
) -> None:
    """Write the invented instrument into a folder of definitions."""
    place = folder / "instruments" / id / f"{version}.toml"
    place.parent.mkdir(parents=True, exist_ok=True)
    text = INVENTED.format(id=id, version=version, status=status, word=word, licence_record=licence_record)
    place.write_text(text, encoding="utf-8")


def write_words(
    folder: Path, shipped: Path, word: str, *, licence_record: str, spoil: tuple[str, str] = ("", "")
) -> None:
    """Write a site's words for a score-only instrument: the shipped file, its item labels replaced by words."""
    text = (
        shipped.read_text(encoding="utf-8").replace('en = "Item ', f'en = "{word} ').replace(*spoil)
        if spoil[0]
        else (shipped.read_text(encoding="utf-8").replace('en = "Item ', f'en = "{word} '))
    )
    place = folder / "instruments" / shipped.parent.name / shipped.name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(text.replace("[provenance]", f"{licence_record}\n[provenance]", 1), encoding="utf-8")
