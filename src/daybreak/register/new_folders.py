"""A new folder that is whole or not there."""

import errno
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from daybreak.kernel.refusal import Refusal


class FolderInTheWay(Refusal):
    """The folder is there already."""


class Unwritable(Refusal):
    """Nothing can be written where the folder should be."""


@contextmanager
def new_folder(kept: Path) -> Iterator[Path]:
    """Hold an empty folder beside `kept` that gets its name when the block has ended well, and is gone otherwise.

    Raises FolderInTheWay and Unwritable. That a disk is full is said by whoever runs the command.
    """
    if kept.exists():
        raise FolderInTheWay(f"“{kept}” is there already. Remove it, or name another folder.")
    making = kept.with_name(f".making-{kept.name}")
    try:
        making.mkdir(parents=True)
        yield making
        making.rename(kept)
    except OSError as fault:
        if fault.errno == errno.ENOSPC:
            raise
        raise Unwritable(f"“{kept.parent}” cannot be written ({fault.strerror or fault}).") from fault
    finally:
        shutil.rmtree(making, ignore_errors=True)
