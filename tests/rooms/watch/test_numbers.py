"""The monitor's numbers equal a plain computation, person by person, with the rulebook's own functions."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import ibis
import pyarrow as pa
import pytest

from daybreak.register.engine import held, schema
from daybreak.register.tables import TABLES
from daybreak.rulebook.public import (
    Course,
    DatedScore,
    Measure,
    baseline_of,
    first_observed_relapse,
    reached,
    score_in,
)
from daybreak.stats.public import kaplan_meier
from daybreak.watch.definitions import measure_of, measures
from daybreak.watch.reductions.exposure import exposure
from daybreak.watch.reductions.harm import harm
from daybreak.watch.reductions.narrowing import of_site
from daybreak.watch.reductions.outcome import outcome_counts
from daybreak.watch.reductions.relapse import relapse_counts
from daybreak.watch.rules import INDUCTION_DAYS, harm_figure, relapse_figure

START = datetime(2024, 3, 1, 9, tzinfo=UTC)
DAY = 1440
Rows = dict[str, list[dict[str, object]]]


def invented(seed: int, people: int = 60) -> Rows:
    """Return rows of people with gaps of every kind: no session, no baseline, one of nought, no later score,
    a second course.
    """
    draw = random.Random(seed)
    rows: Rows = {table.name: [] for table in TABLES}
    for code in ("dawn", "dusk"):
        rows["site"].append({"site": code, "kind": "clinic", "registered": people, "consenting": people // 2})
    for number in range(people):
        who = {"site": draw.choice(["dawn", "dusk"]), "person": f"p{number}"}
        treated = draw.random() < 0.9
        rows["person"].append(
            {
                **who,
                "sex": "female",
                "age": 40,
                "counted_from": "first session" if treated else "registration",
            }
        )
        minutes = sessions_of(draw) if treated else []
        for place, minute in enumerate(minutes):
            course = f"c{number}-{0 if minute < 60 * DAY else 1}"
            key = f"s{number}-{place}"
            rows["session"].append(
                {
                    **who,
                    "session": key,
                    "course": course,
                    "minute": minute,
                    "dose_mg": draw.choice([35.0, 40.0, None]),
                    "weight_kg": 70.0,
                }
            )
            for _ in range(draw.choice([0, 0, 0, 1, 2])):
                event = {
                    "term": draw.choice(["nausea", "headache"]),
                    "serious": draw.random() < 0.1,
                    "minute": minute + 5,
                }
                rows["event"].append({**who, "key": f"e{len(rows['event'])}", "session": key, **event})
        rows["session"].append({**who, "session": f"s{number}-planned", "course": f"c{number}-0", "minute": None})
        rows["score"] += scores_of(draw, who)
    return rows


def sessions_of(draw: random.Random) -> list[int]:
    minutes = sorted({0, *(draw.randrange(1, 40) * DAY + draw.randrange(600) for _ in range(draw.randrange(8)))})
    return [*minutes, 90 * DAY] if draw.random() < 0.2 else minutes


def scores_of(draw: random.Random, who: dict[str, object]) -> list[dict[str, object]]:
    taken = {}
    if draw.random() < 0.9:
        for _ in range(draw.randrange(1, 3)):
            taken[-draw.randrange(0, 20) * DAY] = draw.choice([0, 8, 12, 18, 20])
    for _ in range(draw.randrange(9)):
        taken[draw.choice([draw.randrange(-DAY, 130 * DAY), draw.randrange(60) * DAY])] = draw.randrange(0, 20)
    common = {**who, "instrument": "phq9", "name": "total"}
    rows = [
        {**common, "key": f"{who['person']}-{minute}", "value": float(value), "minute": minute}
        for minute, value in taken.items()
    ]
    noise = {**common, "name": "difficulty", "key": f"{who['person']}-other", "value": 3.0, "minute": 7 * DAY}
    return [*rows, noise]


def tables_of(rows: Rows) -> dict[str, ibis.Table]:
    connection = ibis.duckdb.connect()
    made = {}
    for table in TABLES:
        wanted = schema(table.columns)
        filled = [{name: row.get(name) for name in wanted.names} for row in rows[table.name]]
        made[table.name] = held(connection, table, pa.Table.from_pylist(filled, schema=wanted.to_pyarrow()))
    return made


class Person:
    """One person's moments, for the rulebook."""

    def __init__(self, rows: Rows, person: str) -> None:
        self.sessions = sorted(
            (r["minute"], r["course"]) for r in rows["session"] if r["person"] == person and r["minute"] is not None
        )
        self.scores = [
            DatedScore(Decimal(int(r["value"])), START + timedelta(minutes=r["minute"]))
            for r in rows["score"]
            if r["person"] == person and r["name"] == "total"
        ]

    @property
    def starts(self) -> list[datetime]:
        return [START + timedelta(minutes=minute) for minute, _ in self.sessions]

    @property
    def induction_end(self) -> datetime:
        first_minute, first_course = self.sessions[0]
        inside = [
            m for m, course in self.sessions if course == first_course and m < first_minute + INDUCTION_DAYS * DAY
        ]
        return START + timedelta(minutes=max(inside))


@pytest.fixture(scope="module", params=[1, 2, 3])
def rows(request: pytest.FixtureRequest) -> Rows:
    return invented(request.param)


def treated(rows: Rows) -> list[Person]:
    people = [Person(rows, row["person"]) for row in rows["person"]]
    return [person for person in people if person.sessions]


