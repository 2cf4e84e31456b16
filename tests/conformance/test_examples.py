"""docs/protocol.md tells the truth: its examples are played as they stand."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from tests.conformance.examples import (
    PAGE,
    Example,
    read_examples,
    same_line,
    same_value,
    substitute,
)

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire

EXAMPLES = read_examples()

_QUESTIONS = {"plain": b":users\n", "json": b'{"type":"ping"}\n'}
_ANSWERS = {"plain": b" online: ", "json": b'"pong"'}


def test_every_dialect_has_examples() -> None:
    """docs/protocol.md: no block is passed over for a misspelt fence."""
    assert {example.dialect for example in EXAMPLES} == {"plain", "json"}
    text = PAGE.read_text(encoding="utf-8")
    assert text.count("```session") == len(EXAMPLES)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.name)
def test_an_example_comes_true(launch: Launch, example: Example) -> None:
    """docs/protocol.md: the examples."""
    Player(launch("--memory"), example).play()


class Player:
    """Plays an example against a fresh hub."""

    def __init__(self, hub: HubProcess, example: Example) -> None:
        self._hub = hub
        self._example = example
        self._wires: dict[str, Wire] = {}
        self._welcomes: dict[str, dict[str, Any]] = {}
        self._ended: set[str] = set()

    def play(self) -> None:
        for step in self._example.steps:
            match step.sign:
                case ">":
                    self._send(step.who, step.line)
                case "<":
                    self._expect(step.who, step.line)
                case _:
                    self._wires.pop(step.who).close()
        for who, wire in self._wires.items():
            self._expect_no_more(who, wire)

    def _send(self, who: str, line: str) -> None:
        if who not in self._wires:
            self._wires[who] = self._hub.connect()
        line = substitute(line, self._welcomes)
        self._wires[who].send(line.encode() + b"\n")

    def _expect(self, who: str, shown: str) -> None:
        received = self._wires[who].receive_line()
        assert received is not None, f"{who} was cut off before: {shown}"
        line = received.decode()
        if self._example.dialect == "plain":
            assert same_line(shown, line), f"{who} < {line}\nnot: {shown}"
            if line.endswith("] Goodbye"):
                self._ended.add(who)
            return
        frame = json.loads(line)
        assert same_value(json.loads(shown), frame), f"{who} < {line}\nnot: {shown}"
        if frame["type"] == "welcome":
            self._welcomes[who] = frame
        if frame["type"] == "bye":
            self._ended.add(who)

    def _expect_no_more(self, who: str, wire: Wire) -> None:
        if who in self._ended:
            assert wire.receive_line() is None
            return
        wire.send(_QUESTIONS[self._example.dialect])
        line = wire.receive_line()
        assert line is not None
        assert _ANSWERS[self._example.dialect] in line, f"{who} < {line!r} as well"
