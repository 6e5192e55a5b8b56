"""Questions made by chance, the same for the same seed: values near bounds, odd units, moments to the microsecond."""

import random
from collections.abc import Iterator
from typing import Any

BOUNDS = {"systolic_pressure": 180, "oxygen_saturation": 90, "heart_rate": 120}
UNITS = {"systolic_pressure": ["mm[Hg]", "mm[Hg]", "kPa", "kg"], "oxygen_saturation": ["%"], "heart_rate": ["/min"]}
TESTS = ("above", "at_least", "below", "at_most", "rise_above", "fall_above")
STEPS = (
    "started", "paused", "resumed", "rate_changed", "rate_raised", "syringe_changed", "completed", "stopped", "recovery",
    "weighed", "given",
)  # fmt: skip


def questions(seed: int, count: int) -> Iterator[dict[str, Any]]:
    """Yield `count` questions of every kind in turn."""
    rng = random.Random(seed)
    makers = (_breaches, _news, _due, _given, _worst)
    for place in range(count):
        yield makers[place % len(makers)](rng)


def _number(rng: random.Random, around: float) -> str:
    return f"{around + rng.choice((0, 0, 1, -1, 0.001, -0.001, 25.5, rng.uniform(-60, 60))):.{rng.choice((0, 1, 3))}f}"


def _reading(rng: random.Random, sign: str) -> dict[str, str]:
    unit = rng.choice(UNITS[sign])
    around = BOUNDS[sign] / 7.500615758456564 if unit == "kPa" else BOUNDS[sign]
    return {"sign": sign, "value": _number(rng, around), "unit": unit}


def _limit(rng: random.Random, place: int) -> dict[str, str]:
    sign = rng.choice(list(BOUNDS))
    test = rng.choice(TESTS)
    bound = _number(rng, 30 if "_above" in test else BOUNDS[sign])
    units = [each for each in UNITS[sign] if each != "kg"]
    priority = rng.choice(("high", "medium", "low"))
    return {"id": f"limit_{place}", "sign": sign, "unit": rng.choice(units), test: bound, "priority": priority}


def _watch(rng: random.Random) -> dict[str, Any]:
    sign = rng.choice(list(BOUNDS))
    known = [each for each in BOUNDS if rng.random() < 0.8]
    return {
        "limits": [_limit(rng, place) for place in range(6)],
        "baseline": {each: _reading(rng, each) for each in known},
        "reading": _reading(rng, sign),
    }


def _breaches(rng: random.Random) -> dict[str, Any]:
    return {"ask": "breaches", **_watch(rng)}


def _seconds(rng: random.Random, most: int) -> str:
    return str(rng.choice((0, rng.randint(0, most // 60) * 60, rng.randint(0, most * 1_000_000) / 1_000_000)))


def _sign(rng: random.Random, sign: str) -> dict[str, Any]:
    plan = {"every_minutes": rng.randint(1, 15)} if rng.random() < 0.6 else {"at_minutes": rng.sample(range(1, 90), 3)}
    return {"sign": sign, "grace_minutes": rng.randint(0, 5), **plan}


def _news(rng: random.Random) -> dict[str, Any]:
    watch = _watch(rng)
    sign = watch["reading"]["sign"]
    calls = {
        limit["id"]: {
            "raised_at": _seconds(rng, 600),
            "acknowledged_at": _seconds(rng, 1200) if rng.random() < 0.7 else None,
        }
        for limit in watch["limits"]
        if rng.random() < 0.6
    }
    return {
        "ask": "news",
        **watch,
        "signs": [_sign(rng, each) for each in BOUNDS],
        "before": _reading(rng, sign) if rng.random() < 0.7 else None,
        "measured_at": _seconds(rng, 2400),
        "calls": calls,
    }


def _due(rng: random.Random) -> dict[str, Any]:
    read = {each: [_seconds(rng, 7200) for _ in range(rng.randint(0, 4))] for each in BOUNDS}
    signs = [_sign(rng, rng.choice(list(BOUNDS))) for _ in range(4)]
    return {"ask": "due", "signs": signs, "started_at": _seconds(rng, 60), "read_at": read}


def _given(rng: random.Random) -> dict[str, Any]:
    moments = sorted(float(_seconds(rng, 3600)) for _ in range(rng.randint(0, 8)))
    steps = ["started", *(rng.choice(STEPS) for _ in moments[1:])]
    rates = {"started", "resumed", "rate_changed", "rate_raised"}
    in_parts = rng.random() < 0.2
    return {
        "ask": "given",
        "doings": [
            {
                "step": step,
                "at": f"{at:.6f}",
                "rate_ml_per_hour": f"{rng.uniform(0.1, 90):.1f}" if step in rates else None,
                "drawn_ml": f"{rng.uniform(0, 60):.3f}" if step == "syringe_changed" else None,
                "part_mg": f"{rng.uniform(0.1, 90):.3f}" if in_parts and step in ("started", "given") else None,
            }
            for step, at in zip(steps, moments, strict=False)
        ],
        "at": _seconds(rng, 4000),
        "concentration_mg_per_ml": rng.choice(("1", "0.5", "2", "1.333")),
        "drawn_ml": rng.choice(("40", "35.7", "12.345")),
        "ordered_rate": "52.5",
    }


def _worst(rng: random.Random) -> dict[str, Any]:
    stages = []
    for stage in range(2):
        moments = rng.sample(range(3600), rng.randint(0, 8))
        seen = [{**_reading(rng, rng.choice(list(BOUNDS))), "at": str(stage * 3600 + at)} for at in moments]
        known = [each for each in seen if each["unit"] != "kg" or rng.random() < 0.05]
        stages.append(([_limit(rng, 10 * stage + place) for place in range(4)], known))
    baseline = {each: _reading(rng, each) for each in BOUNDS if rng.random() < 0.8}
    return {"ask": "worst", "stages": stages, "baseline": {k: v for k, v in baseline.items() if v["unit"] != "kg"}}
