"""One step: all of it is stored, or nothing but what waits in the tray for a person."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from daybreak.ledger.record import KeyReused


@contextmanager
def one_step() -> Iterator[None]:
    """Hold a transaction for the block, or for the function that it decorates: `@one_step()`.

    A KeyReused undoes the step like any exception. What it says of the tray stays true: the newcomer is put there
    again, as often as a step around this one is undone too, and once only, since its key comes from its content.
    """
    try:
        with transaction.atomic():
            yield
    except KeyReused as reused:
        reused.keep_newcomers()
        raise
