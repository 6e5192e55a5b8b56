"""A simulated year of patients who behave at random, through follow-up's own actions and listeners.

What happened outside is written down apart from the database: which items ought to have been asked (worked out a second
time from the definitions' numbers), which answers were acknowledged, which of them call for somebody.
`bench.following.verdict` compares the database with it.
"""

import heapq
import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
HOUR, DAY, YEAR = timedelta(hours=1), timedelta(days=1), timedelta(days=365)
CHAIR = "chair 1"
Item = tuple[str, UUID, datetime]  # rule, session, due
Window = tuple[datetime, datetime]
# How often a message of the queue is delivered again, an answer goes to what the schedule gave up, and people look in.
AGAIN, IN_VAIN, LOOKED_IN = 0.1, 0.1, 0.05


@dataclass
class Patient:
    """One made-up patient, with what the world outside knows of them."""

    key: UUID
    course: UUID
    answers_with: float  # how likely an invitation is answered
    mood: int
    sessions: dict[UUID, datetime] = field(default_factory=dict)  # started
    planned: dict[UUID, datetime] = field(default_factory=dict)  # still to come
    over: bool = False
    plan: dict[Item, Window] = field(default_factory=dict)  # what is to be asked as things stand, and since when
    planned_at: datetime = START
    ought: set[Item] = field(default_factory=set)  # what came open while the plan of that time held it
    seen: set[int] = field(default_factory=set)  # hashes of the items of every plan so far
    scores: list[tuple[datetime, int]] = field(default_factory=list)


@dataclass
class Outside:
    """The ledger kept outside: acknowledged answers by key, those that came second, those that call for somebody."""

    stored: dict[UUID, dict[str, int]] = field(default_factory=dict)
    second: dict[UUID, UUID] = field(default_factory=dict)  # kept for a person, with the invitation
    calling: set[UUID] = field(default_factory=set)


