"""Devices that never give up: each batch is sent until it is acknowledged, and written down outside only then."""

import http.client
import json
import socket
import threading
import time
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import uuid4

from bench.infusions import SITE, Chair

SIGNS = {"heart_rate": ("147842", "/min", "264864"), "oxygen_saturation": ("150456", "%", "262688")}
PATIENCE = 8.0
PAUSE = 0.2
Told = tuple[str, str, str, str]


@dataclass
class Ledger:
    """What was acknowledged, kept outside of everything that is killed: (session, sign, moment, value), or
    (session, step, nothing, key)."""

    acknowledged: list[Told] = field(default_factory=list)
    attempts: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, told: list[Told]) -> None:
        """Write down what an acknowledgement covers."""
        with self._lock:
            self.acknowledged += told


class Sender(threading.Thread, ABC):
    """One device at one chair. `stop` ends it after the batch that is under way was acknowledged."""

    def __init__(self, chair: Chair, port: int, ledger: Ledger, stop: threading.Event, *, pause: float = 0.05) -> None:
        super().__init__(daemon=True)
        self.chair, self.port, self.ledger, self.stop, self.pause = chair, port, ledger, stop, pause
        self.number = 0

    def run(self) -> None:
        """Send until told to stop."""
        while not self.stop.is_set():
            self.number += 1
            at = datetime.now(UTC)
            told = self.told(at)
            batch = self.prepared(told, at)
            while not self.sent(batch):
                time.sleep(PAUSE)
            self.ledger.note(told)
            time.sleep(self.pause)
        self.close()

    def close(self) -> None:
        """Let go of what is held."""

    def told(self, at: datetime) -> list[Told]:
        """Return what is told at a moment: a value of each sign."""
        return [(str(self.chair.session), sign, at.isoformat(), str(60 + self.number % 40)) for sign in SIGNS]

    @abstractmethod
    def prepared(self, told: list[Told], at: datetime) -> bytes:
        """Return the bytes of a batch, the same at each attempt."""

    @abstractmethod
    def sent(self, batch: bytes) -> bool:
        """Send it once and return whether it was acknowledged."""


class Device(Sender):
    """A device with a token, over HTTP."""

    def prepared(self, told: list[Told], at: datetime) -> bytes:
        readings = [
            {"key": str(uuid4()), "sign": sign, "value": int(value), "unit": SIGNS[sign][1], "measured_at": moment}
            for _, sign, moment, value in told
        ]
        return json.dumps({"readings": readings}).encode()

    def sent(self, batch: bytes) -> bool:
        self.ledger.attempts += 1
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {"Authorization": f"Bearer {self.chair.token}", "Content-Type": "application/json"}
            line.request("POST", "/api/readings", batch, headers)
            answer = line.getresponse()
            if answer.status != 200:
                answer.read()
                return False
            outcomes = [each["answer"] for each in json.load(answer)["answers"]]
        except (OSError, http.client.HTTPException, ValueError):
            return False
        finally:
            line.close()
        if not set(outcomes) <= {"stored", "same"}:
            raise RuntimeError(f"A reading was refused: {outcomes}")
        return True


class Nurse(Sender):
    """A nurse who pauses the infusion and lets it run again, in turn, by the form of the page with its key."""

    TURNS = (("pause", "paused", "patient_asked"), ("resume", "resumed", "settled"))

    def told(self, at: datetime) -> list[Told]:
        return [(str(self.chair.session), self.TURNS[(self.number - 1) % 2][1], "", str(uuid4()))]

    def prepared(self, told: list[Told], at: datetime) -> bytes:
        return urlencode({"key": told[0][3], "reason": self.TURNS[(self.number - 1) % 2][2]}).encode()

    def sent(self, batch: bytes) -> bool:
        self.ledger.attempts += 1
        word, token = self.TURNS[(self.number - 1) % 2][0], "a" * 32
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            headers = {
                "Cookie": f"{self.chair.nurse}; csrftoken={token}",
                "X-CSRFToken": token,
                "Content-Type": "application/x-www-form-urlencoded",
            }
            line.request("POST", f"/at/{SITE}/treat/sessions/{self.chair.session}/step/{word}/", batch, headers)
            answer = line.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            line.close()
        if answer.status in (403, 404) or "login" in (answer.headers["Location"] or ""):
            raise RuntimeError(f"The nurse's {word} was answered {answer.status} {answer.headers['Location']}")
        return answer.status == 302


class Monitor(Sender):
    """A monitor that speaks HL7, over MLLP."""

    _line: socket.socket | None = None

    def close(self) -> None:
        """Close the connection."""
        if self._line:
            self._line.close()
        self._line = None

    def prepared(self, told: list[Told], at: datetime) -> bytes:
        when = at.strftime("%Y%m%d%H%M%S.%f%z")
        lines = [
            f"MSH|^~\\&|M||||{when}||ORU^R01^ORU_R01|{uuid4().hex[:20]}|P|2.6|||NE|AL||UNICODE UTF-8",
            f"PV1||I|{self.chair.name}",
            f"OBR|1|||X|||{when}",
        ]
        for number, (_, sign, _, value) in enumerate(told, start=1):
            code, _, unit = SIGNS[sign]
            lines.append(f"OBX|{number}|NM|{code}^x^MDC|1|{value}|{unit}^x^MDC|||||F|||{when}")
        return b"\x0b" + "\r".join(lines).encode() + b"\r\x1c\r"

    def sent(self, batch: bytes) -> bool:
        self.ledger.attempts += 1
        try:
            if self._line is None:
                self._line = socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)
            self._line.sendall(batch)
            answer = b""
            while not answer.endswith(b"\x1c\r"):
                if not (more := self._line.recv(4096)):
                    raise ConnectionError
                answer += more
        except OSError:
            self.close()
            return False
        if b"MSA|AA" not in answer:
            return False
        if b"ERR|" in answer:
            raise RuntimeError(f"A reading was refused: {answer!r}")
        return True
