"""Everything that the page of harm over time shows of one snapshot."""

from dataclasses import dataclass

from daybreak.rulebook.public import Surveillance
from daybreak.watch.surveillance.charts import KindCharts, Signal
from daybreak.watch.surveillance.funnels import Funnel


@dataclass(frozen=True, slots=True)
class OverTime:
    """Charts of every kind, funnels by name (“response”, “remission”, or a kind's id), and signals. `last_week` is the
    last week of the calendar, or None where the snapshot has none. `treated` counts people by site.
    """

    snapshot: str
    fingerprint: str
    frozen_at: str
    synthetic: bool
    surveillance: Surveillance
    last_week: int | None
    kinds: tuple[KindCharts, ...]
    funnels: dict[str, Funnel | None]
    signals: tuple[Signal, ...]
    treated: dict[str, int]

    def kind(self, name: str) -> KindCharts | None:
        """Return the charts of a kind."""
        return next((each for each in self.kinds if each.watched.id == name), None)
