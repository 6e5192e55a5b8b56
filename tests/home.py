"""Loaded before Django's settings: gives the tests an installation of their own, with keys and a database cluster."""

import os
import tempfile
from pathlib import Path

from daybreak.config.environment import installation, make_keys

for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_FREEZE_URL", "DAYBREAK_DEFINITIONS"):
    os.environ.pop(name, None)
HOME = os.environ.get("DAYBREAK_TEST_HOME") or tempfile.mkdtemp(prefix="daybreak-test-")
Path(HOME).mkdir(parents=True, exist_ok=True)
os.environ["DAYBREAK_HOME"] = HOME
make_keys(installation())
