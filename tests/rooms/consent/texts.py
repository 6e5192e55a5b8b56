"""An invented study's consent in English and Spanish, and shelves of texts that tests change."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch

from daybreak.measure import definitions
from daybreak.measure.public import library
from daybreak.rulebook.public import shipped_folder

STUDY = "sunrise_study"
_TEXT = """
id = "sunrise_study"
version = {version}
status = "{status}"
title = "The invented sunrise study"
licence = "Apache-2.0"
language = "en"
purpose = "study"
signed_by = ["patient"]
statement = "I agree to take part in the invented study."
withdrawal = "No further visit takes place."
requires_reconsent = {again}
why_again = "{why}"

[provenance]
references = [{{ id = "test:invented", title = "An invented study" }}]
authored_by = "One"
checked_by = "Another"
next_review = 2027-05-01

[[sections]]
heading = "What this is"
text = "Nothing here is real."

[[sections]]
heading = "Changing your mind"
text = "You can withdraw at any time."

[[checks]]
id = "real"
question = "Is it real?"
answers = ["Yes", "No"]
right = 1
because = "It is invented."
section = "What this is"

[[translations]]
language = "es"
title = "El estudio inventado"
statement = "Acepto participar."
withdrawal = "No hay más visitas."
sections = [
  {{ heading = "Qué es", text = "Nada de esto es real." }},
  {{ heading = "Cambiar de opinión", text = "Puede retirarse en cualquier momento." }},
]
checks = [{{ id = "real", question = "¿Es real?", answers = ["Sí", "No"], because = "Es inventado." }}]
translated_by = "One"
checked_by = "Another"

[[examples]]
name = "right"
given = {{ real = 1 }}
expect = "understood"
"""


def study(version: int = 1, *, status: str = "active", why: str = "") -> str:
    """Return a version of the study's text; with `why` it asks everybody to sign again."""
    return _TEXT.format(version=version, status=status, again=str(bool(why)).lower(), why=why)


@contextmanager
def shelf(folder: Path, **texts: str) -> Iterator[None]:
    """Use the shipped definitions with further texts (`id_version`), or with others in their place."""
    root = folder / "definitions"
    if not root.exists():
        shutil.copytree(shipped_folder(), root)
    for name, text in texts.items():
        kind, _, version = name.rpartition("_")
        place = root / "consents" / kind / f"{version}.toml"
        place.parent.mkdir(exist_ok=True)
        place.write_text(text)
    with patch.object(definitions, "shipped_folder", lambda: root):
        library.cache_clear()
        try:
            assert not [fault for fault in library().faults if "consents" in fault.file]
            yield
        finally:
            library.cache_clear()


def newer(kind: str, version: int, *, why: str = "", status: str = "active") -> str:
    """Return a shipped text's newest version as a further one."""
    held = sorted((shipped_folder() / "consents" / kind).glob("*.toml"), key=lambda path: int(path.stem))
    text = held[-1].read_text()
    text = text.replace(f"version = {held[-1].stem}\n", f"version = {version}\n", 1)
    text = text.replace('status = "active"', f'status = "{status}"', 1)
    again = f'requires_reconsent = true\nwhy_again = "{why}"' if why else "requires_reconsent = false"
    return text.replace("requires_reconsent = false", again, 1)


def retired(kind: str, version: int) -> str:
    """Return a shipped version, taken out of use."""
    text = (shipped_folder() / "consents" / kind / f"{version}.toml").read_text()
    return text.replace('status = "active"', 'status = "retired"', 1)
