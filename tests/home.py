"""Loaded before Django's settings: gives the tests an installation of their own, with keys and a database cluster."""

import os
import shutil
import tempfile
from pathlib import Path

from daybreak.config.environment import installation, make_keys

for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_FREEZE_URL", "DAYBREAK_DEFINITIONS"):
    os.environ.pop(name, None)
KEPT = os.environ.get("DAYBREAK_TEST_HOME")
# Of several workers each has a home of its own.
HOME = (
    Path(KEPT, os.environ.get("PYTEST_XDIST_WORKER", "")) if KEPT else Path(tempfile.mkdtemp(prefix="daybreak-test-"))
)
HOME.mkdir(parents=True, exist_ok=True)
os.environ["DAYBREAK_HOME"] = str(HOME)
make_keys(installation())


def pytest_unconfigure() -> None:
    """Throw the home away, unless somebody wanted to keep it."""
    if not KEPT:
        shutil.rmtree(HOME, ignore_errors=True)
