"""The database of the tests is a real one, guarded like every other, reached with the application's own role."""

import os
from collections.abc import Iterator

import pytest
from django.test import Client
from hypothesis import HealthCheck, settings

from daybreak.config.cluster import using
from daybreak.config.database import close_connections
from daybreak.config.environment import installation
from tests.world.chromium import close_the_browser
from tests.world.databases import make_the_database
from tests.world.order import Times, longest_first, named
from tests.world.papers import looked_at
from tests.world.people import World, make_world, the_world

# Generated cases are the same in every run, and a slow machine is no fault.
settings.register_profile("tests", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("tests")
TIMES = Times()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin the longest files first."""
    items[:] = [items[position] for position in longest_first((i.nodeid.split("::")[0] for i in items), named())]


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Note how long a test took, with what it needed."""
    TIMES.add(report.nodeid, report.duration)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write which files took longest, once, where that was asked for."""
    if os.environ.get("DAYBREAK_TIMES") and not hasattr(session.config, "workerinput"):
        TIMES.write()


@pytest.fixture(scope="session")
def django_db_setup(django_db_blocker: pytest.FixtureRequest) -> Iterator[None]:
    """Start an embedded PostgreSQL without fsync, and let the people of the world come in; stop it at the end."""
    with using(installation().cluster, durable=False), django_db_blocker.unblock():
        make_the_database()
        make_world()
        yield
        close_the_browser()
        close_connections()


@pytest.fixture(scope="session", autouse=True)
def _papers() -> Iterator[None]:
    """Look at every PDF that any test prints, whether it is fit for keeping as it says."""
    with looked_at():
        yield


@pytest.fixture
def world(db: None) -> World:
    """Two synthetic clinics, `dawn` and `dusk`, a coordinating centre, and named people in every role.

    They were there before the first test, and each test's own transaction takes back what it did to them.
    """
    return the_world()


@pytest.fixture
def as_role(world: World) -> "SignIn":
    """Return a function that gives a browser's client signed in as the holder of a role at a site."""
    return SignIn(world)


class SignIn:
    """Signs a named person in."""

    def __init__(self, world: World) -> None:
        self.world = world

    def __call__(self, role: str, site: str = "dawn") -> Client:
        client = Client()
        client.force_login(self.world.staff[site, role], backend="allauth.account.auth_backends.AuthenticationBackend")
        return client
