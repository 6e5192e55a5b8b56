"""A page that is sent twice is one fact: both tellings carry the moment of the first."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection

from daybreak.ledger.models import Fact
from daybreak.ledger.step import one_step


@contextmanager
def told_once(model: type[Fact], *, site: str, key: UUID, moment: str, at: datetime) -> Iterator[datetime]:
    """Hold one step and a lock on `key`, and give the moment (the field `moment`) of the fact that has it, or `at`.

    A form that is sent twice then has the same content and is stored once, also when both arrive together: the lock
    ends with the transaction, so the second sees what the first has stored.
    """
    with one_step():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"{site}/{key}"])
        known = model._default_manager.filter(site=site, key=key).values_list(moment, flat=True).first()
        yield known or at
