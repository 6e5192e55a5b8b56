"""A report that a session owes is sent by a named person, with every value that stood on it."""

import json
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from daybreak.identity.public import seal_text
from daybreak.kernel.permissions import Permission
from daybreak.kernel.scope import Scope
from daybreak.ledger.public import record_one
from daybreak.people.public import permissions_at
from daybreak.treat.actions.steps import NotYourPart, held
from daybreak.treat.models import ReportSent
from daybreak.treat.queries.answers import today
from daybreak.treat.queries.reports import Value, owed_of
from daybreak.treat.rules.reports import HOW, NotSent

SENDERS = frozenset({Permission.RUN_SESSION, Permission.FOLLOW_UP})


def mark_sent(
    scope: Scope, *, key: UUID, session: UUID, report: str, how: str, values: Mapping[str, Value], at: datetime
) -> ReportSent:
    """Keep that a report was sent, as it was sent; raise NotSent, NotYourPart. Daybreak sends nothing by itself."""
    with held(scope, session) as now:
        may = permissions_at(account=scope.actor, site=scope.site, on=today(scope, at)) if scope.actor else frozenset()
        if scope.actor is None or not may & SENDERS:
            raise NotYourPart("Your role at this site does not let you send reports.")
        owed = owed_of(scope, session, report, at=at)
        if owed is None:
            raise NotSent("This session does not owe that report.")
        if how not in HOW:
            raise NotSent("Say how it was sent.")
        before = owed.sent if owed.sent and owed.sent.key != key else None
        patient = now.session.patient_key
        return record_one(
            ReportSent(
                site=scope.site,
                key=key,
                corrects=before.key if before else owed.sent.corrects if owed.sent else None,
                patient_key=patient,
                session_key=session,
                report=report,
                protocol=now.course.protocol,
                protocol_version=now.course.protocol_version,
                fingerprint=now.course.fingerprint,
                how=how,
                content=seal_text(scope, patient, json.dumps(dict(values), ensure_ascii=False), fact=key),
                due_at=owed.due_at,
                sent_by=scope.actor,
                sent_at=at,
            )
        )
