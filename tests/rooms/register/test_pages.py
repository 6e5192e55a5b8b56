"""The data manager's pages: who may open them, who may freeze, and what they say."""

import re
from datetime import timedelta

import pytest

from daybreak.register.actions import create_snapshot
from tests.rooms.register.house import House

PAGES = (
    "register/",
    "register/columns/",
    "register/columns/dictionary.pdf",
    "register/snapshot/{id}/",
    "watch/",
    "watch/over-time/",
    "watch/figure/response.csv",
    "watch/questions/",
    "watch/questions/dose/",
    "watch/questions/dose/figure/difference.csv",
)
READERS = {
    "register": ("data manager", "analyst"),
    "watch": ("data manager", "analyst", "safety board member", "site lead"),
}


@pytest.mark.parametrize("page", PAGES)
def test_owner_colleague_and_stranger(house: House, page: str) -> None:
    made = create_snapshot(actor=None, at=house.now)
    address = f"/at/dawn/{page.format(id=made.id)}?of=all&snapshot={made.id}"
    room = page.split("/", maxsplit=1)[0]

    for role in READERS[room]:
        expected = 404 if page.endswith("csv") else 200  # nobody has been treated: there is no figure to take away
        assert house.sign_in(role, "dawn").get(address).status_code == expected
    assert house.sign_in("nurse", "dawn").get(address).status_code == 403
    assert house.sign_in(READERS[room][0], "dusk").get(address).status_code == 404


def test_harm_over_time_is_shown_and_answered_in_words(house: House) -> None:
    for number in range(3):
        for site in ("dawn", "dusk"):
            key = house.person(site)
            started = house.now - timedelta(days=40 + number)
            session = house.session(key, house.course(key, site, opened_at=started), site, number=1, started_at=started)
            if number:
                house.event(key, session, site, term="nausea", at=started)
    made = create_snapshot(actor=None, at=house.now)
    centre, lead = house.sign_in("data manager", "centre"), house.sign_in("site lead", "dawn")

    for client, site in ((centre, "centre"), (lead, "dawn")):
        page = client.get(f"/at/{site}/watch/over-time/?snapshot={made.id}&what=any_event")
        assert page.status_code == 200
        assert "Nothing has reached its limit" in page.content.decode()
        assert client.get(f"/at/{site}/watch/over-time/?snapshot={made.id}&what=nothing").status_code == 404
    assert "Nothing has reached its limit" in centre.get(f"/at/centre/watch/?snapshot={made.id}").content.decode()
    for kind in ("csv", "svg"):
        address = f"over-time/figure/cusum.{kind}?snapshot={made.id}&what=any_event"
        assert centre.get(f"/at/centre/watch/{address}").status_code == 200
        assert lead.get(f"/at/dawn/watch/{address}").status_code == 404, "too few people elsewhere"


def test_an_open_question_is_answered_honestly_where_few_were_treated(house: House) -> None:
    for number in range(3):
        key = house.person("dawn")
        started = house.now - timedelta(days=40 + number)
        house.session(key, house.course(key, "dawn", opened_at=started), "dawn", number=1, started_at=started)
    made = create_snapshot(actor=None, at=house.now)
    lead = house.sign_in("site lead", "dawn")

    listed = lead.get(f"/at/dawn/watch/questions/?snapshot={made.id}").content.decode()
    page = lead.get(f"/at/dawn/watch/questions/resistance/?snapshot={made.id}").content.decode()

    assert listed.count("Not enough") >= 10
    assert "Cannot be answered without a trial" in listed
    assert f"daybreak question run resistance --version 1 --snapshot {made.id} --json" in page
    assert "What would change our mind" in page
    assert lead.get(f"/at/dawn/watch/questions/nothing/?snapshot={made.id}").status_code == 404
    assert lead.get("/at/dawn/watch/questions/dose/?snapshot=nothing").status_code == 404


def test_only_the_centre_freezes(house: House) -> None:
    assert house.sign_in("data manager", "dawn").post("/at/dawn/register/freeze/").status_code == 403
    assert house.sign_in("analyst", "centre").post("/at/centre/register/freeze/").status_code == 403
    assert house.sign_in("data manager", "centre").get("/at/centre/register/freeze/").status_code == 405

    answer = house.sign_in("data manager", "centre").post("/at/centre/register/freeze/", follow=True)

    assert answer.status_code == 200
    assert "It is what was frozen" in answer.content.decode()
    assert "Dana Novak" in answer.content.decode()


def test_a_snapshot_that_does_not_exist_is_not_found(house: House) -> None:
    made = create_snapshot(actor=None, at=house.now)
    assert house.sign_in("data manager", "centre").get("/at/centre/register/snapshot/nothing/").status_code == 404
    assert house.sign_in("data manager", "centre").get("/at/centre/watch/?snapshot=nothing").status_code == 404
    assert house.sign_in("site lead", "dawn").get(f"/at/dawn/watch/?of=dusk&snapshot={made.id}").status_code == 404


def test_a_changed_snapshot_is_named_and_nothing_is_drawn(house: House, folder: object) -> None:
    made = create_snapshot(actor=None, at=house.now)
    (folder / made.id / "person" / "site=dawn" / "rows.parquet").write_bytes(b"other")

    watch = house.sign_in("data manager", "centre").get(f"/at/centre/watch/?snapshot={made.id}")
    register = house.sign_in("data manager", "centre").get(f"/at/centre/register/snapshot/{made.id}/")

    assert watch.status_code == 409
    assert "is not what was frozen" in watch.content.decode()
    assert "person/site=dawn/rows.parquet" in register.content.decode()


def test_a_site_reads_its_own_rows_and_no_total_of_all_sites(house: House) -> None:
    for site, people in (("dawn", 2), ("dusk", 5)):
        for _ in range(people):
            house.person(site)
    made = create_snapshot(actor=None, at=house.now)
    everybody = made.rows["person"]
    pages = {
        (role, site, page): house.sign_in(role, site).get(f"/at/{site}/register/{page}").content.decode()
        for role, site in (("data manager", "centre"), ("analyst", "dawn"))
        for page in ("", f"snapshot/{made.id}/", "releases/ask/")
    }

    def cells(role: str, site: str, page: str) -> list[str]:
        return re.findall(r'<td class="number"[^>]*>([^<]*)<', pages[role, site, page])

    assert str(everybody) in cells("data manager", "centre", "")
    assert str(everybody) in cells("data manager", "centre", f"snapshot/{made.id}/")
    assert str(everybody) not in cells("analyst", "dawn", "")
    assert str(everybody) not in cells("analyst", "dawn", f"snapshot/{made.id}/")
    assert f"{everybody} people" not in pages["analyst", "dawn", "releases/ask/"]
    assert "Your own site" in pages["analyst", "dawn", f"snapshot/{made.id}/"]
