"""A patient's whole course on one time line, from the rooms' facts."""

from datetime import datetime, timedelta
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.consent.public import signatures_of
from daybreak.design.public import Band, EventKind, EventMark, Line, Score, SessionMark, number
from daybreak.kernel.scope import Scope
from daybreak.measure.public import library, scores
from daybreak.people.public import patient as patient_of
from daybreak.people.public import site_named
from daybreak.screen.public import decisions
from daybreak.treat.public import adverse_events, sessions_of

INSTRUMENT = "phq9"
GAP_DAYS = 45
MARGIN = timedelta(days=3)


def line_of(scope: Scope, patient: UUID, *, at: datetime) -> Line:
    """Return the line from the first fact to today, or to the last planned session."""
    held = tuple(_sessions(scope, patient))
    curve = tuple(_scores(scope, patient))
    events = tuple(_events(scope, patient))
    began = patient_of(scope, patient).registered_at
    moments = [began, at, *(m.at for m in (*held, *curve, *events))]
    instrument = library().instrument(INSTRUMENT)
    total = instrument.scores[0]
    return Line(
        scale=instrument.title,
        maximum=float(total.highest),
        zone=site_named(scope.site).time_zone,
        starts=min(moments) - MARGIN,
        ends=max(moments) + MARGIN,
        gap_days=GAP_DAYS,
        bands=_bands(total),
        scores=curve,
        sessions=held,
        events=events,
    )


def _bands(total) -> tuple[Band, ...]:
    """Return each range of severity; a band ends one point below the next."""
    ends = [band.at_least - 1 for band in total.bands[1:]] + [total.highest]
    return tuple(
        Band(lower=float(band.at_least), upper=float(end), label=band.text["en"])
        for band, end in zip(total.bands, ends, strict=True)
    )


def alt_of(line: Line) -> str:
    """Return in a sentence what the line shows."""
    held = sum(mark.dose_mg is not None for mark in line.sessions)
    sessions = ngettext("%(n)s session was given", "%(n)s sessions were given", held) % {"n": held}
    if not line.scores:
        return _("No %(scale)s score yet; %(sessions)s.") % {"scale": line.scale, "sessions": sessions}
    first, last = line.scores[0], line.scores[-1]
    said = {"scale": line.scale, "first": f"{first.value:g}", "last": f"{last.value:g}", "sessions": sessions}
    if len(line.scores) == 1:
        return _("%(scale)s was %(first)s, the only score so far; %(sessions)s.") % said
    words = ngettext(
        "%(scale)s was %(first)s at first and %(last)s at last, over %(n)s score; %(sessions)s.",
        "%(scale)s was %(first)s at first and %(last)s at last, over %(n)s scores; %(sessions)s.",
        len(line.scores),
    )
    return words % {**said, "n": len(line.scores)}


def _scores(scope: Scope, patient: UUID):
    for score in scores(scope, patient=patient, instrument=INSTRUMENT):
        if score.name == "total":
            words = f"PHQ-9: {float(score.value):g}" + (f", {score.band.replace('_', ' ')}" if score.band else "")
            yield Score(at=score.answered_at, value=float(score.value), words=words)


def _sessions(scope: Scope, patient: UUID):
    for s in sessions_of(scope, patient):
        dose = f", {number(s.dose_mg, 1)} mg" if s.dose_mg else ""
        url = reverse("treat:session", kwargs={"site": scope.site, "session": s.key})
        words = f"Session {s.number}{dose} ({str(s.state).replace('_', ' ')})"
        yield SessionMark(
            at=s.started_at or s.planned_for, dose_mg=s.dose_mg if s.started_at else None, words=words, url=url
        )


def _events(scope: Scope, patient: UUID):
    for event in adverse_events(scope, patient):
        yield EventMark(at=event.began_at, kind=EventKind.EVENT, words=f"Adverse event: {event.term.replace('_', ' ')}")
    for decision in decisions(scope, patient=patient):
        yield EventMark(at=decision.decided_at, kind=EventKind.EVENT, words=f"Screening decision: {decision.decision}")
    for signature in signatures_of(scope, patient):
        words = f"Consent, {signature.consent}: {signature.answer} by the {signature.signer}"
        yield EventMark(at=signature.signed_at, kind=EventKind.CONSENT, words=words)
