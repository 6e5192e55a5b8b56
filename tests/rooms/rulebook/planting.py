"""A folder of definitions to spoil: a copy of the shipped one, and a function that plants an error."""

import shutil
from pathlib import Path

from daybreak.rulebook.public import shipped_folder

PROTOCOL = "protocols/ketamine_iv_40min/1.toml"
PHQ9 = "instruments/phq9/1.toml"


def copied(tmp_path: Path) -> Path:
    """Copy the shipped definitions into `tmp_path`, with their lock."""
    return Path(shutil.copytree(shipped_folder(), tmp_path / "definitions"))


def plant(folder: Path, file: str, old: str, new: str) -> int:
    """Replace the first `old` in `file` by `new`, take the lock away, and return the line of the change."""
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    (folder / "LOCK.toml").unlink(missing_ok=True)
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1 + (len(new) - len(new.lstrip("\n")))
