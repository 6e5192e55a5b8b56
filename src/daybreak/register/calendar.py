"""The calendar of a snapshot: sessions counted by site and week at the freeze, without a person in it.

The rows of people carry no date (docs/decisions/frozen-times-are-offsets.md); watching harm over time needs one. What
is counted here says in which week something happened, and to nobody in particular.
"""

from daybreak.kernel.classification import Class
from daybreak.register.description import Column, Table, Taken

# Weeks are counted from a Monday, 3 January 2000, midnight UTC.
FIRST_MONDAY = "2000-01-03"
POSITIONS = ("first", "second to sixth", "later")
COUNTED = ("all", "watched", "any_event", "severe_event", "serious_event", "mostly_missed", "term")

CALENDAR = Table(
    "calendar",
    "treat_sessions",
    "Sessions counted at the freeze, without a person: one row for each site, week, position in the person's "
    "sessions, route and what is counted.",
    (
        Column("site", "The clinic.", "text", Taken.SITE, "site", classification=Class.OPERATIONAL),
        Column(
            "week",
            "The week in which the sessions were started, counted from Monday, 3 January 2000 (UTC).",
            "integer",
            Taken.COUNT,
            unit="wk",
            classification=Class.QUASI,
        ),
        Column("position", "Which of a person's sessions.", "text", Taken.WORD, "position", values=POSITIONS),
        Column("route", "How the dose is given.", "text", Taken.WORD, "route", may_be_empty=True),
        Column(
            "counted",
            "Which sessions: all; those whose readings were counted at discharge (watched); with an event, one of "
            "grade 3 or more, a serious one; with more readings missed than read; with an event of a term.",
            "text",
            Taken.WORD,
            "counted",
            values=COUNTED,
        ),
        Column("term", "The term, where events of one are counted.", "text", Taken.WORD, "term", may_be_empty=True),
        Column("sessions", "How many sessions.", "integer", Taken.COUNT, unit="1", at_least=1),
    ),
    ("week", "position", "route", "counted", "term"),
)
