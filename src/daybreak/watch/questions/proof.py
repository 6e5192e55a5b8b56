"""The open questions, tried on invented cohorts in which the truth is known: an effect planted, and left out.

What is true of invented people says nothing of ketamine; it says whether an answer can be believed.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from daybreak.kernel.refusal import Refusal
from daybreak.register.public import Recipe, dataset_in, keep_beside, known_truth, recipe
from daybreak.rulebook.public import Library
from daybreak.watch.questions.answering import answered

MOST_SEEDS, REFERENCE = 100, 1_000_000
# Which planted effect each question is about; the site that monitors poorly is always there.
PLANTED = {"dose": "dose", "dampening_drugs": "dampening", "bladder": "bladder", "training_and_monitoring": ""}
_EFFECTS = ("dose", "dampening", "bladder")


class CannotTry(Refusal):
    """A proof that cannot be run."""


@dataclass(frozen=True, slots=True)
class Once:
    """One cohort: its seed, the truth, the answer with its interval (None where there is none), and the verdict."""

    seed: int
    truth: float
    value: float | None
    lower: float | None
    upper: float | None
    verdict: str

    @property
    def holds(self) -> bool:
        """Return whether the interval holds the truth."""
        return self.lower is not None and self.upper is not None and self.lower <= self.truth <= self.upper


@dataclass(frozen=True, slots=True)
class Proved:
    """A question on several cohorts: planted or left out, how many intervals held the truth, and each verdict."""

    question: str
    planted: bool
    persons: int
    truth: float
    held: int
    cohorts: int
    verdicts: dict[str, int]
    runs: tuple[Once, ...]


def proved(
    library: Library,
    *,
    persons: int,
    seeds: Sequence[int],
    at: datetime,
    names: Sequence[str] = tuple(PLANTED),
    reference: int = REFERENCE,
) -> Iterator[Proved]:
    """Yield each question with its effect planted, then left out; cohorts are made in a folder that is gone afterwards.
    The truth is that of so many `reference` people: no seed changes it but by chance.

    Raises CannotTry; NotARecipe of the register.
    """
    if unknown := sorted(set(names) - PLANTED.keys()):
        raise CannotTry(f"Nothing is planted for “{unknown[0]}”. It is one of: {', '.join(PLANTED)}.")
    if not 1 <= len(seeds) <= MOST_SEEDS:
        raise CannotTry(f"A proof takes 1 to {MOST_SEEDS} cohorts.")
    with TemporaryDirectory() as parent:
        for planted in (True, False):
            effects = _EFFECTS if planted else ()
            made = [recipe(persons=persons, seed=seed, effects=effects) for seed in seeds]
            truth = known_truth(made[0], people=reference) if planted else dict.fromkeys(names, 0.0)
            asked = [name for name in names if planted or PLANTED[name]]
            runs = [run for each in made for run in _runs(library, each, truth, asked, Path(parent), at)]
            for name in names:
                own = tuple(once for question, once in runs if question == name)
                if own:
                    yield _together(name, planted, persons, own)


def _runs(
    library: Library, made: Recipe, truth: Mapping[str, float], names: Sequence[str], parent: Path, at: datetime
) -> Iterator[tuple[str, Once]]:
    if not names:
        return
    frozen = dataset_in(keep_beside(parent, made, at=at, progress=lambda *_: None))
    for name in names:
        answer = answered(library.question(name), frozen, library)
        main = answer.main
        ends = (None, None, None) if main is None else (main.value, main.lower, main.upper)
        yield name, Once(made.seed, truth[name], *ends, answer.verdict)


def _together(name: str, planted: bool, persons: int, runs: tuple[Once, ...]) -> Proved:
    return Proved(
        question=name,
        planted=planted,
        persons=persons,
        truth=sum(once.truth for once in runs) / len(runs),
        held=sum(once.holds for once in runs),
        cohorts=len(runs),
        verdicts=dict(sorted(Counter(once.verdict for once in runs).items())),
        runs=runs,
    )
