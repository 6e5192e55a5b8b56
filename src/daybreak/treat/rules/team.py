"""Who and what must be there before the start: roles filled, papers current, experience, equipment seen."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from daybreak.rulebook.public import Equipment, TeamRole, items_missing, roles_missing
from daybreak.treat.rules.blockers import Blocker
from daybreak.treat.rules.steps import in_words

IN_CHARGE, SUPERVISOR = "physician_in_charge", "supervisor"
ROLES = (IN_CHARGE, "nurse", "psychiatrist", "anaesthetist", SUPERVISOR)
ANYBODY = ("nurse", "clinician")
# Which facts about the team and its equipment a blocker is about.
FILLED, PAPERS, SEEN = ("roles_filled",), ("credentials_on_duty",), ("equipment_checked",)
_OTHERS = ("a colleague whose papers are current", "site lead")


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody in a role: what is missing from their papers today, and how many sessions they have started in it."""

    account: UUID
    name: str
    role: str
    missing: tuple[str, ...] = ()
    sessions: int = 0


@dataclass(frozen=True, slots=True)
class Readiness:
    """What the answer about team and equipment rests on. `confirmed` maps an item to who confirmed it."""

    team: Sequence[TeamRole]
    equipment: Sequence[Equipment]
    present: Sequence[Present]
    starter: UUID | None
    confirmed: Mapping[str, UUID] = field(default_factory=dict)


def team_blockers(facts: Readiness) -> tuple[Blocker, ...]:
    """Return what about the people is in the way, each with who can change it."""
    return tuple(_people(facts))


def equipment_blockers(facts: Readiness) -> tuple[Blocker, ...]:
    """Return what about the equipment is in the way; nothing where the protocol lists none."""
    missing = items_missing(facts.equipment, list(facts.confirmed))
    if not missing:
        return ()
    titles = {item.id: item.title for item in facts.equipment}
    listed = "; ".join(titles[name] for name in missing)
    return (
        Blocker(
            "The equipment is not confirmed.", f"Open: {listed}.", ANYBODY, "Look at each and confirm it.", about=SEEN
        ),
    )


def _people(facts: Readiness) -> Iterator[Blocker]:
    roles = [each.role for each in facts.present]
    if IN_CHARGE not in roles:
        why = "No physician is named."
        yield Blocker("Nobody is in charge of this session.", why, ANYBODY, "Name one.", about=FILLED)
    for role in roles_missing(facts.team, roles):
        asked = next(each.at_least for each in facts.team if each.id == role)
        if role == IN_CHARGE and role not in roles:
            continue
        why = f"The protocol asks for {asked}, {roles.count(role)} named."
        what = f"The role of {in_words(role)} is not filled."
        yield Blocker(what, why, ANYBODY, "Name who takes it.", about=FILLED)
    if facts.starter and facts.starter not in {each.account for each in facts.present}:
        why = "Who starts it takes a role in it."
        yield Blocker("You are not on the team of this session.", why, ANYBODY, "Take a role.", about=PAPERS)
    for each in facts.present:
        if each.missing:
            why = "; ".join(each.missing)
            yield Blocker(
                f"{each.name} may not take part today as {in_words(each.role)}.",
                f"{why[:1].upper()}{why[1:]}.",
                _OTHERS,
                "Let a colleague take the role, or have the new certificate shown and verified.",
                about=PAPERS,
            )
    yield from _alone(facts, SUPERVISOR in roles)


def _alone(facts: Readiness, has_supervisor: bool) -> Iterator[Blocker]:
    few: dict[str, int] = {role.id: role.alone_after for role in facts.team if isinstance(role.alone_after, int)}
    for each in facts.present:
        needed = few.get(each.role)
        if needed is not None and each.sessions < needed and not has_supervisor:
            why = f"{each.sessions} of {needed} sessions in this role so far."
            what = f"{each.name} does not yet work alone as {in_words(each.role)}."
            yield Blocker(what, why, ANYBODY, "Name a supervisor who stays.", about=FILLED)
