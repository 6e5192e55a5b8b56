"""What changed from one version of a definition to the next, in words."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from daybreak.rulebook.form import Definition
from daybreak.rulebook.page import chapters, source_in_words, source_line
from daybreak.rulebook.rules_in_words import Rule, capital, read_as


@dataclass(frozen=True, slots=True)
class Change:
    """One change: under which heading, of what, and how it was and is; `before` or `after` is empty for what is new
    or gone.
    """

    chapter: str
    what: str
    kind: str
    before: str = ""
    after: str = ""

    def __str__(self) -> str:
        """The change as a sentence."""
        if self.kind == "changed":
            return f"{self.chapter}: “{self.what}” was: {self.before} It is now: {self.after}"
        return f"{self.chapter}: “{self.what}”, {self.kind}: {self.after or self.before}"


def differences(old: Definition, new: Definition) -> list[Change]:
    """Return every change from `old` to `new` that a reader would see, in the order of the page."""
    changes = _head(old, new)
    before = {chapter.title: {rule.id: rule for rule in chapter.rules} for chapter in chapters(old)}
    after = {chapter.title: {rule.id: rule for rule in chapter.rules} for chapter in chapters(new)}
    for title in dict.fromkeys((*after, *before)):
        changes += _rules(title, before.get(title, {}), after.get(title, {}))
    return [*changes, *_sources(old, new), *_examples(old, new)]


def _head(old: Definition, new: Definition) -> list[Change]:
    names = ("title", "summary", "status", "licence")
    pairs = [(capital(name), str(getattr(old, name)), str(getattr(new, name))) for name in names]
    for name in ("authored_by", "checked_by", "next_review"):
        pairs.append((capital(read_as(name)), str(getattr(old.provenance, name)), str(getattr(new.provenance, name))))
    return [
        Change("Head", name, "changed", f"{was.rstrip('.')}.", f"{now.rstrip('.')}.")
        for name, was, now in pairs
        if was != now
    ]


def _rules(title: str, before: dict[str, Rule], after: dict[str, Rule]) -> list[Change]:
    found = []
    for name in dict.fromkeys((*after, *before)):
        was, now = before.get(name), after.get(name)
        if was is None and now is not None:
            found.append(Change(title, now.title, "new", after=_said(now)))
        elif now is None and was is not None:
            found.append(Change(title, was.title, "gone", before=_said(was)))
        elif was is not None and now is not None and was != now:
            found.append(Change(title, now.title, "changed", *_parts(was, now)))
    return found


def _parts(was: Rule, now: Rule) -> tuple[str, str]:
    """Return only the sentences that differ."""
    before, after = ([f"{r.title}", *_sentences(r)] for r in (was, now))
    matcher = SequenceMatcher(a=before, b=after, autojunk=False)
    left, right = [], []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag != "equal":
            left += before[a0:a1]
            right += after[b0:b1]
    return " ".join(left) or "nothing.", " ".join(right) or "nothing."


def _sentences(rule: Rule) -> list[str]:
    words = rule.words.replace(". ", ".\n").split("\n") if rule.words else []
    return [part for part in (*words, rule.note, source_in_words(rule)) if part]


def _said(rule: Rule) -> str:
    return " ".join(_sentences(rule))


def _sources(old: Definition, new: Definition) -> list[Change]:
    before = [source_line(each) for each in old.provenance.references]
    after = [source_line(each) for each in new.provenance.references]
    gone = [Change("Sources", each, "gone", before="no longer named.") for each in before if each not in after]
    return [*gone, *(Change("Sources", each, "new", after="named now.") for each in after if each not in before)]


def _examples(old: Definition, new: Definition) -> list[Change]:
    before = {each.name: each for each in getattr(old, "examples", ())}
    after = {each.name: each for each in getattr(new, "examples", ())}
    found = [
        ("new", [name for name in after if name not in before]),
        ("changed in what is given or expected", [n for n in after if n in before and after[n] != before[n]]),
        ("gone", [name for name in before if name not in after]),
    ]
    return [
        Change("Examples", f"worked examples ({len(names)})", word, after=_listed(names))
        for word, names in found
        if names
    ]


def _listed(names: list[str]) -> str:
    return "; ".join(names) + "."
