"""The record of a session as a device reckons with it: the page brings it, and it is what the device keeps."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.treat.queries.medicines import medicines_of
from daybreak.treat.queries.readings import readings_of
from daybreak.treat.queries.sessions import SessionNow, doing_of
from daybreak.treat.rules.route import Manner
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.given import medicines_due
from daybreak.treat.web.medicine_forms import medicine_words
from daybreak.treat.web.presenters import label, plain


def record_of(scope: Scope, now: SessionNow) -> dict[str, Any]:
    """Return the record of a session as a device reckons with it."""
    rows, watches = readings_of(scope, now.session.key), (now.protocol.during, now.protocol.after)
    signs = dict.fromkeys([*(s.sign for watch in watches for s in watch.signs), *(row.sign for row in rows)])
    given = medicines_of(scope, now.session.key)
    units = {s.unit for watch in watches for s in watch.signs} | {row.unit for row in rows}
    return {
        "session": str(now.session.key),
        "state": str(now.state),
        "steps": [_step(now, place) for place in range(len(now.steps))],
        "readings": [
            {"key": str(r.key), "sign": r.sign, "value": plain(r.value), "unit": r.unit, "at": _us(r.measured_at)}
            for r in rows
        ],
        "watch": {
            name: {
                "signs": [sign.model_dump(mode="json") for sign in watch.signs],
                "limits": [limit.model_dump(mode="json") for limit in watch.limits],
            }
            for name, watch in zip(("during", "after"), watches, strict=True)
        },
        "order": _order(now),
        "medicines": [
            {"key": str(each.row.key), "at": _us(each.row.given_at), "words": medicine_words(each)} for each in given
        ],
        "planned": [
            {
                "drug": each.sign,
                "label": in_words(each.sign),
                "due_at": _us(each.due_at),
                "overdue_at": _us(each.overdue_at),
            }
            for each in medicines_due(now, given, at=this_moment())
        ],
        "labels": {sign: label(sign) for sign in signs},
        "units": {code: written(code) for code in units},
    }


def _order(now: SessionNow) -> dict[str, str] | None:
    """The order of a pump that runs one syringe, which a device can reckon with; other ways are left to the server."""
    order = now.order
    if order is None or now.manner is not Manner.INFUSION:
        return None
    names = ("dose_mg", "volume_ml", "concentration_mg_per_ml", "rate_ml_per_hour")
    values = {name: getattr(order, name) for name in names}
    return None if None in values.values() else {name: plain(value) for name, value in values.items()}


def _step(now: SessionNow, place: int) -> dict[str, Any]:
    step = now.steps[place]
    doing = doing_of(step)
    return {
        "key": str(step.key), "step": step.step, "at": _us(step.done_at),
        "rate_ml_per_hour": _said(doing.rate_ml_per_hour),
        "drawn_ml": _said(doing.drawn_ml),
        "part_mg": _said(doing.part_mg),
    }  # fmt: skip


def _said(value: Decimal | None) -> str | None:
    return None if value is None else plain(value)


def _us(moment: datetime) -> int:
    return int(moment.timestamp()) * 1_000_000 + moment.microsecond
