"""What an open question names elsewhere: its cohort and line, lists of medicines, measures, trials and reviews."""

from collections.abc import Callable, Iterable, Iterator

from daybreak.rulebook.cohort import Cohort
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.form import Definition
from daybreak.rulebook.lines import Path
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.question import Question

Wrong = Iterator[tuple[Path, str]]
Find = Callable[[str, str, int | None], Definition | None]
Names = Callable[[str], Iterable[str]]


def question_wrongs(question: Question, find: Find, names: Names) -> Wrong:
    """Yield what a question names and the library does not hold, with the nearest right word."""
    yield from _cohort(question, find, names)
    taken: list[tuple[Path, str | None]] = []
    if question.exposure is not None:
        taken.append((("exposure", "medicines"), question.exposure.medicines))
    taken += [(("confounders", index, "medicines"), each.medicines) for index, each in enumerate(question.confounders)]
    for path, medicines in taken:
        if medicines is not None:
            yield from _named(path, "codelists", medicines, find, names)
    if question.outcome.measure is not None:
        path = ("outcome", "measure")
        yield from _named(path, "measures", question.outcome.measure, find, names)
        found = find("measures", question.outcome.measure, None)
        if isinstance(found, Measure) and found.rule.kind != "worsening":
            yield path, f"“{found.id}” measures {found.rule.kind}, and a worsening is asked for"
    for kind in ("trials", "reviews"):
        for each in getattr(question.published, kind):
            yield from _named(("published", kind), kind, each, find, names)


def _cohort(question: Question, find: Find, names: Names) -> Wrong:
    named = question.people.cohort
    if not named:
        return
    name, _, version = named.partition("/")
    cohort = find("cohorts", name, int(version)) if version.isdecimal() else None
    if not isinstance(cohort, Cohort):
        near = did_you_mean(name, names("cohorts"))
        yield ("people", "cohort"), f"there is no cohort “{named}”: write id/version{near}"
        return
    lines = {line.id: line.kind for line in cohort.lines}
    asked: list[tuple[Path, str | None]] = [(("outcome", "line"), question.outcome.line)]
    asked += [(("sensitivity", index, "line"), each.line) for index, each in enumerate(question.sensitivity)]
    for path, line in asked:
        if line is not None and line not in lines:
            yield path, f"the cohort has no line “{line}”{did_you_mean(line, lines)}"
        elif line is not None and lines[line] == "still_well":
            yield path, f"“{line}” is a point of a curve, and a share of people is asked for"
    if question.people.rows in ("maintenance", "lasting") and cohort.fall_percent is None:
        yield ("people", "cohort"), f"the cohort {named} does not say what response is"


def _named(path: Path, kind: str, name: str, find: Find, names: Names) -> Wrong:
    if find(kind, name, None) is None:
        there = list(names(kind))
        near = ": its versions are drafts or retired" if name in there else did_you_mean(name, there)
        yield path, f"there is no active “{name}” among the {kind}{near}"
