"""The interface for devices: `POST /api/readings` with a device's token.

An answer is given only after what it says is committed. A batch that cannot be read is a named error; a reading that
cannot be
right is refused alone and kept for a person.
"""

import json
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, JsonResponse
from ninja import NinjaAPI, Schema
from ninja.security import HttpBearer
from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from daybreak.kernel.moments import now
from daybreak.kernel.scope import Scope, scoped
from daybreak.people.public import site_named
from daybreak.treat.actions.devices import hash_of, site_of
from daybreak.treat.actions.readings import Outcome, record_readings, refuse
from daybreak.treat.queries.bedside import bedside
from daybreak.treat.rules.readings import NewReading, Sender

MOST_BYTES = 1_000_000
MOST_READINGS = 1_000
MOST_DEPTH = 8
FIRST_YEAR = 1900
PLAIN = r"^[ -~]*$"
OFF = "The site has recorded no regulatory assessment that stands, so its devices are off. Nothing was stored."


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise ValueError("a number is expected here")
    return value


class SentReading(BaseModel):
    """One reading as a device sends it: key (a UUID made by the device), sign, value, unit (UCUM), moment with its
    zone.
    """

    model_config = ConfigDict(extra="forbid")
    key: UUID
    sign: str = Field(max_length=100, pattern=PLAIN)
    value: Annotated[Decimal, Field(max_digits=15, decimal_places=9, allow_inf_nan=False), BeforeValidator(_number)]
    unit: str = Field(max_length=40, pattern=PLAIN)
    measured_at: AwareDatetime
    session: UUID | None = None


class Batch(Schema):
    """Up to 1,000 readings."""

    readings: list[SentReading]


class Answer(Schema):
    """What became of one reading, in the order they were sent: `stored`, `same` or `refused` (with the reason)."""

    key: str | None
    answer: str
    reason: str = ""


class Answers(Schema):
    """The answers to a batch."""

    answers: list[Answer]


class Problem(Schema):
    """Why nothing was stored: a name for programs and a sentence for people."""

    error: str
    sentence: str


class NotABatch(Exception):
    """A body that is not a batch of readings; carries the name, the sentence and the status of the answer."""

    def __init__(self, error: str, sentence: str, status: int = 400) -> None:
        super().__init__(sentence)
        self.error, self.sentence, self.status = error, sentence, status


class DeviceToken(HttpBearer):
    """The token of a device; it sets the scope: one site, one chair, no person."""

    def authenticate(self, request: HttpRequest, token: str) -> tuple[Scope, Sender] | None:
        """Return the scope and the device of a token, or nothing."""
        site = site_of(token)
        if site is None or len(token) > 200 or site_named(site[:20]) is None:
            return None
        with scoped(Scope(site=site, actor=None, purpose="a device signs in")) as scope:
            device = bedside(scope).device_with(hash_of(token))
        if device is None:
            return None
        return Scope(site=site, actor=None, purpose=f"readings of device {device.key}"), device


api = NinjaAPI(title="Daybreak", version="1", docs_url=None, openapi_url=None, urls_namespace="api")


@api.post(
    "/readings",
    auth=DeviceToken(),
    response={200: Answers, 400: Problem, 401: Problem, 403: Problem, 411: Problem, 413: Problem},
    summary="Store a batch of readings",
    openapi_extra={
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": Batch.model_json_schema()}},
        }
    },
)
def post_readings(request: HttpRequest) -> JsonResponse:
    """Store a batch of readings of the device's chair and answer for each; a retry of the same reading changes
    nothing.
    """
    scope, device = request.auth
    try:
        items = _items(request)
    except NotABatch as fault:
        return JsonResponse({"error": fault.error, "sentence": fault.sentence}, status=fault.status)
    with scoped(scope):
        at = now()
        if not bedside(scope).alarms_are_on(at):
            return JsonResponse({"error": "off", "sentence": OFF}, status=403)
        answers = _store(scope, device, items, at=at)
    return JsonResponse({"answers": [_as_json(answer) for answer in answers]})


def _items(request: HttpRequest) -> list[object]:
    length = request.headers.get("Content-Length", "")
    if not (length.isascii() and length.isdigit()):
        raise NotABatch("length_required", "Say how long the body is: send a Content-Length.", 411)
    if len(length) > 12 or int(length) > MOST_BYTES:
        raise NotABatch("too_large", f"Send a batch of at most {MOST_BYTES} bytes.", 413)
    try:
        body = json.loads(request.body, parse_float=Decimal, parse_constant=_no_constant)
    except (ValueError, RecursionError) as fault:
        raise NotABatch("not_json", "The body is not JSON in UTF-8.") from fault
    items = body.get("readings") if isinstance(body, dict) and set(body) == {"readings"} else None
    if not isinstance(items, list):
        raise NotABatch("not_a_batch", 'The body must be {"readings": [ … ]} and nothing else.')
    if len(items) > MOST_READINGS:
        raise NotABatch("too_many", f"Send at most {MOST_READINGS} readings in one batch.", 413)
    if _depth(items) > MOST_DEPTH:
        raise NotABatch("too_deep", "A reading is flat: the body is nested too deeply.")
    return items


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _depth(value: object) -> int:
    level, depth = [value], 0
    while level and depth <= MOST_DEPTH:
        depth += 1
        inner = [list(v.values()) if isinstance(v, dict) else v for v in level if isinstance(v, dict | list)]
        level = [each for group in inner for each in group]
    return depth


def _store(scope: Scope, device: Sender, items: list[object], *, at: datetime) -> list[Outcome]:
    read = [_reading(item) for item in items]
    good = [each for each in read if isinstance(each, NewReading)]
    stored = iter(record_readings(scope, good, at=at, device=device))
    return [
        next(stored)
        if isinstance(each, NewReading)
        else refuse(scope, key=_key(item), reason=each, sent=item, device=device, at=at)
        for each, item in zip(read, items, strict=True)
    ]


_SENT: TypeAdapter[SentReading] = TypeAdapter(SentReading)


def _reading(item: object) -> NewReading | str:
    """Return the reading, or the sentence that says what is wrong with it."""
    try:
        sent = _SENT.validate_python(item)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the reading"
        said = f"{where[:60]}: {first['msg'].removeprefix('Value error, ')}."
        return "".join(c if c.isprintable() and c.isascii() else "?" for c in said)[:200]
    if sent.measured_at.year < FIRST_YEAR:
        return f"measured_at: the year {sent.measured_at.year} cannot be meant."
    return NewReading(sent.key, sent.sign, sent.value, sent.unit, sent.measured_at, sent.session)


def _key(item: object) -> UUID | None:
    try:
        return UUID(str(item["key"])) if isinstance(item, dict) else None
    except (KeyError, ValueError):
        return None


def _as_json(outcome: Outcome) -> dict[str, Any]:
    return {
        "key": str(outcome.key) if outcome.key else None,
        "answer": outcome.answer,
        "reason": outcome.reason,
    }


_POLICY = ("a device with a token bound to a site and a chair; the description of the interface is open",)
for _view in api.urls[0]:
    _view.callback.policy = _POLICY
