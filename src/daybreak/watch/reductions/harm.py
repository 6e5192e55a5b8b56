"""Adverse events in sessions, and in the time observed, as counts."""

import ibis
import ibis.expr.types as ir

from daybreak.register.public import worked_out
from daybreak.stats.public import design_effect
from daybreak.watch.counts import HarmCounts, TermCounts
from daybreak.watch.reductions.narrowing import Tables, started
from daybreak.watch.reductions.person_time import person_time


def harm(tables: Tables) -> HarmCounts:
    """This function will count events by term, the most frequent first."""
    begun, event = started(tables), tables["event"]
    inside = event.semi_join(begun, "session")
    inside = worked_out(inside.select("person", "session", "serious", term=inside.term.fill_null("other")))
    by_term = inside.group_by("term").agg(
        events=inside.count(),
        serious=inside.serious.sum(),
        sessions=inside.session.nunique(),
        people=inside.person.nunique(),
    )
    rows, clustered = by_term.to_pyarrow().to_pylist(), _Clustered(begun)
    effects = clustered.of_sessions(inside, "term")
    terms = sorted(
        (TermCounts(**{**row, "serious": int(row["serious"] or 0)}, effect=effects[row["term"]]) for row in rows),
        key=lambda t: (-t.events, t.term),
    )
    every = inside.mutate(term=ibis.literal("any"))
    return HarmCounts(
        sessions=int(begun.count().to_pyarrow().as_py()),
        people=int(begun.person.nunique().to_pyarrow().as_py()),
        events=sum(term.events for term in terms),
        serious=sum(term.serious for term in terms),
        sessions_with_event=int(inside.session.nunique().to_pyarrow().as_py()),
        people_with_event=int(inside.person.nunique().to_pyarrow().as_py()),
        elsewhere=int(event.count().to_pyarrow().as_py()) - sum(term.events for term in terms),
        terms=tuple(terms),
        in_time=person_time(tables),
        effect=clustered.of_sessions(every, "term").get("any", 1.0),
        events_effect=clustered.of_events(every),
    )


class _Clustered:
    """How much what is counted hangs together within people, from sums over people."""

    def __init__(self, begun: ir.Table) -> None:
        self._held = worked_out(begun.group_by("person").agg(n=begun.count()))
        told = self._held.agg(n=self._held.n.sum(), n2=(self._held.n * self._held.n).sum()).to_pyarrow().to_pylist()[0]
        self._sessions, self._squares = float(told["n"] or 0), float(told["n2"] or 0)

    def of_sessions(self, inside: ir.Table, by: str) -> dict[str, float]:
        """Return the design effect of the sessions with an event, by the words of a column."""
        counted = inside.group_by("person", by).agg(k=inside.session.nunique())
        return {word: self._effect(*sums, binomial=True) for word, sums in self._summed(counted, by).items()}

    def of_events(self, inside: ir.Table) -> float:
        """Return that of the number of events."""
        counted = inside.group_by("person", "term").agg(k=inside.count())
        found = self._summed(counted, "term").get("any")
        return 1.0 if found is None else self._effect(*found, binomial=False)

    def _summed(self, counted: ir.Table, by: str) -> dict[str, tuple[float, float, float]]:
        both = counted.join(self._held, "person")
        summed = both.group_by(by).agg(k=both.k.sum(), k2=(both.k * both.k).sum(), kn=(both.k * both.n).sum())
        return {
            row[by]: (float(row["k"]), float(row["k2"]), float(row["kn"])) for row in summed.to_pyarrow().to_pylist()
        }

    def _effect(self, seen: float, squares: float, crossed: float, *, binomial: bool) -> float:
        share = seen / self._sessions
        apart = squares - 2 * share * crossed + share * share * self._squares
        return float(design_effect(apart, seen * (1 - share) if binomial else seen))
