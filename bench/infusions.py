"""Running infusions for the fault bars: sessions under way, monitors registered, devices with tokens."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from tests.world.people import World

SITE = "dawn"


@dataclass(frozen=True, slots=True)
class Chair:
    """A chair with a running session, the place its monitor names, the token of its device, and the cookie of a nurse
    who is signed in.
    """

    name: str
    session: UUID
    patient: UUID
    token: str
    nurse: str


def running(count: int) -> list[Chair]:
    """Make a site whose alarms are on, and so many running infusions; return the chairs. Django must be set up."""
    from daybreak.kernel.keys import new_key
    from daybreak.kernel.scope import scoped
    from daybreak.treat import public as treat
    from tests.rooms.treat.stage import planned, turn_alarms_on
    from tests.world.people import make_world

    world, chairs = make_world(), []
    turn_alarms_on(world, SITE)
    nurse = _signed_in(world)
    for number in range(1, count + 1):
        name = f"chair {number}"
        stage = planned(world, SITE, chair=name, hours_ago=0.5).started()
        with scoped(world.scope("site lead", SITE)) as scope:
            treat.register_monitor(
                scope, key=new_key(), name=f"monitor {number}", location=name, chair=name,
                model="monitor_ieee11073", at=world.now,
            )  # fmt: skip
            token = treat.issue_device_token(scope, key=new_key(), chair=name, name=f"device {number}", at=world.now)
        chairs.append(Chair(name, stage.session, stage.patient, token, nurse))
    return chairs


def _signed_in(world: "World") -> str:
    """Return the cookie of a nurse of the site who is signed in."""
    from django.conf import settings
    from django.test import Client

    client = Client()
    client.force_login(world.staff[SITE, "nurse"], backend="allauth.account.auth_backends.AuthenticationBackend")
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
