"""The documents that people read, and what they point at."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("definitions", "docs", "validation")
DOCUMENTS = sorted([*ROOT.glob("*.md"), *(page for folder in FOLDERS for page in (ROOT / folder).rglob("*.md"))])
DECISIONS = ROOT / "docs" / "decisions"


def name_of(document: Path) -> str:
    """Return the document's path as a reader says it."""
    return document.relative_to(ROOT).as_posix()


def links_of(document: Path) -> list[str]:
    """Return the relative targets of a document's links and pictures, without their anchors."""
    targets = re.findall(r"\]\(([^)\s]+)\)", document.read_text())
    return [target.split("#")[0] for target in targets if not re.match(r"[a-z]+:|#", target)]


def shown_in(document: Path, program: str) -> set[str]:
    """Return every way in which a program is shown in code: the words after its name."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", document.read_text(), flags=re.DOTALL))
    return {
        words.strip() for words in re.findall(rf"(?:^|[\s`/]){program} ((?:[a-z0-9]+ ?)+)", code, flags=re.MULTILINE)
    }
