"""Read one definition file strictly, and say every fault with its line and the nearest right word."""

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from pydantic import BaseModel, ValidationError

from daybreak.rulebook import lines
from daybreak.rulebook.activity import LearningActivity
from daybreak.rulebook.beside import Beside, beside, join, text_of
from daybreak.rulebook.calling import Calling
from daybreak.rulebook.codelist import CodeList
from daybreak.rulebook.cohort import Cohort
from daybreak.rulebook.consent import Consent
from daybreak.rulebook.continuation import Continuation
from daybreak.rulebook.disclosure import Disclosure
from daybreak.rulebook.facts import Vocabulary
from daybreak.rulebook.faults import BrokenDefinition, Fault, did_you_mean
from daybreak.rulebook.form import Definition
from daybreak.rulebook.gate import Gate
from daybreak.rulebook.instrument import Instrument
from daybreak.rulebook.kinetics import KineticModel
from daybreak.rulebook.measure import Measure
from daybreak.rulebook.profile import Profile
from daybreak.rulebook.protocol import Protocol
from daybreak.rulebook.published_review import PublishedReview
from daybreak.rulebook.published_trial import PublishedTrial
from daybreak.rulebook.quality import Quality
from daybreak.rulebook.question import Question
from daybreak.rulebook.reporting import Reporting
from daybreak.rulebook.safety import Safety
from daybreak.rulebook.slips import unexpected, unreadable
from daybreak.rulebook.staging import Adequacy, Resistance
from daybreak.rulebook.surveillance import Surveillance
from daybreak.rulebook.tightening import Tightening

COURSES = "courses"
"""The kind whose definitions have a folder of texts beside them."""
# A new kind of definition is one line here, its form, and its examples in `examples`.
KINDS: dict[str, type[Definition]] = {
    "protocols": Protocol,
    "instruments": Instrument,
    "consents": Consent,
    "measures": Measure,
    "codelists": CodeList,
    "facts": Vocabulary,
    "resistance": Resistance,
    "adequacy": Adequacy,
    "alarms": Calling,
    "safety": Safety,
    "trials": PublishedTrial,
    "reviews": PublishedReview,
    "pharmacokinetics": KineticModel,
    "reporting": Reporting,
    "continuation": Continuation,
    "cohorts": Cohort,
    COURSES: LearningActivity,
    "surveillance": Surveillance,
    "questions": Question,
    "profiles": Profile,
    "disclosure": Disclosure,
    "quality": Quality,
}
_NOT_IN_STATUS = {"status"}


@dataclass(frozen=True, slots=True)
class Source:
    """A definition as it was read: its place in the folder, its kind, and where each of its lines stands."""

    file: str
    kind: str
    definition: Definition
    lines: Mapping[lines.Path, int]

    def fault(self, path: Sequence[str | int], message: str) -> Fault:
        """Return a fault at `path` of this file."""
        return _fault(self.file, dict(self.lines), self.definition.place(tuple(path)), message)


def read(path: Path, root: Path) -> Source:
    """Read `path`, which lies in the definitions folder `root`.

    Raise BrokenDefinition with every fault found.
    """
    name = f"{root.name}/{path.relative_to(root).as_posix()}"
    kind = _kind(path, root, name)
    lying = beside(path, root) if kind == COURSES else Beside()
    return _source(text_of(path, name), name, kind, path.parent.name, path.name, lying)


@lru_cache(maxsize=1024)
def _source(text: str, name: str, kind: str, folder: str, file: str, lying: Beside) -> Source:
    """Return what the text of a file says; what was said once is not parsed again, since nothing of it changes."""
    data = _parsed(text, name)
    where = lines.lines_of(text)
    if "fingerprint" in data:
        raise BrokenDefinition([_fault(name, where, ("fingerprint",), "unknown key “fingerprint”: it is computed")])
    joined = join(data, lying, name, lambda path: lines.line_at(where, path)) if kind == COURSES else ()
    if faults := [Fault(*wrong) for wrong in joined]:
        raise BrokenDefinition(faults)
    model = Tightening if kind == "protocols" and "tightens" in data else KINDS[kind]
    try:
        definition = model.model_validate({**data, "fingerprint": fingerprint_of(data)})
    except ValidationError as error:
        raise BrokenDefinition(_placed(_faults(error, model, name, where), text)) from error
    _demand_right_path(definition, folder, file, name, where)
    return Source(name, kind, definition, where)


