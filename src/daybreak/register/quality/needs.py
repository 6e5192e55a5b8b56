"""What the checks need beside the rows: the bounds of scores and signs, and the windows of measures. All of it stands
in other definitions.
"""

from dataclasses import dataclass

from daybreak.rulebook.public import Instrument, Library, Measure, Quality, QualityCheck, Vocabulary

ScoreBounds = dict[tuple[str, int, str], tuple[float, float]]
SignBounds = dict[tuple[str, str], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Needs:
    """The bounds of a score by instrument, version and name; of a sign by its name and unit; the measures by id."""

    scores: ScoreBounds
    signs: SignBounds
    measures: dict[str, Measure]

    def within(self, check: QualityCheck) -> tuple[float, float]:
        """Return the days before the first session, or the hours after the last one, in which a score counts."""
        measure = self.measures[str(check.measure)]
        if check.window is None:
            return float(measure.baseline.within_days), 0.0
        window = next(window for window in measure.windows if window.id == check.window)
        return float(window.from_hour), float(window.to_hour)


def needs_of(quality: Quality, library: Library) -> Needs:
    """Return what the checks of a definition need; raise UnknownDefinition where a measure is not there."""
    instruments = [each for each in library.every("instruments") if isinstance(each, Instrument)]
    vocabularies = [each for each in library.active("facts") if isinstance(each, Vocabulary)]
    return Needs(
        scores={
            (each.id, each.version, score.id): (float(score.lowest), float(score.highest))
            for each in instruments
            for score in each.scores
        },
        signs={
            (fact.id, fact.unit): (float(fact.lowest), float(fact.highest))
            for each in vocabularies
            for fact in each.facts
            if fact.lowest is not None and fact.highest is not None
        },
        measures={check.measure: library.measure(check.measure) for check in quality.checks if check.measure},
    )
