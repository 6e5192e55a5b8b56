"""`daybreak evidence pool` on files of strangers."""

from hashlib import sha256
from math import exp

import pytest

from tests.stats.pins import pinned

PINS = pinned("pooling")
KEYS = {"estimate", "lower", "upper", "tau2", "i2", "q", "k", "prediction_lower", "prediction_upper"}
FILE = (
    "study,year,route,events_1,total_1,events_2,total_2\na,2001,iv,12,40,5,41\nb,2004,iv,9,30,6,28\n"
    "c,2003,nasal,0,22,3,20\nd,2010,nasal,14,50,9,52\n"
)


def file_of(desk, columns, values):
    rows = [",".join(map(str, row)) for row in zip(*values, strict=True)]
    return desk.file("\n".join([",".join(columns), *rows]))


@pytest.mark.parametrize("method", ["FE", "MH", "PETO", "DL", "PM", "REML"])
@pytest.mark.parametrize("columns", [("events_1", "total_1", "events_2", "total_2"), ("ai", "n1i", "ci", "n2i")])
def test_a_file_of_events_gives_the_answer_of_metafor_on_the_natural_scale(desk, method, columns):
    path = file_of(desk, columns, PINS["events"]["bcg"])
    found = desk.ask("evidence", "pool", path, "--measure", "or", "--method", method, "--json").json
    wanted = ("bcg", "OR", method, "wald")
    theirs = next(c for c in PINS["pooled"] if (c["data"], c["measure"], c["method"], c["interval"]) == wanted)

    assert set(found) >= KEYS
    assert found["estimate"] == pytest.approx(exp(theirs["estimate"]), rel=1e-6)
    assert found["lower"] == pytest.approx(exp(theirs["lower"]), rel=1e-6)
    assert (found["q"], found["k"]) == (pytest.approx(theirs["q"], rel=1e-6), 13)
    assert (found["tau2"] is None) == (method in ("FE", "MH", "PETO"))


def test_means_and_estimates_are_read_by_their_columns(desk):
    means = file_of(desk, ("mean_1", "sd_1", "n_1", "mean_2", "sd_2", "n_2"), PINS["means"]["normand"])
    found = desk.ask("evidence", "pool", means, "--measure", "MD", "--method", "DL", "--interval", "hk", "--json").json
    wanted = ("normand", "MD", "DL", "hk")
    theirs = next(c for c in PINS["pooled"] if (c["data"], c["measure"], c["method"], c["interval"]) == wanted)
    assert found["prediction_lower"] == pytest.approx(theirs["prediction_lower"], rel=1e-6)

    effects = file_of(desk, ("yi", "vi"), PINS["effects"].values())
    ratio = desk.ask("evidence", "pool", effects, "--measure", "RR", "--method", "REML", "--json").json
    assert ratio["estimate"] == pytest.approx(0.4894, abs=1e-3)


def test_subgroups_regression_leaving_out_and_adding_up_are_told_below(desk):
    asked = ("evidence", "pool", desk.file(FILE), "--measure", "OR", "--method", "REML")
    more = ("--by", "route", "--leave-one-out", "--cumulative", "year", "--asymmetry", "--moderators", "year")

    found = desk.ask(*asked, *more, "--json").json

    assert (list(found["subgroups"]), found["subgroups"]["iv"]["k"]) == (["iv", "nasal"], 2)
    assert (len(found["leave_one_out"]), [each["k"] for each in found["cumulative"]]) == (4, [1, 2, 3, 4])
    assert list(found["moderators"]["terms"]) == ["intercept", "year"]
    assert 0 < found["egger"]["p"] < 1
    assert "A half was added to each cell of 1 of the tables" in desk.ask(*asked, *more).said


def test_crossover_trials_are_paired_when_a_correlation_is_given(desk):
    path = desk.file("mean_1,sd_1,n_1,mean_2,sd_2,n_2,crossover\n5,4,20,3,4,20,1\n6,4,30,3,4,30,0\n")
    asked = ("evidence", "pool", path, "--measure", "MD", "--method", "FE", "--json")

    assert desk.ask(*asked, "--correlation", "0.6").json["weights"][0] > desk.ask(*asked).json["weights"][0]


@pytest.mark.parametrize(
    ("content", "options", "sentence"),
    [
        (FILE.replace("total_2", "all"), ("OR", "DL"), "OR needs the columns events_1, total_1, events_2, total_2"),
        (FILE.replace("12,40", "52,40"), ("OR", "DL"), "52 of 40 and 5 of 41 could not have been counted"),
        (FILE.replace("12,40", "1.5,40"), ("OR", "DL"), "“events_1” holds “1.5” in row 1"),
        (FILE, ("RR", "PETO"), "Peto's method pools odds ratios only"),
        ("yi,vi\n1,1\n", ("OR", "MH"), "MH needs the events and totals"),
        ("yi,vi\n1,1\n", ("OR", "DL", "--interval", "hk"), "at least two trials"),
        ("yi,vi\n1,0\n", ("MD", "FE"), "variance of an effect lies above 0"),
        ("yi,sei\n1,2\n1,-1\n", ("MD", "FE"), "Trial 2: a standard error lies above 0"),
        ("yi,vi\n1e99,1\n-1e99,1\n", ("MD", "DL"), "too large or too small"),
        ("yi,vi\n1000,1\n2000,1\n", ("OR", "DL"), "too large to be written"),
        ("ai,n1i,ci,n2i\n0,9,0,9\n0,8,0,8\n", ("RD", "MH"), "no event"),
        ("ai,n1i,ci,n2i\n0,0,0,9\n0,8,0,8\n", ("OR", "DL"), "0 of 0 and 0 of 9"),
        ("ai,n1i,ci,n2i\n1,-9,0,9\n0,8,0,8\n", ("OR", "DL"), "should be a count"),
        ("ai,n1i,ci,n2i\none,9,0,9\n", ("OR", "DL"), "“ai” holds “one” in row 1"),
        ("ai,n1i\n1,9\n", ("OR", "DL"), "OR needs the columns"),
        ("m1i,sd1i,n1i,m2i,sd2i,n2i\n1,1,9,1,1,9\n1,1,9,1,0,9\n", ("SMD", "DL"), "Trial 2: a mean needs"),
        ("m1i,sd1i,n1i,m2i,sd2i,n2i\n1,1,9,1,1,9\n1,1,1,1,1,9\n", ("MD", "DL"), "Trial 2: a mean needs"),
    ],
)
def test_what_cannot_be_pooled_is_refused_in_one_sentence(desk, content, options, sentence):
    measure, method, *more = options
    asked = ("evidence", "pool", desk.file(content), "--measure", measure, "--method", method, *more)
    assert sentence in desk.refused(*asked)


def test_the_published_trials_are_written_as_a_data_set_whose_sums_hold(desk):
    folder = desk.folder / "set"
    told = desk.ask("evidence", "trials", folder, "--json").json

    assert {"trials.csv", "trials.json", "trials.parquet", "dictionary.csv", "LICENCE.txt"} == set(told)
    assert all(sha256((folder / name).read_bytes()).hexdigest() == total for name, total in told.items())
    assert "cannot be written to" in desk.refused("evidence", "trials", folder / "trials.csv" / "below")
