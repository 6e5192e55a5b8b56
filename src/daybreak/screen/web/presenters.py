"""Verdicts and decisions as words on a page."""

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.kernel.truth import Truth
from daybreak.rulebook.public import Answer, FactDefinition, Missing, Protocol, UsedFact, Verdict, spoken, words_of
from daybreak.screen.background import Background
from daybreak.screen.rules import standing_against
from daybreak.screen.web.forms import choice_word

Place = tuple[str, dict[str, str], str]
# Where a fact is supplied that is no question for a person: address, parameters, words of the link.
ELSEWHERE: dict[str, Place] = {
    "depression_score": ("measure:take", {"instrument": "phq9"}, "Take a PHQ-9"),
    "allergies_known": ("measure:allergies", {}, "Record allergies"),
    "antidepressant_trials": ("screen:past_treatments", {}, "Record past treatments"),
    "diagnosis": ("screen:diagnosis", {}, "Record the diagnosis"),
    "body_mass_index": ("measure:vital_signs", {}, "Record vital signs"),
}


def place_of(fact: FactDefinition) -> Place | None:
    """Return where a fact is recorded that is no question for a person; None for a question."""
    if fact.id in ELSEWHERE or fact.how != "measured":
        return ELSEWHERE.get(fact.id)
    if fact.id.startswith("lab_"):
        return ("measure:labs", {}, "Record laboratory results")
    return ("measure:vital_signs", {}, "Record vital signs")


# Who is asked first of those who know.
NEAREST = ("system", "patient", "coordinator", "nurse", "clinician")
# Gates that call for extreme caution: psychosis and substance use disorders.
CAUTION = frozenset({"psychotic_features", "psychotic_disorder", "substance_use_disorder"})


@dataclass(frozen=True, slots=True)
class FactWords:
    """A fact that an answer rests on."""

    question: str
    value: str
    at: datetime | None
    origin: str


@dataclass(frozen=True, slots=True)
class CriterionWords:
    """One criterion as it is read, and the questions that would supply what it asks."""

    id: str
    truth: str
    question: str
    reason: str
    facts: list[FactWords]
    who: str
    ask: str
    advice: str
    note: str
    source: str
    reference: str
    verified: bool
    overridable: str
    asks: tuple[str, ...]
    caution: bool


@dataclass(frozen=True, slots=True)
class Glance:
    """The answer to “why can this patient not be treated today?” in one sentence, then the two lists behind
    it.
    """

    ready: bool
    headline: str
    against: list[CriterionWords]
    unknown: list[CriterionWords]
    met: int

    @property
    def by_who(self) -> list[tuple[str, list[CriterionWords]]]:
        """What is unknown, by whom it is asked of; whoever can supply most comes first."""
        found: dict[str, list[CriterionWords]] = {}
        for row in self.unknown:
            found.setdefault(row.ask, []).append(row)
        return sorted(found.items(), key=lambda pair: -len(pair[1]))


def criteria_of(protocol: Protocol, verdict: Verdict) -> list[CriterionWords]:
    """Return the criteria in the file's order."""
    titles = {reference.id: reference.title for reference in protocol.provenance.references}
    asked = {criterion.id: tuple(gate.ask for gate in criterion.gates) for criterion in protocol.screening}
    return [_criterion(answer, titles, asked.get(answer.id, ())) for answer in verdict.criteria]


def _criterion(answer: Answer, titles: Mapping[str, str], asks: tuple[str, ...]) -> CriterionWords:
    return CriterionWords(
        id=answer.id,
        truth=answer.truth.value,
        question=answer.question,
        reason=answer.reason,
        facts=[_fact(used) for used in answer.used],
        who=who_words(who for missing in answer.missing for who in missing.who_can_supply),
        ask=who_words([asked_of(answer.missing)] if answer.missing else []),
        advice=answer.advice if answer.truth is not Truth.MET else "",
        note=answer.note,
        source=answer.source,
        reference=titles.get(answer.reference, answer.reference),
        verified=answer.verified,
        overridable=answer.override,
        asks=asks,
        caution=bool(CAUTION.intersection(asks)),
    )


def _fact(used: UsedFact) -> FactWords:
    value = used.value
    words = words_of(tuple(choice_word(v).lower() for v in value) if isinstance(value, tuple) else value)
    said = choice_word(words) if isinstance(value, str) else words
    return FactWords(used.question, f"{said} {spoken(used.unit)}".strip(), used.at, origin(used.source))


def origin(source: str) -> str:
    """Where a fact is from, without the key of its record."""
    words = [word for word in source.split() if not re.fullmatch(r"[0-9a-f-]{36}", word)]
    return {"finding": _("asked")}.get(" ".join(words), " ".join(words))


def asked_of(missing: Iterable[Missing]) -> str:
    """Return whom to ask: of those who can supply all that is missing, the one who is easiest to reach."""
    able = [set(each.who_can_supply) for each in missing]
    return min(set.intersection(*able) or set.union(*able), key=NEAREST.index)


def who_words(who: Iterable[str]) -> str:
    """Return who can supply a fact, as “the nurse or the clinician”."""
    words = {
        "patient": _("the patient"),
        "coordinator": _("the coordinator"),
        "nurse": _("a nurse"),
        "clinician": _("a clinician"),
        "system": _("the patient's registration"),
    }
    return _(" or ").join(dict.fromkeys(words[each] for each in who))


def glance(protocol: Protocol, verdict: Verdict, *, accepted_over: Collection[str] | None = None) -> Glance:
    """Return why the patient cannot be treated today, or that nothing stands against it.

    `accepted_over` names what a standing acceptance overrides; None where there is none.
    """
    blocking = {answer.id for answer in standing_against(verdict)}
    every = criteria_of(protocol, verdict)
    rows = [row for row in every if row.id in blocking]
    against = [row for row in rows if row.truth == Truth.NOT_MET]
    unknown = [row for row in rows if row.truth == Truth.UNKNOWN]
    headline = _headline(len(against), len(unknown), known=accepted_over is not None and blocking <= set(accepted_over))
    return Glance(not rows, headline, against, unknown, met=sum(row.truth == Truth.MET for row in every))


def _headline(against: int, unknown: int, *, known: bool) -> str:
    parts = []
    if against:
        parts.append(ngettext("%(n)d criterion is not met", "%(n)d criteria are not met", against) % {"n": against})
    if unknown:
        short = ngettext("%(n)d is unknown", "%(n)d are unknown", unknown)
        alone = ngettext("%(n)d criterion is unknown", "%(n)d criteria are unknown", unknown)
        parts.append((short if against else alone) % {"n": unknown})
    if not parts:
        return _("Nothing in the protocol stands against treatment.")
    words = _("Accepted, although %(what)s.") if known else _("Not today: %(what)s.")
    return words % {"what": _(" and ").join(parts)}


def decision_word(decision: str, *, waits: bool) -> str:
    """Return a decision as it is read."""
    if decision == "accept":
        return _("Accepted, waits for a second signature") if waits else _("Accepted for treatment")
    return {"postpone": _("Postponed"), "decline": _("Declined")}[decision]


def flag_words(background: Background) -> dict[str, object]:
    """Return the flags of medicines by list, and whether any medicine is recorded at all."""
    lists: dict[str, list[dict[str, object]]] = {}
    for flag in background.flags:
        said = {"drug": flag.drug, "group": choice_word(flag.group).lower(), "verified": flag.verified}
        lists.setdefault(flag.title, []).append(said)
    return {"lists": list(lists.items()), "recorded": background.medicines_recorded}
