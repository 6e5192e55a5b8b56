"""Somebody takes the shipped course, step by step, through the actions."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.learn.actions import begin_attempt, claim, enrol, evaluate, own_course, read_section, submit
from daybreak.learn.queries import drawn_in

COURSE = "ketamine_trd"
AT = datetime(2026, 12, 1, 10, tzinfo=UTC)


class Learner:
    """Somebody with a role at a site, in the middle of the shipped course."""

    def __init__(self, world, role="clinician", site="dawn"):
        self.scope = world.scope(role, site, "taking a course")
        self.enrolment = None
        self.minutes = 0

    @contextmanager
    def here(self):
        with scoped(self.scope):
            yield self

    @property
    def course(self):
        return own_course(self.scope, self.enrolment)

    def begins(self, at=AT):
        self.enrolment = enrol(self.scope, course=COURSE, at=at)
        return self

    def reads(self):
        for section in self.course.sections:
            read_section(self.scope, enrolment=self.enrolment, section=section.id, at=AT)
        return self

    def draws(self):
        return begin_attempt(self.scope, enrolment=self.enrolment, key=new_key(), at=AT)

    def right(self, attempt):
        return {each.item: self.course.item(each.item).right for each in drawn_in(attempt)}

    def wrong(self, attempt):
        answers = self.right(attempt)
        first = next(iter(answers))
        return {**answers, first: (answers[first] + 1) % len(self.course.item(first).answers)}

    def hands_in(self, attempt, answers):
        self.minutes += 1
        at = AT + timedelta(minutes=self.minutes)
        return submit(self.scope, enrolment=self.enrolment, attempt=attempt.key, answers=answers, at=at)

    def passes(self):
        attempt = self.draws()
        self.hands_in(attempt, self.right(attempt))
        return self

    def judges(self):
        answers = {question.id: 0 for question in self.course.evaluation}
        evaluate(self.scope, enrolment=self.enrolment, answers=answers, at=AT)
        return self

    def claims(self, credit="0.5", minutes=30, profession="other", credit_type="participation", at=AT):
        return claim(
            self.scope, enrolment=self.enrolment, credit=Decimal(credit), minutes=minutes, profession=profession,
            credit_type=credit_type, may_report=False, at=at,
        )  # fmt: skip

    def until_claim(self):
        return self.begins().reads().passes().judges()
