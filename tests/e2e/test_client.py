"""The terminal client as a process: on a terminal, on pipes, and over lost hubs."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pexpect
import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Open = Callable[..., pexpect.spawn]
StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


def exit_status(client: pexpect.spawn) -> int | None:
    """Wait for the end of a client and give its exit status."""
    client.expect(pexpect.EOF)
    client.close()
    status: int | None = client.exitstatus
    return status


def restart(start_hub: StartHub, port: int, data: Path) -> HubProcess:
    """Start a hub on the port of one that is gone."""
    return start_hub("--data", str(data), port=port)


def test_a_conversation(
    start_hub: StartHub, connect: Connect, open_client: Open
) -> None:
    """History first, people, prompt, commands, `:talk`, `:quit`."""
    hub = start_hub("--memory")
    bob = connect(hub)
    bob.say("bob", "before you came")
    hub.wait_for("before you came")
    alice = open_client(hub.port)
    alice.expect("NAME :")
    alice.send("bob\r")
    alice.expect(r"\[\d\d:\d\d:\d\d\] Connecting to 127\.0\.0\.1:\d+\.\.\.")
    alice.expect("taken")
    alice.expect("NAME :")
    alice.send("alice\r")
    alice.expect("bob >> before you came")
    alice.expect("2 online: alice, bob")
    alice.expect("YOU >>")
    alice.send("half a ")
    bob.say("I interrupt")
    alice.expect("bob >> I interrupt")
    alice.send("line\r")
    bob.read_until("alice >> half a line")
    alice.send("one\x1b\rtwo\r")
    bob.read_until("alice >> one")
    bob.read_until("alice >> two")
    bob.say("what do you think, Alice?")
    alice.expect("\a")
    alice.expect("what do you think, Alice")
    alice.send(":us")
    alice.expect("list who is here")
    alice.send("\t\r")
    alice.expect("2 online: alice, bob")
    alice.send(":group create tea\r")
    alice.expect("You created #tea")
    bob.say(":group join tea")
    alice.expect("bob JOINED #tea")
    alice.send(":talk #tea\r")
    alice.expect(r"#tea \[owner\] >>")
    alice.send("among us\r")
    bob.read_until("#tea alice >> among us")
    alice.send(":pm bob psst\r")
    bob.read_until(r"\(PM\) alice >> psst")
    alice.send(":usres\r")
    alice.expect("did you mean :users")
    alice.send(":quit\r")
    bob.read_until("alice DISCONNECTED")
    assert exit_status(alice) == 0


def test_control_c_leaves_cleanly(
    start_hub: StartHub, connect: Connect, open_client: Open
) -> None:
    """Ctrl-C says goodbye, so that the name is free at once."""
    hub = start_hub("--memory")
    alice = open_client(hub.port, "--name", "alice")
    alice.expect("YOU >>")
    alice.sendcontrol("c")
    assert exit_status(alice) == 0
    again = connect(hub)
    again.say("alice")
    again.read_until("Welcome alice")


def test_being_kicked_ends_it(start_hub: StartHub, open_client: Open) -> None:
    """Kicked, with the reason, and no retry."""
    hub = start_hub("--memory")
    alice = open_client(hub.port, "--name", "alice")
    alice.expect("YOU >>")
    hub.type(":kick alice enough now")
    alice.expect("You were kicked: enough now")
    assert exit_status(alice) == 1


def test_a_killed_hub_comes_back_and_nothing_is_lost_or_twice(
    start_hub: StartHub, connect: Connect, open_client: Open, tmp_path: Path
) -> None:
    """What was typed meanwhile arrives once; so does the missed."""
    hub = start_hub("--data", str(tmp_path))
    alice = open_client(hub.port, "--name", "alice", "--reconnect-every", "1")
    alice.expect("YOU >>")
    alice.send(":group create tea\r")
    alice.expect("You created #tea")
    hub.kill()
    alice.expect("Disconnected from server")
    alice.expect("Not connected: trying")
    alice.send("typed meanwhile\r")
    alice.expect(r"\(waiting\) typed meanwhile")
    hub = restart(start_hub, hub.port, tmp_path)
    bob = connect(hub)
    bob.say("bob", "said meanwhile")
    alice.expect("Reconnected successfully!")
    alice.expect("bob >> said meanwhile|\\(sent\\) typed meanwhile")
    hub.wait_for("alice >> typed meanwhile")
    bob.say(":group members tea", ":history")
    assert "alice" in bob.read_until("#tea has 1 member")[-1]
    bob.read_until("typed meanwhile")
    bob.say("the end")
    alice.expect("bob >> the end")
    assert alice.before.count("said meanwhile") <= 1
    bob.say(":history")
    told = bob.read_until("bob >> the end")
    assert sum("typed meanwhile" in line for line in told) == 1


def test_a_first_connection_is_tried_again(
    start_hub: StartHub, open_client: Open, tmp_path: Path
) -> None:
    """A hub that is not there yet is waited for."""
    hub = start_hub("--memory")
    hub.terminate()
    alice = open_client(hub.port, "--name", "alice", "--reconnect-every", "1")
    alice.expect("Connecting to")
    alice.expect("Can't connect: no hub is at that address and port")
    alice.expect("Not connected: trying")
    restart(start_hub, hub.port, tmp_path)
    alice.expect("1 online: alice")


def test_giving_up(start_hub: StartHub, open_client: Open) -> None:
    """When the time is over it ends, and says so."""
    hub = start_hub("--memory")
    hub.terminate()
    flags = ("--reconnect-every", "0.2", "--reconnect-for", "1")
    alice = open_client(hub.port, "--name", "alice", *flags)
    alice.expect(r"Disconnected: no hub .*refused\) \(tried for 1 s\)")
    assert exit_status(alice) == 1


def test_a_pipe_posts_and_waits(start_hub: StartHub) -> None:
    """`echo … | hubbub join` posts and exits 0 when it stands."""
    hub = start_hub("--memory")
    command = [sys.executable, "-m", "hubbub.app", "join", "127.0.0.1", str(hub.port)]
    done = subprocess.run(
        [*command, "--name", "ci"],
        input="build done\nall green\n",
        text=True,
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    hub.wait_for("ci >> all green")
    refused = subprocess.run(
        [*command, "--name", "ci"],
        input=":pm nobody hi\n",
        text=True,
        capture_output=True,
        timeout=LIMIT,
        check=False,
    )
    assert refused.returncode != 0
    assert "nobody" in refused.stderr


def test_a_pipe_outlives_a_killed_hub(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """Each line arrives once, and 0 still means that all of them did."""
    hub = start_hub("--data", str(tmp_path))
    flags = ["--name", "ci", "--reconnect-every", "0.2"]
    process = subprocess.Popen(
        [sys.executable, "client.py", "127.0.0.1", str(hub.port), *flags],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    try:
        assert process.stdin is not None
        process.stdin.write(b"before\n")
        process.stdin.flush()
        hub.wait_for("ci >> before")
        hub.kill()
        process.stdin.write(b"meanwhile\n")
        process.stdin.flush()
        hub = restart(start_hub, hub.port, tmp_path)
        _, errors = process.communicate(b"afterwards\n", LIMIT)
    finally:
        process.kill()
        process.wait(LIMIT)
    assert process.returncode == 0, errors
    assert b"Disconnected from server" in errors
    assert b"Reconnected successfully!" in errors
    bob = connect(hub)
    bob.say("bob", ":history")
    said = bob.read_until("ci >> afterwards")
    texts = [line.rpartition(" ")[2] for line in said if "ci >>" in line]
    assert texts == ["before", "meanwhile", "afterwards"]


def test_an_output_that_is_a_file(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """Plain lines without control codes; SIGTERM ends it with 0."""
    hub = start_hub("--memory")
    file = tmp_path / "log"
    with file.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "client.py", "127.0.0.1", str(hub.port), "--name", "log"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=out,
            stderr=subprocess.PIPE,
        )
        try:
            hub.wait_for("Name: log")
            bob = connect(hub)
            bob.say("bob", "write this down", ":quit")
            bob.read_until("Goodbye")
            hub.type("farewell")
            hub.wait_for("bob DISCONNECTED")
            while b"farewell" not in file.read_bytes():
                assert process.poll() is None
            process.send_signal(signal.SIGTERM)
            assert process.wait(LIMIT) == 0
        finally:
            process.kill()
            process.communicate()
    text = file.read_text()
    assert re.search(r"^\[.{8}\] bob >> write this down$", text, re.MULTILINE)
    assert "\x1b" not in text


def test_the_examples_do_what_they_say(start_hub: StartHub, connect: Connect) -> None:
    """`examples/` run against a real hub."""
    hub = start_hub("--memory")
    where = ["127.0.0.1", str(hub.port)]
    bot = subprocess.Popen([sys.executable, "examples/echo_bot.py", *where], cwd=ROOT)
    logger = subprocess.Popen(
        [sys.executable, "examples/logger.py", *where],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        hub.wait_for("Name: echo")
        hub.wait_for("Name: logger")
        bob = connect(hub)
        bob.say("bob", ":pm echo hello there", "to all")
        bob.read_until(r"\(PM\) echo >> hello there")
        assert logger.stdout is not None
        assert '"text": "to all"' in logger.stdout.readline()
    finally:
        for process in (bot, logger):
            process.kill()
            process.wait(LIMIT)
        if logger.stdout is not None:
            logger.stdout.close()
