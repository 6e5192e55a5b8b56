"""The parts of a session's summary, each a table in words: the page and the PDF show the same ones."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.design.public import clock, day, moment
from daybreak.identity.public import open_text
from daybreak.kernel.keys import key_from
from daybreak.kernel.scope import Scope
from daybreak.kernel.units import written
from daybreak.measure.public import answer_sets, medicines
from daybreak.treat.queries.acts import Act, acts_of, is_on_paper
from daybreak.treat.queries.alarms import AlarmNow
from daybreak.treat.queries.answers import questions, today
from daybreak.treat.queries.events import EventEntry
from daybreak.treat.queries.medicines import medicines_of
from daybreak.treat.queries.notes import notes_of
from daybreak.treat.queries.quality import Quality
from daybreak.treat.queries.readings import Reading, baseline_of, every_reading, readings_of
from daybreak.treat.queries.sessions import SessionNow, SessionStep
from daybreak.treat.queries.team import in_role
from daybreak.treat.rules.steps import Step, in_words
from daybreak.treat.web.alarm_words import words_for
from daybreak.treat.web.entry import EFFECTS, effect_words
from daybreak.treat.web.event_forms import COURSE_WORDS, MEASURE_WORDS, serious_words
from daybreak.treat.web.forms import NO, YES
from daybreak.treat.web.given import lines_of
from daybreak.treat.web.medicine_forms import medicine_words
from daybreak.treat.web.presenters import label, plain, state_words, story
from daybreak.treat.web.watched import watch_rows

MOST_TIMES = 30
_STEPS_OF_TIME = (1, 2, 5, 10, 15, 30, 60, 120, 240, 720)
Names = Mapping[object, str]
Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One table of the summary, or the sentence `empty` that there is nothing; `after` is said below it."""

    id: str
    title: str
    columns: tuple[str, ...]
    rows: Sequence[Row]
    empty: str = ""
    after: str = ""
    numbers: tuple[int, ...] = ()

    @property
    def widths(self) -> tuple[int, ...]:
        """How wide each column is on paper, against the others; 0 is as wide as its words."""
        longest = [max((len(row[place]) for row in self.rows), default=0) for place in range(len(self.columns))]
        return tuple(max(8, min(length, 60)) if length > 14 else 0 for length in longest)

    @property
    def heads(self) -> list[dict[str, object]]:
        """The columns as the table of a page asks for them."""
        return [{"label": each, "number": place in self.numbers} for place, each in enumerate(self.columns)]


def ranges(scope: Scope, now: SessionNow) -> Part:
    """Baseline, lowest, highest and last of each sign since the start, with the number of readings."""
    first, by_sign = baseline_of(scope, now), _by_sign(scope, now)
    rows = []
    for sign in dict.fromkeys([*(s for s in _usual(now) if s in first or s in by_sign), *first, *by_sign]):
        values = [row.value for row in by_sign.get(sign, [])]
        shown = [plain(v) for v in (min(values), max(values), values[-1])] if values else ["–"] * 3
        code = (by_sign.get(sign) or [first[sign]])[0].unit
        baseline = plain(first[sign].value) if sign in first else "–"
        rows.append((f"{label(sign)} {written(code)}".strip(), baseline, *shown, str(len(values))))
    columns = (_("Sign"), _("Baseline"), _("Lowest"), _("Highest"), _("Last"), _("Readings"))
    return Part(
        "ranges", _("Vital signs since the start of the dose"), columns, rows,
        _("No vital sign was recorded in this session."), numbers=(1, 2, 3, 4, 5),
    )  # fmt: skip


