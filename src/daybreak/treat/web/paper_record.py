"""The record on paper, for when everything fails: pre-filled as a PDF, and typed in afterwards as what it is.

How it is set stands in `paper/record.typ`. The code on each page names the session and nobody: it opens the page on
which the paper is typed in.
"""

import io
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from daybreak.design.public import clock, moment
from daybreak.identity.public import person
from daybreak.kernel.moments import now as this_moment
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.people.public import requires, site_named
from daybreak.treat.queries.medicines import planned_with
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import in_words
from daybreak.treat.web.doses import plan_times
from daybreak.treat.web.frame import found
from daybreak.treat.web.presenters import label, plain, unit_of
from daybreak.treat.web.sheet import allergy_words, sheet

SPARE_ROWS = 4
# An infusion of days is read more often than a paper can foresee: the spare rows go on.
MOST_ROWS = 48


@requires(Permission.RUN_SESSION, purpose="the record on paper")
@require_GET
def paper_pdf(request: HttpRequest, scope: Scope, session: UUID) -> HttpResponse:
    """The paper record of a session, to be printed before anything fails."""
    now, at = found(scope, session), this_moment()
    address = reverse("treat:transcribe", kwargs={"site": scope.site, "session": session})
    record = record_of(scope, now, address=request.build_absolute_uri(address), at=at)
    return sheet("record", record, at=at, file_name=f"session-{session.hex[-8:]}")


def record_of(scope: Scope, now: SessionNow, *, address: str, at: datetime) -> dict[str, object]:
    """Return what stands on the paper: who, which dose, which limits, and a row for each time signs are read."""
    site, patient = site_named(scope.site), now.session.patient_key
    who, order = person(scope, patient, at=at), now.order
    start = now.started_at
    return {
        "title": _("Session record on paper"),
        "clinic": site.name,
        "synthetic": site.synthetic,
        "patient": who.full_name if who else "–",
        "born": f"{who.birth_date:%d %b %Y}" if who and who.birth_date else "–",
        "allergies": allergy_words(scope, patient),
        "session": f"{now.session.number}, {now.session.chair}",
        "protocol": now.protocol.title,
        "planned": moment(now.session.planned_for, site.time_zone, year=True),
        "started": clock(start, site.time_zone) if start else "",
        "dose": _dose(order),
        "with_it": _with_it(now),
        "during": _table(now, "during", site.time_zone),
        "after": _table(now, "after", site.time_zone),
        "code": code_of(address),
        "code_alt": _("A code that opens the page on which this paper is typed in"),
        "key": str(now.session.key),
        "printed_at": moment(at, site.time_zone, year=True),
        "words": _words(),
    }  # fmt: skip


def code_of(address: str) -> str:
    """Return a QR code of an address as SVG."""
    drawn = io.BytesIO()
    segno.make(address, error="m", micro=False).save(drawn, kind="svg", border=2, xmldecl=False, dark="#14213a")
    return drawn.getvalue().decode()


def times_of(now: SessionNow, part: str) -> dict[int, set[str]]:
    """Return which signs are read at which minute of the dose, or after it, by the protocol."""
    watch = getattr(now.protocol, part)
    last = now.protocol.after.minimum_observation_minutes
    if part == "during":
        last = (now.order.over_minutes if now.order else None) or 0
    read: dict[int, set[str]] = {}
    for sign in watch.signs:
        minutes = sign.at_minutes or range(0, last + 1, sign.every_minutes or max(last, 1))
        for minute in minutes:
            read.setdefault(minute, set()).add(sign.sign)
    return dict(sorted(read.items())[:MOST_ROWS])


def _dose(order: Any) -> list[list[str]]:
    """What was ordered, as far as this way of giving has it."""
    if order is None:
        return []
    rows = (
        (_("Dose"), order.dose_mg, "mg"),
        (_("Weight"), order.weight_kg, "kg"),
        (_("Concentration"), order.concentration_mg_per_ml, "mg/mL"),
        (_("Volume"), order.volume_ml, "mL"),
        (_("Rate"), order.rate_ml_per_hour, "mL/h"),
    )
    return [[name, f"{plain(value)} {unit_}"] for name, value, unit_ in rows if value is not None]


def _with_it(now: SessionNow) -> list[str]:
    """What goes with the dose by the order, one line each."""
    found = []
    for each in planned_with(now):
        unit_ = written(each.unit)
        words = [in_words(each.drug).capitalize(), "" if each.amount is None else f"{plain(each.amount)} {unit_}"]
        found.append(f"{' '.join(filter(None, words))}, {each.route}. {plan_times(each)} {each.text}")
    return found


def _table(now: SessionNow, part: str, zone: str) -> dict[str, object]:
    watch, read = getattr(now.protocol, part), times_of(now, part)
    signs = list(dict.fromkeys(sign.sign for sign in watch.signs))
    begun = now.started_at if part == "during" else now.ended_at
    rows = [
        [f"+{minute} min", clock(begun + timedelta(minutes=minute), zone) if begun else "", *(s in at for s in signs)]
        for minute, at in read.items()
    ]
    return {
        "signs": [f"{label(sign)} {unit_of(sign)}".strip() for sign in signs],
        "rows": [*rows, *(["", "", *(True for _sign in signs)] for _row in range(SPARE_ROWS))],
        "limits": [
            f"{label(limit.sign)} {_limit_words(limit.test)} "
            f"{f'{plain(getattr(limit, limit.test))} {written(limit.unit)}'.strip()}: {limit.advise}"
            for limit in watch.limits
        ],
    }


def _limit_words(test: str) -> str:
    return {
        "above": _("above"),
        "at_least": _("at or above"),
        "below": _("below"),
        "at_most": _("at or below"),
        "rise_above": _("higher than the baseline by more than"),
        "fall_above": _("lower than the baseline by more than"),
    }[test]


def _words() -> dict[str, str]:
    return {
        "synthetic": _("Synthetic data: this person is invented."),
        "born": _("Born"),
        "allergies": _("Allergies"),
        "session": _("Session"),
        "planned": _("Planned for"),
        "printed": _("Printed"),
        "why": _(
            "For use when no device works. Write the time by the same clock each time, sign each row with your "
            "initials, and type it in as soon as the server answers: scan the code."
        ),
        "dose": _("The dose as it was ordered"),
        "no_dose": _("No dose was ordered yet when this was printed: no infusion is started from this paper."),
        "pump": _("The pump: one row for each start, pause, change of rate, resumption and end"),
        "what": _("What"),
        "time": _("Time"),
        "rate": _("Rate mL/h"),
        "reason": _("Why"),
        "initials": _("Initials"),
        "medicines": _("Medicines and oxygen: one row for each, and for each change of the flow (0 when it ends)"),
        "medicine": _("Medicine"),
        "much": _("Amount and unit"),
        "way": _("Way, or device"),
        "planned_with": _("With the dose, by the order"),
        "during": _("During the dose"),
        "after": _("After the dose"),
        "due": _("Due"),
        "limits": _("Act at once when"),
        "notes": _("Notes and side effects, each with its time"),
        "names": _("Names of those who wrote here, with their initials"),
        "page": _("page"),
        "started": _("Started at"),
    }
