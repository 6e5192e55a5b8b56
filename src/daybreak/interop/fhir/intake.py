"""Hands what was read to the rooms, patient by patient, and keeps the account: read = accepted + unchanged +
unused + rejected.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from daybreak.interop.fhir.documents import FILE
from daybreak.interop.fhir.known_codes import KnownCodes
from daybreak.interop.fhir.reader import Reader
from daybreak.interop.fhir.records import KeyParts, PatientRecord, Read, Record, Rejected, Repeated, Unused
from daybreak.interop.fhir.sources import NAMES
from daybreak.kernel.refusal import Refusal

BATCH = 20_000
"""Resources that wait before they are handed on: more make larger groups, fewer use less memory."""

_TELL_EVERY = 200


class NothingToRead(Refusal):
    """No FHIR resource was found, and why."""


class NotKept(Refusal):
    """A group of which nothing could be kept, and why; other groups go on."""


class Verdict(StrEnum):
    """What a room says to a record: it is new, the same as one it has, different from the one it has, or
    refused.
    """

    NEW = "new"
    SAME = "same"
    DIFFERENT = "different"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A room's verdict on one record, with the reason where it is refused."""

    verdict: Verdict
    reason: str = ""


NEW, SAME, DIFFERENT = Outcome(Verdict.NEW), Outcome(Verdict.SAME), Outcome(Verdict.DIFFERENT)


def refused(reason: str) -> Outcome:
    """Return the outcome of a record that a room refuses, with a sentence that says why."""
    return Outcome(Verdict.REFUSED, reason)


class Doors(Protocol):
    """What the rooms offer to an import. Records carry `key_parts`: the same parts are the same fact in every
    run.
    """

    def met(self, patient: KeyParts) -> bool:
        """Say whether this patient was imported before."""

    def group(self) -> AbstractContextManager[object]:
        """Open an atomic piece of work: one patient with the facts about them. Raises NotKept where it ends
        with nothing kept.
        """

    def patient(self, record: PatientRecord) -> Outcome:
        """Take in a patient. Called once for each, before their first facts."""

    def facts(self, records: Sequence[Record]) -> list[Outcome]:
        """Take in facts about one patient, and answer for each in order.

        Records of one resource share the first three of their key parts: take all of them or none.
        """


@dataclass
class Summary:
    """The account of an import. Types are FHIR's; a whole file that cannot be read or is passed over has the
    type "file".
    """

    read: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    unused: Counter[str] = field(default_factory=Counter)
    unused_because: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    rejected: list[dict[str, str]] = field(default_factory=list)
    patients: int = 0

    def as_json(self) -> dict[str, Any]:
        """Return the account in the form that `daybreak import fhir --json` prints."""
        return {
            "read": _in_order(self.read),
            "accepted": _in_order(self.accepted),
            "unchanged": _in_order(self.unchanged),
            "unused": _in_order(self.unused),
            "unused_because": {kind: _in_order(self.unused_because[kind]) for kind in sorted(self.unused_because)},
            "rejected": self.rejected,
            "patients": self.patients,
        }

    def settle(self, read: Read, outcome: Unused | Rejected | Repeated | Verdict) -> None:
        """Count one resource, exactly once."""
        self.read[read.type] += 1
        if isinstance(outcome, Unused):
            self.unused[read.type] += 1
            self.unused_because[read.type][outcome.reason] += 1
        elif isinstance(outcome, Rejected):
            place = {"file": read.file, "position": read.position, "type": read.type}
            self.rejected.append({**place, "reason": outcome.reason})
        elif isinstance(outcome, Repeated) or outcome is Verdict.SAME:
            self.unchanged[read.type] += 1
        else:
            self.accepted[read.type] += 1


