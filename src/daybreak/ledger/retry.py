"""A page that is sent twice is one fact: both tellings carry the moment of the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection

from daybreak.ledger.models import Fact


@contextmanager
def told_once(model: type[Fact], *, site: str, key: UUID, moment: str, at: datetime) -> Iterator[datetime]:
    """Hold a lock on the key `key` and give the moment (the field `moment`) of the fact that already has it,
    or `at`.

    A form that is sent twice then has the same content and is stored once, also when both arrive together.
    Use it outside a transaction, so that what goes to the tray stays there.
    """
    name = f"{site}/{key}"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [name])
    try:
        known = model._default_manager.filter(site=site, key=key).values_list(moment, flat=True).first()
        yield known or at
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [name])