def fingerprint_of(data: Mapping[str, Any]) -> str:
    """Return the SHA-256 of the canonical content.

    Every key but the status, which moves on while the content stays.
    """
    content = {key: value for key, value in data.items() if key not in _NOT_IN_STATUS}
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _kind(path: Path, root: Path, name: str) -> str:
    parts = path.relative_to(root).parts
    if len(parts) != 3:
        raise BrokenDefinition([Fault(name, 1, "a definition lies at KIND/ID/VERSION.toml, no deeper and no higher")])
    if parts[0] not in KINDS:
        raise BrokenDefinition([Fault(name, 1, f"unknown kind “{parts[0]}”{did_you_mean(parts[0], KINDS)}")])
    return parts[0]


def _parsed(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise BrokenDefinition([Fault(name, *unreadable(text, str(error)))]) from error


def _demand_right_path(definition: Definition, folder: str, file: str, name: str, where: dict[lines.Path, int]) -> None:
    faults = []
    if definition.id != folder:
        faults.append(_fault(name, where, ("id",), f"id “{definition.id}” is not the folder “{folder}”"))
    if f"{definition.version}.toml" != file:
        faults.append(_fault(name, where, ("version",), f"version {definition.version} is not the file “{file}”"))
    if faults:
        raise BrokenDefinition(faults)


def _fault(name: str, where: dict[lines.Path, int], path: Sequence[str | int], message: str) -> Fault:
    return Fault(name, lines.line_at(where, tuple(part for part in path if part != "gate")), message)


def _faults(error: ValidationError, model: type[BaseModel], name: str, where: dict[lines.Path, int]) -> list[Fault]:
    found: dict[tuple[int, str], Fault] = {}
    errors = error.errors()
    for each in errors:
        path = each["loc"]
        if each["type"] == "too_short" and any(
            len(other["loc"]) > len(path) and other["loc"][: len(path)] == path for other in errors
        ):
            continue  # what stands there is broken, and says so itself
        message = _words(each["type"], path, each, model)
        fault = _fault(name, where, path, message)
        found.setdefault((fault.line, message), fault)
    return list(found.values())


def _placed(faults: list[Fault], text: str) -> list[Fault]:
    """Let a fault of the whole file stand at the line of the first word that it quotes from the file."""
    lines = text.splitlines()
    found = []
    for fault in faults:
        quoted = [f'"{word}"' for word in re.findall("“([^”]+)”", fault.message)] if fault.line == 1 else []
        at = next((n for word in quoted for n, line in enumerate(lines, start=1) if word in line), fault.line)
        found.append(replace(fault, line=at))
    return found


def _words(kind: str, path: Sequence[str | int], error: Any, model: type[BaseModel]) -> str:
    last = next((str(part) for part in reversed(path) if isinstance(part, str)), "")
    if kind == "extra_forbidden":
        return f"unknown key “{last}”{did_you_mean(last, _keys_at(model, path[:-1]))}"
    if kind == "missing":
        return f"“{last}” is missing"
    if kind == "literal_error":
        allowed = [word.strip("'") for word in re.findall(r"'[^']*'", error["ctx"]["expected"])]
        near = did_you_mean(str(error["input"]), allowed)
        return f"{last}: “{error['input']}” is not one of: {', '.join(allowed)}{near}"
    message = unexpected(kind, error["input"], error.get("ctx", {})) or str(error["msg"]).removeprefix("Value error, ")
    return f"{last}: {message}" if last else message


def _keys_at(model: type[BaseModel], path: Sequence[str | int]) -> list[str]:
    here: type[BaseModel] = model
    for part in path:
        if isinstance(part, str) and (inner := _field_model(here, part)):
            here = inner
    keys = [
        field.alias or name
        for name, field in here.model_fields.items()
        if name not in ("fingerprint", "gate", "blanks")
    ]
    return [*keys, *(_keys_at(Gate, ()) if "gate" in here.model_fields else ())]


def _field_model(model: type[BaseModel], key: str) -> type[BaseModel] | None:
    for name, field in model.model_fields.items():
        if key in (name, field.alias):
            return _model_in(field.annotation)
    return None


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for arg in get_args(annotation) if (found := _model_in(arg))), None)
