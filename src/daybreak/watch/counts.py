"""Sufficient statistics: what is known of many people without knowing one of them. Pure."""

from dataclasses import dataclass

ANY_EVENT, SERIOUS_EVENT = "any_event", "serious_event"


@dataclass(frozen=True, slots=True)
class ExposureCounts:
    """People, courses and sessions. `sessions_per_person` and `doses_mg_per_kg` count people and sessions by
    value, rising.
    """

    registered: int
    consenting: int
    treated: int
    courses: int
    sessions: int
    sessions_per_person: tuple[tuple[int, int], ...]
    doses_mg_per_kg: tuple[tuple[float, int], ...]
    without_dose: int
    total_mg: float


@dataclass(frozen=True, slots=True)
class OutcomeCounts:
    """Treated people by what is known of them in one window; those without a score or a baseline are in no
    denominator.
    """

    met: int
    not_met: int
    no_score: int
    no_baseline: int

    @property
    def assessed(self) -> int:
        """Return how many people the share is of."""
        return self.met + self.not_met


@dataclass(frozen=True, slots=True)
class RelapseCounts:
    """At each of `days` since response: how many relapsed, how many were last seen in response. And who is
    not in the curve.

    `treated_again` counts people of the curve with a session after response. `between` counts people by the day on
    which they were last seen in response and the day on which the relapse was seen, None where none was.
    """

    days: tuple[int, ...]
    relapsed: tuple[int, ...]
    left: tuple[int, ...]
    no_response: int
    no_score: int
    no_baseline: int
    treated_again: int
    between: tuple[tuple[int, int | None, int], ...] = ()

    @property
    def responders(self) -> int:
        """Return how many people the curve begins with."""
        return sum(self.relapsed) + sum(self.left)

    @property
    def at_risk(self) -> tuple[int, ...]:
        """Return how many were in response and under observation just before each of `days`."""
        gone = [0]
        for relapsed, left in zip(self.relapsed, self.left, strict=True):
            gone.append(gone[-1] + relapsed + left)
        return tuple(self.responders - count for count in gone[:-1])


@dataclass(frozen=True, slots=True)
class TermCounts:
    """One kind of event: how often it was reported, and in how many sessions and people; `effect` is the design effect
    of its sessions.
    """

    term: str
    events: int
    serious: int
    sessions: int
    people: int
    effect: float = 1.0


@dataclass(frozen=True, slots=True)
class TimedCounts:
    """Events of one kind (any, serious, or a term) in the time observed: how many, of how many people; `effect` is the
    design effect of events of one person. `apart` counts people with an event that is counted in time and not by
    sessions, or the other way round.
    """

    kind: str
    events: int
    people: int
    apart: int = 0
    effect: float = 1.0


@dataclass(frozen=True, slots=True)
class PersonTime:
    """How many people were observed for how many years together, and the events in that time: any, serious, by term."""

    people: int
    years: float
    kinds: tuple[TimedCounts, ...]

    @property
    def any_event(self) -> TimedCounts:
        """Return the events of every kind together."""
        return next((each for each in self.kinds if each.kind == ANY_EVENT), TimedCounts(ANY_EVENT, 0, 0))


@dataclass(frozen=True, slots=True)
class HarmCounts:
    """Events in started sessions. `elsewhere` counts those that no started session is named for. The design effects say
    how much the sessions with an event, and the events, of one person hang together. `in_time` are the events of the
    time observed, in a session or not.
    """

    sessions: int
    people: int
    events: int
    serious: int
    sessions_with_event: int
    people_with_event: int
    elsewhere: int
    terms: tuple[TermCounts, ...]
    in_time: PersonTime
    effect: float = 1.0
    events_effect: float = 1.0


@dataclass(frozen=True, slots=True)
class SessionCounts:
    """Sessions of one band of exposure: how many, in how many something was seen, of how many people, and the design
    effect of sessions of one person.
    """

    sessions: int
    seen: int
    people: int
    people_seen: int
    effect: float


@dataclass(frozen=True, slots=True)
class CheckCounts:
    """Long-term checks of one band of exposure: people and time at risk of being worse, those who became so, and the
    change since the first check of those who were checked in it (None where there are too few).
    """

    people: int
    worse: int
    years: float
    changed: int
    mean_change: float | None
    sd_change: float | None
