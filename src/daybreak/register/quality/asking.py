"""Every read of the questions about data: which there are, how they stand, and what waits for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.register.models import DataQuery, DataQueryStep
from daybreak.register.quality.queries import asked_of_data
from daybreak.register.quality.rules import QueryState, Step, answer_by, is_overdue, query_state
from daybreak.register.quality.values import ValueAsked, columns_asked
from daybreak.register.releasing.queries import is_centre
from daybreak.rulebook.public import QualityCheck


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it stands on a day, with its steps in their order and what it is about: the check, where it is in
    use, or one value.
    """

    query: DataQuery
    steps: tuple[DataQueryStep, ...]
    state: QueryState
    answer_by: date
    overdue: bool
    check: QualityCheck | None
    value: ValueAsked | None

    @property
    def title(self) -> str:
        """Return what is asked about, in words."""
        if self.value:
            return f"{self.value.name} = {self.value.value}"
        return self.check.title if self.check else self.query.asked_by_check

    @property
    def failing(self) -> int:
        """Return how many were not well when it was asked."""
        return int(self.query.of - self.query.well)


def queries_seen(scope: Scope, *, today: date, site: str | None = None) -> list[Asked]:
    """Return the questions that may be seen from a site, newest first: its own, and at the centre those of clinics of
    its kind, or of one `site` of them.
    """
    found = DataQuery.objects.all()
    if not is_centre(scope):
        found = found.filter(site=scope.site)
    elif site is not None:
        found = found.filter(site=site)
    return [each for each in _as_they_stand(found.order_by("-asked_at", "-key"), today) if _is_seen(scope, each)]


def query_seen(scope: Scope, site: str, key: UUID, *, today: date) -> Asked | None:
    """Return one question, where it may be seen from the scope's site."""
    if not (is_centre(scope) or site == scope.site):
        return None
    found = _as_they_stand(DataQuery.objects.filter(site=site, key=key), today)
    return next((each for each in found if _is_seen(scope, each)), None)


def open_query(site: str, check: str, *, value: str = "", today: date) -> Asked | None:
    """Return the question about a check at a clinic, or about a value of a column, that is not closed yet."""
    found = _as_they_stand(DataQuery.objects.filter(site=site, asked_by_check=check, value=value), today)
    return next((each for each in found if each.state is not QueryState.CLOSED), None)


def _is_seen(scope: Scope, asked: Asked) -> bool:
    """Return whether the clinic of a question is of the kind that the scope's site is: synthetic or real."""
    here, there = site_named(scope.site), site_named(asked.query.site)
    return here is not None and there is not None and here.synthetic == there.synthetic


def _as_they_stand(queries: Iterable[DataQuery], today: date) -> list[Asked]:
    wanted = list(queries)
    steps: dict[tuple[str, UUID], list[DataQueryStep]] = {}
    for each in DataQueryStep.objects.filter(query_key__in=[each.key for each in wanted]).order_by("number"):
        steps.setdefault((each.site, each.query_key), []).append(each)
    checks = {check.id: check for check in asked_of_data().checks}
    return [_stands(each, tuple(steps.get((each.site, each.key), ())), checks, today) for each in wanted]


def _stands(query: DataQuery, steps: tuple[DataQueryStep, ...], checks: dict[str, QualityCheck], today: date) -> Asked:
    told = [Step(each.step, each.answer_by) for each in steps]
    state, wanted_by = query_state(told), answer_by(query.answer_by, told)
    late = is_overdue(state, wanted_by, today)
    about = None if query.value else checks.get(query.asked_by_check)
    return Asked(query, steps, state, wanted_by, late, about, _value(query))


def _value(query: DataQuery) -> ValueAsked | None:
    if not query.value or query.asked_by_check not in columns_asked():
        return None
    return ValueAsked(*query.asked_by_check.split("."), query.value)
