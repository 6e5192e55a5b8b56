"""The floor plan holds: import-linter's contracts, and doors."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "daybreak"
OPEN = {"kernel", "design", "config"}


def test_every_contract_of_the_floor_plan_holds():
    # In a process of its own: it configures logging anew, and every logger of this one would fall silent.
    command = [Path(sys.executable).with_name("lint-imports"), "--config", ROOT / ".importlinter", "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def imports():
    for path in sorted(SOURCE.rglob("*.py")):
        room = path.relative_to(SOURCE).parts[0]
        if "migrations" in path.parts or room.endswith(".py"):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            names = [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            names += [a.name for a in node.names] if isinstance(node, ast.Import) else []
            yield from ((path.relative_to(SOURCE), room, name) for name in names if name.startswith("daybreak."))


def test_rooms_are_entered_by_their_door():
    broken = [
        f"{path}: {name}"
        for path, room, name in imports()
        if (there := name.split(".")[1]) != room and there not in OPEN and room != "config"
        if name.split(".")[2:3] != ["public"]
    ]
    assert not broken


@pytest.mark.parametrize("inner", ["rules", "models", "queries", "actions"])
def test_inside_a_room_imports_run_inward(inner):
    order = ["rules", "models", "queries", "actions"]
    outward = [
        f"{path}: {name}"
        for path, room, name in imports()
        if name.split(".")[1] == room and _part(path) == inner
        if name.split(".")[2] in [*order[order.index(inner) + 1 :], "web", "public", "jobs"]
    ]
    assert not outward


def test_views_ask_queries_and_actions_never_tables():
    broken = [f"{path}: {name}" for path, room, name in imports() if "web" in path.parts and name.endswith(".models")]
    assert not broken


def test_transactions_are_steps_so_that_a_rollback_does_not_empty_the_tray():
    atomic = re.compile(r"\btransaction\.atomic\b|import .*\batomic\b|\bATOMIC_REQUESTS\b")
    sources = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
    own = {str(path.relative_to(SOURCE)) for path in sources if atomic.search(path.read_text())}
    assert own == {"ledger/columns.py", "ledger/record.py", "ledger/step.py"}, "use daybreak.ledger.public.one_step"


def test_no_file_outgrows_its_room():
    sources = [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts]
    long = {str(p.relative_to(ROOT)): n for p in sources if (n := len(p.read_text().splitlines())) > 400}
    assert not long
    assert sum(len(p.read_text().splitlines()) for p in (SOURCE / "kernel").rglob("*.py")) <= 1000


def _part(path):
    return path.parts[1].removesuffix(".py")
