"""Every address declares who may open it, strangers get 404, colleagues without the permission 403, and nobody gets a
5xx.
"""

import uuid

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from daybreak.kernel.permissions import Permission
from daybreak.people.public import ROLES

pytestmark = pytest.mark.django_db
# Addresses of libraries, and why they are open: sign-in itself, and pages about the signed-in person's own account.
LIBRARY = ("allauth.", "ninja.")
VALUES = {"uuid": uuid.UUID(int=7), "slug": "phq9", "str": "phq9", "int": 1, "path": "x"}


def routes(resolver=None, prefix="", names=()):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from routes(entry, prefix + str(entry.pattern), (*names, entry.namespace))
        elif isinstance(entry, URLPattern):
            yield prefix + str(entry.pattern), entry


def is_library(entry):
    return entry.callback.__module__.startswith(LIBRARY)


# Devices carry a token of their own, which the API checks before it reads a body.
API_ROOT = "api/"
OURS = [(pattern, entry) for pattern, entry in routes() if not is_library(entry) and pattern != API_ROOT]
AT_SITE = [(pattern, entry) for pattern, entry in OURS if pattern.startswith("at/<slug:site>/")]


def address(pattern, entry, site):
    converters = {"site": site}
    for name, converter in entry.pattern.converters.items():
        kind = type(converter).__name__.removesuffix("Converter").lower().replace("string", "str")
        converters.setdefault(name, VALUES[kind])
    path = pattern
    for part in pattern.split("<")[1:]:
        declared = part.split(">")[0]
        path = path.replace(f"<{declared}>", str(converters[declared.split(":")[-1]]))
    return "/" + path


@pytest.mark.parametrize(("pattern", "entry"), OURS, ids=[p for p, _ in OURS])
def test_every_route_declares_its_policy(pattern, entry):
    assert getattr(entry.callback, "policy", None), f"{pattern} has no policy: use `requires` or `open_to`"


def test_there_are_routes_to_look_at():
    assert len(AT_SITE) > 40


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(("pattern", "entry"), AT_SITE, ids=[p for p, _ in AT_SITE])
def test_a_stranger_finds_nothing_at_another_site(as_role, pattern, entry, method):
    client = as_role("clinician", "dusk")
    assert getattr(client, method)(address(pattern, entry, "dawn")).status_code == 404


@pytest.mark.parametrize(("pattern", "entry"), AT_SITE, ids=[p for p, _ in AT_SITE])
def test_somebody_who_is_not_signed_in_is_asked_to(client, world, pattern, entry):
    answer = client.get(address(pattern, entry, "dawn"))
    assert answer.status_code in (302, 401, 404)
    if answer.status_code == 302:
        assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize(("pattern", "entry"), AT_SITE, ids=[p for p, _ in AT_SITE])
def test_a_colleague_without_the_permission_is_refused_and_nobody_gets_a_server_error(as_role, pattern, entry):
    needed = {p for p in entry.callback.policy if isinstance(p, Permission)}
    for role, permissions in ROLES.items():
        colleague = as_role(role)
        for method in ("get", "post"):
            status = getattr(colleague, method)(address(pattern, entry, "dawn")).status_code
            assert status < 500, (role, method, pattern, status)
            if needed and not needed & permissions:
                assert status == 403, (role, method, pattern, status)
