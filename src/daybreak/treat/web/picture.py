"""What the chart and its table show: every reading with what became of it, pauses, and limits as lines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext as _

from daybreak.design.public import clock
from daybreak.kernel.units import written
from daybreak.rulebook.public import Limit, Watch
from daybreak.treat.queries.readings import Row
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.corrections import CORRECTED, Told
from daybreak.treat.rules.steps import Step, in_words
from daybreak.treat.web.presenters import label, plain

# The signs whose values share the chart's one scale; the others stand in their tiles and in the table.
DRAWN = ("systolic_pressure", "diastolic_pressure", "heart_rate", "oxygen_saturation", "end_tidal_co2")


@dataclass(frozen=True, slots=True)
class ReadingLine:
    """A reading as a line of the table: `fate` is "" where it stands, `why` says in words why it does not."""

    key: UUID
    when: str
    label: str
    value: str
    unit: str
    fate: str
    why: str
    by: str


def lines(told: Sequence[Told], *, zone: str, from_paper: Collection[UUID] = ()) -> list[ReadingLine]:
    """Return every reading as a line, the newest first; `from_paper` names those that were typed in from paper."""
    return [_line(each, zone, from_paper) for each in reversed(told)]


def _line(each: Told, zone: str, from_paper: Collection[UUID]) -> ReadingLine:
    row: Row = each.row
    by = _("monitor") if row.device_key else _("from paper") if row.key in from_paper else _("typed in")
    return ReadingLine(
        row.key,
        clock(row.measured_at, zone),
        label(row.sign),
        plain(row.value),
        written(row.unit),
        each.fate,
        why(each),
        by,
    )


def why(each: Told) -> str:
    """Return in words what became of a reading; nothing where it stands."""
    if not each.fate:
        return ""
    form = _("corrected: %(why)s") if each.fate == CORRECTED else _("artefact: %(why)s")
    return form % {"why": in_words(each.why)}


def sent(row: Row) -> dict[str, object]:
    """Return a reading as the page keeps it. The page itself sees what corrects what."""
    return {
        "key": str(row.key),
        "sign": row.sign,
        "value": float(row.value),
        "unit": written(row.unit),
        "at": row.measured_at.timestamp(),
        "corrects": str(row.corrects) if row.corrects else None,
        "mark": row.mark,
        "why": in_words(row.reason),
    }


def pauses(now: SessionNow, *, at: datetime) -> list[tuple[float, float]]:
    """Return the spans in which the dose was paused, as seconds since 1970; the last one may go on."""
    found, since = [], None
    for step in now.steps:
        if step.step == Step.PAUSED:
            since = step.done_at
        elif since is not None and step.step in (Step.RESUMED, Step.STOPPED, Step.COMPLETED):
            found.append((since.timestamp(), step.done_at.timestamp()))
            since = None
    return [*found, (since.timestamp(), at.timestamp())] if since else found


def limit_lines(now: SessionNow, baseline: Mapping[str, Row], *, watch: Watch | None = None) -> list[dict[str, object]]:
    """Return the limits that hold now, or those of `watch`, as lines of the chart; one on a change stands that far from
    the baseline.
    """
    watch = watch or (now.protocol.after if now.ended_at else now.protocol.during)
    found = []
    for limit in watch.limits:
        value = _height(limit, baseline.get(limit.sign))
        if limit.sign in DRAWN and value is not None:
            words = _("%(sign)s %(test)s %(value)s") % {
                "sign": in_words(limit.sign).removesuffix(" pressure"),
                "test": "≤" if limit.test in ("below", "at_most", "fall_above") else "≥",
                "value": plain(value),
            }
            found.append({"sign": limit.sign, "value": float(value), "words": words, "priority": limit.priority})
    return found


def _height(limit: Limit, first: Row | None) -> Decimal | None:
    bound: Decimal = getattr(limit, limit.test)
    if limit.test not in ("rise_above", "fall_above"):
        return bound
    if first is None or first.unit != limit.unit:
        return None
    return first.value + bound if limit.test == "rise_above" else first.value - bound
