"""The door of learning."""

from daybreak.learn.definitions import course_named, courses
from daybreak.learn.queries import enrolments, progress_of, transcript
from daybreak.learn.rules import PLANNER_DAYS, days_left, is_open, next_step

__all__ = [
    "PLANNER_DAYS",
    "course_named",
    "courses",
    "days_left",
    "enrolments",
    "is_open",
    "next_step",
    "progress_of",
    "transcript",
]
