"""A question put to a snapshot's frozen tables: reduced to counts, estimated, and judged."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from daybreak.kernel.refusal import Refusal
from daybreak.rulebook.public import Library, Question, Seen, verdict_on
from daybreak.watch.questions.comparing import compared
from daybreak.watch.questions.lasting import lasted
from daybreak.watch.questions.results import Answer, Comparison, Lasting
from daybreak.watch.reductions.narrowing import Tables

if TYPE_CHECKING:
    from daybreak.register.public import Dataset


class NoSuchPlace(Refusal):
    """A site that the snapshot does not hold."""


def answered(question: Question, frozen: "Dataset", library: Library, *, leave_out: Sequence[str] = ()) -> Answer:
    """Return what a snapshot says to a question, without the sites `leave_out`; raise NoSuchPlace."""
    manifest = frozen.manifest
    strangers = sorted(set(leave_out) - set(manifest.sites))
    if strangers:
        raise NoSuchPlace(f"The snapshot {manifest.id} holds no site “{strangers[0]}”.")
    tables = dict(frozen.tables)
    if leave_out:
        tables = {name: table.filter(~table.site.isin(list(leave_out))) for name, table in tables.items()}
    found, seen = _worked_out(question, tables, library)
    verdict, reasons = verdict_on(question.enough, seen)
    return Answer(
        question=question.id,
        version=question.version,
        definition=question.fingerprint,
        snapshot=manifest.id,
        fingerprint=manifest.fingerprint,
        frozen_at=manifest.created_at,
        synthetic=manifest.synthetic,
        verdict=verdict,
        reasons=reasons,
        unrecorded=seen.unrecorded,
        comparison=found if isinstance(found, Comparison) else None,
        lasting=found if isinstance(found, Lasting) else None,
    )


def _worked_out(question: Question, tables: Tables, library: Library) -> tuple[Comparison | Lasting, Seen]:
    from daybreak.watch.reductions.asked import Named, asked  # here: the engine takes a second to load
    from daybreak.watch.reductions.asked_lasting import courses
    from daybreak.watch.reductions.asked_rows import medicines_of

    name, _, version = question.people.cohort.partition("/")
    cohort = library.cohort(name, int(version)) if name else None
    if question.people.rows == "lasting" and cohort is not None:
        found, seen = lasted(question, courses(tables, cohort))
        return found, _about(question, seen)
    measure = question.outcome.measure
    named = Named(
        cohort=cohort,
        measure=library.measure(measure) if measure is not None else None,
        medicines={each: library.codelist(each) for each in medicines_of(question)},
    )
    comparison, seen = compared(question, asked(tables, question, named))
    return comparison, _about(question, seen)


def _about(question: Question, seen: Seen) -> Seen:
    return replace(seen, needs_trial=question.needs_trial is not None)
