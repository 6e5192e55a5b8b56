"""A library for the tests in which every way of giving is active: shipped drafts, completed with invented numbers.

No number here is a dose for anybody: they are chosen so that sums are easy to follow.
"""

import re
import shutil
from pathlib import Path

import pytest

from daybreak.measure import definitions
from daybreak.rulebook.public import shipped_folder

ESKETAMINE, INJECTED, SWALLOWED, LONG = (
    "esketamine_nasal_rems",
    "ketamine_im",
    "ketamine_oral",
    "ketamine_iv_96h_clonidine",
)
_BLANKS = {
    "every_minutes": "20",
    "at_least": "60",
    "minimum_observation_minutes": "60",
    "round_to": "1",
    "amount": "0.5",
    "after_hours": "4",
    "first_hours": "0",
    "every_hours": "12",
}


def activated(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the library read a copy of the shipped definitions in which the three drafts are complete and active."""
    shutil.copytree(shipped_folder(), folder, dirs_exist_ok=True)
    (folder / "LOCK.toml").write_text("")
    for name in (INJECTED, SWALLOWED, LONG):
        path = folder / "protocols" / name / "1.toml"
        path.write_text(_complete(name, path.read_text()))
    monkeypatch.setattr(definitions, "shipped_folder", lambda: folder)
    definitions.library.cache_clear()


def _complete(name: str, text: str) -> str:
    text = text.replace('status = "draft"', 'status = "active"', 1)
    if name == INJECTED:
        text = text.replace('round_to = "blank"', "round_to = 1\nvolume_round_to = 0.01", 1)
    if name == SWALLOWED:
        text = text.replace('amount = "blank"', "amount = 50", 1)
    if name == LONG:
        text = text.replace('amount = "blank"', "amount = 0.6", 1)
        begin, target = text.split('id = "target"', 1)
        begin = re.sub(r'(id = "begin"\n)amount = "blank"', r"\1amount = 0.15", begin)
        text = begin + 'id = "target"' + target.replace('amount = "blank"', "amount = 0.6", 1)
    for field, value in _BLANKS.items():
        text = text.replace(f'{field} = "blank"', f"{field} = {value}")
    return text
