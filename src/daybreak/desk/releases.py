"""How many releases of the register held a person: consent says when it was in force, the register when it froze."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.consent.public import was_in_force
from daybreak.design.public import day
from daybreak.kernel.scope import Scope
from daybreak.people.public import site_named
from daybreak.register.public import frozen_snapshots, hand_outs_of


@dataclass(frozen=True, slots=True)
class Held:
    """In how many of the snapshots that were made a person is held, the last one's moment, if there is one, and how
    often rows of those that hold the person were handed out.
    """

    number: int
    of: int
    last_at: datetime | None
    handed_out: int = 0


def held_in(scope: Scope, patient: UUID) -> Held:
    """Return how many snapshots hold the person.

    The register cannot say it, because what ties a row to a person is gone after each freeze. It follows from the
    moments: a snapshot holds whoever's consent to the registry was recorded and in force when it was made.
    """
    synthetic = site_named(scope.site).synthetic
    made = sorted((each.created_at, each.id) for each in frozen_snapshots(synthetic=synthetic))
    held = was_in_force(scope, patient, "registry", moments=[moment for moment, _name in made])
    then = [each for each, was in zip(made, held, strict=True) if was]
    return Held(
        number=len(then),
        of=len(made),
        last_at=then[-1][0] if then else None,
        handed_out=hand_outs_of(name for _moment, name in then),
    )


def held_words(scope: Scope, patient: UUID) -> str:
    """Return it as a sentence: the number, of how many, and the date."""
    held = held_in(scope, patient)
    if not held.of:
        return _("No snapshot of the register has been made yet.")
    if held.last_at is None:
        none = ngettext(
            "The register's only snapshot does not hold this person.",
            "None of the register's %(of)s snapshots holds this person.",
            held.of,
        )
        return none % {"of": held.of}
    when = day(held.last_at, site_named(scope.site).time_zone)
    some = ngettext(
        "One of the register's snapshots (%(of)s in all) holds this person, that of %(when)s. It is kept as it is.",
        "%(n)s of the register's %(of)s snapshots hold this person, the last of %(when)s. They are kept as they are.",
        held.number,
    )
    return some % {"n": held.number, "of": held.of, "when": when} + _handed_out_words(held)


def held_words_for_patient(scope: Scope, patient: UUID) -> str:
    """Return it as a sentence for the patient's own eyes."""
    held = held_in(scope, patient)
    if not held.of:
        return _("No snapshot of the register has been made yet, so none holds your data.")
    if held.last_at is None:
        return _("No snapshot of the register that has been made holds your data.")
    when = day(held.last_at, site_named(scope.site).time_zone)
    some = ngettext(
        "%(n)s snapshot of the register holds your data without your name, that of %(when)s. It is kept as it is.",
        "%(n)s snapshots of the register hold your data without your name, the last of %(when)s. They are kept as they "
        "are.",
        held.number,
    )
    return some % {"n": held.number, "when": when} + _handed_out_words(held)


def _handed_out_words(held: Held) -> str:
    """Return how often rows of these snapshots were handed out, for staff and patients alike; nothing for never."""
    if not held.handed_out:
        return ""
    said = ngettext(
        "Data from the register, without names, were handed out %(n)s time, after two people had approved it.",
        "Data from the register, without names, were handed out %(n)s times, each after two people had approved it.",
        held.handed_out,
    )
    return " " + said % {"n": held.handed_out}
