"""Long-term checks: bladder, craving, cognition, substance use, and the exposure beside them."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from daybreak.follow_up.queries.interval import next_interval
from daybreak.follow_up.queries.laboratory import LabState, laboratory
from daybreak.follow_up.queries.long_term import WATCHED, LongTerm, Series, long_term
from daybreak.follow_up.web.presenters import points
from daybreak.kernel.moments import now
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.kernel.truth import Truth
from daybreak.measure.public import LabResult, lab_tests, library
from daybreak.people.public import demand_patient, requires


@dataclass(frozen=True, slots=True)
class SeriesRow:
    """One score: its first and latest value, and whether it is worse."""

    label: str
    first: str
    latest: str
    latest_at: datetime | None
    answer: str
    badge: str
    why: str


@dataclass(frozen=True, slots=True)
class LabRow:
    """One test of a check: its first and latest result, the laboratory's own range beside the latest, and when."""

    test: str
    first: str
    latest: str
    range: str
    latest_at: datetime | None


@requires(Permission.FOLLOW_UP, purpose="long-term checks")
def long_term_page(request: HttpRequest, scope: Scope, patient: UUID) -> HttpResponse:
    """Show each long-term check with the exposure at that time, what got worse, and the toxicology results."""
    demand_patient(scope, patient)
    at = now()
    found, interval = long_term(scope, patient, at=at), next_interval(scope, patient, at=at)
    shown = {
        "at": at,
        "patient": patient,
        "exposure": found.exposure,
        "dose": points(found.exposure.dose_mg),
        "series": [_series(each) for each in found.series],
        "heads": [_label(*each) for each in WATCHED],
        "checks": _checks(found),
        "may_measure": Permission.MEASURE in request.may,
        "laboratory": [(each, each.is_due(at), _lab_rows(each)) for each in laboratory(scope, patient, at=at)],
        "toxicology": [(row.collected_at, title, _result(row)) for row, title in found.toxicology],
        "asked": [each.because for each in interval.asked] if interval else [],
    }
    return render(request, "follow_up/long_term.html", shown)


def _label(instrument: str, score: str) -> str:
    held = library().instrument(instrument)
    title = held.score_named(score).title
    return title if instrument == "long_term_effects" else held.title


def _series(each: Series) -> SeriesRow:
    first, latest = (each.points[0], each.points[-1]) if each.points else (None, None)
    answer, badge, why = _("not told"), "neutral", _("No measure says when this is worse.")
    if not each.points:
        answer, why = _("not asked"), ""
    elif each.worse is not None:
        answer, badge = {
            Truth.MET: (_("worse"), "attention"),
            Truth.NOT_MET: (_("not worse"), "good"),
            Truth.UNKNOWN: (_("not known"), "neutral"),
        }[each.worse.truth]
        why = each.worse.reason
    return SeriesRow(
        _label(each.instrument, each.score),
        points(first.value) if first else "",
        points(latest.value) if latest else "",
        latest.at if latest else None,
        answer,
        badge,
        why,
    )


def _checks(found: LongTerm) -> list[tuple[datetime, int, str, int, list[str]]]:
    return [
        (
            when,
            exposure.sessions,
            points(exposure.dose_mg),
            exposure.recently,
            [points(values[each]) if each in values else "" for each in WATCHED],
        )
        for when, exposure, values in found.checks
    ]


def _lab_rows(state: LabState) -> list[LabRow]:
    titles = {each.id: each.question for each in lab_tests(library())}
    return [_lab_row(titles[test], [row for row in state.results if row.test == test]) for test in state.check.tests]


def _lab_row(title: str, rows: list[LabResult]) -> LabRow:
    if not rows:
        return LabRow(title, "", "", "", None)
    return LabRow(title, _given(rows[0]), _given(rows[-1]), _range(rows[-1]), rows[-1].collected_at)


def _given(row: LabResult) -> str:
    """Return a result as the laboratory gave it, as its range is told."""
    if row.given_value is None:
        return row.finding
    return f"{row.comparator}{row.given_value.normalize():f} {row.given_unit}"


def _range(row: LabResult) -> str:
    """Return the range as the laboratory gave it, in its own unit."""
    low, high = (f"{each.normalize():f}" if each is not None else "" for each in (row.low, row.high))
    if low and high:
        return f"{low}–{high} {row.given_unit}"
    return f"≥ {low} {row.given_unit}" if low else f"≤ {high} {row.given_unit}" if high else ""


def _result(row: LabResult) -> str:
    return row.finding or f"{row.comparator}{row.value.normalize():f} {row.unit}".strip()
