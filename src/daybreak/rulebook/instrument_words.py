"""An instrument in words: how it is used, its answers, its questions, its scores, and what calls for someone."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from daybreak.rulebook.instrument import Choice, CutOffs, Flag, Instrument, Item, Score
from daybreak.rulebook.rules_in_words import Chapter, Rule, capital, read_as, rule_of, titles_of
from daybreak.rulebook.words import words_of

_RULES = {
    "sum": "The sum of",
    "prorated_sum": "The sum, scaled up for what is missing, of",
    "mean": "The mean of",
    "maximum": "The highest of",
}
_WINDOWS = {0: "now", 1: "the last day"}


def instrument_chapters(instrument: Instrument) -> list[Chapter]:
    """Return an instrument as chapters, in the order in which a rater meets them; translations stand as notes."""
    titles = titles_of(instrument)
    found = (
        Chapter("How it is used", list(_use(instrument))),
        Chapter("Questions", [_question(each) for each in instrument.items]),
        Chapter("Answers", list(_answers(instrument))),
        Chapter("Scores", [_score(each, titles) for each in instrument.scores]),
        Chapter("What calls for someone", [_flag(each, titles) for each in instrument.flags]),
        Chapter("Cut-offs", [_cut_offs(instrument, each, titles) for each in instrument.cut_offs]),
    )
    return [chapter for chapter in found if chapter.rules]


def _use(instrument: Instrument) -> Iterator[Rule]:
    windows = (instrument.look_back_days, *instrument.other_look_back_days)
    about = " or ".join(_WINDOWS.get(days, f"the last {days} days") for days in windows)
    yield Rule("rater", f"The {instrument.rater} answers", f"About {about}.")
    own, others = _told(instrument.instruction)
    yield Rule("instruction", "Instruction", own, note=others)
    if instrument.wording == "licensed":
        words = "Its words are licensed and do not ship with Daybreak: the items are recorded by number."
        yield Rule("wording", "Wording", words)
    if licence := instrument.licence_record:
        until = f" and before {words_of(licence.valid_until)}" if licence.valid_until else ""
        words = f"{licence.granted_by} to {licence.holder}, number {licence.number}"
        yield Rule("licence_record", "Licence", f"{words}, from {words_of(licence.valid_from)} on{until}.")
    unchecked = instrument.unverified_languages
    spoken = (f"{each} (not checked)" if each in unchecked else each for each in instrument.languages)
    yield Rule("languages", "Languages", ", ".join(spoken))
    if instrument.code:
        yield Rule("code", "Code", f"{instrument.code} of {instrument.code_system}")


def _question(item: Item) -> Rule:
    own, others = _told(item.text)
    words = []
    if item.choices != "usual":
        words.append(f"Answers: {read_as(item.choices)}.")
    if item.optional:
        words.append("It may be left open.")
    if when := item.asked_when:
        words.append(f"Asked where {_names(when.any_of, 'or')} is at least {when.at_least}.")
    called = f"{read_as(item.id)}, code {item.code}" if item.code else read_as(item.id)
    return Rule(item.id, own, " ".join(words), note=_joined(f"Called {called}", others))


def _answers(instrument: Instrument) -> Iterator[Rule]:
    for name, choices in instrument.choices.items():
        lines = {language: _line(choices, language) for language in instrument.languages}
        own, others = _told(lines)
        codes = ", ".join(f"{each.value} {each.code}" for each in choices if each.code)
        yield Rule(name, capital(read_as(name)), own, note=_joined(others, f"Codes: {codes}" if codes else ""))
    for name, ends in instrument.ranges.items():
        yield Rule(name, capital(read_as(name)), f"A whole number from {ends.lowest} to {ends.highest}.")


def _line(choices: tuple[Choice, ...], language: str) -> str:
    return " · ".join(f"{each.value} {each.text[language]}" for each in choices)


def _score(score: Score, titles: Mapping[str, str]) -> Rule:
    said = [
        f"{_RULES[score.rule]} {_names(score.parts, 'and')}: {words_of(score.lowest)} to {words_of(score.highest)}."
    ]
    if score.reverse:
        said.append(f"Counted from the other end: {_names(score.reverse, 'and')}.")
    said += [f"{capital(read_as(each.item))} counts {', '.join(map(str, each.counts))}." for each in score.lookup]
    if score.counted_from is not None:
        said.append(f"The lowest answer counts {score.counted_from}.")
    if score.missing_at_most:
        said.append(f"At most {score.missing_at_most} may be missing.")
    if score.capped:
        said.append(f"More than {words_of(score.highest)} counts as {words_of(score.highest)}.")
    others = ""
    if score.bands:
        own, others = _told({language: _bands(score, language) for language in score.bands[0].text})
        said.append(f"{capital(own)}.")
    rule = rule_of(score, score.title, " ".join(said), titles)
    return replace(rule, note=_joined(rule.note, f"Code {score.code}" if score.code else "", others))


def _bands(score: Score, language: str) -> str:
    return ", ".join(f"from {words_of(band.at_least)} {band.text[language]}" for band in score.bands)


def _flag(flag: Flag, titles: Mapping[str, str]) -> Rule:
    bound = f"at least {flag.at_least}" if flag.at_least is not None else f"at most {flag.at_most}"
    return rule_of(flag, flag.text, f"Where {_names(flag.items, 'or')} is {bound}.", titles)


def _cut_offs(instrument: Instrument, cut: CutOffs, titles: Mapping[str, str]) -> Rule:
    said = {
        "Response: a fall of at least {} %.": cut.response_fall_percent,
        "Response: at most {}.": cut.response_at_most,
        "Remission: below {}.": cut.remission_below,
        "Remission: at most {}.": cut.remission_at_most,
    }
    words = " ".join(line.format(words_of(value)) for line, value in said.items() if value is not None)
    title = instrument.score_named(cut.score).title
    return rule_of(cut, f"{title}, {cut.title}" if cut.title else title, words, titles)


def _told(texts: Mapping[str, str]) -> tuple[str, str]:
    """Return a text in English, or else in its first language, and then in every other."""
    own = "en" if "en" in texts else next(iter(texts))
    others = (f"{language}: {words}" for language, words in texts.items() if language != own)
    return texts[own], _joined(*others)


def _joined(*notes: str) -> str:
    return " · ".join(note.rstrip(".") for note in notes if note)


def _names(parts: tuple[str, ...], joined_by: str) -> str:
    *before, last = map(read_as, parts)
    return f"{', '.join(before)} {joined_by} {last}" if before else last
