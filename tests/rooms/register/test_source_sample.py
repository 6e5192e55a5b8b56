"""A sample compared with its sources: drawn by chance and again by its seed, kept at the clinic, counted exactly."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

import pytest
from django.db import transaction

from daybreak.kernel.keys import new_key
from daybreak.kernel.scope import scoped
from daybreak.register.models import SourceComparison, SourceItem
from daybreak.register.quality.rules import FIELDS, SCORE, SESSION, agreement, drawn
from daybreak.register.quality.sampling import (
    NoSample,
    compare_item,
    draw_sample,
    items_of,
    records_now,
    sample_of,
    samples_of,
)
from tests.rooms.register.house import House
from tests.rooms.register.test_quality_pages import treated

ALL_AGREE = dict.fromkeys(FIELDS[SESSION], "agrees")


@pytest.fixture(scope="module", autouse=True)
def people(house: House) -> None:
    """Eight people were treated at one clinic, the last of whom answered on a phone too and comes again; one more was
    without consent, and one at another clinic.
    """
    for _ in range(8):
        someone = treated(house)
    house.add("measure_scores", site="dawn", patient_key=someone, key=new_key(), instrument="phq9", version=1,
              fingerprint="b" * 64, name="total", value=11, band="moderate", prorated=False, answered_at=house.now,
              entered_by_staff=False)  # fmt: skip
    again = house.course(someone, opened_at=house.now)
    house.add("treat_sessions", site="dawn", key=new_key(), patient_key=someone, course_key=again, number=1,
              state="planned", route="oral")  # fmt: skip
    person = house.person("dawn", consents=False)
    at = house.now - timedelta(days=9)
    house.add("treat_sessions", site="dawn", key=new_key(), patient_key=person, course_key=new_key(), number=1,
              state="discharged", started_at=at, ended_at=at, route="oral", dose_mg=1, weight_kg=60)  # fmt: skip
    treated(house, "dusk")


@pytest.fixture
def undone() -> Iterator[None]:
    """Undo what a test draws."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def test_a_seed_draws_the_same_sessions_in_whatever_order_and_each_is_as_likely() -> None:
    sessions = [UUID(int=number) for number in range(40)]
    assert drawn(sessions, seed="a", wanted=10) == drawn(reversed(sessions), seed="a", wanted=10)
    assert drawn(sessions, seed="a", wanted=99) != drawn(sessions, seed="b", wanted=99)
    assert set(drawn(sessions, seed="a", wanted=99)) == set(sessions)
    counts = dict.fromkeys(sessions, 0)
    for seed in range(2000):
        for each in drawn(sessions, seed=str(seed), wanted=10):
            counts[each] += 1
    assert 400 < min(counts.values()) <= max(counts.values()) < 600, "500 each, and a standard error of 19"


def test_agreement_counts_what_has_a_source() -> None:
    told = [ALL_AGREE, ALL_AGREE | {"dose_mg": "differs"}, ALL_AGREE | {"dose_mg": "no_source"}]
    assert agreement(told, FIELDS[SESSION])["dose_mg"] == (1, 2, 1)
    assert agreement(told, FIELDS[SESSION])["route"] == (3, 3, 0)
    assert agreement([], FIELDS[SESSION])["route"] == (0, 0, 0)


