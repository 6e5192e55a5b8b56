"""A section as a page: its Markdown, with figures computed from the evidence and sources numbered."""

import re
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from daybreak.design.public import number, percent
from daybreak.evidence.public import Forest, forest_of, library, pooled_words_of
from daybreak.learn.web.presenters import language_word, said_in
from daybreak.rulebook.public import (
    CITED,
    FIGURE,
    Chapter,
    Figure,
    Film,
    LearningActivity,
    Lesson,
    PublishedTrial,
    chapter_word,
    chapters,
    contrast_of,
    counts_of,
    figure_of,
    language_of,
    percent_of,
)

_ALONE = re.compile(r"(?m)^[ \t]*\{\{\s*((?:forest|protocol|video)\b[^{}]*?)\s*\}\}[ \t]*$")
_HELD = re.compile("\ue000(\\d+)\ue001")
_SOURCE = re.compile(rf"\s*{CITED.pattern}")
_MARKDOWN = MarkdownIt("commonmark", {"html": False})


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a section: text, a drawing with its table, rules of a protocol under their heading, or a video with
    what its captions say.
    """

    html: SafeString | None = None
    forest: Forest | None = None
    chapter: Chapter | None = None
    protocol: str = ""
    protocol_id: str = ""
    film: Film | None = None
    language: str = ""
    language_name: str = ""
    said: tuple[tuple[str, str], ...] = ()


def parts_of(course: LearningActivity, section: Lesson, *, site: str) -> list[Part]:
    """Return a section in the order in which it is read."""
    pieces = _ALONE.split(section.text)
    return [
        _block(section, figure_of(piece)) if place % 2 else Part(html=_html(course, piece, site))
        for place, piece in enumerate(pieces)
        if piece.strip()
    ]


def _block(section: Lesson, figure: Figure) -> Part:
    if figure.word == "video":
        film = section.film(figure.asks[0])
        if film is None:
            raise LookupError(figure)
        language = language_of(film.captions)
        return Part(film=film, language=language, language_name=language_word(language), said=said_in(film))
    if figure.word == "forest":
        return Part(forest=forest_of(*figure.asks))
    protocol = library().protocol(figure.asks[0])
    chapter = next(each for each in chapters(protocol) if chapter_word(each.title) == figure.asks[1])
    return Part(chapter=chapter, protocol=protocol.title, protocol_id=protocol.id)


def _html(course: LearningActivity, text: str, site: str) -> SafeString:
    """Return Markdown as HTML. What is put in is held apart until then, so that nothing in it is read as Markdown.

    It is safe to mark: Markdown takes no HTML (`html` is off), and each piece that is put in was made safe by itself.
    """
    held: list[SafeString] = []

    def hold(piece: SafeString) -> str:
        held.append(piece)
        return f"\ue000{len(held) - 1}\ue001"

    numbers = {reference.id: place for place, reference in enumerate(course.provenance.references, start=1)}
    text = FIGURE.sub(lambda found: hold(_figure(figure_of(found[1]), site)), text)
    text = _SOURCE.sub(lambda found: hold(_citation(numbers[found[1]])), text)
    drawn = _MARKDOWN.render(text)
    return mark_safe(_HELD.sub(lambda found: held[int(found[1])], drawn))  # noqa: S308


def _citation(place: int) -> SafeString:
    return format_html('<sup><a href="#source-{}" aria-label="{}">{}</a></sup>', place, _("Source %s") % place, place)


def _figure(figure: Figure, site: str) -> SafeString:
    if figure.word == "pooled":
        words = pooled_words_of(*figure.asks)
        address = reverse("evidence:pooled", kwargs={"site": site})
        kind, window, control, measure = figure.asks
        query = f"?kind={kind}&window={window}&control={control}&measure={measure}"
        return format_html('<a href="{}{}">{}</a>', address, query, words[:1].lower() + words[1:])
    trial = next(each for each in library().active("trials") if each.id == figure.asks[0])
    if not isinstance(trial, PublishedTrial):
        raise TypeError(trial)
    address = reverse("protocols:definition", kwargs={"site": site, "kind": "trials", "definition": trial.id})
    return format_html('<a href="{}" title="{}">{}</a>', address, trial.title, _words(trial, figure))


def _words(trial: PublishedTrial, figure: Figure) -> str:
    if figure.word == "people":
        return _("%(n)s people") % {"n": trial.people}
    _trial, outcome, arm = figure.asks
    if figure.word == "counts" and (counts := counts_of(trial, outcome, arm)):
        share = percent(float(percent_of(counts)) / 100)
        said = _("%(a)s of %(n)s (%(share)s)") % {"a": counts.events, "n": counts.total, "share": share}
        return f"{said} [{_('provisional')}]" if counts.mark == "provisional" else said
    contrast = contrast_of(trial, outcome, arm)
    if contrast is None:
        raise LookupError(figure)
    ends = [number(float(each), 1) for each in (contrast.estimate, contrast.lower, contrast.upper)]
    return _("%(a)s points (95 %% interval %(b)s to %(c)s)") % dict(zip("abc", ends, strict=True))
