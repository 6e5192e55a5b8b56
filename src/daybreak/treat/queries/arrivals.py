"""What a page has not seen yet, however late its transaction ends."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import BooleanField, F, Func

from daybreak.kernel.scope import Scope
from daybreak.treat.models import Reading


@dataclass(frozen=True, slots=True)
class Arrived:
    """Readings, and the place to ask from next time."""

    readings: list[Reading]
    after: int


def readings_arrived_after(scope: Scope, session: UUID, *, after: int) -> Arrived:
    """Return the readings of a session whose transactions had not ended at the place `after` (0: all of them), whatever
    the moment they were measured, and the next place. What was corrected is among them, and so is what corrects it.

    A place is the oldest transaction that still ran: numbers are given before a commit, so the newest number would pass
    the reading of a slow one. A reading may therefore come twice; its key says so.
    """
    with connection.cursor() as cursor:  # before the readings are read: what ends in between is asked for again
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        place = int(cursor.fetchone()[0])
    found = Reading.objects.filter(site=scope.site, session_key=session).order_by("measured_at", "key")
    return Arrived(list(found.filter(StoredSince(F("key"), place=after)) if after else found), place)


class StoredSince(Func):
    """Whether the row's transaction is not older than `place`; a row keeps the lower half of its number."""

    output_field = BooleanField()

    def __init__(self, *columns: Any, place: int, **extra: Any) -> None:
        super().__init__(*columns, **extra)
        self.place = place

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[Any, ...]]:
        key, _ = compiler.compile(self.get_source_expressions()[0])
        xmin = f"{key.rpartition('.')[0]}.xmin::text::bigint"
        return f"({xmin} - %s) & 4294967295 < 2147483648", (self.place & 0xFFFFFFFF,)