def times(scope: Scope, now: SessionNow, *, zone: str) -> Part:
    """The readings by the clock: one row a stretch of time, with the lowest and the highest where there are several."""
    rows = readings_of(scope, now.session.key)
    read = dict.fromkeys(row.sign for row in rows)
    signs = [*(sign for sign in _usual(now) if sign in read), *(sign for sign in read if sign not in _usual(now))]
    title = _("Readings by the clock")
    if not rows:
        return Part("times", title, (_("When"),), [], _("None."))
    minutes = _stretch(rows)
    cells: dict[datetime, dict[str, list[Reading]]] = {}
    for row in rows:
        since = datetime.fromtimestamp(
            row.measured_at.timestamp() // (minutes * 60) * minutes * 60, row.measured_at.tzinfo
        )
        cells.setdefault(since, {}).setdefault(row.sign, []).append(row)
    shown = [(clock(since, zone), *(_span(own.get(sign, [])) for sign in signs)) for since, own in cells.items()]
    units = {row.sign: written(row.unit) for row in rows}
    columns = (_("When"), *(f"{label(sign)} {units[sign]}".strip() for sign in signs))
    after = ""
    if minutes > 1:
        after = _("Each row holds %(n)s minutes: the lowest and the highest of them.") % {"n": minutes}
    return Part("times", title, columns, shown, after=after, numbers=tuple(range(1, len(columns))))


