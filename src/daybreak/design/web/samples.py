"""Draws the samples of samples.toml: what is shown as the call is exactly what was called."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment

_FILE = Path(__file__).parent / "samples.toml"
DOOR = "design/components.html"


@dataclass(frozen=True, kw_only=True)
class Sample:
    """One call and what it draws."""

    call: str
    drawing: str
    wide: bool


@dataclass(frozen=True, kw_only=True)
class Group:
    """The samples of one family of components."""

    title: str
    about: str
    samples: tuple[Sample, ...]


def drawn(environment: Environment, facts: dict[str, Any]) -> list[Group]:
    """This function will return every group with its samples drawn from invented facts."""
    return [
        Group(
            title=group["title"],
            about=group["about"],
            samples=tuple(
                _sample(environment, call.strip(), facts, wide=group.get("wide", False)) for call in group["calls"]
            ),
        )
        for group in groups()
    ]


def component_names(environment: Environment) -> list[str]:
    """This function will return the names of all components behind the door."""
    module = environment.get_template(DOOR).module
    return sorted(name for name, value in vars(module).items() if hasattr(value, "catch_kwargs"))


@cache
def groups() -> list[dict[str, Any]]:
    """This function will return the samples as they are written."""
    read: list[dict[str, Any]] = tomllib.loads(_FILE.read_text())["group"]
    return read


def _sample(environment: Environment, call: str, facts: dict[str, Any], *, wide: bool) -> Sample:
    names = ", ".join(component_names(environment))
    opening = f'{{% from "{DOOR}" import {names} %}}'
    return Sample(call=call, drawing=environment.from_string(opening + call).render(facts), wide=wide)
