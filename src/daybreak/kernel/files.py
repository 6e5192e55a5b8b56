"""Which files may come with a referral or a certificate, by their size and their first bytes. Pure.

What a file says about itself (its name, the type that a browser sends) is never believed alone.
"""

import re
from dataclasses import dataclass
from pathlib import PurePosixPath

from daybreak.kernel.refusal import Refusal

MOST_BYTES = 5 * 2**20
MOST_FILES = 10
LONGEST_NAME = 100
NAMELESS = "attachment"


class NotAnAttachment(Refusal):
    """A file that cannot be kept."""

    field = "attachments"


@dataclass(frozen=True, slots=True)
class Sort:
    """A sort of file that is kept: media type, first bytes, and the endings its name may have."""

    media: str
    words: str
    begins: bytes
    endings: tuple[str, ...]


SORTS = (
    Sort("application/pdf", "PDF", b"%PDF-", ("pdf",)),
    Sort("image/png", "PNG", b"\x89PNG\r\n\x1a\n", ("png",)),
    Sort("image/jpeg", "JPEG", b"\xff\xd8\xff", ("jpg", "jpeg")),
)


def sort_of(name: str, content: bytes) -> Sort:
    """Return what a file is; raise NotAnAttachment for one that is empty, too large, of another sort, or not what its
    name says.
    """
    shown = safe_name(name)
    if not content:
        raise NotAnAttachment(f"“{shown}” is empty.")
    if len(content) > MOST_BYTES:
        raise NotAnAttachment(f"“{shown}” is larger than {MOST_BYTES // 2**20} MB. Send a smaller copy.")
    found = next((sort for sort in SORTS if content.startswith(sort.begins)), None)
    if found is None:
        raise NotAnAttachment(f"“{shown}” is neither a PDF nor a PNG or JPEG picture.")
    ending = PurePosixPath(shown).suffix.lstrip(".").lower()
    if ending not in found.endings:
        raise NotAnAttachment(f"“{shown}” is named like another kind of file, but is a {found.words} inside.")
    return found


def safe_name(name: str) -> str:
    """Return a file's name without folders, control characters or anything that a header or a shell would read."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = re.sub(r"[^\w. ()+-]", "_", re.sub(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]", "", last))
    kept = kept.strip(" .") or NAMELESS
    if len(kept) <= LONGEST_NAME:
        return kept
    path = PurePosixPath(kept)
    return path.stem[: LONGEST_NAME - len(path.suffix)] + path.suffix
