"""Invitations as they stand."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection
from django.utils.translation import gettext as _

from daybreak.follow_up.models import Answered, CalledOff, Invitation
from daybreak.follow_up.queries.observation import ended_of_each
from daybreak.follow_up.rules.invitations import State, hash_of, state_of, takes_answers
from daybreak.kernel.scope import Scope, scoped
from daybreak.ledger.public import Read, rows, standing, together
from daybreak.measure.public import answer_sets, library
from daybreak.people.public import Death
from daybreak.rulebook.public import TASK_SET, Asking, Continuation

MISSED_FOR = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Asked:
    """An invitation with what became of it. `has_died`: the patient, as is asked of one invitation alone."""

    invitation: Invitation
    answered: Answered | None
    called_off: CalledOff | None
    has_died: bool = False

    def state(self, at: datetime) -> State:
        """Return where it stands at a moment."""
        return state_of(
            opens_at=self.invitation.opens_at,
            due_at=self.invitation.due_at,
            closes_at=self.invitation.closes_at,
            is_answered=self.answered is not None,
            is_called_off=self.called_off is not None,
            at=at,
        )

    def takes_answers(self, at: datetime) -> bool:
        """Return whether answers that arrive now count."""
        return takes_answers(opens_at=self.invitation.opens_at, closes_at=self.invitation.closes_at, at=at)


@dataclass(frozen=True, slots=True)
class Due:
    """Something a patient is asked for and has not answered: open, late, or ended a short while ago without
    an answer.
    """

    invitation: Invitation
    state: State

    @property
    def is_late(self) -> bool:
        """Whether it should have been answered by now."""
        return self.state in (State.LATE, State.ENDED)


@dataclass(frozen=True, slots=True)
class Visit:
    """What a link opens: one invitation of one patient."""

    site: str
    invitation: UUID
    patient: UUID
    is_withdrawn: bool = False

    @property
    def scope(self) -> Scope:
        """The scope of the visit: this site and this one patient, nobody else."""
        return Scope(site=self.site, actor=None, purpose="the patient's answer", patient=self.patient)


def opened_by(*, site: str, token: str) -> Visit | None:
    """Return what the link opens, or nothing.

    Asks the database under a scope in which no row of any site can be seen.
    """
    with scoped(Scope(site="", actor=None, purpose="a link is opened")), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM follow_up_opened_by(%s, %s)", [site, hash_of(token)])
        found = cursor.fetchone()
    return Visit(site, *found) if found else None


def asked(scope: Scope, invitation: UUID) -> Asked | None:
    """Return one invitation of the site with what became of it, or nothing."""
    of_it = {"site": scope.site, "invitation_key": invitation}
    itself = Read(Invitation, {"site": scope.site, "key": invitation})
    death = Read(Death, {"site": scope.site, "patient_key": itself.its("patient_key"), "taken_back": False})
    *found, died = together(itself, Read(Answered, of_it), Read(CalledOff, of_it), death)
    return next((replace(each, has_died=bool(died)) for each in _joined(*found)), None)


def all_asked(scope: Scope, *, patient: UUID) -> list[Asked]:
    """Return every invitation of a patient with what became of it, by when it is due."""
    theirs = {"site": scope.site, "patient_key": patient}
    every = Read(Invitation, theirs, by=("due_at", "key"))
    return _joined(*together(every, Read(Answered, theirs), Read(CalledOff, theirs)))


def still_asked(scope: Scope, *, patient: UUID) -> list[Asked]:
    """Return a patient's invitations that hold or were answered, by when they are due: those that were called off, most
    of all there are, cost nothing.
    """
    theirs = {"site": scope.site, "patient_key": patient}
    answered = Read(Answered, theirs)
    gone = Read(CalledOff, theirs | {"invitation_key": answered.none_of("invitation_key")})
    hold = Read(Invitation, theirs | {"key": gone.none_of("invitation_key")}, by=("due_at", "key"))
    return _joined(*together(hold, answered), ())


def called_off_among(scope: Scope, invitations: Collection[UUID]) -> list[CalledOff]:
    """Return why those of the invitations that were called off were."""
    return rows(Read(CalledOff, {"site": scope.site, "invitation_key": list(invitations)})) if invitations else []


def what_is_asked(row: Invitation) -> str:
    """Return what an invitation asks for, as it is called: a questionnaire, or the tasks of cognition."""
    if row.instrument == TASK_SET:
        return _("Short tasks of cognition, exploratory")
    return library().instrument(row.instrument, row.version).title


def due(scope: Scope, *, at: datetime) -> list[Due]:
    """Return what is open, late, or ended in the last days without an answer, the longest waiting first.

    Nobody is reminded of somebody who has died, moved away, withdrawn or is lost.
    """
    found = standing(Invitation).filter(site=scope.site, opens_at__lte=at, closes_at__gt=at - MISSED_FOR)
    states = [(each.invitation, each.state(at)) for each in _with_ends(scope, found.order_by("due_at", "key"))]
    waiting = [Due(row, state) for row, state in states if state in (State.OPEN, State.LATE, State.ENDED)]
    over = ended_of_each(scope, {each.invitation.patient_key for each in waiting})
    return [each for each in waiting if each.invitation.patient_key not in over]


def of_patients(scope: Scope, patients: Collection[UUID]) -> list[Asked]:
    """Return every invitation of these patients with what became of it, by when it is due."""
    if not patients:
        return []
    theirs = {"site": scope.site, "patient_key": list(patients)}
    every = Read(Invitation, theirs, by=("due_at", "key"))
    return _joined(*together(every, Read(Answered, theirs), Read(CalledOff, theirs)))


def asking_at() -> Asking | None:
    """Return how patients are asked again, by the first active definition that says so."""
    held = (each for each in library().active("continuation") if isinstance(each, Continuation))
    return next((each.asking for each in held), None)


def recently_answered(scope: Scope, *, since: datetime) -> list[UUID]:
    """Return the patients who answered something since then."""
    found = standing(Answered).filter(site=scope.site, answered_at__gte=since)
    return sorted(set(found.values_list("patient_key", flat=True)))


def answers_of(scope: Scope, answered: Answered) -> dict[str, int]:
    """Return the answers that were stored for an invitation."""
    sets = answer_sets(scope, patient=answered.patient_key)
    return next(dict(each.answers) for each in sets if each.key == answered.answer_set_key)


def _with_ends(scope: Scope, invitations: Iterable[Invitation]) -> list[Asked]:
    every = list(invitations)
    of_these = {"site": scope.site, "invitation_key": [row.key for row in every]}
    return _joined(every, *together(Read(Answered, of_these), Read(CalledOff, of_these))) if every else []


def _joined(
    invitations: Iterable[Invitation], answered: Iterable[Answered], called_off: Iterable[CalledOff]
) -> list[Asked]:
    answers = {row.invitation_key: row for row in answered}
    ends = {row.invitation_key: row for row in called_off}
    return [Asked(row, answers.get(row.key), ends.get(row.key)) for row in invitations]
