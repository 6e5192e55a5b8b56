"""Past treatments and their staging as words on a page."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daybreak.design.public import number
from daybreak.measure.public import library
from daybreak.people.public import names_of_staff
from daybreak.screen.queries import ElectroconvulsiveSeries, PastTreatment
from daybreak.screen.staging import StagedBy, counted_once
from daybreak.screen.web.treatment_forms import SAID_BY_WORDS, drug_word

WHO = {key: words for key, words in SAID_BY_WORDS if key}
STAGE_WORDS = {
    "met": gettext_lazy("Yes"),
    "not met": gettext_lazy("No"),
    "unknown": gettext_lazy("Not known"),
    "not stageable": gettext_lazy("Not stageable"),
    "no stage": gettext_lazy("No stage"),
}
BADGES = {"met": "attention", "not met": "neutral", "unknown": "special", "not stageable": "special"}


@dataclass(frozen=True, slots=True)
class StagedWords:
    """What one definition says, as it is read."""

    title: str
    answer: str
    kind: str
    reason: str
    missing: tuple[str, ...]
    reference: str
    source: str
    verified: bool
    note: str
    version: int


def staged_words(staged: Iterable[StagedBy]) -> list[StagedWords]:
    """Return the definitions in their order, each with its answer and its source."""
    return [_staged(each) for each in staged]


def _staged(each: StagedBy) -> StagedWords:
    definition, answer = each.definition, each.answer
    titles = {reference.id: reference.title for reference in definition.provenance.references}
    return StagedWords(
        title=definition.title,
        answer=stage_word(definition.rule, answer.word, answer.grade),
        kind=BADGES.get(answer.word, "info"),
        reason=answer.reason,
        missing=answer.missing,
        reference=titles.get(definition.reference, definition.reference),
        source=definition.source,
        verified=definition.verified,
        note=definition.note,
        version=definition.version,
    )


def stage_word(rule: str, word: str, grade: str = "") -> str:
    """Return an answer as it is read: yes, no, a stage, points with their grade."""
    if word in STAGE_WORDS:
        return str(STAGE_WORDS[word])
    if rule == "ladder":
        return _("Stage %(stage)s") % {"stage": word}
    points = _("%(points)s points") % {"points": word}
    return f"{points}, {_(grade)}" if grade else points


def _codes() -> dict[str, object]:
    return {code.means: code for code in reversed(library().codelist("antidepressants").codes)}


def treatment_words(rows: Iterable[PastTreatment]) -> list[dict[str, object]]:
    """Return the antidepressants that were tried, as they are read."""
    found, codes = list(rows), _codes()
    names = names_of_staff(row.recorded_by for row in found)
    counted = {row.key for row in counted_once(found)}
    return [{"row": row, "again": row.key not in counted, **_treatment(row, codes, names)} for row in found]


def _treatment(row: PastTreatment, codes: Mapping[str, object], names: Mapping[object, str]) -> dict[str, object]:
    return {
        "drug": drug_word(row.drug, codes),
        "dose": _number(row.dose_mg),
        "weeks": _number(row.weeks),
        "lasted": weeks_words(row.weeks),
        "adequate": _yes_no(row.adequate),
        "judged": _judged(row, names),
        "outcome": _("not known") if row.outcome == "unknown" else _(row.outcome),
        "episode": {True: _("present episode"), False: _("earlier episode")}.get(row.present_episode, ""),
        "beside": _beside(row),
    }


def weeks_words(weeks: object) -> str:
    """Return how long a treatment lasted: "1 week", "6.5 weeks"; nothing where that is not known."""
    if weeks is None:
        return ""
    exact = Decimal(str(weeks))
    return ngettext("%(weeks)s week", "%(weeks)s weeks", 1 if exact == 1 else 2) % {"weeks": _number(exact)}


def _judged(row: PastTreatment, names: Mapping[object, str]) -> str:
    """Who says whether it was adequate."""
    if row.adequate is None:
        return ""
    if row.adequacy_by == "definition":
        return _("by the definition, version %(version)s") % {"version": row.version}
    who = names.get(row.recorded_by, "")
    if row.said_by in ("", "clinician"):
        return who
    return _("%(who)s, recorded by %(name)s") % {"who": WHO[row.said_by], "name": who or _("somebody")}


def _beside(row: PastTreatment) -> str:
    parts = []
    if row.optimised is not None:
        parts.append(_("optimised") if row.optimised else _("not optimised"))
    if row.augmented is not None:
        second = row.augmentation.replace("_", " ") if row.augmentation not in ("", "another") else ""
        added = _("augmented with %(drug)s") % {"drug": second} if second else _("augmented")
        parts.append(added if row.augmented else _("not augmented"))
    return ", ".join(parts)


def _yes_no(said: bool | None) -> str:
    return {True: _("yes"), False: _("no")}.get(said, _("not known"))


def _number(value: object) -> str:
    return "" if value is None else number(value.normalize())


def series_words(rows: Iterable[ElectroconvulsiveSeries]) -> list[dict[str, object]]:
    """Return the series of electroconvulsive treatments, as they are read."""
    return [
        {
            "row": row,
            "placement": _("placement not known") if row.placement == "unknown" else _(row.placement),
            "treatments": row.treatments,
            "outcome": _("not known") if row.outcome == "unknown" else _(row.outcome),
        }
        for row in rows
    ]


def replaced_words(pairs: Iterable[tuple[PastTreatment, PastTreatment]]) -> list[dict[str, object]]:
    """Return what stood before each correction, and who corrected it when."""
    found, codes = list(pairs), _codes()
    names = names_of_staff(row.recorded_by for pair in found for row in pair)
    return [
        {
            **_treatment(before, codes, names),
            "at": after.recorded_at,
            "by": names.get(after.recorded_by, ""),
            "withdrawn": after.withdrawn,
        }
        for before, after in found
    ]
