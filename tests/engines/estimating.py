"""Files as strangers bring them, and `daybreak estimate` asked of them."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from daybreak.config.command import main


class Asked:
    """What a command answered: its exit code, what it said, and what it said of faults."""

    def __init__(self, code: int, said: str, complained: str) -> None:
        self.code, self.said, self.complained = code, said, complained

    @property
    def json(self) -> Any:
        return json.loads(self.said)


class Desk:
    """A folder with files, and the command line beside it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self._patch, self._capsys = folder, monkeypatch, capsys

    def file(self, content: str | bytes, name: str = "file.csv") -> Path:
        path = self.folder / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def ask(self, *words: object) -> Asked:
        self._patch.setattr(sys, "argv", ["daybreak", *map(str, words)])
        code = 0
        try:
            main()
        except SystemExit as ended:
            code = int(ended.code or 0)
        said = self._capsys.readouterr()
        return Asked(code, said.out, said.err)

    def refused(self, *words: object) -> str:
        asked = self.ask(*words)
        assert (asked.code, asked.said) == (2, "")
        assert len(asked.complained.strip().splitlines()) == 1
        return asked.complained