@pytest.mark.usefixtures("undone")
def test_it_is_drawn_among_the_clinics_own_consenting_people_and_compared(house: House) -> None:
    scope = house.world.scope("coordinator", "dawn")
    with scoped(scope):
        there = records_now(scope, SESSION)
        assert len(there) == 8, "whoever did not consent, and another clinic's people, are not among them"
        assert next(iter(there.values())).values["dose_mg"] == Decimal(35)
        for wrong in (4, 201):
            with pytest.raises(NoSample, match="5 to 200"):
                draw_sample(scope, key=new_key(), wanted=wrong, at=house.now)
        key = new_key()
        sample = draw_sample(scope, key=key, wanted=5, at=house.now)
        assert draw_sample(scope, key=key, wanted=5, at=house.now).seed == sample.seed, "sent twice, drawn once"
        everything = draw_sample(scope, key=new_key(), wanted=200, at=house.now)
        assert sample_of(scope, everything.key).size == len(items_of(scope, everything.key)) == 8
        items = [item for item, _came in items_of(scope, key)]
        assert [item.session_key for item in items] == drawn(there, seed=sample.seed, wanted=5)

        compare_item(scope, key=new_key(), item=items[0], verdicts=ALL_AGREE, at=house.now)
        compare_item(scope, key=new_key(), item=items[1], verdicts=ALL_AGREE, at=house.now)
        compare_item(scope, key=new_key(), item=items[1], verdicts=ALL_AGREE | {"weight_kg": "differs"}, at=house.now)
        with pytest.raises(NoSample, match="each field"):
            compare_item(scope, key=new_key(), item=items[2], verdicts={"weight_kg": "agrees"}, at=house.now)
        stands = sample_of(scope, key)
    share, without = stands.fields["weight_kg"]
    assert (stands.size, stands.compared, share.events, share.denominator, without) == (5, 2, 1, 2, 0)
    assert (round(share.lower, 4), round(share.upper, 4), share.method) == (0.0126, 0.9874, "exact")


@pytest.mark.usefixtures("undone")
def test_which_sessions_they_are_stays_at_the_clinic(house: House) -> None:
    scope = house.world.scope("coordinator", "dawn")
    with scoped(scope):
        key = draw_sample(scope, key=new_key(), wanted=5, at=house.now).key
        item = items_of(scope, key)[0][0]
        compare_item(scope, key=new_key(), item=item, verdicts=ALL_AGREE, at=house.now)
    with scoped(house.world.scope("data manager", "centre")):
        assert samples_of("dawn")[0].compared == 1, "the centre learns how many agree"
        assert not SourceItem.objects.exists(), "and not of whom"
    other = house.world.scope("coordinator", "dusk")
    with scoped(other):
        assert sample_of(other, key) is None
        with pytest.raises(NoSample, match="Only the clinic"):
            compare_item(other, key=new_key(), item=item, verdicts=ALL_AGREE, at=house.now)
    assert "patient_key" not in {each.name for each in SourceComparison._meta.get_fields()}


def test_pages_draw_and_compare(house: House) -> None:
    clinic = house.sign_in("coordinator", "dawn")
    wrong = clinic.post("/at/dawn/source-samples/", {"key": str(new_key()), "kind": "session", "wanted": "3"})
    assert (wrong.status_code, "A sample has 5 to 200 sessions." in wrong.content.decode()) == (409, True)
    assert (
        clinic.post("/at/dawn/source-samples/", {"key": str(new_key()), "kind": "session", "wanted": "x"}).status_code
        == 409
    )
    drawn_to = clinic.post("/at/dawn/source-samples/", {"key": str(new_key()), "kind": "session", "wanted": "5"})[
        "Location"
    ]
    key = UUID(drawn_to.rstrip("/").rsplit("/", 1)[-1])

    page = clinic.get(f"/at/dawn/source-samples/{key}/1/").content.decode()
    assert "Recorded: 35 mg" in page
    address = f"/at/dawn/source-samples/{key}/1/"
    unsaid = clinic.post(address, {"key": str(new_key())} | ALL_AGREE | {"route": ""})
    assert (unsaid.status_code, "Say whether it agrees" in unsaid.content.decode()) == (409, True)
    assert clinic.post(address, {"key": str(new_key())} | ALL_AGREE).status_code == 302
    assert "1 of 5" in clinic.get(f"/at/dawn/source-samples/{key}/").content.decode()

    assert clinic.get(f"/at/dawn/source-samples/{key}/6/").status_code == 404
    assert clinic.get(f"/at/dawn/source-samples/{new_key()}/").status_code == 404
    assert house.sign_in("site lead", "dawn").get(f"/at/dawn/source-samples/{key}/").status_code == 403
    assert house.sign_in("coordinator", "dusk").get(f"/at/dusk/source-samples/{key}/1/").status_code == 404

    withdrawn = patient_of_two(house, key)
    house.sql("UPDATE stand_in.consent_registry SET withdrawn_at = now() WHERE patient_key = %s", withdrawn)
    assert "is in the register no more" in clinic.get(f"/at/dawn/source-samples/{key}/2/").content.decode()
    house.sql("UPDATE stand_in.consent_registry SET withdrawn_at = NULL WHERE patient_key = %s", withdrawn)