@pytest.mark.parametrize("kind", ["response", "remission"])
def test_outcomes_equal_the_rulebook_person_by_person(rows: Rows, kind: str) -> None:
    measure = measure_of(kind, measures())
    found = outcome_counts(tables_of(rows), measure, measure.windows, within_days=INDUCTION_DAYS)
    for window, counts in zip(measure.windows, found, strict=True):
        plain = {"met": 0, "not_met": 0, "no_score": 0, "no_baseline": 0}
        for person in treated(rows):
            before = baseline_of(measure, person.scores, first_session_at=START)
            score = score_in(window, person.scores, anchor=person.induction_end)
            truth = reached(measure, baseline=before, score=score).truth.value
            plain[truth if truth != "unknown" else "no_score" if score is None else "no_baseline"] += 1

        assert {name: getattr(counts, name) for name in plain} == plain


def test_relapse_equals_the_rulebook_person_by_person(rows: Rows) -> None:
    measure = measure_of("first_observed_relapse", measures())
    times, reasons = relapses(measure, treated(rows))

    counts = relapse_counts(tables_of(rows), measure)

    days = sorted({day for day, _ in times})
    assert counts.days == tuple(days)
    assert counts.relapsed == tuple(sum(1 for at, lost in times if at == day and lost) for day in days)
    assert counts.at_risk == tuple(sum(1 for at, _ in times if at >= day) for day in days)
    assert counts.no_response == reasons["no_response"]
    assert counts.no_score + counts.no_baseline == reasons["unknown"]
    curve = relapse_figure(measure, counts, counts).curve
    assert curve == kaplan_meier(counts.days, counts.at_risk, counts.relapsed)


def test_what_lies_between_two_visits_and_what_follows_another_treatment(rows: Rows) -> None:
    measure, tables = measure_of("first_observed_relapse", measures()), tables_of(rows)
    counts, untreated = (relapse_counts(tables, measure, untreated_after=days) for days in (None, INDUCTION_DAYS))

    expected, until = Counter(), Counter()
    for person in treated(rows):
        before = baseline_of(measure, person.scores, first_session_at=START)
        later = [score for score in person.scores if score.at > START]
        seen = first_observed_relapse(measure, baseline=before, scores=later, sessions=person.starts)
        if seen.course.value in ("no_response", "unknown"):
            continue
        lost = seen.observed_at if seen.course is Course.RELAPSED else None
        expected[_days(seen.last_in_response, seen), lost and _days(lost, seen)] += 1
        again = min((at for at in person.starts if at > max(seen.responded_at, person.induction_end)), default=None)
        kept = [score for score in later if again is None or score.at <= again]
        short = first_observed_relapse(measure, baseline=before, scores=kept, sessions=person.starts)
        until[short.course is Course.RELAPSED] += 1

    assert {(held, lost): people for held, lost, people in counts.between} == dict(expected)
    assert (sum(untreated.relapsed), sum(untreated.left)) == (until[True], until[False])
    assert sum(untreated.relapsed) < sum(counts.relapsed), "somebody relapsed after another treatment"
    curve = relapse_figure(measure, counts, untreated).interval
    assert curve.survival[-1] == pytest.approx(0) or curve.until[-1] < float("inf")


def _days(at: datetime, seen: object) -> int:
    return (at - seen.responded_at) // timedelta(days=1)


def relapses(measure: Measure, people: list[Person]) -> tuple[list[tuple[int, bool]], dict[str, int]]:
    times, reasons = [], {"no_response": 0, "unknown": 0}
    for person in people:
        before = baseline_of(measure, person.scores, first_session_at=START)
        later = [score for score in person.scores if score.at > START]
        seen = first_observed_relapse(measure, baseline=before, scores=later, sessions=person.starts)
        if seen.course.value in reasons:
            reasons[seen.course.value] += 1
            continue
        end = seen.observed_at if seen.course is Course.RELAPSED else seen.last_in_response
        times.append(((end - seen.responded_at) // timedelta(days=1), seen.course is Course.RELAPSED))
    return times, reasons


@pytest.mark.parametrize("site", [None, "dawn"])
def test_exposure_and_harm_equal_a_plain_count(rows: Rows, site: str | None) -> None:
    tables = of_site(tables_of(rows), site)
    begun = [r for r in rows["session"] if r["minute"] is not None and site in (None, r["site"])]
    per_person = [sum(1 for r in begun if r["person"] == p) for p in {r["person"] for r in begun}]
    events = [r for r in rows["event"] if site in (None, r["site"])]

    used, harmed = exposure(tables), harm(tables)

    assert (used.treated, used.sessions, used.courses) == (
        len(per_person),
        len(begun),
        len({r["course"] for r in begun}),
    )
    assert dict(used.sessions_per_person) == {n: per_person.count(n) for n in set(per_person)}
    assert used.total_mg == sum(r["dose_mg"] or 0 for r in begun)
    assert used.without_dose == sum(r["dose_mg"] is None for r in begun)
    assert (harmed.events, harmed.sessions_with_event) == (len(events), len({r["session"] for r in events}))
    assert {t.term: t.events for t in harmed.terms} == {
        t: sum(r["term"] == t for r in events) for t in {r["term"] for r in events}
    }
    assert harm_figure(harmed).per_session.value == len(events) / len(begun)


def test_a_register_without_anybody_is_answered_honestly() -> None:
    tables = tables_of({table.name: [] for table in TABLES})
    measure = measure_of("response", measures())

    assert exposure(tables).treated == 0
    assert [c.assessed for c in outcome_counts(tables, measure, measure.windows[:1], within_days=INDUCTION_DAYS)] == [0]
    relapses = relapse_counts(tables, measure_of("first_observed_relapse", measures()))
    found = relapse_figure(measure, relapses, relapses)
    assert (found.curve, found.interval, found.untreated) == (None, None, None)
    assert harm_figure(harm(tables)).per_session.value is None
