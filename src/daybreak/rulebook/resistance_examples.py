"""Run the worked examples of definitions of resistance and of adequate trials."""

from collections.abc import Iterator

from daybreak.kernel.truth import Truth
from daybreak.rulebook.lines import Path
from daybreak.rulebook.resistance import adequacy, stage
from daybreak.rulebook.staging import Adequacy, Resistance

Wrong = Iterator[tuple[Path, str]]
_SAYS = {Truth.MET: "adequate", Truth.NOT_MET: "not adequate", Truth.UNKNOWN: "unknown"}


def resistance_wrongs(definition: Resistance) -> Wrong:
    """Yield what is wrong with the examples: another answer, or a ladder or scale whose end no example reaches."""
    for index, example in enumerate(definition.examples):
        got = stage(definition, example.given)
        if got.word != example.expect:
            yield ("examples", index), f"example “{example.name}”: the answer is {got.word}, not {example.expect}"
        elif example.grade and got.grade != example.grade:
            yield ("examples", index), f"example “{example.name}”: the grade is {got.grade}, not {example.grade}"
    said = {example.expect for example in definition.examples}
    for rung in definition.rungs:
        if rung.id not in said:
            yield ("rungs",), f"no example reaches the stage {rung.id}"
    graded = {example.grade for example in definition.examples}
    for grade in definition.grades:
        if grade.id not in graded:
            yield ("grades",), f"no example has the grade {grade.id}"


def adequacy_wrongs(definition: Adequacy) -> Wrong:
    """Yield the examples whose answer is another one."""
    for index, example in enumerate(definition.examples):
        rating = None if example.rating is None else int(example.rating)
        got = _SAYS[adequacy(definition, weeks=example.weeks, dose_adequate=example.dose_adequate, rating=rating)]
        if got != example.expect:
            yield ("examples", index), f"example “{example.name}”: it is {got}, not {example.expect}"
