"""A cohort as a folder that stands for itself: its files, and a manifest that says what they are made from."""

import hashlib
from datetime import datetime
from pathlib import Path

from daybreak import __version__
from daybreak.register.manifest import NAME, FrozenFile, Manifest, Used, public_key_of, signed
from daybreak.register.new_folders import new_folder
from daybreak.register.synthetic.making import Progress, write_cohort
from daybreak.register.synthetic.outcomes import CHECK, CHECK_VERSION, QUESTIONNAIRE, QUESTIONNAIRE_VERSION
from daybreak.register.synthetic.oversight import CONSENT, CONSENT_VERSION
from daybreak.register.synthetic.recipe import Recipe
from daybreak.register.synthetic.treatment import PROTOCOL, PROTOCOL_VERSION
from daybreak.rulebook.public import Library, shipped_folder


def fill(folder: Path, recipe: Recipe, *, at: datetime, key: bytes, progress: Progress) -> Manifest:
    """Write the files of a cohort and its manifest, signed with the seed `key`, into an empty folder."""
    manifest = _manifest(recipe, write_cohort(folder, recipe, progress=progress), at, key)
    (folder / NAME).write_bytes(signed(manifest, key))
    return manifest


def keep_beside(parent: Path, recipe: Recipe, *, at: datetime, progress: Progress) -> Path:
    """Make the cohort as a folder of its own name below `parent`, without any house; return it.

    It is signed with a key that follows from the recipe: that finds accidents, not adversaries. The folder gets its
    name when it is whole. Raises FolderInTheWay and Unwritable.
    """
    kept = parent / recipe.id
    with new_folder(kept) as making:
        fill(making, recipe, at=at, key=_key_of(recipe), progress=progress)
    return kept


def _key_of(recipe: Recipe) -> bytes:
    return hashlib.sha256(recipe.id.encode()).digest()


def _manifest(recipe: Recipe, files: dict[str, FrozenFile], at: datetime, key: bytes) -> Manifest:
    return Manifest(
        id=recipe.id,
        created_at=at.isoformat(timespec="seconds"),
        code_version=__version__,
        synthetic=True,
        sites=tuple(place.code for place in recipe.places()),
        files=dict(sorted(files.items())),
        definitions=_used(),
        withheld={},
        seal=None,
        public_key=public_key_of(key),
        recipe=recipe.told(),
    )


def _used() -> tuple[Used, ...]:
    library = Library.load(shipped_folder())
    wanted = (
        ("consents", CONSENT, CONSENT_VERSION),
        ("instruments", CHECK, CHECK_VERSION),
        ("instruments", QUESTIONNAIRE, QUESTIONNAIRE_VERSION),
        ("protocols", PROTOCOL, PROTOCOL_VERSION),
    )
    return tuple(
        Used(kind, name, version, library.definition(f"{kind}/{name}", version).fingerprint)
        for kind, name, version in wanted
    )
