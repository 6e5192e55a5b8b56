"""Nonsense in an address or a form is answered with a page, never with a server error, and names nobody in the log."""

import logging

import pytest

from daybreak.config.logs import NoAddresses, ShortRefusals

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("role", "address"),
    [
        ("analyst", "/at/dawn/watch/?snapshot=%00"),
        ("analyst", "/at/dawn/watch/?snapshot=" + "9" * 500),
        ("clinician", "/at/dawn/patients/?page=" + "9" * 5000),
        ("clinician", "/at/dawn/patients/?q=%00%ff"),
        ("clinician", "/at/%E2%82%AC/"),
    ],
)
def test_nonsense_is_never_a_server_error(as_role, role, address):
    assert as_role(role).get(address).status_code < 500


@pytest.mark.parametrize("typed", ["", "not-a-uuid", "\x00", "0" * 5000])
def test_one_click_takes_only_a_demonstration_account(client, world, typed):
    assert client.post("/accounts/one-click/", {"account": typed}).status_code == 404
    assert client.post("/accounts/one-click/", {"account": str(world.staff["dawn", "nurse"].key)}).status_code == 404


def test_the_log_holds_no_address_of_a_patient_and_no_secret_link():
    for address in ("/answer/dawn/SECRET/", "/at/dawn/patients/01a1f452/?q=name"):
        record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Not Found: %s", (address,), None)
        assert NoAddresses().filter(record)
        assert record.getMessage() in ("Not Found: /answer/dawn/…", "Not Found: /at/dawn/…")


@pytest.mark.parametrize(("level", "traced"), [(logging.WARNING, False), (logging.ERROR, True)])
def test_a_refused_request_is_one_line_of_the_log_and_a_failure_keeps_its_trace(level, traced):
    trace = (PermissionError, PermissionError("no"), None)
    record = logging.LogRecord("django.request", level, "", 0, "Forbidden: %s", ("/at/dawn/",), trace)

    assert ShortRefusals().filter(record)

    assert bool(record.exc_info) is traced


def test_the_application_cannot_hang_the_ledgers_functions_on_a_table_of_its_own(world):
    from django.db import ProgrammingError, connection, transaction

    for statement in (
        "CREATE TEMP TABLE mine (site text, batch bigint)",
        "CREATE TABLE mine (site text, batch bigint)",
        "SELECT ledger_write('people_patient', 'INSERT', 'dawn', 5, 1, '', NULL)",
    ):
        with pytest.raises(ProgrammingError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