def take_in(
    paths: list[Path],
    doors: Doors,
    progress: Callable[[int, int], None] | None = None,
    *,
    known: KnownCodes,
    now: datetime,
    batch: int = BATCH,
) -> Summary:
    """Read everything under `paths`, hand it to `doors`, and return the account.

    `progress` is told bytes read and bytes in all. What was handed on before a failure stays; a second run
    changes nothing that is there. Raises CannotRead where a path is not there, NothingToRead where no path
    holds any FHIR.
    """
    reader = Reader(paths, known=known, now=now, met=doors.met)
    if reader.is_empty:
        where = ", ".join(f"“{path}”" for path in paths)
        raise NothingToRead(f"There is no file of FHIR ({', '.join(NAMES)}) under {where}.")
    work = _Work(reader, doors)
    for number, read in enumerate(reader.reads()):
        work.add(read)
        if work.waiting_count >= batch:
            work.hand_on()
        if progress and number % _TELL_EVERY == 0:
            progress(reader.meter.done, reader.meter.total)
    work.hand_on()
    if progress:
        progress(reader.meter.total, reader.meter.total)
    _check_anything_was_read(work.summary)
    return work.summary


class _Work:
    """Reads that wait for their patient's turn, and what was already handed on."""

    def __init__(self, reader: Reader, doors: Doors) -> None:
        self.summary = Summary()
        self.waiting_count = 0
        self._reader, self._doors = reader, doors
        self._waiting: dict[KeyParts, list[tuple[Read, tuple[Record, ...]]]] = defaultdict(list)
        self._patients: dict[KeyParts, Outcome] = {}

    def add(self, read: Read) -> None:
        if isinstance(read.outcome, tuple):
            self._waiting[read.outcome[0].patient].append((read, read.outcome))
            self.waiting_count += 1
        else:
            self.summary.settle(read, read.outcome)

    def hand_on(self) -> None:
        """Hand each patient's reads to the rooms; what is counted as accepted was kept."""
        for patient, reads in self._waiting.items():
            is_first = patient not in self._patients
            try:
                with self._doors.group():
                    outcomes = self._taken_in(patient, reads)
            except NotKept as no:
                self._patients.pop(patient, None)
                outcomes = [Rejected(str(no))] * len(reads)
            else:
                self.summary.patients += is_first and self._is_counted(patient)
            for (read, _), outcome in zip(reads, outcomes, strict=True):
                self.summary.settle(read, outcome)
        self._waiting.clear()
        self.waiting_count = 0

    def _taken_in(self, patient: KeyParts, reads: list[tuple[Read, tuple[Record, ...]]]) -> list[Rejected | Verdict]:
        """Return what became of each read."""
        person = self._introduced(patient)
        if person.verdict is Verdict.REFUSED:
            because = Rejected(f"The patient was rejected: {person.reason}")
            return [_settled([person]) if read.type == "Patient" else because for read, _ in reads]
        records = [record for read, records in reads if read.type != "Patient" for record in records]
        answers = iter(self._doors.facts(records) if records else ())
        return [
            _settled([person] if read.type == "Patient" else [next(answers) for _ in records])
            for read, records in reads
        ]

    def _introduced(self, patient: KeyParts) -> Outcome:
        """Return the room's verdict on the patient, who is introduced once; one of an earlier import is the
        same.
        """
        if patient not in self._patients:
            record = self._reader.people.records.get(patient)
            self._patients[patient] = self._doors.patient(record) if record else SAME
        return self._patients[patient]

    def _is_counted(self, patient: KeyParts) -> bool:
        """Say whether a patient is of this input and was taken in, or is the same as before."""
        verdict = self._patients[patient].verdict
        return patient in self._reader.people.records and verdict in (Verdict.NEW, Verdict.SAME)


def _settled(outcomes: Sequence[Outcome]) -> Rejected | Verdict:
    """Return what the verdicts on a resource's records amount to: the worst, and new before the same."""
    for outcome in outcomes:
        if outcome.verdict is Verdict.REFUSED:
            return Rejected(outcome.reason)
    verdicts = {outcome.verdict for outcome in outcomes}
    if Verdict.DIFFERENT in verdicts:
        return Rejected("It was imported before with different content, and lies in the tray for a person to decide.")
    return Verdict.NEW if Verdict.NEW in verdicts else Verdict.SAME


def _check_anything_was_read(summary: Summary) -> None:
    """Raise NothingToRead where files were refused and no resource was found in any other."""
    refused_files = [rejected for rejected in summary.rejected if rejected["type"] == FILE]
    if refused_files and not set(summary.read) - {FILE}:
        first, others = refused_files[0], len(refused_files) - 1
        as_well = f" Nor can {others} more." if others else ""
        raise NothingToRead(f"“{first['file']}” cannot be imported: {first['reason']}{as_well}")


def _in_order(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in sorted(counts)}
