"""The server as a process: its console, its signals, its end and its return."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.e2e.hub import LIMIT, ROOT, HubProcess, Person

pytestmark = pytest.mark.e2e

StartHub = Callable[..., HubProcess]
Connect = Callable[[HubProcess], Person]


def run(
    *words: str, stdin: str | None = None, password: str = ""
) -> subprocess.CompletedProcess[str]:
    """Run a command of ours to its end."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=LIMIT,
        check=False,
        env={**os.environ, "HUBBUB_PASSWORD": password},
    )


def test_the_console_on_a_pipe(start_hub: StartHub, connect: Connect) -> None:
    """Broadcast, list, kick, rename, groups, history, help."""
    hub = start_hub("--memory")
    alice, bob = connect(hub), connect(hub)
    alice.say("alice")
    alice.read_until("Welcome alice")
    bob.say("bob")
    bob.read_until("Welcome bob")

    hub.type("lunch is ready")
    assert re.search(r"^\[.{8}\] SERVER: lunch is ready$", bob.read())
    alice.read_until("SERVER: lunch")
    bob.say(":group create tea")
    hub.wait_for(r"bob CREATED #tea")
    hub.type(":list")
    hub.wait_for(r"2 connections")
    hub.wait_for(r"NAME +ROLE +ADDRESS +SINCE +DIALECT +GROUPS")
    hub.wait_for(r"bob +guest +127\.0\.0\.1:\d+ +\d{4}-\d\d-\d\d .{8} +plain +#tea")
    hub.type(":groups")
    hub.wait_for(r"1 group: #tea \(1 member\)")
    hub.type(":history 1")
    hub.wait_for(r"History of lobby: 1 message")
    hub.type(":rename bob robert")
    bob.read_until("You are now robert")
    alice.read_until("bob RENAMED robert")
    hub.type(":kick nobody")
    hub.wait_for("error: there is no 'nobody' here")
    hub.type(":kick robert too loud")
    bob.read_until("You were kicked: too loud")
    assert bob.read() == ""
    alice.read_until("robert KICKED: too loud")
    hub.type(":help")
    hub.wait_for(r":shutdown +stop the hub")
    hub.type(":lst")
    hub.wait_for("no command :lst; did you mean :list")
    hub.type(":shutdown")
    alice.read_until("Disconnected: the hub is shutting down")
    assert hub.wait() == 0


def test_it_says_where_the_history_is_and_how_the_first_member_gets_in(
    start_hub: StartHub, tmp_path: Path
) -> None:
    """What whoever runs it would have to look for."""
    for flags, kept, way in (
        (["--data", str(tmp_path)], f"kept in {tmp_path}", "hubbub admin create NAME"),
        (["--memory"], "not kept (--memory)", ":invite new"),
    ):
        hub = start_hub("--members-only", *flags)
        hub.wait_for(f"The history is {re.escape(kept)}")
        hub.wait_for(f"Nobody has an account yet; .*{way}")
        assert hub.terminate() == 0
    words = ["-m", "hubbub.app", "admin", "create", "ann", "--data", str(tmp_path)]
    assert run(*words, password="correct horse").returncode == 0
    hub = start_hub("--members-only", "--data", str(tmp_path))
    assert not any("Nobody has an account" in line for line in hub.lines)


def test_the_end_of_input_does_not_stop_the_server(
    start_hub: StartHub, connect: Connect
) -> None:
    """A console whose input ends leaves the hub running."""
    hub = start_hub("--memory")
    assert hub.process.stdin is not None
    hub.type("last words")
    hub.process.stdin.close()
    alice = connect(hub)
    alice.say("alice", ":history")
    assert "SERVER: last words" in alice.read_until("last words")[-1]
    assert hub.terminate() == 0


@pytest.mark.parametrize("output", ["", ">&- 2>&-"], ids=["gone", "closed"])
def test_a_hub_needs_nowhere_to_print(tmp_path: Path, engine: str, output: str) -> None:
    """Who read its output reads no more, or nobody ever did: people still talk."""
    reading, nobody = os.pipe()
    os.close(reading)
    words = [sys.executable, "server.py", "127.0.0.1", "0", "--engine", engine]
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {output}', "sh", *words, "--data", str(tmp_path)],
        cwd=ROOT,
        input=b"is anybody there?\n:shutdown\n",
        stdout=nobody,
        stderr=subprocess.PIPE,
        timeout=LIMIT,
        check=False,
    )
    os.close(nobody)
    assert (done.returncode, done.stderr) == (0, b"")
    exported = run("-m", "hubbub.app", "history", "export", "--data", str(tmp_path))
    assert "is anybody there?" in exported.stdout


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_signals_end_it_in_good_order(
    start_hub: StartHub, connect: Connect, tmp_path: Path, number: signal.Signals
) -> None:
    """Everyone is told, everything is on disk, exit 0."""
    hub = start_hub("--data", str(tmp_path))
    alice = connect(hub)
    alice.say("alice", "remember this")
    hub.wait_for("alice >> remember this")
    hub.process.send_signal(number)
    alice.read_until("Disconnected: the hub is shutting down")
    assert hub.wait() == 0
    exported = run("-m", "hubbub.app", "history", "export", "--data", str(tmp_path))
    assert "remember this" in exported.stdout


