"""The frozen tables about what happened in a session: what was given and how, and what was read."""

from daybreak.kernel.units import known_units
from daybreak.register.columns import PERSON, SITE, key_of, number, own, time, word, yes_no
from daybreak.register.description import Column, Table


def _amount(name: str, meaning: str, unit: str) -> Column:
    return number(name, meaning, name, unit, may_be_empty=True, at_least=0)


DOSES = Table(
    "dose",
    "treat_doses",
    "How each dose was given: one row for each step that began, changed or ended it. What was given in all stands in "
    "the table session as well.",
    (
        SITE,
        PERSON,
        key_of("session", "The session.", "session"),
        number("position", "Its place among all steps of the session.", "position", "1", at_least=1, kind="integer"),
        word(
            "step",
            "What was done.",
            values=(
                "started",
                "given",
                "paused",
                "resumed",
                "rate_changed",
                "rate_raised",
                "syringe_changed",
                "completed",
                "stopped",
            ),
        ),
        word("reason", "Why, where a reason was asked.", may_be_empty=True),
        _amount("rate_ml_per_hour", "Of a pump, how fast it ran from then on.", "mL/h"),
        _amount("part_mg", "Of a dose in parts, the amount of this part.", "mg"),
        word("place", "Where on the body it was given.", may_be_empty=True),
        _amount("given_mg", "At its end, the amount given in all.", "mg"),
        _amount("running_seconds", "At its end, how long it ran, pauses left out.", "s"),
        _amount("ordered_mg", "At its start, the amount that was ordered.", "mg"),
        _amount("concentration_mg_per_ml", "At its start, what a millilitre held.", "mg/mL"),
        *time("done_at", "it was done"),
    ),
    ("person", "minute", "session", "position"),
)
READINGS = Table(
    "reading",
    "treat_readings",
    "Readings summed up: one row for each session, sign and unit.",
    (
        SITE,
        PERSON,
        key_of("session", "The session.", "session"),
        word("sign", "What was read."),
        word("unit", "The unit (UCUM).", values=known_units()),
        number("readings", "How many readings there are.", "readings", "", at_least=1, kind="integer"),
        number(
            "baseline",
            "The last value before the infusion started.",
            "baseline",
            "as in unit",
            may_be_empty=True,
        ),
        number("lowest", "The lowest value since.", "lowest", "as in unit", may_be_empty=True),
        number("highest", "The highest value since.", "highest", "as in unit", may_be_empty=True),
    ),
    ("person", "session", "sign", "unit"),
)
VITAL_SIGNS = Table(
    "vital_sign",
    "treat_vital_signs",
    "One row for each reading of a session as it stands: what the table reading sums up. What was corrected or marked "
    "as an artefact is not in it.",
    (
        SITE,
        PERSON,
        key_of("session", "The session.", "session"),
        word("sign", "What was read."),
        number("value", "The value.", "value", "as in unit"),
        word("unit", "The unit (UCUM).", values=known_units()),
        yes_no("from_device", "Whether a device sent it; else somebody typed it."),
        *time("measured_at", "it was read"),
    ),
    ("person", "minute", "session", "sign", "unit", "value", "from_device"),
)
MEDICINES = Table(
    "medicine",
    "treat_medicines",
    "One row for each medicine given or taken in a session beside its own drug; oxygen has a flow and an end.",
    (
        SITE,
        PERSON,
        own("The medicine."),
        key_of("session", "The session.", "session"),
        word("medicine", "Which: a word of the lists of medicines, or other."),
        word("how", "Given by the team, or taken by the patient.", values=("given", "taken")),
        number("dose", "How much.", "dose", "as in unit", may_be_empty=True, at_least=0),
        word("unit", "The unit of the amount.", values=("mg", "ug", "g", "mL"), may_be_empty=True),
        word("route", "By which way.", may_be_empty=True),
        number("flow", "The flow of oxygen.", "flow", "L/min", may_be_empty=True, at_least=0),
        word("device", "Through what the oxygen flowed.", may_be_empty=True),
        word("reason", "Why, in the team's words.", may_be_empty=True),
        *time("given_at", "it was given"),
        time("ended_at", "the oxygen ended", prefix="ended_", may_be_empty=True)[1],
    ),
    ("person", "minute", "key"),
)
