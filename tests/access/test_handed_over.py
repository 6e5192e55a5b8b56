"""A device in a patient's hands opens nothing else, whatever address is typed."""

import pytest

from daybreak.people.public import HANDED_OVER

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "address",
    [
        "/",
        "/at/dawn/",
        "/at/dawn/patients/",
        "/accounts/2fa/",
        "/accounts/password/change/",
        "/accounts/logout/",
        "/design/",
        "/healthz",
    ],
)
def test_a_handed_over_device_refuses_every_other_address(as_role, world, address):
    client = as_role("nurse")
    session = client.session
    session[HANDED_OVER] = {"site": "dawn", "patient": str(world.patient()), "pin_hash": "", "tries": 0, "back": "/"}
    session.save()
    assert client.get(address).status_code == 403
    assert client.post(address).status_code == 403