@dataclass
class Year:
    """A clinic and its patients, played event by event in the order of simulated time."""

    world: object
    site: str
    draw: random.Random
    escalates: bool = True
    patients: list[Patient] = field(default_factory=list)
    outside: Outside = field(default_factory=Outside)
    queue: list = field(default_factory=list)
    count: int = 0

    def scope(self, role: str = "coordinator"):
        return self.world.scope(role, self.site, "a simulated year")

    def play(self, patients: int) -> "Year":
        """Let so many patients begin, and play until the year is over."""
        from daybreak.kernel.scope import scoped

        for _ in range(patients):
            self._begin()
        for day in range(0, 366) if self.escalates else ():
            self._at(START + day * DAY, self._escalate)
        with scoped(self.scope("clinician")):
            while self.queue:
                at, _, what, args = heapq.heappop(self.queue)
                if at < START + YEAR:
                    what(at, *args)
        return self

    def _at(self, at: datetime, what, *args) -> None:
        self.count += 1
        heapq.heappush(self.queue, (at, self.count, what, args))

    def _begin(self) -> None:
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import scoped
        from daybreak.treat import public as treat

        key = self.world.patient(self.site)
        with scoped(self.scope("clinician")) as scope:
            course = treat.open_course(scope, key=new_key(), patient=key, protocol="ketamine_iv_40min", at=START)
        patient = Patient(key, course.key, self.draw.choice([0.15, 0.6, 0.95]), self.draw.randint(12, 24))
        self.patients.append(patient)
        first = START + timedelta(minutes=self.draw.randint(3 * 1440, 20 * 1440))
        if self.draw.random() < 0.9:
            self._at(first - timedelta(hours=self.draw.randint(1, 400)), self._baseline, patient)
        moment = first
        for number in range(1, self.draw.randint(1, 9) + 1):
            self._at(moment - timedelta(hours=self.draw.randint(30, 60)), self._plan, patient, number, moment)
            moment += timedelta(minutes=self.draw.choice([2, 3, 3, 7, 7, 14, 28]) * 1440 + self.draw.randint(-200, 200))
        if self.draw.random() < 0.25:
            self._at(first + timedelta(days=self.draw.randint(1, 300)), self._leave, patient)

    def _plan(self, at: datetime, patient: Patient, number: int, moment: datetime) -> None:
        from daybreak.follow_up import public as follow_up
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope
        from daybreak.ledger.public import record_one
        from daybreak.treat.models import Session

        if patient.over:
            return
        scope, key = current_scope(), new_key()
        record_one(
            Session(
                site=scope.site, key=key, patient_key=patient.key, course_key=patient.course, number=number,
                planned_for=moment, chair=CHAIR,
            )
        )  # fmt: skip
        patient.planned[key] = moment
        for _ in range(self._deliveries()):
            follow_up.on_session_planned(site=self.site, key=key, at=at)
        self._expect(patient, at)
        if self.draw.random() < 0.1:
            self._at(moment - 2 * HOUR, self._cancel, patient, key)
        else:
            late = timedelta(minutes=self.draw.randint(0, 90))
            self._at(moment + late, self._start, patient, key)

    def _cancel(self, at: datetime, patient: Patient, key: UUID) -> None:
        from daybreak.follow_up import public as follow_up

        if patient.over:
            return
        self._step(patient, key, "cancelled", at)
        patient.planned.pop(key)
        follow_up.on_session_cancelled(site=self.site, key=key, at=at)
        self._expect(patient, at)

    def _start(self, at: datetime, patient: Patient, key: UUID) -> None:
        if patient.over:
            return
        self._step(patient, key, "started", at)
        patient.sessions[key] = at
        patient.mood = max(0, patient.mood + self.draw.choice([-6, -4, -2, -1, 0, 2, 5]))
        self._at(at + 3 * HOUR, self._discharge, patient, key)

    def _discharge(self, at: datetime, patient: Patient, key: UUID) -> None:
        from daybreak.follow_up import public as follow_up

        patient.planned.pop(key, None)
        for _ in range(self._deliveries()):
            follow_up.on_session_discharged(site=self.site, key=key, at=at)
        self._expect(patient, at)

    def _deliveries(self) -> int:
        """The queue promises at least once."""
        return 1 + (self.draw.random() < AGAIN)

    def _step(self, patient: Patient, key: UUID, step: str, at: datetime) -> None:
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope
        from daybreak.ledger.public import record_one
        from daybreak.treat.models import SessionStep

        record_one(
            SessionStep(
                site=current_scope().site, key=new_key(), patient_key=patient.key, session_key=key, position=1,
                step=step, done_at=at,
            )
        )  # fmt: skip

    def _leave(self, at: datetime, patient: Patient) -> None:
        from daybreak.follow_up import public as follow_up
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope

        kind = self.draw.choice(["moved", "withdrew", "transferred"])
        follow_up.change_observation(
            current_scope(), key=new_key(), patient=patient.key, kind=kind, on_day=at.date(), source="patient", at=at
        )
        patient.over = True
        replan(patient, at, {})

    def _expect(self, patient: Patient, at: datetime) -> None:
        """Write down what ought to be asked from now on, by the definitions' numbers alone; and who may answer it."""
        replan(patient, at, {} if patient.over else expected_plan(patient, at))
        for item, (opens, closes) in patient.plan.items():
            if hash(item) in patient.seen:
                continue
            patient.seen.add(hash(item))
            when = max(opens, at) + timedelta(minutes=self.draw.randint(1, 4000))
            if self.draw.random() < patient.answers_with and when < closes + 10 * DAY:
                self._at(when, self._answer, patient, item)

    def _baseline(self, at: datetime, patient: Patient) -> None:
        from daybreak.follow_up import public as follow_up
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope
        from daybreak.measure.public import record_answers

        said = self._said("phq9", patient)
        given = record_answers(
            current_scope(), key=new_key(), patient=patient.key, instrument="phq9", answers=said, answered_at=at,
            by="patient",
        )  # fmt: skip
        follow_up.on_answers_recorded(site=self.site, key=given.key, at=at)
        self._acknowledged(given.key, said, "phq9", patient, at)

    def _answer(self, at: datetime, patient: Patient, item: tuple[str, UUID, datetime]) -> None:
        """Answer by the phone: once, twice (a retry), or from two phones with different answers."""
        from daybreak.follow_up import public as follow_up
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope
        from daybreak.rulebook.public import TASK_SET

        if item not in patient.plan and self.draw.random() > IN_VAIN:
            return
        scope = current_scope()
        found = _asked(scope, patient, item)
        if found is None or at < found.invitation.opens_at:
            return
        instrument = found.invitation.instrument
        if instrument == TASK_SET:
            return  # asked as the schedule says, and left out, as a patient may
        key, said = new_key(), self._said(instrument, patient)
        counts = found.answered is None and found.called_off is None and found.takes_answers(at)
        how = self.draw.choices(["once", "retry", "two phones"], [8, 1, 1])[0]
        sent = [(key, said)] * (2 if how == "retry" else 1)
        if how == "two phones":
            sent.append((new_key(), self._said(instrument, patient)))
        for n, (each, words) in enumerate(sent):
            follow_up.answer(scope, key=each, invitation=found.invitation.key, answers=words, at=at)
            if counts and each == key:
                self._acknowledged(each, words, instrument, patient, at)
            elif each != key or n == 0:
                self.outside.second[each] = found.invitation.key
                if calls(instrument, words):
                    self.outside.calling.add(each)
        if calls(instrument, said) or self.draw.random() < LOOKED_IN:
            self._at(at + timedelta(minutes=self.draw.randint(5, 5000)), self._attend, patient)

    def _said(self, instrument: str, patient: Patient) -> dict[str, int]:
        from daybreak.measure.public import library

        items = [item for item in library().instrument(instrument).items if not item.optional]
        each, more = divmod(max(0, min(patient.mood + self.draw.randint(-4, 4), 3 * len(items))), len(items))
        said = {item.id: min(3, each + (n < more)) for n, item in enumerate(items)}
        if instrument == "phq9":
            said["self_harm"] = self.draw.choice([0, 0, 0, 0, 0, 0, 1, 2])
        if instrument == "long_term_effects":
            said = {name: self.draw.choice([0, 0, 0, 1]) for name in said}
        return said

    def _acknowledged(self, key: UUID, said: dict[str, int], instrument: str, patient: Patient, at: datetime) -> None:
        self.outside.stored[key] = said
        if calls(instrument, said):
            self.outside.calling.add(key)
        if instrument == "phq9":
            patient.scores.append((at, sum(value for name, value in said.items() if name != "difficulty")))

    def _attend(self, at: datetime, patient: Patient) -> None:
        """Somebody sees to some of the patient's tasks, and closes them with what was done."""
        from daybreak.follow_up import public as follow_up
        from daybreak.kernel.keys import new_key
        from daybreak.kernel.scope import current_scope

        for each in follow_up.open_tasks(current_scope(), patient=patient.key):
            if self.draw.random() < 0.8:
                follow_up.take_task(current_scope(), key=new_key(), task=each.task.key, at=at)
                follow_up.close_task(current_scope(), key=new_key(), task=each.task.key, what_was_done="Called.", at=at)

    def _escalate(self, at: datetime) -> None:
        from daybreak.follow_up import public as follow_up

        follow_up.escalate(site=self.site, at=at)


