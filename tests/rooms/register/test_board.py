"""From a signal to a decision and a hold: the safety board's page, on a register in which one site does worse."""

from datetime import timedelta

import pytest

from daybreak.kernel.keys import new_key
from daybreak.register.actions import create_snapshot
from daybreak.watch.queries import over_time, waiting
from tests.rooms.register.house import House

BOARD, DECIDE = "/at/centre/board/", "/at/centre/board/decide/"


@pytest.fixture(scope="module")
def worse_at_dusk(house: House) -> None:
    """A register in which events follow every session at dusk, and few at dawn."""
    for number in range(24):
        for site in ("dawn", "dusk"):
            started = house.now - timedelta(days=7 * number + 1)
            key = house.person(site)
            session = house.session(key, house.course(key, site, opened_at=started), site, number=1, started_at=started)
            if site == "dusk" or number % 8 == 0:
                house.event(key, session, site, term="nausea", at=started)


def test_a_signal_is_decided_on_once_by_the_board_and_the_hold_is_signed(house: House, worse_at_dusk: None) -> None:
    made = create_snapshot(actor=None, at=house.now)
    open_ones = waiting(over_time(made.id))
    assert {each.site for each in open_ones if each.test == "cusum"} == {"dusk"}
    signal = next(each.key for each in open_ones if each.test == "cusum" and each.kind == "any_event")
    member = house.sign_in("safety board member", "centre")
    assert "waits for a decision" in member.get("/at/centre/watch/").content.decode().replace("wait for", "waits for")
    assert signal in member.get(BOARD).content.decode()

    said = {"key": new_key(), "decision": "hold", "reason": "Every session is followed by an event."}
    wrong = member.post(f"{DECIDE}?signal={signal}", said)
    assert wrong.status_code == 200
    assert "Say which protocol is held." in wrong.content.decode()
    said |= {"protocol": "ketamine_iv_40min", "at_site": "dusk"}
    wrong = member.post(f"{DECIDE}?signal={signal}", said)
    assert "Say what follows, and by when" in wrong.content.decode()
    assert not house.sql("SELECT 1 FROM treat_protocolhold"), "both or nothing"
    said |= {"follow_up": "The site is visited.", "follow_up_on": f"{house.now + timedelta(days=7):%Y-%m-%d}"}
    done = member.post(f"{DECIDE}?signal={signal}", said, follow=True)

    page = done.content.decode()
    assert done.status_code == 200
    assert "Every session is followed by an event." in page
    assert "Sofia Brandt" in page
    assert house.sql("SELECT protocol, at_site, signal FROM treat_protocolhold") == [
        ("ketamine_iv_40min", "dusk", signal)
    ]
    assert signal not in [each.key for each in waiting(over_time(made.id))]
    assert member.post(f"{DECIDE}?signal={signal}", said | {"key": new_key()}).status_code == 404

    hold = house.sql("SELECT key FROM treat_protocolhold")[0][0]
    lift = {"key": new_key(), "hold": hold, "reason": ""}
    assert member.post("/at/centre/board/lift/", lift).status_code == 200
    lifted = member.post("/at/centre/board/lift/", lift | {"reason": "Visited; a batch was withdrawn."}, follow=True)
    assert "No protocol is held." in lifted.content.decode()


def test_owner_colleague_and_stranger(house: House) -> None:
    assert house.sign_in("safety board member", "dawn").get("/at/dawn/board/").status_code == 200
    assert house.sign_in("site lead", "dawn").get("/at/dawn/board/").status_code == 403
    assert house.sign_in("safety board member", "dusk").get("/at/dawn/board/").status_code == 404
    assert house.sign_in("data manager", "centre").post("/at/centre/board/hold/").status_code == 403
    assert house.sign_in("safety board member", "centre").get(f"{DECIDE}?signal=nothing").status_code == 404


def test_a_hold_that_cannot_be_signed_says_why(house: House) -> None:
    member = house.sign_in("safety board member", "dawn")
    said = {"key": new_key(), "protocol": "ketamine_iv_40min", "at_site": "", "reason": "A suspicion."}

    answer = member.post("/at/dawn/board/hold/", said)

    assert answer.status_code == 200
    assert "own clinic only" in answer.content.decode()
