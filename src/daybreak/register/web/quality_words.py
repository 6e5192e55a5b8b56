"""Data quality in words: sentences, dimensions, and what a check says of a clinic."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from daybreak.design.public import day, number, percent
from daybreak.register.quality.queries import Stood
from daybreak.register.quality.standing import Standing
from daybreak.rulebook.public import DIMENSIONS

DIMENSION_WORDS = {
    "completeness": gettext_lazy("Is it there"),
    "plausibility": gettext_lazy("Can it be right"),
    "conformance": gettext_lazy("Is it as described"),
    "timeliness": gettext_lazy("Does it come in time"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """One check as it is shown: the numbers for its bar, and what is said beside it."""

    standing: Standing
    words: str
    detail: str


def lead_of(found: Stood, name: str) -> str:
    """Return what the page says first: what is good, and then how many things are left to mend."""
    asked, well = len(found.asked), len(found.holding)
    if not asked:
        return _("There is nothing yet that could be asked of the data of %(site)s.") % {"site": name}
    whole = sum(each.failing == 0 for each in found.asked)
    said = [
        ngettext("%(well)s of %(n)s check holds at %(site)s.", "%(well)s of %(n)s checks hold at %(site)s.", asked)
        % {"well": well, "n": asked, "site": name}
    ]
    if whole:
        words = ngettext("In %(n)s of them nothing is wrong.", "In %(n)s of them nothing is wrong.", whole)
        said.append(words % {"n": whole})
    risen = sum(1 for each in found.asked if (each.change or 0) > 0)
    if risen:
        said.append(
            ngettext("%(n)s has risen since the snapshot before.", "%(n)s have risen since the snapshot before.", risen)
            % {"n": risen}
        )
    return " ".join(said)


def line_of(each: Standing, found: Stood, zone: str) -> Line:
    """Return a check with its numbers in words, against enough, the snapshot before and the other clinics."""
    of = int(each.share.denominator)
    words = _("%(well)s of %(of)s, %(share)s") % {
        "well": number(each.share.events), "of": number(of), "share": share(each).replace(" ", "\u00a0"),
    }  # fmt: skip
    said = [_("Enough is %(percent)s %%.") % {"percent": number(each.check.enough_percent)}]
    if found.before is not None and each.change is not None:
        said.append(_change(each.change, day(found.before.created_at, zone, year=False)))
    if each.others is not None:
        said.append(_("Half of the other clinics have %(percent)s %% or more.") % {"percent": each.others})
    return Line(each, words, " ".join(said))


def share(each: Standing) -> str:
    """Return the share; one that is not whole never reads as 100 %."""
    value = each.share.value or 0.0
    rough = percent(value)
    return rough if each.failing == 0 or rough != percent(1) else percent(min(value, 0.999), 1)


def tallies(found: Stood, asked_label: str) -> list[dict[str, str]]:
    """Return for each dimension how many of its checks hold."""
    told = []
    for dimension in DIMENSIONS:
        asked = [each for each in found.asked if each.check.dimension == dimension]
        if asked:
            well = sum(each.enough for each in asked)
            told.append({
                "label": str(DIMENSION_WORDS[dimension]),
                "value": _("%(well)s of %(n)s") % {"well": well, "n": len(asked)},
                "denominator": asked_label,
            })  # fmt: skip
    return told


def _change(points: int, since: str) -> str:
    if not points:
        return _("The same as on %(day)s.") % {"day": since}
    words = (
        ngettext("%(n)s point more than on %(day)s.", "%(n)s points more than on %(day)s.", points)
        if points > 0
        else ngettext("%(n)s point less than on %(day)s.", "%(n)s points less than on %(day)s.", -points)
    )
    return words % {"n": abs(points), "day": since}
