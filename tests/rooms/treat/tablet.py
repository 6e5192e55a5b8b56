"""A tablet at the bedside, as the server meets it: it seals acts under the keys of a sign-in and sends them when it can."""

import json
import os
from base64 import b64decode, b64encode
from datetime import datetime, timedelta
from hashlib import sha256
from hmac import digest
from uuid import UUID, uuid4

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.test import Client
from django.urls import reverse

from daybreak.kernel.keys import new_key
from daybreak.kernel.moments import now


class Tablet:
    """One device with a clock of its own, `skew` away from the server's; `at` is the moment in the test's story."""

    def __init__(self, session: UUID, *, skew: timedelta = timedelta(0), site: str = "dawn") -> None:
        self.session, self.site, self.skew = session, site, skew
        self.device, self.opened = uuid4(), uuid4().hex
        self.number = 0
        self.waiting: list[dict] = []
        self.keys: dict = {}
        self.client: Client | None = None
        self.again: list[str] = []

    def sign_in(self, client: Client) -> "Tablet":
        """Take the keys of a sign-in."""
        self.client = client
        self.keys = client.post(address("device_keys"), {"device": str(self.device)}).json()
        return self

    def clocks(self, at: datetime) -> dict:
        return {"wall": ms(at + self.skew), "running": ms(at), "opened": self.opened}

    def act(self, name: str, kind: str, at: datetime, *, believed: datetime | None = None, **said: object) -> UUID:
        """Do something at the story's moment `at`; it waits until it is sent."""
        key, step = new_key(), {"step": said.pop("step")} if "step" in said else {}
        self.number += 1
        body = {
            "key": str(key), "kind": kind, "address": address(name, session=self.session, **step),
            "fields": [[field, str(value)] for field, value in said.items()], "clocks": self.clocks(at),
            "believed": ms(believed or at), "signed_in": self.keys["signed_in"],
        }  # fmt: skip
        self.waiting.append(self.seal(key, json.dumps(body)))
        return key

    def seal(self, key: UUID, body: str) -> dict:
        proof = digest(b64decode(self.keys["proving"]), body.encode(), "sha256").hex()
        account, nonce = self.keys["account"], os.urandom(12)
        binding = "|".join(map(str, (key, self.session, account, self.device, self.number))).encode()
        inside = json.dumps({"body": body, "proof": proof}).encode()
        sealed = AESGCM(b64decode(self.keys["sealing"])).encrypt(nonce, inside, binding)
        return {
            "key": str(key), "session": str(self.session), "account": account, "device": str(self.device),
            "number": self.number, "nonce": b64encode(nonce).decode(), "sealed": b64encode(sealed).decode(),
        }  # fmt: skip

    def send(self, *, at: datetime | None = None, fresh: bool = False, client: Client | None = None) -> list[dict]:
        """Send everything that waits, and forget what was acknowledged with the same hash."""
        moment = at or now()
        body = {
            "clocks": self.clocks(moment), "acts": self.waiting,
            "fresh": [each["key"] for each in self.waiting] if fresh else [], "again": self.again,
        }  # fmt: skip
        there = address("acts", session=self.session)
        answer = (client or self.client).post(there, json.dumps(body), content_type="application/json")
        assert answer.status_code == 200, answer.content[:400]
        answers = answer.json()["answers"]
        self.again = [each["key"] for each in answers if each["answer"] == "again"]
        safe = {each["hash"] for each in answers if each["answer"] in ("stored", "same", "tray")}
        self.waiting = [each for each in self.waiting if hash_of(each) not in safe]
        return answers


def hash_of(envelope: dict) -> str:
    return sha256(b64decode(envelope["nonce"]) + b64decode(envelope["sealed"])).hexdigest()


def address(name: str, site: str = "dawn", **more: object) -> str:
    return reverse(f"treat:{name}", kwargs={"site": site, **more})


def ms(moment: datetime) -> int:
    return round(moment.timestamp() * 1000)
