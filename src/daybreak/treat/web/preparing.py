"""The steps before the start as their page lists them: what is in the way of each, which is done, and which is next."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from daybreak.treat.queries.sessions import SessionNow
from daybreak.treat.rules.alarms import signs_at
from daybreak.treat.rules.blockers import Blocker, May
from daybreak.treat.rules.steps import State
from daybreak.treat.rules.team import FILLED, PAPERS, SEEN
from daybreak.treat.web.presenters import Tile

WEIGH, TEAM, EQUIPMENT, BASELINE, ASK, SOUND, TIME_OUT = (
    "weigh", "team", "equipment", "baseline", "ask", "sound", "timeout",
)  # fmt: skip
ASKED = (State.READY, State.TIMED_OUT)
_STEP_OF = {
    "weight": WEIGH, "questions": ASK, "time_out_done": TIME_OUT, "sound_heard": SOUND,
    **dict.fromkeys((*FILLED, *PAPERS), TEAM), **dict.fromkeys(SEEN, EQUIPMENT),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Preparing:
    """One step: `said` is what came of it; `unanswered` says that its own form asks for what is in the way."""

    id: str
    title: str
    said: str
    blockers: tuple[Blocker, ...]
    is_done: bool
    is_next: bool
    unanswered: bool

    @property
    def count(self) -> str:
        """How many things about this step are in the way, in words."""
        return ngettext("%(n)d in the way", "%(n)d in the way", len(self.blockers)) % {"n": len(self.blockers)}

    @property
    def who(self) -> tuple[str, ...]:
        """Everybody who can clear something of it, once each."""
        return tuple(dict.fromkeys(name for each in self.blockers for name in each.who))


def steps_of(
    now: SessionNow, may: May, *, titles: Mapping[str, str], asked: Collection[str], said: Mapping[str, str]
) -> tuple[list[Preparing], list[Blocker]]:
    """Return the steps in their order, and what is in the way that no step of the page clears.

    `titles` names the steps of this session, `asked` the questions of today, `said` what came of a step that is done.
    The next step is the first that wants work, else the first with something in its way.
    """
    signs = {each.sign for each in (*signs_at(now.protocol, ended=False), *signs_at(now.protocol, ended=True))}
    places = _STEP_OF | dict.fromkeys(signs, BASELINE) | dict.fromkeys(asked, ASK)
    found: dict[str, list[Blocker]] = {name: [] for name in titles}
    elsewhere = []
    for blocker in may.blockers:
        step = next((places[name] for name in blocker.about if places.get(name) in found), "")
        (found[step] if step else elsewhere).append(blocker)
    wants = {name: _wants_work(name, now, each) for name, each in found.items()}
    following = next((name for name in titles if wants[name]), next((n for n in titles if found[n]), ""))
    steps = [
        Preparing(
            name, title, said.get(name, ""), tuple(found[name]), not wants[name] and not found[name],
            name == following, wants[name] and name in (BASELINE, ASK),
        )
        for name, title in titles.items()
    ]  # fmt: skip
    return steps, elsewhere


def _wants_work(name: str, now: SessionNow, blockers: Sequence[Blocker]) -> bool:
    """Whether a step has something left to do on this page; what only a signature or a colleague clears is no work."""
    if name == WEIGH:
        return now.order is None
    if name == ASK:
        return now.state not in ASKED
    if name == TEAM:
        return any(each.about == FILLED for each in blockers)
    if name == BASELINE:
        return any(each.truth == "unknown" for each in blockers)
    return bool(blockers)


def titles_of(now: SessionNow, *, alarms_on: bool) -> dict[str, str]:
    """Return the steps of this session with their names, in the order of the work."""
    by_weight = now.protocol.dose.rule != "fixed"
    named = {WEIGH: _("Weight and dose") if by_weight else _("Dose"), TEAM: _("Team of this session")}
    if now.protocol.equipment:
        named[EQUIPMENT] = _("Equipment")
    named |= {BASELINE: _("Baseline vital signs"), ASK: _("Questions of today")}
    if alarms_on:
        named[SOUND] = _("Sound of alarms")
    return named | {TIME_OUT: _("Time-out by two people")}


def read_words(tiles: Sequence[Tile]) -> str:
    """Return what was read so far in one line."""
    return ", ".join(f"{each.label.lower()} {each.value}" for each in tiles if each.value is not None)
