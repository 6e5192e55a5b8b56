"""The door of the ledger."""

from daybreak.ledger.announce import announce, carried_by
from daybreak.ledger.models import APPEND_ONLY, Fact, Guard, TrayItem, within_site
from daybreak.ledger.record import KeyReused, Recorded, put_in_tray, record, record_one
from daybreak.ledger.retry import told_once
from daybreak.ledger.standing import standing
from daybreak.ledger.step import one_step
from daybreak.ledger.together import Read, rows, together

__all__ = [
    "APPEND_ONLY",
    "Fact",
    "Guard",
    "KeyReused",
    "Read",
    "Recorded",
    "TrayItem",
    "announce",
    "carried_by",
    "one_step",
    "put_in_tray",
    "record",
    "record_one",
    "rows",
    "standing",
    "together",
    "told_once",
    "within_site",
]
