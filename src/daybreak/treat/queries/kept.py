"""A session as it would stand after one more step: what a device keeps, so that it can go on without the server."""

from dataclasses import replace
from datetime import datetime

from daybreak.kernel.keys import new_key
from daybreak.treat.models import SessionStep
from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.steps import Step


def as_if(now: SessionNow, step: Step, *, at: datetime) -> SessionNow:
    """Return the session as if the step had been taken at that moment. Nothing is stored."""
    rate = now.rate_before(at) if step is Step.RESUMED else None
    values = {"rate_ml_per_hour": str(rate)} if rate is not None else {}
    taken = SessionStep(
        site=now.session.site,
        key=new_key(),
        patient_key=now.session.patient_key,
        session_key=now.session.key,
        position=len(now.steps) + 1,
        step=str(step),
        done_at=at,
        values=values,
    )
    return replace(now, steps=[*now.steps, taken])
