"""What is in sight at the chair while alarms are open and the syringe is empty: on a phone, a tablet and a desk, without scrolling."""

import pytest

from tests.rooms.follow_up.browser import ORIGIN, phone
from tests.rooms.treat.stage import planned, turn_alarms_on
from tests.rooms.treat.tablet import address

pytestmark = pytest.mark.django_db
SIZES = {
    "phone": {},
    "small tablet upright": {"viewport": {"width": 768, "height": 1024}, "is_mobile": False},
    "tablet upright": {"viewport": {"width": 820, "height": 1180}, "is_mobile": False},
    "tablet on its side": {"viewport": {"width": 1180, "height": 820}, "is_mobile": False},
    "desk": {"viewport": {"width": 1440, "height": 900}, "is_mobile": False, "has_touch": False},
}
# The script of the page marks the body with the most urgent alarm; here nothing but the page itself is looked at.
ALARMED = "document.body.dataset.alarm = 'medium'"
OUT_OF_SIGHT = """() => {
  const acts = document.querySelector(".acts").getBoundingClientRect();
  const hidden = (each) => { const at = each.getBoundingClientRect(); return at.top < 0 || at.bottom > acts.top || at.right > innerWidth; };
  const seen = [...document.querySelectorAll(".strip-figure, .strip-note, [data-tiles] .reading-value")];
  return [...seen.filter(hidden).map((each) => each.textContent.trim()), ...(acts.bottom > innerHeight ? ["the buttons"] : [])];
}"""
# Of the alarms at least the most urgent one is in sight.
URGENT_IS_SEEN = """() => {
  const [region, title] = [".alarm-region", ".alarm-slot .alarm-title"].map((each) => document.querySelector(each).getBoundingClientRect());
  return title.top >= region.top && title.bottom <= region.bottom;
}"""
TOO_SMALL = """() => [...document.querySelectorAll(".acts .button, [data-tiles] a, .also a, .alarm-region button, .alarm-region select")]
  .filter((each) => each.checkVisibility() && each.getBoundingClientRect().height < 44).map((each) => each.textContent.trim())"""


@pytest.mark.parametrize("size", SIZES)
def test_every_number_and_every_button_is_in_sight_under_the_alarms(world, as_role, size):
    turn_alarms_on(world)
    stage = planned(world, hours_ago=1).started()
    stage.read(at=stage.at(20), systolic_pressure=190, diastolic_pressure=112, oxygen_saturation=92, sedation=3)
    with phone(as_role("nurse"), java_script_enabled=False, **SIZES[size]) as (page, _):
        page.goto(ORIGIN + address("chair", session=stage.session))
        page.evaluate(ALARMED)
        assert page.locator(".alarm").count() > 2
        assert "the syringe is empty" in page.locator(".strip-note").inner_text()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert page.evaluate(OUT_OF_SIGHT) == []
        assert page.evaluate(URGENT_IS_SEEN)
        assert page.evaluate(TOO_SMALL) == []