def _stretch(rows: Sequence[Reading]) -> int:
    """Return how many minutes a row holds, so that there are at most `MOST_TIMES` rows."""
    for minutes in _STEPS_OF_TIME:
        if len({row.measured_at.timestamp() // (minutes * 60) for row in rows}) <= MOST_TIMES:
            return minutes
    return _STEPS_OF_TIME[-1]


def _span(own: Sequence[Reading]) -> str:
    if not own:
        return ""
    low, high = min(row.value for row in own), max(row.value for row in own)
    return plain(low) if low == high else f"{plain(low)}–{plain(high)}"


def done(scope: Scope, now: SessionNow, *, names: Names, zone: str) -> Part:
    """What was done, why, and by whom; what was told later says so."""
    told = {act.key: act for act in acts_of(scope, now.session.key)}
    rows = []
    for step, (when, what, why, who) in zip(now.steps, story(now, names, zone=zone), strict=True):
        said = open_text(scope, step.patient_key, step.note) if step.note else ""
        rows.append((when, what, ", ".join(filter(None, (why, said))), _by(step, told.get(step.key), who, names)))
    columns = (_("When"), _("What"), _("Why"), _("Who"))
    return Part("done", _("What was done"), columns, rows, _("Nothing was done in this session yet."))


def _by(step: SessionStep, act: Act | None, who: str, names: Names) -> str:
    if act is not None and is_on_paper(act):
        return _("%(who)s, on paper") % {"who": names.get(act.done_by, "–")}
    if step.corrects is not None:
        return _("%(who)s, corrected later") % {"who": who}
    return who


def on_paper(scope: Scope, now: SessionNow, *, names: Names, zone: str) -> Part:
    """What was typed in from paper: what, who wrote it, who typed it in and when, and what became of it."""
    readings = {row.key: row for row in every_reading(scope, now.session.key)}
    signs = list(dict.fromkeys(row.sign for row in readings.values()))
    steps = {step.key: state_words(step.step) for step in now.steps}
    steps |= {each.row.key: medicine_words(each) for each in medicines_of(scope, now.session.key)}
    rows = []
    for act in filter(is_on_paper, acts_of(scope, now.session.key)):
        read = [readings[key] for sign in signs if (key := key_from(str(act.key), sign)) in readings]
        what = steps.get(act.key) or ", ".join(f"{label(r.sign)} {plain(r.value)}" for r in read) or "–"
        became = _("in the record") if act.answer == "stored" else act.reason
        rows.append(
            (clock(act.done_at, zone), what, names.get(act.done_by, "–"), names.get(act.sent_by, "–"),
             moment(act.recorded_at, zone), became)
        )  # fmt: skip
    columns = (_("When"), _("What"), _("Written by"), _("Typed in by"), _("Typed in"), _("What became of it"))
    return Part("paper", _("From paper"), columns, rows)


def corrections(mended: Sequence[tuple[Reading, Reading]], *, names: Names, zone: str) -> Part:
    """Every reading that was corrected or marked as an artefact: what it said, what it says now, who and when."""
    rows = [
        (
            clock(old.measured_at, zone),
            label(old.sign),
            plain(old.value),
            _("artefact") if new.mark else plain(new.value),
            in_words(new.reason),
            names.get(new.recorded_by, "–"),
            moment(new.recorded_at, zone),
        )
        for old, new in mended
    ]
    columns = (_("Measured"), _("Sign"), _("It said"), _("It says"), _("Why"), _("Who"), _("Corrected"))
    return Part("corrections", _("Corrections"), columns, rows)


def who_said_effects(scope: Scope, now: SessionNow) -> set[UUID | None]:
    """Return who recorded the side effects of a session."""
    found = answer_sets(scope, patient=now.session.patient_key, instrument=EFFECTS)
    return {answers.recorded_by for answers in found if answers.session_key == now.session.key}


def events(found: Sequence[EventEntry], *, zone: str) -> Part:
    """The adverse events of the session."""
    rows = [
        (
            moment(each.began_at, zone),
            in_words(each.term).capitalize(),
            str(each.grade),
            serious_words(each.criteria, serious=each.serious),
            in_words(each.relation),
            str(COURSE_WORDS[each.course]),
            ". ".join(filter(None, (str(MEASURE_WORDS[each.measure]), each.suspected, each.note))),
        )
        for each in found
    ]
    columns = (
        _("Began"),
        _("What happened"),
        _("Grade"),
        _("Serious"),
        _("Related"),
        _("Course"),
        _("Treatment, suspected medicine, note"),
    )
    return Part("events", _("Adverse events"), columns, rows, _("None recorded."))


def effects(scope: Scope, now: SessionNow, *, names: Names, zone: str) -> Part:
    """Each side effect as it was said, each time."""
    rows = [
        (clock(answers.answered_at, zone), effect_words(item, value), names.get(answers.recorded_by, "–"))
        for answers in answer_sets(scope, patient=now.session.patient_key, instrument=EFFECTS)
        if answers.session_key == now.session.key
        for item, value in answers.answers.items()
    ]
    none = _("None was noted. That none was noted does not mean that there was none.")
    return Part("effects", _("Side effects"), (_("When"), _("What"), _("Who")), rows, none)


def given(scope: Scope, now: SessionNow, *, zone: str) -> Part:
    """The medicines and the oxygen beside the session's own drug, those that the patient took that day among them."""
    found = lines_of(scope, medicines_of(scope, now.session.key), zone=zone)
    rows = [(each.when, each.words, each.why, each.who) for each in found]
    columns = (_("When"), _("What"), _("Why"), _("Who"))
    return Part("given", _("Medicines and oxygen in the session"), columns, rows, _("None was written down."))


def notes(scope: Scope, now: SessionNow, *, names: Names, zone: str) -> Part:
    """The notes in their words."""
    found = notes_of(scope, now.session.key)
    rows = [(clock(each.noted_at, zone), each.words, names.get(each.by, "–")) for each in found]
    return Part("notes", _("Notes"), (_("When"), _("Note"), _("Who")), rows, _("None."))


def current_medicines(scope: Scope, now: SessionNow) -> Part:
    """The medicines of the patient on the day of the session, as they are recorded."""
    on = today(scope, now.started_at or now.session.planned_for)
    rows = [
        (each.display, day(each.started_on) if each.started_on else _("not recorded"), _(each.status))
        for each in medicines(scope, now.session.patient_key)
        if each.status != "entered in error"
        and (each.started_on is None or each.started_on <= on)
        and (each.ended_on is None or on < each.ended_on)
    ]
    columns = (_("Medicine"), _("Since"), _("Status"))
    return Part("medicines", _("Medicines of the patient on that day"), columns, rows, _("None is recorded."))


def team(now: SessionNow, *, names: Names, zone: str) -> Part:
    """Who was there, and who signed the time-out."""
    rows = [(names.get(each.account_key, "–"), label(each.role), clock(each.noted_at, zone)) for each in in_role(now)]
    signed = [check for check in now.checks if check.kind == "time_out"]
    rows += [(names.get(each.signed_by, "–"), _("Time-out signed"), clock(each.signed_at, zone)) for each in signed]
    columns = (_("Who"), _("As"), _("When"))
    return Part("team", _("Team and time-out"), columns, rows, _("Nobody is named."))


def asked(now: SessionNow, *, names: Names, zone: str) -> Part:
    """What was asked on the day and before leaving, with the answers."""
    words = {"True": YES, "False": NO, "None": _("not known")}
    rows = []
    told = [
        (step.values.get("answers", {}), step.recorded_by, step.done_at)
        for step in now.steps
        if step.step == Step.READY
    ]
    told += [(check.items, check.signed_by, check.signed_at) for check in now.checks if check.kind == "leaving"]
    wording = {
        q.id: q.question for stage in ("before_each_dose", "before_leaving") for q in questions(now.protocol, stage)
    }
    for answers, by, at in told:
        rows += [
            (
                clock(at, zone),
                wording.get(name, label(name)),
                in_words(words.get(str(value), str(value))),
                names.get(by, "–"),
            )
            for name, value in answers.items()
        ]
    columns = (_("When"), _("Question"), _("Answer"), _("Who"))
    return Part("asked", _("Asked before the dose and before leaving"), columns, rows, _("Nothing was asked yet."))


def overrides(scope: Scope, now: SessionNow, *, names: Names, zone: str) -> Part:
    """What was signed for against the protocol: the question, the reason in the signer's words, who and when."""
    wording = {each.id: each.question for each in (*now.protocol.before_each_dose, *now.protocol.before_leaving)}
    rows = [
        (
            clock(row.signed_at, zone),
            wording.get(row.criterion, row.criterion),
            open_text(scope, row.patient_key, row.reason),
            names.get(row.signed_by, "–"),
        )
        for row in now.overrides
    ]
    columns = (_("When"), _("Question"), _("Reason"), _("Signed by"))
    return Part("overridden", _("Signed for against the protocol"), columns, rows, _("Nothing."))


def alarms(scope: Scope, found: Sequence[AlarmNow], *, names: Names, zone: str) -> Part:
    """Every alarm, whom it was passed on to, and who acknowledged it with what was done."""
    words = words_for(scope, found, zone)
    rows = [
        (
            clock(each.alarm.raised_at, zone),
            _(each.alarm.priority),
            words.title(each.alarm),
            ", ".join(each.told) or "–",
            _became(scope, each, names, zone),
        )
        for each in found
    ]
    columns = (_("When"), _("Priority"), _("What"), _("Passed on to"), _("Acknowledged"))
    return Part("alarms", _("Alarms"), columns, rows, _("None."))


def _became(scope: Scope, each: AlarmNow, names: Names, zone: str) -> str:
    if (seen := each.acknowledged) is not None:
        note = open_text(scope, seen.patient_key, seen.note) if seen.note else ""
        said = {"who": names.get(seen.done_by, "–"), "when": clock(seen.done_at, zone), "act": in_words(seen.act)}
        return ". ".join(filter(None, (_("%(who)s, %(when)s: %(act)s") % said, note)))
    if each.ended:
        return _("Ended by itself at %(when)s.") % {"when": clock(each.ended.done_at, zone)}
    return _("not acknowledged")


def watch(quality: Quality | None) -> Part:
    """How the watch was kept against the protocol's schedule."""
    columns = (_("Sign"), _("In time"), _("Late"), _("Missed"), _("Longest gap, min"), _("Longest delay, min"))
    after = ""
    if quality is not None:
        crossed = len(quality.crossings)
        after = _("No limit was crossed.")
        if crossed:
            after = ngettext(
                "%(n)s limit was crossed; the team acted on %(acted)s before it was over.",
                "%(n)s limits were crossed; the team acted on %(acted)s before they were over.",
                crossed,
            ) % {"n": crossed, "acted": quality.counts["acted_on"]}
    title = _("How the watch was kept, against the protocol's schedule")
    return Part("watch", title, columns, watch_rows(quality), _("The dose was not started."), after, (1, 2, 3, 4, 5))


def _usual(now: SessionNow) -> list[str]:
    """The signs in the order in which the protocol asks for them."""
    return list(dict.fromkeys(sign.sign for sign in (*now.protocol.during.signs, *now.protocol.after.signs)))


def _by_sign(scope: Scope, now: SessionNow) -> dict[str, list[Reading]]:
    found: dict[str, list[Reading]] = {}
    for row in readings_of(scope, now.session.key):
        if now.started_at and row.measured_at >= now.started_at:
            found.setdefault(row.sign, []).append(row)
    return found


def people_in(now: SessionNow) -> set[UUID | None]:
    """Return everybody whom the session itself names."""
    signed = {each.signed_by for each in (*now.overrides, *now.checks)}
    return {step.recorded_by for step in now.steps} | signed | {each.account_key for each in now.members}
