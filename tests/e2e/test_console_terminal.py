"""The administrator's console on a terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator

import pexpect
import pytest
from tests.e2e.hub import LIMIT, ROOT, Person, close_all

pytestmark = pytest.mark.e2e


@pytest.fixture
def terminal(engine: str) -> Iterator[pexpect.spawn]:
    """A hub started in a terminal."""
    child = pexpect.spawn(
        sys.executable,
        ["server.py", "127.0.0.1", "0", "--memory", "--engine", engine],
        cwd=str(ROOT),
        encoding="utf-8",
        # No cursor position is asked for: nobody is there to answer.
        env={**os.environ, "PROMPT_TOOLKIT_NO_CPR": "1", "TERM": "xterm"},
        timeout=LIMIT,
        dimensions=(24, 100),
    )
    yield child
    child.close(force=True)


@pytest.fixture
def visit() -> Iterator[Callable[[int], Person]]:
    """Connect people by port."""
    people: list[Person] = []

    def one(port: int) -> Person:
        people.append(Person(port))
        return people[-1]

    yield one
    close_all(people)


def test_the_console_on_a_terminal(
    terminal: pexpect.spawn, visit: Callable[[int], Person]
) -> None:
    """A prompt; what comes in does not tear what is typed."""
    terminal.expect(r"SERVER STARTED \(127\.0\.0\.1:(\d+)\)")
    port = int(terminal.match.group(1))
    terminal.expect("Waiting for client")
    terminal.expect("INPUT >>")
    alice = visit(port)
    alice.say("alice")
    terminal.expect("CONNECTED Name: alice")
    terminal.send("half a ")
    alice.say("I interrupt")
    terminal.expect("alice.*>> .*I interrupt")
    terminal.send("line\r")
    assert alice.read_until("SERVER")[-1].endswith("SERVER: half a line\x1b[0m")
    terminal.send(":ki\t")
    terminal.expect("ck")
    terminal.send(" al\t")
    terminal.expect("ice")
    terminal.send("\r")
    alice.read_until("You were kicked")
    terminal.send(":shutdown\r")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0


def test_control_c_ends_it_in_good_order(
    terminal: pexpect.spawn, visit: Callable[[int], Person]
) -> None:
    """SIGINT tells everyone and exits 0, also at the prompt."""
    terminal.expect(r"SERVER STARTED \(127\.0\.0\.1:(\d+)\)")
    alice = visit(int(terminal.match.group(1)))
    alice.say("alice")
    alice.read_until("Welcome")
    terminal.expect("INPUT >>")
    terminal.sendcontrol("c")
    alice.read_until("the hub is shutting down")
    terminal.expect(pexpect.EOF)
    terminal.close()
    assert terminal.exitstatus == 0
