"""Where a built file lies: templates ask by its plain name, the manifest answers with the hashed one."""

import json
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.templatetags.static import static as static_of_django

from daybreak.design.refusals import FrontEndNotBuilt

STATIC = Path(__file__).parent / "static"
BUILT = STATIC / "dist"


def static(name: str) -> str:
    """This function will return the address of a built file ("app.css", "pages/line.js") or static file."""
    built = _manifest(_built_at()).get(name)
    if built is not None:
        return f"{settings.STATIC_URL.rstrip('/')}/dist/{built}"
    if name.endswith((".css", ".js")):
        raise FrontEndNotBuilt(f"{name!r} is not in the manifest: build the front end, or correct the name.")
    return static_of_django(name)


def _built_at() -> int:
    """Return when the manifest was written, so that a new build is seen without a restart."""
    try:
        return (BUILT / "manifest.json").stat().st_mtime_ns
    except FileNotFoundError:
        raise FrontEndNotBuilt("The front end is not built: install the package, which builds it.") from None


@lru_cache(maxsize=2)
def _manifest(_written_at: int) -> dict[str, str]:
    return json.loads((BUILT / "manifest.json").read_text())
