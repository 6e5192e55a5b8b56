"""The rooms, as an import knocks at them: one group of writes for each patient."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

from django.db import Error, InterfaceError, OperationalError, ProgrammingError

from daybreak.identity.public import Forgotten, seal_text
from daybreak.interop.chart import Chart
from daybreak.interop.fhir.intake import NotKept, Outcome, Verdict
from daybreak.interop.fhir.records import KeyParts, PatientRecord, Record
from daybreak.interop.knock import Run, answered, unfit
from daybreak.interop.person import take_person
from daybreak.kernel.refusal import Refusal
from daybreak.ledger.public import one_step
from daybreak.people.public import patient as patient_of


class DatabaseLost(Refusal):
    """The database stopped answering in the middle of an import."""


class Rooms:
    """The doors of people, identity, measure and screen for one import. `deceased` counts the patients taken
    in who have died.
    """

    def __init__(self, run: Run) -> None:
        self._run = run
        self.deceased = 0

    def met(self, patient: KeyParts) -> bool:
        """Say whether this patient was imported before and was not forgotten since."""
        with _answering():
            key = self._run.patient_key(patient)
            if patient_of(self._run.scope, key) is None:
                return False
            try:
                seal_text(self._run.scope, key, "")
            except Forgotten:
                return False
            return True

    @contextmanager
    def group(self) -> Iterator[None]:
        """Hold one transaction: what a patient's group brings is kept at its end, or not at all."""
        deceased = self.deceased
        with _answering():
            try:
                with one_step():
                    yield
            except (OperationalError, InterfaceError, ProgrammingError):
                raise
            except Error as fault:
                self.deceased = deceased
                raise NotKept(unfit(fault)) from fault

    def patient(self, record: PatientRecord) -> Outcome:
        """Take a person in."""
        outcome = answered(partial(take_person, self._run, record))
        self.deceased += bool(record.deceased) and outcome.verdict is not Verdict.REFUSED
        return outcome

    def facts(self, records: Sequence[Record]) -> list[Outcome]:
        """Take the facts about one person in."""
        return Chart(self._run, self._run.patient_key(records[0].patient)).take(records)


@contextmanager
def _answering() -> Iterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError) as fault:
        said = str(fault).strip().splitlines()
        raise DatabaseLost(
            f"The import stopped, because the database did: {said[0] if said else 'no reason given'}. "
            "Nothing that was taken in is lost. Run the same command again: what is there stays as it is, "
            "and the rest goes in."
        ) from fault
    except ProgrammingError as fault:
        raise DatabaseLost(
            "The import stopped: the tables are not those of this version of Daybreak. Run “daybreak migrate”, then "
            "the same command again."
        ) from fault