def test_a_killed_hub_comes_back_with_all_it_acknowledged(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """What is acknowledged or shown is on disk and stays."""
    for generation in range(3):
        hub = start_hub("--data", str(tmp_path), "--no-console", "--rate-limit", "off")
        alice = connect(hub)
        alice.send(type="hello", name=f"alice{'abc'[generation]}")
        alice.frames_until(type="welcome")
        for number in range(200):
            # Each is sent twice, as after a doubt: it stands once.
            for _ in range(2):
                text = f"{generation}/{number}"
                alice.send(type="send", to="lobby", text=text, nonce=f"{number}")
        acknowledged = alice.frames_until(nonce="120")
        hub.kill()
        sent = {one["text"]: one["seq"] for one in acknowledged if "nonce" in one}
        hub = start_hub("--data", str(tmp_path), "--no-console", "--rate-limit", "off")
        bob = connect(hub)
        bob.send(type="hello", name=f"bob{'abc'[generation]}")
        stored: dict[str, int] = {}
        before = None
        more = True
        while more:
            bob.send(
                type="history", of="lobby", **({"before": before} if before else {})
            )
            page = bob.frames_until(type="history")[-1]
            for message in page["messages"]:
                assert message["text"] not in stored
                stored[message["text"]] = message["seq"]
            before = page["messages"][0]["seq"] if page["messages"] else None
            more = page["more"]
        assert sent.items() <= stored.items()
        hub.kill()


def test_a_second_hub_on_the_same_data_is_refused(
    start_hub: StartHub, tmp_path: Path
) -> None:
    """One hub writes to a data folder at a time, and the other says so."""
    start_hub("--data", str(tmp_path))
    second = run("server.py", "127.0.0.1", "0", "--data", str(tmp_path))
    assert second.returncode == 1
    assert "another hub is using" in second.stderr
    assert "Traceback" not in second.stderr


def test_a_damaged_journal_is_refused_and_left_alone(tmp_path: Path) -> None:
    """A file that is no journal stops the start with a sentence, untouched."""
    file = tmp_path / "journal.sqlite3"
    file.write_bytes(b"this is no database" * 100)
    refused = run("server.py", "127.0.0.1", "0", "--data", str(tmp_path))
    assert refused.returncode == 1
    assert "can't be opened" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert file.read_bytes() == b"this is no database" * 100


def test_the_trace_shows_each_step(start_hub: StartHub, connect: Connect) -> None:
    """CREATE, BIND, LISTEN, ACCEPT, RECEIVE, SEND with counts."""
    hub = start_hub("--memory", "--trace")
    alice = connect(hub)
    alice.say("alice")
    alice.read_until("Welcome")
    alice.close()
    for step in (
        r"CREATE +fd=\d+ a TCP socket for IPv4",
        r"BIND +fd=\d+ to 127\.0\.0\.1:0",
        r"LISTEN +fd=\d+",
        r"ACCEPT +fd=\d+ gave fd=\d+ for 127\.0\.0\.1:\d+",
        r"RECEIVE +fd=\d+ from 127\.0\.0\.1:\d+: 6 bytes b'alice\\n'",
        r"SEND +fd=\d+ to 127\.0\.0\.1:\d+: (\d+) of \1 bytes",
        r"RECEIVE +fd=\d+ from .*: 0 bytes",
        r"CLOSE +fd=\d+",
    ):
        hub.wait_for(step)


def test_the_log_as_json(start_hub: StartHub, connect: Connect) -> None:
    """`--log-format json` writes one JSON object a line and nothing else."""
    hub = start_hub("--memory", "--log-format", "json", "--log-text")
    alice = connect(hub)
    alice.say("alice", "hi")
    hub.wait_for('"text":"hi"')
    hub.type(":list")
    hub.wait_for("1 connection")
    assert hub.terminate() == 0
    kinds = {json.loads(line)["type"] for line in hub.lines}
    assert {"console", "joined", "message"} <= kinds


def test_the_json_log_has_not_what_people_say(
    start_hub: StartHub, connect: Connect
) -> None:
    """Who reads the logs reads who spoke, when and where; not what."""
    hub = start_hub("--memory", "--log-format", "json")
    alice = connect(hub)
    alice.say("alice", "a word between us", ":quit")
    hub.wait_for('"type":"left"')
    assert hub.terminate() == 0
    (message,) = [json.loads(line) for line in hub.lines if '"message"' in line]
    assert set(message) == {"type", "seq", "time", "from", "to"}
    assert "a word between us" not in "".join(hub.lines)


def test_no_log_has_a_secret(start_hub: StartHub, connect: Connect) -> None:
    """Neither passwords, tokens nor hashes: with every word logged and traced."""
    flags = ("--memory", "--trace", "--log-format", "json", "--log-text")
    hub = start_hub(*flags)
    ann, again = connect(hub), connect(hub)
    ann.say("ann", ":register open sesame 1", ":passwd open sesame 2")
    ann.read_until("account|password|yours")
    again.send(type="hello", name="ann", password="sesame, no")
    again.frames_until(code="password_wrong")
    again.send(type="hello", name="bob")
    (welcome,) = again.frames_until(type="welcome")
    token = welcome["token"]
    again.close()
    hub.wait_for('"type":"left"|DISCONNECTED|CLOSE')
    back = connect(hub)
    back.send(type="hello", name="bob", resume={"token": token, "after": 0})
    back.frames_until(type="welcome")
    assert hub.terminate() == 0
    logged = "".join(hub.lines)
    assert "RECEIVE" in logged
    for secret in ("sesame", token, token.partition(".")[2], "$argon2", "argon2id"):
        assert secret not in logged


def test_history_goes_out_and_in_again(
    start_hub: StartHub, connect: Connect, tmp_path: Path
) -> None:
    """Export writes JSON lines, import reads them back."""
    hub = start_hub("--data", str(tmp_path / "one"))
    alice = connect(hub)
    alice.say("alice", ":group create tea", "hello", ":quit")
    hub.wait_for("alice DISCONNECTED")
    assert hub.terminate() == 0
    file, one, two = tmp_path / "out.jsonl", tmp_path / "one", tmp_path / "two"
    command = ("-m", "hubbub.app", "history")
    exported = run(*command, "export", str(file), "--data", str(one))
    assert (exported.returncode, exported.stderr) == (0, "6 events exported\n")
    imported = run(*command, "import", str(file), "--data", str(two))
    assert (imported.returncode, imported.stderr) == (0, "6 events imported\n")
    again = run(*command, "export", "--data", str(two))
    assert again.stdout == file.read_text()
    assert file.stat().st_mode & 0o777 == 0o600
    refused = run(*command, "import", str(file), "--data", str(two))
    assert refused.returncode == 1
    assert "import into an empty one" in refused.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ((), "usage: server.py IP PORT"),
        (("127.0.0.1",), "usage: server.py IP PORT"),
        (("127.0.0.1", "0", "x"), "usage: server.py IP PORT"),
        (("127.0.0.1", "http"), "'http' is no port"),
        (("127.0.0.1", "65536"), "'65536' is no port"),
        (("127.0.0.1", "-1"), "'-1' is no port"),
        (("192.0.2.1", "5000"), "192.0.2.1 is not an address of this machine"),
        (("not an address", "5000"), "not an address is no address"),
        (("127.0.0.1", "0", "--engine", "steam"), "invalid choice: 'steam'"),
        (("127.0.0.1", "0", "--rate-limit", "-3"), "--rate-limit"),
        (("127.0.0.1", "0", "--config", "/nonexistent"), "can't be read"),
    ],
)
def test_wrong_words_get_a_sentence(words: tuple[str, ...], sentence: str) -> None:
    """One clear sentence, a non-zero exit, never a traceback."""
    refused = run("server.py", *words, "--memory")
    assert refused.returncode == 1
    assert sentence in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_port_in_use_is_said_so(start_hub: StartHub) -> None:
    """A port in use."""
    hub = start_hub("--memory")
    refused = run("server.py", "127.0.0.1", str(hub.port), "--memory")
    assert refused.returncode == 1
    assert f"port {hub.port} is in use on 127.0.0.1" in refused.stderr


def test_a_wrong_setting_is_named_with_its_line(tmp_path: Path) -> None:
    """The configuration is validated with the line that is wrong."""
    config = tmp_path / "hub.toml"
    config.write_text('engine = "loop"\n\n[limits]\ntext = "long"\n')
    refused = run("server.py", "127.0.0.1", "0", "--config", str(config))
    assert refused.returncode == 1
    assert f"{config}, line 4: limits.text" in refused.stderr
