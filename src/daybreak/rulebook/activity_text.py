"""The text of a section: Markdown in which figures of trials, rules of protocols and sources are named, never typed.

`{{counts TRIAL OUTCOME ARM}}`, `{{difference TRIAL OUTCOME ARM}}` and `{{people TRIAL}}` stand for a trial's number;
`{{pooled KIND WINDOW CONTROL MEASURE}}` for what the trials say together. Alone in a paragraph, `{{forest …}}` is the
same as a drawing, `{{protocol ID CHAPTER}}` the rules of a protocol under one of its headings, and `{{video NAME}}` a
video with its captions. `[@REFERENCE]` names a source of the activity; a number that is typed needs one in its
paragraph.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from daybreak.rulebook.activity import LearningActivity
from daybreak.rulebook.faults import did_you_mean
from daybreak.rulebook.form import Definition
from daybreak.rulebook.page import chapters
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.published_trial import PublishedTrial, TrialContrast, TrialCounts

FIGURE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
CITED = re.compile(r"\[@([^\]\s]+)\]")
WORDS = {
    "counts": ("TRIAL", "OUTCOME", "ARM"),
    "difference": ("TRIAL", "OUTCOME", "ARM"),
    "people": ("TRIAL",),
    "pooled": ("KIND", "WINDOW", "CONTROL", "MEASURE"),
    "forest": ("KIND", "WINDOW", "CONTROL", "MEASURE"),
    "protocol": ("ID", "CHAPTER"),
    "video": ("NAME",),
}
ALONE = ("forest", "protocol", "video")
"""Figures that take a paragraph of their own."""
POOLABLE = {
    "KIND": ("response", "remission", "relapse", "suicidal_ideation_response"),
    "WINDOW": ("day", "week", "month"),
    "CONTROL": ("placebo", "inactive", "midazolam", "treatment"),
    "MEASURE": ("OR", "RR", "RD"),
}
TAUGHT = ("read", "rebuilt", "provisional")
"""Numbers that may be taught; one that nobody read at its source may not."""
_NUMBERED = re.compile(r"\d")
_LIST = re.compile(r"^\s*(?:[-*+]|\d+[.)])\s+")
Find = Callable[[str, str, int | None], Definition | None]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure that a text names: its word, and what it asks for."""

    word: str
    asks: tuple[str, ...]


def figure_of(inside: str) -> Figure:
    """Return what stands between the braces as a figure."""
    word, *asks = inside.split() or [""]
    return Figure(word, tuple(asks))


def counts_of(trial: PublishedTrial, outcome: str, arm: str) -> TrialCounts | None:
    """Return an arm's counts for an outcome, or nothing."""
    return next((each for each in trial.counts if (each.outcome, each.arm) == (outcome, arm)), None)


def contrast_of(trial: PublishedTrial, outcome: str, arm: str) -> TrialContrast | None:
    """Return the published difference of an arm for an outcome, or nothing."""
    return next((each for each in trial.contrasts if (each.outcome, each.arm) == (outcome, arm)), None)


def percent_of(counts: TrialCounts) -> Decimal:
    """Return the share of an arm that had the outcome, in percent."""
    return Decimal(100 * counts.events) / counts.total


def text_wrongs(activity: LearningActivity, text: str, find: Find) -> Iterator[tuple[int, str]]:
    """Yield what is wrong in the text of a section: the line (from 1) and a sentence."""
    known = {reference.id for reference in activity.provenance.references}
    for number, line in enumerate(text.splitlines(), start=1):
        for inside in FIGURE.findall(line):
            wrong = _figure_wrong(figure_of(inside), find)
            if wrong:
                yield number, wrong
            elif figure_of(inside).word in ALONE and not FIGURE.fullmatch(line.strip()):
                yield number, f"{{{{{figure_of(inside).word} …}}}} stands alone on its line"
        for name in CITED.findall(line):
            if name not in known:
                yield number, f"reference “{name}” is not in provenance.references{did_you_mean(name, known)}"
        if line.count("{{") != len(FIGURE.findall(line)):
            yield number, "a figure begins with {{ and ends with }} on the same line"
    counted = {reference.id for reference in activity.provenance.references if reference.numbers}
    yield from _without_source(text, counted)


def _without_source(text: str, counted: set[str]) -> Iterator[tuple[int, str]]:
    for number, block in _blocks(text):
        bare = CITED.sub("", FIGURE.sub("", block))
        if _NUMBERED.search(_LIST.sub("", bare)) and not counted.intersection(CITED.findall(block)):
            yield (
                number,
                "a number is typed without a source that gives numbers: name one, [@reference], or take a figure",
            )


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Yield paragraphs and list items with the line on which each begins."""
    held: list[str] = []
    begun = 1
    for number, line in enumerate(text.splitlines(), start=1):
        if held and (not line.strip() or _LIST.match(line)):
            yield begun, "\n".join(held)
            held = []
        if line.strip():
            begun = begun if held else number
            held.append(line)
    if held:
        yield begun, "\n".join(held)


def _figure_wrong(figure: Figure, find: Find) -> str:
    if figure.word not in WORDS:
        return f"“{figure.word}” is no figure{did_you_mean(figure.word, WORDS)}; there are: {', '.join(WORDS)}"
    wanted = WORDS[figure.word]
    if len(figure.asks) != len(wanted):
        return f"this figure is written {{{{{figure.word} {' '.join(wanted)}}}}}"
    if figure.word == "video":
        return ""  # whether it is there was asked when the files of the course were read
    if figure.word == "protocol":
        return _protocol_wrong(figure.asks[0], figure.asks[1], find)
    if figure.word in ("pooled", "forest"):
        return next(
            (
                f"“{said}” is not one of: {', '.join(POOLABLE[name])}"
                for name, said in zip(wanted, figure.asks, strict=True)
                if said not in POOLABLE[name]
            ),
            "",
        )
    return _trial_wrong(figure, find)


def _protocol_wrong(name: str, chapter: str, find: Find) -> str:
    protocol = find("protocols", name, None)
    if not isinstance(protocol, Protocol):
        return f"there is no active protocol “{name}”"
    titles = [chapter_word(each.title) for each in chapters(protocol)]
    if chapter in titles:
        return ""
    return f"“{name}” has no chapter “{chapter}”{did_you_mean(chapter, titles)}; it has: {', '.join(titles)}"


def chapter_word(title: str) -> str:
    """Return the heading of a chapter as a figure names it: small letters, joined by underscores."""
    return re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")


def _trial_wrong(figure: Figure, find: Find) -> str:
    trial = find("trials", figure.asks[0], None)
    if not isinstance(trial, PublishedTrial):
        return f"there is no active trial “{figure.asks[0]}”"
    if figure.word == "people":
        return "" if trial.people else f"nobody has read how many people {trial.title} had"
    _, outcome, arm = figure.asks
    found: TrialCounts | TrialContrast | None
    found = counts_of(trial, outcome, arm) if figure.word == "counts" else contrast_of(trial, outcome, arm)
    if found is None:
        names = {f"{each.outcome} {each.arm}" for each in trial.counts}
        names |= {f"{each.outcome} {each.arm}" for each in trial.contrasts}
        near = did_you_mean(f"{outcome} {arm}", names)
        return f"{trial.title} gives no {figure.word} for “{outcome} {arm}”{near}"
    if found.mark not in TAUGHT:
        return f"this number of {trial.title} is marked “{found.mark}”: it is not taught before somebody reads it"
    return ""
