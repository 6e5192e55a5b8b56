"""The way through a course, in order and out of it; nothing is half-issued."""

import json
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import NOWHERE, scoped
from daybreak.learn.actions import (
    HandedInAlready,
    NoSuchCourse,
    NotAProvider,
    NotClaimable,
    NotOpen,
    NotYet,
    Unanswered,
    claim,
    enrol,
    evaluate,
    issue_again,
    name_provider,
    read_section,
)
from daybreak.learn.models import Attempt, Certificate, Claim, Submission
from daybreak.learn.queries import submissions, transcript, verified
from daybreak.people.public import credentials, standing_for
from tests.rooms.learn.walking import AT, COURSE, Learner

pytestmark = pytest.mark.django_db
LAST_DAY = datetime(2028, 10, 31, 12, tzinfo=UTC)


def test_a_nurse_fails_three_times_passes_and_is_granted_a_certificate_of_participation(world):
    with Learner(world, "nurse").here() as nurse:
        nurse.begins().reads()
        for _ in range(3):
            attempt = nurse.draws()
            assert not nurse.hands_in(attempt, nurse.wrong(attempt)).passed
        granted = nurse.passes().judges().claims()

        assert [each.passed for each in submissions(nurse.scope, nurse.enrolment)] == [False, False, False, True]
        assert (granted.name, granted.credit_type, granted.provider, granted.statements) == (
            "Noor Haddad", "participation", "", [],
        )  # fmt: skip
        assert transcript(account=nurse.scope.actor) == [granted]


def test_a_granted_certificate_is_the_credential_that_the_gate_asks_for(world):
    world.credential("clinician", "acls")
    with Learner(world).here() as clinician:
        asked = {"account": clinician.scope.actor, "role": "start an infusion", "on": AT.date()}
        before = standing_for(clinician.scope, **asked)
        granted = clinician.until_claim().claims()
        after = standing_for(clinician.scope, **asked)

        assert before.missing == ("no course certificate",)
        assert after.allowed
        held = credentials(clinician.scope, account=clinician.scope.actor)
        assert [each.number for each in held if each.kind == "course"] == [granted.code]


def test_without_pass_evaluation_and_claim_there_is_no_certificate(world):
    with Learner(world).here() as clinician:
        clinician.begins()
        with pytest.raises(NotYet, match="Read every section"):
            clinician.draws()
        with pytest.raises(NotYet, match="Read every section"):
            clinician.claims()
        clinician.reads()
        with pytest.raises(NotYet, match="Pass the quiz"):
            clinician.judges()
        attempt = clinician.draws()
        clinician.hands_in(attempt, clinician.wrong(attempt))
        with pytest.raises(NotYet, match="Pass the quiz"):
            clinician.claims()
        clinician.passes()
        with pytest.raises(NotYet, match="Answer the questions"):
            clinician.claims()
        with pytest.raises(NotYet, match="no certificate"):
            issue_again(clinician.scope, enrolment=clinician.enrolment, at=AT)

        assert not Certificate.objects.exists()
        assert not Claim.objects.exists()
        assert not credentials(clinician.scope, account=clinician.scope.actor)


def test_the_database_keeps_a_certificate_from_standing_without_its_three_grounds(world):
    with Learner(world).here() as clinician:
        granted = clinician.until_claim().claims()
        for name in ("submission_key", "evaluation_key", "claim_key"):
            copy = Certificate.objects.get(key=granted.key)
            copy.key, copy.corrects, copy.code = new_key(), granted.key, "X"
            setattr(copy, name, new_key())
            fields = {f.attname: getattr(copy, f.attname) for f in Certificate._meta.local_concrete_fields if f.column}
            for left in ("batch", "recorded_at", "recorded_by"):
                fields.pop(left)
            with pytest.raises(IntegrityError), transaction.atomic():
                _insert(fields)


def _insert(fields):
    names = ", ".join(f'"{name}"' for name in fields)
    values = [json.dumps(v) if isinstance(v, list) else v for v in fields.values()]
    with connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO learn_certificate ({names}) VALUES ({', '.join(['%s'] * len(values))})", values)


def test_sections_are_read_in_their_order(world):
    with Learner(world).here() as clinician:
        clinician.begins()
        with pytest.raises(NotYet, match="in their order"):
            read_section(clinician.scope, enrolment=clinician.enrolment, section="service", at=AT)
        with pytest.raises(NoSuchCourse):
            read_section(clinician.scope, enrolment=clinician.enrolment, section="cooking", at=AT)


def test_two_tabs_have_one_quiz_and_it_is_handed_in_once(world):
    with Learner(world).here() as clinician:
        clinician.begins().reads()
        one, other = clinician.draws(), clinician.draws()
        assert one.key == other.key
        clinician.hands_in(one, clinician.wrong(one))
        with pytest.raises(HandedInAlready, match="perhaps in another tab"):
            clinician.hands_in(other, clinician.right(other))

        assert [each.passed for each in Submission.objects.all()] == [False]
        assert clinician.draws().key != one.key
        assert Attempt.objects.count() == 2


