"""Adverse events in sessions, as counts."""

from daybreak.watch.counts import HarmCounts, TermCounts
from daybreak.watch.reductions.narrowing import Tables, started


def harm(tables: Tables) -> HarmCounts:
    """This function will count events by term, the most frequent first."""
    begun, event = started(tables), tables["event"]
    inside = event.semi_join(begun, "session")
    inside = inside.mutate(term=inside.term.fill_null("other"))
    by_term = inside.group_by("term").agg(
        events=inside.count(),
        serious=inside.serious.sum(),
        sessions=inside.session.nunique(),
        people=inside.person.nunique(),
    )
    rows = by_term.to_pyarrow().to_pylist()
    terms = sorted(
        (TermCounts(**{**row, "serious": int(row["serious"] or 0)}) for row in rows),
        key=lambda t: (-t.events, t.term),
    )
    return HarmCounts(
        sessions=int(begun.count().to_pyarrow().as_py()),
        people=int(begun.person.nunique().to_pyarrow().as_py()),
        events=sum(term.events for term in terms),
        serious=sum(term.serious for term in terms),
        sessions_with_event=int(inside.session.nunique().to_pyarrow().as_py()),
        people_with_event=int(inside.person.nunique().to_pyarrow().as_py()),
        elsewhere=int(event.count().to_pyarrow().as_py()) - sum(term.events for term in terms),
        terms=tuple(terms),
    )
