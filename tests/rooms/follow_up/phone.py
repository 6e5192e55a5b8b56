"""What the tests of follow-up share: a patient after a session, invitations, links and answers."""

from datetime import datetime, timedelta
from uuid import UUID

from daybreak.follow_up import public as follow_up
from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.measure.public import library
from tests.rooms.treat.stage import Stage, planned
from tests.world.people import World


def after_a_session(world: World, site: str = "dawn", **more: object) -> Stage:
    """Return a stage whose first session has started some hours ago."""
    return planned(world, site, **more).started()


def invited(world: World, patient: UUID, *, site: str = "dawn", at: datetime | None = None) -> follow_up.Invitation:
    """Ask the patient a PHQ-9 by hand."""
    with scoped(world.scope("coordinator", site)) as scope:
        return follow_up.invite(scope, key=new_key(), patient=patient, instrument="phq9", at=at or world.now)


def token_for(world: World, invitation: follow_up.Invitation, *, site: str = "dawn") -> str:
    """Hand a link over and return its secret."""
    with scoped(world.scope("coordinator", site)) as scope:
        return follow_up.hand_over_link(scope, invitation=invitation.key, at=world.now + timedelta(minutes=1))


def answers(value: int = 1, **others: int) -> dict[str, int]:
    """Return answers to every question of the PHQ-9, none of them calling for someone unless asked to."""
    given = {item.id: value for item in library().instrument("phq9").items if not item.optional}
    return given | {"self_harm": 0} | others
