"""The door of the ledger."""

from daybreak.ledger.about import rows_about
from daybreak.ledger.announce import announce, carried_by
from daybreak.ledger.beside import address_beside
from daybreak.ledger.columns import record_columns, record_columns_at_once
from daybreak.ledger.durable import Disk, commit_before_disk
from daybreak.ledger.models import APPEND_ONLY, Fact, Guard, TrayItem, within_site
from daybreak.ledger.record import KeyReused, Recorded, put_all_in_tray, put_in_tray, record, record_one
from daybreak.ledger.retry import told_once
from daybreak.ledger.standing import standing
from daybreak.ledger.step import one_step
from daybreak.ledger.together import Read, rows, together
from daybreak.ledger.tray import PLACED, REASONS, SET_ASIDE, NotSettled, settle_tray, waiting_in_tray

__all__ = [
    "APPEND_ONLY",
    "PLACED",
    "REASONS",
    "SET_ASIDE",
    "Disk",
    "Fact",
    "Guard",
    "KeyReused",
    "NotSettled",
    "Read",
    "Recorded",
    "TrayItem",
    "address_beside",
    "announce",
    "carried_by",
    "commit_before_disk",
    "one_step",
    "put_all_in_tray",
    "put_in_tray",
    "record",
    "record_columns",
    "record_columns_at_once",
    "record_one",
    "rows",
    "rows_about",
    "settle_tray",
    "standing",
    "together",
    "told_once",
    "waiting_in_tray",
    "within_site",
]
