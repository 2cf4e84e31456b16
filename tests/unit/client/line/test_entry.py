"""From the options to the right front."""

from __future__ import annotations

import io
import sys
from datetime import UTC, datetime

import pytest

from hubbub.fronts.line import LineOptions, entry, main, pipe, terminal
from hubbub.fronts.line.entry import local_now, wants_color


class Tty(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("every", [0.0, -1.0])
def test_times_out_of_range_are_one_sentence(
    every: float, capsys: pytest.CaptureFixture[str]
) -> None:
    options = LineOptions("127.0.0.1", 5000, reconnect_every=every)
    assert main(options) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("stdin", "stdout", "front"),
    [
        (Tty(), Tty(), "terminal"),
        (Tty(), io.StringIO(), "pipe"),
        (io.StringIO(), Tty(), "pipe"),
        (io.StringIO(), io.StringIO(), "pipe"),
        (None, None, "pipe"),
    ],
)
def test_only_two_terminals_are_a_terminal(
    stdin: io.StringIO | None,
    stdout: io.StringIO | None,
    front: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started: list[str] = []

    def front_of(name: str) -> type:
        class Front:
            def __init__(self, *_: object, **__: object) -> None:
                started.append(name)

            def run(self) -> int:
                return 7

        return Front

    monkeypatch.setattr(terminal, "Terminal", front_of("terminal"))
    monkeypatch.setattr(pipe, "Pipe", front_of("pipe"))
    monkeypatch.setattr(sys, "stdin", stdin)
    monkeypatch.setattr(sys, "stdout", stdout)
    assert main(LineOptions("127.0.0.1", 5000)) == 7
    assert started == [front]


@pytest.mark.parametrize(
    ("choice", "env", "out", "color"),
    [
        ("auto", {}, Tty(), True),
        ("auto", {"NO_COLOR": "1"}, Tty(), False),
        ("auto", {"NO_COLOR": ""}, Tty(), True),
        ("auto", {"TERM": "dumb"}, Tty(), False),
        ("auto", {}, io.StringIO(), False),
        ("auto", {}, None, False),
        ("always", {"NO_COLOR": "1"}, io.StringIO(), True),
        ("never", {}, Tty(), False),
    ],
)
def test_colours(
    choice: str,
    env: dict[str, str],
    out: io.StringIO | None,
    color: bool,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for key, value in env.items():
        monkeypatch.setenv(key, value)
    assert wants_color(choice, out) == color


def test_the_clock_has_a_zone() -> None:
    assert local_now().tzinfo is not None
    assert abs((local_now() - datetime.now(UTC)).total_seconds()) < 60  # noqa: TID251
    assert entry.main is main
