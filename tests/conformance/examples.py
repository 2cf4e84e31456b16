"""The fenced examples of docs/protocol.md, read so that they can be played."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from tests.conformance.hub_process import ROOT

PAGE = ROOT / "docs" / "protocol.md"

_BLOCK = re.compile(r"^```session (\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_STEP = re.compile(r"(\w+) (?:(x)|([<>]) (.*))")

ANY_STRING = "…"
_ANY_TIME = "[12:00:00]"
_ANY_PORT = re.compile(r"127\.0\.0\.1:\d+")


@dataclass(frozen=True)
class Step:
    """One line: somebody sends (`>`), receives (`<`) or is cut off (`x`)."""

    who: str
    sign: str
    line: str


@dataclass(frozen=True)
class Example:
    """One fenced block."""

    name: str
    dialect: str
    steps: tuple[Step, ...]


def read_examples() -> list[Example]:
    """Read every block of the page.

    Raises:
        ValueError: A line of a block is no step.
    """
    page = PAGE.read_text(encoding="utf-8")
    return [
        Example(
            f"{block[1]}-{number}",
            block[1],
            tuple(_read_step(line) for line in block[2].splitlines()),
        )
        for number, block in enumerate(_BLOCK.finditer(page), 1)
    ]


def _read_step(line: str) -> Step:
    found = _STEP.fullmatch(line)
    if found is None:
        raise ValueError(f"no step of a session: {line!r}")
    return Step(found[1], found[2] or found[3], found[4] or "")


def same_line(shown: str, line: str) -> bool:
    """Tell whether a plain line is the one shown, but for its time and port."""
    pattern = re.escape(_ANY_PORT.sub("127.0.0.1:PORT", shown))
    pattern = pattern.replace(re.escape(_ANY_TIME), r"\[\d\d:\d\d:\d\d\]")
    pattern = pattern.replace(re.escape("127.0.0.1:PORT"), r"127\.0\.0\.1:\d+")
    return re.fullmatch(pattern, line) is not None


def same_value(shown: Any, value: Any) -> bool:
    """Tell whether a JSON value is the one shown, where `…` is any string."""
    match shown:
        case str() if shown == ANY_STRING:
            return isinstance(value, str)
        case dict():
            return (
                isinstance(value, dict)
                and shown.keys() == value.keys()
                and all(same_value(shown[key], value[key]) for key in shown)
            )
        case list():
            return (
                isinstance(value, list)
                and len(shown) == len(value)
                and all(map(same_value, shown, value))
            )
        case _:
            return type(shown) is type(value) and bool(shown == value)


def substitute(line: str, welcomes: dict[str, dict[str, Any]]) -> str:
    """Put what the hub gave in place of words such as `$bob.token`."""
    return re.sub(r'"\$(\w+)\.(\w+)"', lambda m: json.dumps(welcomes[m[1]][m[2]]), line)
