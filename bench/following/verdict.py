"""The verdict on a simulated year: what the database holds, beside what was written down outside."""

from collections import Counter
from collections.abc import Iterator, Sequence
from uuid import UUID

from bench.following.oracle import opinion
from bench.following.year import DAY, START, YEAR, Patient, Year, replan

TOGETHER = 200  # patients who are read at once
UNTIL = START + YEAR


def judged(year: Year) -> Counter:
    """Compare the database with what is known outside; return how many of each kind of fault there are."""
    from daybreak.kernel.scope import scoped

    faults, stored = Counter(), set()
    with scoped(year.scope("clinician")) as scope:
        for start in range(0, len(year.patients), TOGETHER):
            some = year.patients[start : start + TOGETHER]
            faults.update(_asked_wrongly(scope, some))
            faults.update(_told_wrongly(scope, some))
            for patient in some:
                faults.update(_stored_wrongly(scope, year, patient, stored))
        faults.update(_lost(scope, year, stored))
        faults.update(_escalations(scope, year))
    return faults


def how_they_stand(year: Year) -> Counter:
    """Return how many tasks there are, and how many of them are closed, taken, still within their time, or ringing."""
    from daybreak.follow_up import public as follow_up
    from daybreak.kernel.scope import scoped

    with scoped(year.scope("clinician")) as scope:
        waiting = follow_up.open_tasks(scope)
        every = follow_up.Task.objects.filter(site=scope.site).count()
    found = Counter(_stands(each) for each in waiting)
    return found + Counter(tasks=every, closed=every - len(waiting))


def _stands(each) -> str:
    if each.taken_at is not None:
        return "taken"
    if each.escalated_at is not None:
        return "ringing"
    return "in time" if each.task.take_by >= UNTIL - DAY else "silent"


def _asked_wrongly(scope, patients: Sequence[Patient]) -> Iterator[str]:
    from daybreak.follow_up.queries.invitations import of_patients

    asked: dict[UUID, Counter] = {patient.key: Counter() for patient in patients}
    for each in of_patients(scope, list(asked)):
        row, off = each.invitation, each.called_off
        if row.opens_at < min(off.called_off_at if off else UNTIL, UNTIL):
            asked[row.patient_key][row.rule, row.session_key, row.due_at] += 1
    for patient in patients:
        replan(patient, UNTIL, {})
        found = asked[patient.key]
        yield from ["asked twice"] * sum(count - 1 for count in found.values())
        yield from ["not asked"] * len(patient.ought - set(found))
        yield from ["asked in vain"] * len(set(found) - patient.ought)


def _stored_wrongly(scope, year: Year, patient: Patient, stored: set[UUID]) -> Iterator[str]:
    from daybreak.measure.public import answer_sets

    for row in answer_sets(scope, patient=patient.key):
        stored.add(row.key)
        if year.outside.stored.get(row.key) != dict(row.answers):
            yield "stored wrong"


def _told_wrongly(scope, patients: Sequence[Patient]) -> Iterator[str]:
    from daybreak.follow_up import public as follow_up
    from daybreak.measure.public import library

    measures = {measure.rule.kind: measure for measure in library().outcome_measures()}
    keys = [patient.key for patient in patients]
    for at in (START + 60 * DAY, UNTIL):
        told = follow_up.courses_so_far(scope, keys, at=at)
        yield from ("outcome" for each in patients if _disagrees(measures, each, told.get(each.key), at))


def _disagrees(measures, patient: Patient, found, at) -> bool:
    from bench.following.courses import MINUTE, in_its_words
    from bench.following.courses import START as ZERO

    scores = [((when - ZERO) // MINUTE, value) for when, value in patient.scores]
    sessions = [(when - ZERO) // MINUTE for when in patient.sessions.values()]
    if found is None:
        return bool(scores)
    expected = opinion(measures, scores, sessions, (at - ZERO) // MINUTE)
    return found.response is not None if expected is None else in_its_words(measures, found) != expected


def _lost(scope, year: Year, stored: set[UUID]) -> Counter:
    from daybreak.ledger.public import waiting_in_tray

    waiting = {item.content["answer_set"] for item in waiting_in_tray(scope) if "answer_set" in item.content}
    lost = set(year.outside.stored) - stored
    in_vain = {str(key) for key in year.outside.second} - waiting
    return Counter({"lost": len(lost) + len(in_vain), "stored twice": len(stored - set(year.outside.stored))})


def _escalations(scope, year: Year) -> Counter:
    """Every answer that calls for somebody has a task, those that were kept for a person too; each task is closed, not
    due yet, or ringing still.
    """
    from daybreak.follow_up import public as follow_up

    raised = follow_up.Task.objects.filter(site=scope.site).exclude(kind="answers to settle")
    of_sets, of_invitations = set(), set()
    for answer_set, invitation in raised.values_list("answer_set_key", "invitation_key"):
        of_sets.add(answer_set)
        of_invitations.add(invitation)
    outside = year.outside
    missing = {key for key in outside.calling & set(outside.stored) if key not in of_sets}
    missing |= {key for key in outside.calling & set(outside.second) if outside.second[key] not in of_invitations}
    silent = sum(_stands(each) == "silent" for each in follow_up.open_tasks(scope))
    return Counter({"nobody called": len(missing), "silent": silent})
