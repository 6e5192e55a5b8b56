"""Monitors at work: each chair sends, waits for the answer, and sends again what was not answered."""

import asyncio
import json
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daybreak.interop.simulated.body import Body
from daybreak.interop.simulated.told import as_message, as_readings
from daybreak.kernel.moments import now

PATIENCE_SECONDS = 10.0
PAUSE_SECONDS = 1.0


@dataclass
class Played:
    """What was sent and what was answered; `seconds` are the times from sending to the answer."""

    counts: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)

    def quantile(self, share: float) -> float | None:
        """Return the time to the answer below which that share of the answers came; nothing without one."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else None


@dataclass(frozen=True, slots=True)
class Plan:
    """How long, how often, and what can go wrong. `pace` is how much faster than the clock the bodies live, and
    `facility` the clinic that the monitors name.
    """

    rate_hz: float
    seconds: float
    seed: int = 1
    artefacts: bool = True
    pace: float = 1.0
    facility: str = ""


async def play_hl7(plan: Plan, *, address: str, port: int, places: Sequence[str]) -> Played:
    """Send from every place until the time is over; return what became of it. Raises OSError where nobody listens."""
    _, writer = await asyncio.open_connection(address, port)
    writer.close()
    played = Played()
    await asyncio.gather(*(_monitor(plan, address, port, place, number, played) for number, place in enumerate(places)))
    return played


async def _monitor(plan: Plan, address: str, port: int, place: str, number: int, played: Played) -> None:
    body, started = Body(plan.seed * 1000 + number, artefacts=plan.artefacts), now()
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
    for turn in range(max(1, int(plan.seconds * plan.rate_hz))):
        due = started + timedelta(seconds=(turn + (number % 10) / 10) / plan.rate_hz)
        await asyncio.sleep(max(0.0, (due - now()).total_seconds()))
        at = now()
        seen = list(body.seen((at - started).total_seconds() / 60 * plan.pace))
        message = as_message(
            seen, place=place, facility=plan.facility, control_id=f"{plan.seed}-{number}-{turn}", at=at
        )
        played.counts["sent"] += 1
        line = await _until_answered(line, message, address, port, played)
    if line:
        line[1].close()


async def _until_answered(
    line: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None,
    message: bytes,
    address: str,
    port: int,
    played: Played,
) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    while True:
        sent = now()
        try:
            line = line or await asyncio.open_connection(address, port)
            line[1].write(message)
            await line[1].drain()
            answer = await asyncio.wait_for(line[0].readuntil(b"\x1c\r"), PATIENCE_SECONDS)
        except (OSError, asyncio.IncompleteReadError, TimeoutError):
            played.counts["not_answered"] += 1
            if line:
                line[1].close()
            line = None
            await asyncio.sleep(PAUSE_SECONDS)
            continue
        played.seconds.append((now() - sent).total_seconds())
        taken = b"MSA|AA" in answer
        played.counts["taken" if taken else "refused"] += 1
        played.counts["warned"] += taken and b"ERR|" in answer
        return line


async def play_http(plan: Plan, *, url: str, tokens: Sequence[str]) -> Played:
    """Send as devices with a token each. Raises OSError where nobody answers at all."""
    played = Played()
    await asyncio.to_thread(urllib.request.urlopen, f"{url}/healthz", None, PATIENCE_SECONDS)
    await asyncio.gather(*(_device(plan, url, token, number, played) for number, token in enumerate(tokens)))
    return played


async def _device(plan: Plan, url: str, token: str, number: int, played: Played) -> None:
    body, started = Body(plan.seed * 1000 + number, artefacts=plan.artefacts), now()
    for turn in range(max(1, int(plan.seconds * plan.rate_hz))):
        due = started + timedelta(seconds=turn / plan.rate_hz)
        await asyncio.sleep(max(0.0, (due - now()).total_seconds()))
        at = now()
        seen = list(body.seen((at - started).total_seconds() / 60 * plan.pace))
        batch = json.dumps({"readings": as_readings(seen, chair=f"{plan.seed} {number}", at=at)}).encode()
        played.counts["sent"] += 1
        await _until_stored(url, token, batch, played)


async def _until_stored(url: str, token: str, batch: bytes, played: Played) -> None:
    request = urllib.request.Request(  # noqa: S310 the address is the operator's own
        f"{url}/api/readings",
        data=batch,
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    while True:
        sent: datetime = now()
        try:
            answer = await asyncio.to_thread(_ask, request)
        except urllib.error.HTTPError as refusal:
            if refusal.code < 500:
                played.counts["refused"] += 1
                return
        except OSError:
            pass
        else:
            played.seconds.append((now() - sent).total_seconds())
            refused = sum(each["answer"] == "refused" for each in answer["answers"])
            played.counts["taken"] += 1
            played.counts["warned"] += refused > 0
            return
        played.counts["not_answered"] += 1
        await asyncio.sleep(PAUSE_SECONDS)


def _ask(request: urllib.request.Request) -> dict[str, list[dict[str, str]]]:
    with urllib.request.urlopen(request, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310
        found: dict[str, list[dict[str, str]]] = json.load(answer)
    return found
