"""Words and addresses of the desk's pages."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _
from markupsafe import Markup

from daybreak.consent.public import ConsentState, title_of
from daybreak.consent.public import State as Consents
from daybreak.design.public import day, moment, number
from daybreak.follow_up.public import Asked, State, what_is_asked
from daybreak.kernel.permissions import Permission
from daybreak.rulebook.public import CourseSoFar
from daybreak.treat.public import SessionSummary

FOR_ALL = ("treatment", "registry")
NOON, EVENING = 12, 18
GROUPS = {State.OPEN: "waiting", State.LATE: "waiting", State.NOT_YET: "coming"}


def greeting(hour: int, name: str) -> str:
    """Return a greeting for the hour of the site."""
    part = "Good morning" if hour < NOON else "Good afternoon" if hour < EVENING else "Good evening"
    return f"{part}, {name.split(maxsplit=1)[0]}."


def opening_sentence(counts: tuple[str, ...]) -> str:
    """Return the counts as one sentence."""
    if not counts:
        return _("Nobody waits for you today.")
    listed = counts[0] if len(counts) == 1 else f"{', '.join(counts[:-1])} and {counts[-1]}"
    return f"{listed[0].upper()}{listed[1:]}."


def target_url(
    site: str, patient: UUID, target: str, *, session: SessionSummary | None, may: frozenset[Permission]
) -> str:
    """Return the address of a next step; nothing where nothing is next, or it is another person's to do."""
    if not target or (target == "follow_up" and Permission.FOLLOW_UP not in may):
        return ""
    if target == "session" and session:
        return reverse("treat:session", kwargs={"site": site, "session": session.key})
    if target == "follow_up":
        return reverse("follow_up:work", kwargs={"site": site})
    name = {"screen": "screen:patient", "consent": "consent:patient", "plan": "treat:plan"}[target]
    return reverse(name, kwargs={"site": site, "patient": patient})


def link_rows(site: str, patient: UUID, *, may: frozenset[Permission], died: bool) -> list[tuple[str, str, str]]:
    """Return the pages about a patient that this person may open: label, address, icon."""
    every = [
        (_("Screening"), "screen:patient", "screen", True),
        (_("Measurements"), "measure:patient", "measure", True),
        (_("Consents"), "consent:patient", "consent", True),
        (_("Plan"), "treat:plan", "treat", not died),
        (_("Follow-up"), "follow_up:patient", "follow-up", Permission.FOLLOW_UP in may),
        (_("Death"), "desk:death", "patient", Permission.REGISTER_PATIENT in may and died),
    ]
    at = {"site": site, "patient": patient}
    return [(label, reverse(name, kwargs=at), icon) for label, name, icon, shown in every if shown]


def session_rows(site: str, held: list[SessionSummary], zone: str) -> list[tuple[object, ...]]:
    """Return the sessions as rows of a table."""
    rows = []
    for s in held:
        link = reverse("treat:session", kwargs={"site": site, "session": s.key})
        linked = Markup('<a href="{}">{}</a>').format(link, s.number)
        dose = number(s.dose_mg, 1) if s.dose_mg else None
        weight = f"{s.weight_kg.normalize():f}" if s.weight_kg else None
        rows.append(
            (
                linked,
                moment(s.started_at or s.planned_for, zone, year=True),
                str(s.state).replace("_", " "),
                dose,
                weight,
            )
        )
    return rows


def pressure_rows(pressures: dict[str, object] | None, zone: str) -> list[tuple[object, ...]]:
    """Return the blood pressures as rows of a table, newest first."""
    rows = pressures["rows"] if pressures else []
    return [(moment(at, zone, year=True), _whole(high), _whole(low)) for at, high, low in reversed(rows)]


def asked_rows(asked: list[Asked], zone: str, *, at: datetime) -> dict[str, list[tuple[object, ...]]]:
    """Return the questionnaires asked for as rows: what waits now, what comes, what is past (newest first)."""
    rows: dict[str, list[tuple[object, ...]]] = {"waiting": [], "coming": [], "past": []}
    for each in asked:
        row = each.invitation
        state = each.state(at)
        title = what_is_asked(row)
        rows[GROUPS.get(state, "past")].append((title, row.reason, day(row.due_at, zone), str(state)))
    rows["past"].reverse()
    return rows


def consent_rows(states: Mapping[str, ConsentState]) -> list[tuple[str, str]]:
    """Return what each consent is called and where it stands: those that every course asks for, and those answered."""
    shown = {kind: s for kind, s in states.items() if kind in FOR_ALL or s.state is not Consents.NEVER_ASKED}
    return [(title_of(kind), str(state.state)) for kind, state in shown.items()]


def outcome_words(course: CourseSoFar | None) -> list[tuple[str, str]]:
    """Return what is known of response, remission and relapse, with the reason for each."""
    if course is None:
        return []
    found = [
        (_("Response"), course.response),
        (_("Remission"), course.remission),
        (_("Sustained response"), course.sustained),
        (_("First observed relapse"), course.relapse),
    ]
    return [(label, outcome.reason) for label, outcome in found if outcome is not None]


def _whole(value: object) -> str | None:
    return None if value is None else f"{value:.0f}"
