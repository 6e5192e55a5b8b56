"""A second course is a folder of files: dropped beside the others it is there, without a restart."""

import shutil
from datetime import UTC, datetime, time, timedelta

import pytest

from daybreak.desk.home import home_of
from daybreak.evidence.definitions import library
from daybreak.kernel.scope import scoped
from daybreak.learn.definitions import course_named
from daybreak.people.public import ROLES
from daybreak.rulebook import bookcase
from daybreak.rulebook.public import shipped_folder
from tests.world.people import NAMES

pytestmark = pytest.mark.django_db
SHIPPED = shipped_folder() / "courses" / "ketamine_trd"


@pytest.fixture
def own(tmp_path, settings, monkeypatch):
    monkeypatch.setattr(bookcase, "_LOOK_EVERY_SECONDS", 0.0)
    settings.DAYBREAK_SITE_DEFINITIONS = str(tmp_path / "own")
    (tmp_path / "own").mkdir()
    library.cache_clear()
    yield tmp_path / "own"
    library.cache_clear()


def drop(own, *, without: str = "", instead: str = ""):
    """Put the first version of the shipped course into the site's folder under another name, `without` some words, and
    others `instead`.
    """
    place = own / "courses" / "second"
    shutil.copytree(SHIPPED / "1", place / "1")
    told = (SHIPPED / "1.toml").read_text().replace('"ketamine_trd"', '"second"', 1)
    told = told.replace('grants = "course"\n', "")  # a site's own course opens no shared gate
    told = told.replace('title = "Ketamine for', 'title = "Second course: ketamine for', 1)
    (place / "1.toml").write_text(told.replace(without, instead) if without else told)


def test_a_course_that_is_dropped_into_the_folder_is_on_the_page(as_role, own):
    client = as_role("clinician")
    assert "Second course" not in client.get("/at/dawn/learn/").content.decode()

    drop(own)

    assert "Second course" in client.get("/at/dawn/learn/").content.decode()
    assert client.get("/at/dawn/learn/second/").status_code == 200


def test_a_course_that_lacks_something_is_not_taken_in_and_takes_nothing_down(as_role, own):
    drop(own, without="pass_percent = 100\n")

    assert course_named("second") is None
    assert any("second" in fault.file for fault in library().faults)
    assert as_role("clinician").get("/at/dawn/learn/").status_code == 200


@pytest.mark.parametrize(
    ("left", "words"), [(91, None), (90, "ends in 90 days"), (1, "ends in 1 day"), (0, "ends today"), (-1, "has ended")]
)
def test_the_end_of_a_course_is_told_to_the_lead_and_to_its_planner_and_to_nobody_else(world, own, left, words):
    drop(own, without="The Daybreak project, second reader", instead=NAMES["coordinator"])
    course = course_named("second")
    at = datetime.combine(course.expiry_date - timedelta(days=left), time(12), UTC)

    for role in ("site lead", "coordinator", "nurse"):
        with scoped(world.scope(role)) as scope:
            titles = [thing.title for thing in home_of(scope, may=ROLES[role], at=at).things]
        is_told = words is not None and role != "nurse"
        assert (f"The course “{course.title}” {words}" in titles) == is_told
