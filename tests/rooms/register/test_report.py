"""The quarterly report: for whom it may be had, that it is a PDF, and what the public does not read."""

import pytest
from click.testing import CliRunner

from daybreak.config.commands.watch_ import command
from daybreak.register.actions import create_cohort
from daybreak.register.synthetic.recipe import recipe
from daybreak.watch.queries import monitor, over_time
from daybreak.watch.web.report.making import Asked, NoReport, content, report
from daybreak.watch.web.report.quarters import last_whole_quarter
from tests.rooms.register.house import House


def test_the_reports_of_a_cohort(house: House) -> None:
    cohort, _ = create_cohort(recipe(persons=400, seed=12), actor=None, at=house.now)
    found, whole = over_time(cohort.id), monitor(cohort.id)
    quarter = last_whole_quarter(found.last_week - 60)

    made = report(Asked(cohort.id, quarter, "board"), at=house.now)
    public = content(Asked(cohort.id, quarter, "public"), found, whole, at=house.now)
    own = content(Asked(cohort.id, quarter, "site", site=whole.sites[0]), found, whole, at=house.now)

    assert made.startswith(b"%PDF")
    assert made == report(Asked(cohort.id, quarter, "board"), at=house.now), "the same snapshot gives the same bytes"
    assert public["synthetic"] == "Synthetic data: invented people, no evidence"
    assert not any(part["figures"] for part in public["parts"])
    numbers = [row[1] for part in public["parts"] for row in part["rows"] if row[1] != "too few"]
    assert all(int(each.replace(",", "")) % 5 == 0 for each in numbers), "by the step of the policy"
    assert "too few" in [row[1] for part in public["parts"] for row in part["rows"]]
    assert not any(site in str(own) for site in whole.sites[1:]), "a site reads of itself only"
    with pytest.raises(NoReport):
        report(Asked(cohort.id, quarter, "board", site="dawn"), at=house.now)
    with pytest.raises(NoReport):
        report(Asked(cohort.id, quarter, "site", site="nowhere"), at=house.now)

    centre, lead = house.sign_in("data manager", "centre"), house.sign_in("site lead", "dawn")
    address = f"?snapshot={cohort.id}&of=all&quarter={quarter}"
    assert centre.get(f"/at/centre/watch/report/board.pdf{address}")["Content-Type"] == "application/pdf"
    assert lead.get(f"/at/dawn/watch/report/board.pdf{address}").status_code == 404
    assert lead.get(f"/at/dawn/watch/report/public.pdf{address}").status_code == 200
    assert house.sign_in("nurse", "dawn").get(f"/at/dawn/watch/report/public.pdf{address}").status_code == 403
    assert centre.get(f"/at/centre/watch/report/board.pdf{address}x").status_code == 404
    assert centre.get(f"/at/centre/watch/figure/response.png{address}").content.startswith(b"\x89PNG")
    for figure in ("figure/calendar", "figure/exposure-strips", "questions/lasting/figure/curve"):
        assert centre.get(f"/at/centre/watch/{figure}.png{address}").content.startswith(b"\x89PNG"), figure


def test_the_command_says_what_it_takes() -> None:
    answer = CliRunner().invoke(command, ["report", "--for", "nobody", "--quarter", "2026Q3"])

    assert answer.exit_code == 2
    assert "'board', 'site', 'public'" in answer.output