def calls(instrument: str, said: dict[str, int]) -> bool:
    """Return whether answers call for somebody, by the flags' numbers read here once more."""
    from daybreak.measure.public import library

    for flag in library().instrument(instrument).flags:
        watched = (flag.item,) if flag.item else flag.any_of
        if any(said.get(name, -1) >= (flag.at_least if flag.at_least is not None else 10**6) for name in watched):
            return True
    return False


def expected_plan(patient: Patient, at: datetime) -> dict[tuple[str, UUID, datetime], tuple[datetime, datetime]]:
    """Return what is to be asked of a patient as things stand: (rule, session, due) with its window.

    Written apart from the product's schedule: one loop over hours, no shared code.
    """
    from daybreak.measure.public import library

    held = library()
    rules = [*held.protocol("ketamine_iv_40min").follow_up, *held.continuation_of("ketamine_iv_40min").checks]
    begun = sorted(patient.sessions.items(), key=lambda pair: pair[1])
    coming = [(k, m) for k, m in patient.planned.items() if k not in patient.sessions and m > at]
    found = {}
    for rule in rules:
        every = rule.every_hours or 10**9
        last = rule.until_hours if rule.until_hours is not None else rule.offset_hours
        anchors = {
            "before_session": coming,
            "after_session": begun,
            "after_first_session": begun[:1],
            "after_last_session": begun[-1:],
        }[rule.anchor]
        for place, (key, moment) in enumerate(anchors, start=1):
            if rule.every_sessions and place % rule.every_sessions:
                continue
            hours = rule.offset_hours
            while hours <= last:
                due = moment - hours * HOUR if rule.anchor == "before_session" else moment + hours * HOUR
                window = (due - rule.opens_hours_before * HOUR, due + rule.closes_hours_after * HOUR)
                if window[1] > at:
                    found[rule.id, key, due] = window
                hours += every
    return found


def replan(patient: Patient, at: datetime, plan: dict[Item, Window]) -> None:
    """Another plan holds from now on: what came open under the one before it ought to have been asked."""
    came_open = {
        item for item, (opens, closes) in patient.plan.items() if max(opens, patient.planned_at) < min(at, closes)
    }
    patient.ought |= came_open
    patient.plan, patient.planned_at = plan, at


def _asked(scope, patient: Patient, item: Item):
    """The invitation of an item, the one that was made last where it was asked anew."""
    from daybreak.follow_up import public as follow_up
    from daybreak.follow_up.models import Answered, CalledOff, Invitation
    from daybreak.ledger.public import Read, together

    rule, session, due_at = item
    of_it = {"site": scope.site, "patient_key": patient.key, "due_at": due_at, "rule": rule, "session_key": session}
    made = Read(Invitation, of_it, by=("-invited_at", "key"))
    theirs = {"site": scope.site, "invitation_key": made.its("key")}
    found, answered, called_off = together(made, Read(Answered, theirs), Read(CalledOff, theirs))
    if not found:
        return None
    of_last = ([row for row in rows if row.invitation_key == found[0].key] for rows in (answered, called_off))
    return follow_up.Asked(found[0], *(next(iter(rows), None) for rows in of_last))
