"""The calendar of an invented site: its sessions counted by week, position and what is counted, piece by piece."""

from collections import Counter

import numpy as np

from daybreak.register.calendar import POSITIONS
from daybreak.register.synthetic.columns import Columns, same, words
from daybreak.register.synthetic.harms import TERMS, Events
from daybreak.register.synthetic.oversight import Watch
from daybreak.register.synthetic.people import A_WEEK, People
from daybreak.register.synthetic.treatment import ROUTE, Sessions

_LAST_OF_INDUCTION = 6


class Calendar:
    """Counts of one site. It keeps no person."""

    def __init__(self) -> None:
        self._held: Counter[tuple[str, str, int, int]] = Counter()

    def add(self, people: People, sessions: Sessions, watch: Watch, events: Events) -> None:
        """Count the sessions of some people."""
        week = (people.started[sessions.person] + sessions.minute) // A_WEEK
        position = np.where(sessions.nth == 1, 0, np.where(sessions.nth <= _LAST_OF_INDUCTION, 1, 2))
        every = np.arange(sessions.count)
        poorly = watch.missed > watch.in_time + watch.late
        wanted = {
            ("all", ""): every,
            ("watched", ""): every,
            ("mostly_missed", ""): every[poorly],
            ("any_event", ""): events.session,
            ("severe_event", ""): events.session[events.grade >= 3],
            ("serious_event", ""): events.session[events.serious],
        }
        wanted |= {("term", name): events.session[events.term == term] for term, name in enumerate(TERMS)}
        for (counted, term), which in wanted.items():
            once = np.unique(which)
            cells, numbers = np.unique(week[once] * len(POSITIONS) + position[once], return_counts=True)
            for cell, number in zip(cells.tolist(), numbers.tolist(), strict=True):
                self._held[counted, term, *divmod(cell, len(POSITIONS))] += number

    def columns(self, site: str) -> Columns:
        """Return the table of the calendar."""
        rows = sorted(self._held.items(), key=lambda row: (row[0][2], POSITIONS[row[0][3]], row[0][0], row[0][1]))
        counted, term, week, position = zip(*(key for key, _ in rows), strict=True)
        names, terms = sorted(set(counted)), sorted(set(term) - {""})
        return {
            "site": same(site, len(rows)),
            "week": np.array(week),
            "position": words(np.array(position), POSITIONS),
            "route": same(ROUTE, len(rows)),
            "counted": words(np.array([names.index(each) for each in counted]), names),
            "term": words(np.array([terms.index(each) if each else -1 for each in term]), terms),
            "sessions": np.array([number for _, number in rows]),
        }
