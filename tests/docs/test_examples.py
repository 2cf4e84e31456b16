"""What the documents show is tried on a real hub."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from tests.conformance.hub_process import HubProcess

ROOT = Path(__file__).resolve().parents[2]

_PYTHON = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
_TRACE = re.compile(r"^(CREATE|BIND|LISTEN|ACCEPT|RECEIVE|SEND|SHUTDOWN|CLOSE) .*$")


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[HubProcess]:
    """Give a hub that prints its steps."""
    with HubProcess("loop", tmp_path / "data", "--memory", "--trace") as process:
        yield process


class Person:
    """Somebody at netcat."""

    def __init__(self, hub: HubProcess, name: str) -> None:
        self._socket = socket.create_connection((hub.host, hub.port), timeout=10)
        self._lines = self._socket.makefile(encoding="utf-8")
        self.say(name)
        self.hear(f"Welcome {name}.")

    def say(self, line: str) -> None:
        self._socket.sendall(line.encode() + b"\n")

    def hear(self, text: str) -> None:
        """Read on to a line with the text."""
        hear(self._lines, text)

    def leave(self) -> None:
        self.say(":quit")
        assert self._lines.readlines()[-1].endswith("Goodbye\n")
        self._lines.close()
        self._socket.close()


def hear(lines: IO[str], text: str) -> None:
    """Read on to a line with the text."""
    for line in lines:
        if text in line:
            return
    raise AssertionError(f"the end came before {text!r}")


def programs() -> list[str]:
    """Give the Python programs of the README."""
    found: list[str] = _PYTHON.findall((ROOT / "README.md").read_text(encoding="utf-8"))
    return found


@contextmanager
def example(hub: HubProcess, index: int) -> Iterator[subprocess.Popen[str]]:
    """Run a program of the README, with the hub's port for the one that is shown."""
    program = programs()[index]
    assert program.count('("127.0.0.1", 5000') == 1
    process = subprocess.Popen(
        [sys.executable, "-c", program.replace("5000", str(hub.port))],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        bufsize=1,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


def test_ten_lines_are_a_client(hub: HubProcess) -> None:
    assert programs()[0].count("\n") == 10
    bob = Person(hub, "bob")
    with example(hub, 0) as client:
        assert client.stdin is not None
        assert client.stdout is not None
        client.stdin.write("alice\n")
        hear(client.stdout, "Welcome alice.")
        bob.hear("Name: alice")
        bob.say("grüß dich")
        hear(client.stdout, "bob >> grüß dich")
        client.stdin.write("hello\n")
        bob.hear("alice >> hello")
        client.stdin.close()
        assert client.wait(10) == 0
    bob.hear("alice DISCONNECTED")
    bob.leave()


def test_the_lines_for_bots_work_as_they_are(tmp_path: Path) -> None:
    """README, "Bots and scripts": the block is run by a shell."""
    section = (ROOT / "README.md").read_text(encoding="utf-8")
    script = section.partition("## Bots and scripts")[2].partition("```sh\n")[2]
    script = script.partition("```")[0]
    with HubProcess("loop", tmp_path / "data") as hub:
        for shown, real in (
            (":5000", f":{hub.port}"),
            (" 5000", f" {hub.port}"),
            ("hubbub ", f"{sys.executable} -m hubbub.app "),
            ("token create", f"token create --data {hub.data}"),
        ):
            assert shown in script
            script = script.replace(shown, real)
        ran = subprocess.run(
            ["bash", "-euc", script], capture_output=True, text=True, check=True
        )
        assert "ci >> build 7 is green" in ran.stdout
        person = Person(hub, "ann")
        person.say(":history")
        person.hear("ci >> build 7 is green")
        person.hear("ci >> build 8 is green")
        person.leave()


def test_the_echo_bot_answers(hub: HubProcess) -> None:
    bob = Person(hub, "bob")
    with example(hub, 1):
        bob.hear("Name: echo")
        bob.say("hello")
        bob.hear("echo >> bob said: hello")
    bob.leave()


def test_the_asyncio_logger_logs(hub: HubProcess) -> None:
    bob = Person(hub, "bob")
    with example(hub, 2) as logger:
        assert logger.stdout is not None
        bob.hear("Name: logger")
        bob.say("hello")
        hear(logger.stdout, "lobby bob: hello")
    bob.leave()


def normal(lines: list[str]) -> list[str]:
    """Give the steps with file descriptors numbered as they come, and no times."""
    seen: dict[str, str] = {}

    def number(match: re.Match[str]) -> str:
        return "fd=" + seen.setdefault(match[1], str(len(seen)))

    steps = [line for line in lines if _TRACE.match(line)]
    text = re.sub(r"fd=(\d+)", number, "\n".join(steps))
    text = re.sub(r"127\.0\.0\.1:\d+", "IP:PORT", text)
    # The length of a port shows in these.
    text = re.sub(r"\d+ of \d+ bytes", "N bytes", text)
    return re.sub(r"\[\d\d:\d\d:\d\d\]", "[ts]", text).splitlines()


def test_the_transcript_of_the_tour_is_what_trace_prints(hub: HubProcess) -> None:
    page = (ROOT / "docs" / "sockets.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    alice = Person(hub, "alice")
    bob = Person(hub, "bob")
    alice.hear("Name: bob")
    alice.say("hello")
    bob.hear("alice >> hello")
    alice.leave()
    bob.hear("alice DISCONNECTED")
    bob.leave()
    hub.stop()
    expected, printed = normal(shown.splitlines()), normal(hub.output.splitlines())
    # How the ends follow each other is up to the kernel, and bob is interrupted in the
    # tour where he says goodbye here.
    last = max(i for i, line in enumerate(expected) if "Goodbye" in line)
    assert printed[: last + 1] == expected[: last + 1]
    assert {line.split()[0] for line in printed} == {
        line.split()[0] for line in expected
    }
