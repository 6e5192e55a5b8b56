"""One patient's way, played by calling the rooms' actions with a clock that moves."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from daybreak.consent.public import decline, sign, text_of, withdraw
from daybreak.demo.answers import FINDINGS, LEAVING, READY
from daybreak.demo.drugs import draw_one, waste_the_rest
from daybreak.demo.history import answer_history, tell_what_was_tried
from daybreak.demo.places import plan_somewhere
from daybreak.demo.plot import Plot, items_of, mild_answers, score_after
from daybreak.demo.signs import readings
from daybreak.follow_up.public import all_asked, answer
from daybreak.identity.public import Person, introduce
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import carried_by
from daybreak.measure.public import (
    NewMeasurement,
    library,
    record_answers,
    record_measurements,
    record_no_known_allergies,
)
from daybreak.people.public import admit_patient
from daybreak.rulebook.public import TASK_SET
from daybreak.screen.public import decide, record_diagnosis, record_finding, refer
from daybreak.treat.public import (
    TIME_OUT_ITEMS,
    acknowledge,
    alarms_of,
    begin_recovery,
    check_in,
    complete,
    confirm_equipment,
    confirm_sound,
    discharge,
    name_member,
    note_leaving,
    note_readiness,
    open_course,
    pause,
    record_adverse_event,
    record_readings,
    resume,
    sign_time_out,
    start,
    weigh,
)

PROTOCOL = "ketamine_iv_40min"
DAYS_BETWEEN = (3, 4)


@dataclass(frozen=True, slots=True)
class Team:
    """The people of a clinic who act: scopes by role, two nurses for the time-out."""

    clinician: Scope
    nurse: Scope
    second_nurse: Scope
    coordinator: Scope


@dataclass
class Story:
    """Plays a plot at a clinic up to `now`. `deliver` hands an event to its listeners, as the queue would; `leave` says
    how an induction stands at `now`.
    """

    plot: Plot
    team: Team
    now: datetime
    chair: str
    deliver: Callable[..., None]
    leave: Callable[["Story", UUID], None]
    patient: UUID = field(init=False)
    rng: random.Random = field(init=False)
    last_of_each: dict[str, dict[str, object]] = field(init=False)

    def play(self) -> None:
        """Play every act that the plot's stage holds. Of the events of one kind the last is delivered: listeners see
        all that is there.
        """
        self.last_of_each = {}
        with carried_by(self._keep):
            self._play()

    def _keep(self, event: str, **words: object) -> None:
        if event != "answers recorded" or self.plot.hopeless:
            self.last_of_each[event] = words

    def _play(self) -> None:
        self.rng = random.Random(self.plot.seed)
        begun = (self.now - timedelta(days=self.plot.days_ago)).replace(hour=15, minute=0, second=0, microsecond=0)
        self._arrive(begun)
        if self.plot.stage == "referred":
            return
        self._examine(begun + timedelta(hours=1), half=self.plot.stage == "half screened")
        if self.plot.stage == "half screened":
            return
        if self.plot.stage == "refused":
            self._refuse(begun + timedelta(hours=2))
            return
        self._accept(begun + timedelta(hours=2))
        if self.plot.stage == "accepted":
            return
        self._consent(begun + timedelta(hours=3))
        if self.plot.sessions:
            self._treat(begun + timedelta(days=1))

    def _arrive(self, at: datetime) -> None:
        scope, self.patient = self.team.coordinator, new_key(at=at)
        with scoped(scope):
            admit_patient(
                scope,
                key=self.patient,
                sex=self.plot.sex,
                birth_year=self.plot.born.year,
                origin="demonstration",
                synthetic=True,
                at=at,
            )
            who = Person(self.plot.given, self.plot.family, self.plot.born, telephone="555-0100")
            introduce(scope, patient=self.patient, person=who, key=new_key(at=at), at=at)
            reason = "Depressive episode, three treatments without enough effect (synthetic)."
            refer(scope, key=new_key(at=at), patient=self.patient, protocol=PROTOCOL, reason=reason, at=at)

    def _examine(self, at: datetime, *, half: bool) -> None:
        scope = self.team.clinician
        with scoped(scope):
            record_diagnosis(
                scope,
                key=new_key(at=at),
                patient=self.patient,
                code="F33.2",
                system="http://hl7.org/fhir/sid/icd-10-cm",
                display="Major depressive disorder, recurrent, severe",
                noted_at=at,
            )
            self._past(at)
            self._phq9(at, self.plot.scores[0], by="staff")
            if half:
                return
            record_no_known_allergies(scope, key=new_key(at=at), patient=self.patient, noted_at=at)
            for question, value in (FINDINGS | self._pregnancy()).items():
                record_finding(
                    scope, key=new_key(at=at), patient=self.patient, question=question, value=value, noted_at=at
                )
            answer_history(scope, patient=self.patient, plot=self.plot, at=at)
            self._vital_signs(at)

    def _pregnancy(self) -> dict[str, str]:
        return {"pregnancy": "not_pregnant" if self.plot.sex == "female" else "cannot_be_pregnant"}

    def _past(self, at: datetime) -> None:
        weeks = [self.rng.randint(6, 16) for _ in self.plot.failed]
        tell_what_was_tried(self.team.clinician, patient=self.patient, plot=self.plot, weeks=weeks, at=at)

    def _vital_signs(self, at: datetime) -> None:
        found = (
            ("systolic_pressure", self.plot.systolic, "mm[Hg]"),
            ("diastolic_pressure", self.plot.diastolic, "mm[Hg]"),
            ("weight", self.plot.weight_kg, "kg"),
            ("height", self.plot.height_cm, "cm"),
        )
        record_measurements(
            self.team.nurse,
            [
                NewMeasurement(new_key(at=at), self.patient, sign, Decimal(str(value)), unit, at)
                for sign, value, unit in found
            ],
        )

    def _phq9(self, at: datetime, total: int, *, by: str, hopeless: bool = False) -> None:
        record_answers(
            self.team.nurse,
            key=new_key(at=at),
            patient=self.patient,
            instrument="phq9",
            answers=items_of(total, self.plot.seed, hopeless=hopeless),
            answered_at=at,
            by=by,
        )

    def _refuse(self, at: datetime) -> None:
        scope = self.team.clinician
        with scoped(scope):
            record_finding(
                scope, key=new_key(at=at), patient=self.patient, question="psychotic_disorder", value=True, noted_at=at
            )
            reason = "Psychotic disorder in the history (synthetic)."
            decide(scope, key=new_key(at=at), patient=self.patient, decision="decline", reason=reason, at=at)

    def _accept(self, at: datetime) -> None:
        scope = self.team.clinician
        with scoped(scope):
            decide(
                scope,
                key=new_key(at=at),
                patient=self.patient,
                decision="accept",
                reason="Every criterion is met.",
                at=at,
            )

    def _consent(self, at: datetime) -> None:
        self._agree("treatment", at)
        if self.plot.registry == "declined":
            with scoped(self.team.coordinator) as scope:
                decline(scope, key=new_key(at=at), patient=self.patient, consent="registry", shown_seconds=60, at=at)
            return
        self._agree("registry", at + timedelta(minutes=5))
        if self.plot.registry == "withdrawn":
            with scoped(self.team.coordinator) as scope:
                withdraw(
                    scope,
                    key=new_key(at=at),
                    patient=self.patient,
                    consent="registry",
                    reason="Changed her or his mind (synthetic).",
                    at=at + timedelta(hours=5),
                )

    def _agree(self, consent: str, at: datetime) -> None:
        checks = {check.id: check.right for check in text_of(consent).checks}
        name = f"{self.plot.given} {self.plot.family}"
        with scoped(self.team.coordinator) as scope:
            sign(
                scope, key=new_key(at=at), patient=self.patient, consent=consent, name=name, signer="patient",
                shown_seconds=180, understood=checks, at=at,
            )  # fmt: skip
        with scoped(self.team.clinician) as scope:
            sign(
                scope, key=new_key(at=at), patient=self.patient, consent=consent, name="Countersigned",
                signer="clinician",
                shown_seconds=20, understood={}, at=at + timedelta(minutes=2),
            )  # fmt: skip

    def _treat(self, at: datetime) -> None:
        with scoped(self.team.clinician) as scope:
            course = open_course(scope, key=new_key(at=at), patient=self.patient, protocol=PROTOCOL, at=at)
        day = at.replace(hour=16)
        for number in range(1, self.plot.sessions + 1):
            self._session(course.key, number, day)
            day += timedelta(days=DAYS_BETWEEN[number % 2])
        if self.plot.stage == "in induction":
            self.leave(self, course.key)
        for event, words in self.last_of_each.items():
            self.deliver(event, **words)
        self._answer_what_was_asked()

    def plan(self, course: UUID, key: UUID, wanted: datetime, *, at: datetime) -> datetime:
        """Plan a session in this patient's usual chair, or in another, or after the one that is there; return when."""
        with scoped(self.team.clinician) as scope:
            return plan_somewhere(scope, key=key, course=course, wanted=wanted, usual_chair=self.chair, at=at)

    def _session(self, course: UUID, number: int, at: datetime) -> None:
        key = new_key(at=at)
        at = self.plan(course, key, at, at=at - timedelta(hours=20))
        lot = self.start(key, number, at)
        self._run(key, at + timedelta(minutes=15), number)
        with scoped(self.team.nurse):
            is_seen = self.plot.stage != "in induction" or number < self.plot.sessions
            seen_by = self.team.second_nurse if is_seen else None
            waste_the_rest(self.team.nurse, session=key, lot=lot, seen_by=seen_by, at=at + timedelta(minutes=200))

    def start(self, key: UUID, number: int, at: datetime) -> UUID:
        """Take a planned session from check-in to its start, a quarter of an hour later; return the lot drawn."""
        team = self.team
        with scoped(team.nurse):
            hopeless = self.plot.hopeless and number == self.plot.sessions
            if number > 1:
                self._phq9(at - timedelta(minutes=30), self.plot.scores[number - 1], by="staff", hopeless=hopeless)
            check_in(team.nurse, key=new_key(at=at), session=key, at=at)
            self._gather(key, at + timedelta(minutes=1))
            order = self._weigh(key, at + timedelta(minutes=2))
            note_readiness(team.nurse, key=new_key(at=at), session=key, answers=READY, at=at + timedelta(minutes=4))
            self._baseline(key, at)
            self._time_out(key, order, at)
            lot = draw_one(team.nurse, session=key, at=at + timedelta(minutes=11))
        with scoped(team.clinician):
            start(team.clinician, key=new_key(at=at), session=key, at=at + timedelta(minutes=15))
        return lot

    def _gather(self, key: UUID, at: datetime) -> None:
        """The team takes its roles, and the nurse looks at the equipment."""
        team, equipment = self.team, library().protocol(PROTOCOL).equipment
        for member, role in ((team.clinician, "physician_in_charge"), (team.nurse, "nurse")):
            name_member(team.nurse, key=new_key(at=at), session=key, account=member.actor, role=role, at=at)
        seen = [item.id for item in equipment]
        confirm_equipment(team.nurse, key=new_key(at=at), session=key, items=seen, at=at)

    def _weigh(self, key: UUID, at: datetime) -> UUID:
        return weigh(
            self.team.nurse,
            key=new_key(at=at),
            session=key,
            weight=Decimal(str(self.plot.weight_kg)),
            unit="kg",
            concentration_mg_per_ml=Decimal(1),
            at=at,
            confirmed=True,
        ).key

    def _baseline(self, key: UUID, at: datetime) -> None:
        found = list(readings(self.plot, key, started_at=at + timedelta(minutes=15), minutes=[-8], rng=self.rng))
        record_readings(self.team.nurse, found, at=at + timedelta(minutes=8))
        confirm_sound(self.team.nurse, key=new_key(at=at), session=key, at=at + timedelta(minutes=8))

    def _time_out(self, key: UUID, order: UUID, at: datetime) -> None:
        items = dict.fromkeys(TIME_OUT_ITEMS, True)
        sign_time_out(
            self.team.nurse, key=new_key(at=at), session=key, items=items, order=order, at=at + timedelta(minutes=9)
        )
        with scoped(self.team.second_nurse) as second:
            sign_time_out(
                second, key=new_key(at=at), session=key, items=items, order=order, at=at + timedelta(minutes=10)
            )

    def _run(self, key: UUID, started: datetime, number: int) -> None:
        nurse = self.team.nurse
        pauses = self.rng.random() < 0.08
        minutes = [10, 20, 30, 40, 55, 70, 85, 100, 115, 130, 145, 160]
        with scoped(nurse):
            found = list(readings(self.plot, key, started_at=started, minutes=minutes, rng=self.rng))
            soon = started + timedelta(minutes=30)
            record_readings(nurse, [each for each in found if each.measured_at <= soon], at=soon)
            later = [each for each in found if each.measured_at > soon]
            record_readings(nurse, later, at=started + timedelta(minutes=161))
            if pauses:
                pause(nurse, key=new_key(), session=key, reason="distress", at=started + timedelta(minutes=18))
                resume(nurse, key=new_key(), session=key, reason="settled", at=started + timedelta(minutes=24))
            ended = started + timedelta(minutes=46 if pauses else 40)
            complete(nurse, key=new_key(), session=key, at=ended)
            for alarm in alarms_of(nurse, key):
                at = alarm.alarm.raised_at + timedelta(seconds=8 + self.plot.seed % 80)
                acknowledge(nurse, key=new_key(at=at), alarm=alarm.alarm.key, act="looked_at_patient", at=at)
            begin_recovery(nurse, key=new_key(), session=key, at=ended + timedelta(minutes=1))
            self._event(key, started)
            left = ended + timedelta(minutes=125)
            note_leaving(nurse, key=new_key(), session=key, answers=LEAVING, at=left)
        with scoped(self.team.clinician):
            discharge(self.team.clinician, key=new_key(), session=key, at=left + timedelta(minutes=2))

    def _event(self, key: UUID, started: datetime) -> None:
        if self.rng.random() < 0.25:
            record_adverse_event(
                self.team.nurse,
                key=new_key(at=started),
                patient=self.patient,
                session=key,
                term=self.rng.choice(("nausea", "headache", "dizziness")),
                grade=1,
                relation="probable",
                course="recovered",
                measure="none",
                began_at=started + timedelta(minutes=30),
                ended_at=started + timedelta(minutes=80),
                at=started + timedelta(minutes=150),
            )

    def _answer_what_was_asked(self) -> None:
        """The patient answers most questions that were asked by phone; some are missed, as in life, and the tasks of
        cognition left out.
        """
        with scoped(self.team.coordinator) as scope:
            waiting = [
                a.invitation
                for a in all_asked(scope, patient=self.patient)
                if a.answered is None and a.called_off is None and a.invitation.instrument != TASK_SET
            ]
        last = None
        for invitation in sorted(waiting, key=lambda row: row.due_at):
            at = invitation.opens_at + (invitation.due_at - invitation.opens_at) * 0.7
            is_missed = self.rng.random() < 0.2
            if at >= self.now - timedelta(hours=1) or is_missed:
                continue
            last = last or at
            total = score_after(self.plot, (at - last).total_seconds() / 86400, self.rng)
            with scoped(Scope(self.team.nurse.site, None, "the patient's answer", patient=self.patient)) as visit:
                asks_depression = invitation.instrument == "phq9"
                mild = mild_answers(library().instrument(invitation.instrument), self.rng)
                answers = items_of(total, self.plot.seed) if asks_depression else mild
                answer(visit, key=new_key(at=at), invitation=invitation.key, answers=answers, at=at)
