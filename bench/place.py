"""An installation for one bar: a folder that is thrown away, keys, a database, and Django set up on it."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def installed(*, durable: bool = True) -> Iterator[Path]:
    """Hold an empty, migrated and guarded installation for the block and give its home. A process has one in its life.

    `durable=False` is for bars that only read: the database then does without fsync.
    """
    for name in ("DATABASE_URL", "DATABASE_OWNER_URL", "DATABASE_FREEZE_URL", "DAYBREAK_DEFINITIONS"):
        os.environ.pop(name, None)
    with tempfile.TemporaryDirectory(prefix="daybreak-bench-") as folder:
        os.environ |= {"DAYBREAK_HOME": folder, "DJANGO_SETTINGS_MODULE": "daybreak.config.settings"}
        from daybreak.config.cluster import using
        from daybreak.config.database import bring_up_to_date, close_connections
        from daybreak.config.environment import installation, make_keys

        make_keys(installation())
        with using(installation().cluster, durable=durable):
            import django

            django.setup()
            bring_up_to_date()
            try:
                yield Path(folder)
            finally:
                close_connections()