@pytest.mark.usefixtures("undone")
def test_scores_that_staff_entered_are_drawn_and_compared(house: House) -> None:
    scope = house.world.scope("coordinator", "dawn")
    with scoped(scope):
        there = records_now(scope, SCORE)
        assert len(there) == 8, "the ninth was answered on a phone: it is its own source"
        assert next(iter(there.values())).values["value"] == Decimal(18)
        with pytest.raises(NoSample, match="5 to 200 scores"):
            draw_sample(scope, key=new_key(), wanted=4, at=house.now, kind=SCORE)
        key = draw_sample(scope, key=new_key(), wanted=5, at=house.now, kind=SCORE).key
        items = [item for item, _came in items_of(scope, key)]
        assert {(item.kind, item.session_key) for item in items} == {(SCORE, None)}
        assert {item.record_key for item in items} <= set(there)
        with pytest.raises(NoSample, match="each field"):
            compare_item(scope, key=new_key(), item=items[0], verdicts=ALL_AGREE, at=house.now)
        said = dict.fromkeys(FIELDS[SCORE], "agrees")
        compare_item(scope, key=new_key(), item=items[0], verdicts=said, at=house.now)
        compare_item(scope, key=new_key(), item=items[0], verdicts=said | {"value": "differs"}, at=house.now)
        stands = sample_of(scope, key)
    assert {name: share.events for name, (share, _) in stands.fields.items()} == {
        "instrument": 1, "answered_at": 1, "value": 0,
    }  # fmt: skip
    assert SourceComparison.objects.filter(site="dawn", sample_key=key).count() == 2, "what was said first is kept"


def test_pages_draw_scores_and_say_when_one_was_corrected(house: House) -> None:
    clinic = house.sign_in("coordinator", "dawn")
    unsaid = clinic.post("/at/dawn/source-samples/", {"key": str(new_key()), "kind": "dose", "wanted": "5"})
    assert (unsaid.status_code, "Choose sessions or scores." in unsaid.content.decode()) == (409, True)
    drawn_to = clinic.post("/at/dawn/source-samples/", {"key": str(new_key()), "kind": "score", "wanted": "5"})[
        "Location"
    ]

    page = clinic.get(f"{drawn_to}1/").content.decode()
    assert "Recorded: PHQ-9 total" in page
    assert "Recorded: 18" in page
    said = dict.fromkeys(FIELDS[SCORE], "agrees")
    assert clinic.post(f"{drawn_to}1/", {"key": str(new_key())} | said | {"value": ""}).status_code == 409
    assert clinic.post(f"{drawn_to}1/", {"key": str(new_key())} | said).status_code == 302
    shown = clinic.get(drawn_to).content.decode()
    assert "Sample of 5 scores" in shown
    assert "5 scores drawn by chance among 8 that staff entered" in shown
    house.sql("UPDATE stand_in.measure_scores SET key = gen_random_uuid()")
    assert "or was corrected since it was drawn" in clinic.get(f"{drawn_to}2/").content.decode()


def patient_of_two(house: House, key: UUID) -> UUID:
    """Return whose session number 2 of a sample is."""
    return house.sql("SELECT patient_key FROM register_sourceitem WHERE sample_key = %s AND number = 2", key)[0][0]