def test_a_question_that_is_left_out_is_named_and_nothing_is_handed_in(world):
    with Learner(world).here() as clinician:
        clinician.begins().reads()
        attempt = clinician.draws()
        answers = clinician.right(attempt)
        left = answers.popitem()[0]
        with pytest.raises(Unanswered) as refused:
            clinician.hands_in(attempt, answers)

        assert refused.value.missing == (left,)
        assert not Submission.objects.exists()


def test_the_evaluation_takes_only_what_it_offers(world):
    with Learner(world).here() as clinician:
        clinician.begins().reads().passes()
        with pytest.raises(Unanswered):
            evaluate(clinician.scope, enrolment=clinician.enrolment, answers={"right_level": 7}, at=AT)


def test_a_claim_above_the_maximum_or_the_time_leaves_nothing_behind(world):
    with Learner(world).here() as clinician:
        clinician.until_claim()
        for refused in ({"credit": "0.75"}, {"credit": "0.5", "minutes": 15}, {"credit": "0.1"}):
            with pytest.raises(NotClaimable):
                clinician.claims(**refused)
        assert not Claim.objects.exists()

        assert clinician.claims(credit="0.25", minutes=15).credit == Decimal("0.25")
        again = clinician.claims(credit="0.5", minutes=30)
        assert (again.credit, Certificate.objects.count()) == (Decimal("0.25"), 1)


def test_credit_of_physicians_is_refused_until_a_provider_is_configured(world):
    lead = world.scope("site lead", purpose="naming the provider")
    with Learner(world).here() as clinician:
        clinician.until_claim()
        with pytest.raises(NotClaimable, match="No accredited provider"):
            clinician.claims(profession="physician", credit_type="ama_pra_category_1")
        assert not Claim.objects.exists()
    with scoped(lead):
        with pytest.raises(NotAProvider, match="in the past"):
            name_provider(
                lead, key=new_key(), name="The Academy", from_day=AT.date() - timedelta(days=1), until_day=None, at=AT
            )
        name_provider(lead, key=new_key(), name="The Academy", from_day=AT.date(), until_day=None, at=AT)
    with clinician.here():
        with pytest.raises(NotClaimable, match="Only physicians"):
            clinician.claims(profession="other", credit_type="ama_pra_category_1")
        granted = clinician.claims(profession="physician", credit_type="ama_pra_category_1")

        assert granted.provider == "The Academy"
        assert "designates this enduring material for a maximum of 0.5" in granted.statements[1]


def test_after_expiry_nobody_starts_or_claims_and_what_was_granted_stays(world):
    over = LAST_DAY + timedelta(days=1)
    with Learner(world, "nurse").here() as late:
        with pytest.raises(NotOpen, match=r"ended on 31 October 2028: it cannot be begun"):
            late.begins(at=over)
        late.begins(at=LAST_DAY)
    with Learner(world).here() as clinician:
        granted = clinician.until_claim().claims(at=LAST_DAY)
    with scoped(NOWHERE):
        assert verified(granted.code).completed_on == date(2028, 10, 31)
    with Learner(world, "site lead").here() as lead:
        lead.until_claim()
        with pytest.raises(NotOpen, match="cannot be claimed"):
            lead.claims(at=over)


def test_a_certificate_keeps_its_code_when_it_is_issued_again_under_another_name(world):
    account = world.staff["dawn", "clinician"]
    with Learner(world).here() as clinician:
        first = clinician.until_claim().claims()
        assert issue_again(clinician.scope, enrolment=clinician.enrolment, at=AT).key == first.key
        type(account).objects.filter(key=account.key).update(name="Clara Okafor-Lind")
        second = issue_again(clinician.scope, enrolment=clinician.enrolment, at=AT)
        third = issue_again(clinician.scope, enrolment=clinician.enrolment, at=AT + timedelta(days=1))

        assert (second.code, second.completed_on, second.name) == (first.code, first.completed_on, "Clara Okafor-Lind")
        assert third.key == second.key
        assert [each.name for each in transcript(account=account.key)] == ["Clara Okafor-Lind"]
    with scoped(NOWHERE):
        assert verified(first.code).name == "Clara Okafor-Lind"


def test_nobody_walks_on_anothers_way(world):
    with Learner(world).here() as clinician:
        clinician.begins()
    with Learner(world, "nurse").here() as nurse:
        with pytest.raises(NoSuchCourse):
            read_section(nurse.scope, enrolment=clinician.enrolment, section="trials", at=AT)
        with pytest.raises(NoSuchCourse):
            claim(
                nurse.scope, enrolment=clinician.enrolment, credit=Decimal("0.5"), minutes=30, profession="other",
                credit_type="participation", may_report=False, at=AT,
            )  # fmt: skip
        with pytest.raises(NoSuchCourse):
            enrol(nurse.scope, course=f"{COURSE}x", at=AT)


def test_a_stranger_learns_what_the_paper_says_and_a_code_that_nobody_has_says_nothing(world):
    with Learner(world).here() as clinician:
        granted = clinician.until_claim().claims()
    with scoped(NOWHERE):
        told = verified(granted.code)
        assert (told.name, told.credit, told.site) == ("Clara Okafor", Decimal("0.5"), "dawn")
        assert verified("2345-6789-ABCD-EFGH") is None
        assert not Certificate.objects.exists()
