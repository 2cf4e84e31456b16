"""Nobody's terminal is driven by another: each who writes against each who reads."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import ROOT, HubProcess
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conformance.speakers.speaker import Speaker

SIGN = "PAYLOAD"
"""Stands in each line of each text, so that none is overlooked."""

END = "that was all"

ATTACKS = {
    "colours": f"\x1b[31m{SIGN}\x1b[0m",
    "clears the screen": f"\x1b[2J\x1b[H{SIGN}",
    "a window title": f"{SIGN}\x1b]0;owned\x07",
    "a clipboard": f"\x1b]52;c;b3duZWQ=\x1b\\{SIGN}",
    "a device string": f"\x1bP$q\x1b\\{SIGN}",
    "asks the terminal": f"{SIGN}\x1b[6n\x1b[c\x05",
    "C1": f"\x9b2J{SIGN}\x9d0;owned\x9c\x90q\x9c",
    "a second escape hides in the first": f"\x1b[\x1b[2J2J{SIGN}",
    "controls": f"\x00\x01\x07\x08{SIGN}\x0e\x7f",
    "backspaces over the name": "\x08" * 30 + f"SERVER: {SIGN}",
    "back to the left edge": f"{SIGN}\r[12:00:00] SERVER: {SIGN}",
    "a line separator": f"{SIGN}\u2028[12:00:00] SERVER: {SIGN}",
    "a paragraph separator": f"{SIGN}\u2029[12:00:00] eve >> {SIGN}",
    "a next line": f"{SIGN}\x85[12:00:00] (PM) eve >> {SIGN}",
    "a vertical tab": f"{SIGN}\x0b[12:00:00] error: {SIGN}",
    "a form feed": f"{SIGN}\x0cINPUT >> {SIGN}",
    "overrides": f"\u202e\u2066{SIGN}\u2069\u202c",
    "tags": f"{SIGN}\U000e0041\U000e0042",
    "marks": SIGN + "\u0301" * 200,
    "selectors": SIGN + "\ufe0f\ufe0e" * 40,
    "annotations": f"\ufff9{SIGN}\ufffahidden\ufffb",
    "a forged line": f"[12:00:00] bob >> {SIGN}",
    "a forged prompt": f"INPUT >> {SIGN}",
    "another forged prompt": f"YOU >> {SIGN}",
    "a very long line": "x" * 3000 + SIGN,
    "wide letters": "\u6f22" * 900 + SIGN,
}
LINES = {
    "lines": f"{SIGN}\n[12:00:00] SERVER: {SIGN}\n[12:00:00] eve DISCONNECTED {SIGN}",
    "CR LF": f"{SIGN}\r\n[12:00:00] error: {SIGN}",
}

# What no reader may be sent: C0 but tab, DEL, C1, surrogates, separators, what reorders
# or hides.
FORBIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e007f]"
)


def insist_are_clean(lines: list[str], head: str) -> None:
    """Insist that each line is clean, and that each with a payload says whose it is."""
    payloads = 0
    for line in lines:
        assert not FORBIDDEN.search(line), ascii(line)
        assert "\u0301" * 9 not in line
        assert not re.search("[\ufe0e\ufe0f]{2}", line)
        if SIGN in line:
            payloads += 1
            assert re.match(rf"\[[\d:]+\] {head}", line), ascii(line)
    assert payloads > len(ATTACKS)


@pytest.fixture(scope="module", params=["text", "json"])
def hub(
    engine: str,
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[HubProcess]:
    """Give a hub with a console on a pipe, whose log is text or JSON."""
    data = tmp_path_factory.mktemp("terminals")
    flags = (
        "--memory",
        "--log-format",
        request.param,
        "--log-text",
        "--rate-limit",
        "off",
    )
    with HubProcess(engine, data, *flags, console=True) as process:
        yield process


@pytest.fixture(params=["plain", "json"])
def sender(request: pytest.FixtureRequest, scene: Scene) -> Speaker:
    """Give whoever means harm."""
    return scene.person("mallory", request.param)


@pytest.fixture
def kinds() -> tuple[str, ...]:
    return ("plain", "json")


def attack(sender: Speaker, to: str = "lobby") -> None:
    """Send all of it; what is of several lines only from where it can be sent."""
    for text in [*ATTACKS.values(), *(LINES.values() if sender.hears_itself else ())]:
        sender.post(text, to)
    sender.post(END, to)


def lines_to_plain(reader: Speaker) -> list[str]:
    """Read up to the end, as a terminal with netcat would."""
    lines: list[str] = []
    while not lines or END not in lines[-1]:
        line = reader.wire.receive_line()
        assert line is not None
        lines.append(line.decode())
    return lines


@pytest.mark.parametrize("room", ["lobby", "group", "private"])
def test_a_reader_of_lines(scene: Scene, sender: Speaker, room: str) -> None:
    """docs/protocol.md, "What is written": each line says whose it is."""
    reader = scene.plain("reader")
    head, to = f"{sender.name} >> ", "lobby"
    if room == "group":
        tea = scene.group_of(sender, reader)
        head, to = f"#{tea} {head}", f"#{tea}"
    elif room == "private":
        head, to = rf"\(PM\) {head}", f"@{reader.name}"
    attack(sender, to)
    insist_are_clean(lines_to_plain(reader), head)
    # And once more, out of the journal.
    of = f"@{sender.name}" if room == "private" else to
    reader.ask_history(of, len(ATTACKS) + 3)
    insist_are_clean(lines_to_plain(reader)[1:], head)


def test_a_reader_of_frames(scene: Scene, sender: Speaker) -> None:
    """docs/protocol.md, "Text": cleaned at the door, for every dialect."""
    reader = scene.json("reader")
    attack(sender)
    texts: list[str] = []
    while END not in texts:
        line = reader.wire.receive_line()
        assert line is not None
        frame = json.loads(line)
        assert frame["from"] == sender.name
        texts.append(frame["text"])
    for text in texts:
        assert not any(map(FORBIDDEN.search, text.split("\n"))), ascii(text)
    assert len(texts) == len(ATTACKS) + 1 + (len(LINES) if sender.hears_itself else 0)


def test_the_administrators_log(scene: Scene, sender: Speaker) -> None:
    """docs/architecture.md, "The console is a connection": it reads what all read."""
    hub = scene.hub
    start = len(hub.output)
    attack(sender)
    hub.await_output(re.compile(f"{re.escape(sender.name)}.*{END}"))
    lines = hub.output[start:].splitlines()
    if lines[0].startswith("{"):
        frames = [json.loads(line) for line in lines]
        # The log may be a little behind, and still tell of the case before.
        messages = [one for one in frames if one.get("from") == sender.name]
        assert len(messages) > len(ATTACKS)
        lines = [part for one in messages for part in one["text"].split("\n")]
        assert not any(map(FORBIDDEN.search, lines))
    else:
        own = [line for line in lines if f"{sender.name} >> " in line]
        insist_are_clean(own, f"{sender.name} >> ")
        # Nothing stands without a beginning of somebody.
        assert all(line.startswith("[") for line in lines)


def test_the_terminal_client_on_a_pipe(
    scene: Scene, sender: Speaker, tmp_path: Path
) -> None:
    """README, "The client": one plain line for each event."""
    name = scene.name("piper")
    client = subprocess.Popen(
        [
            *(sys.executable, "client.py", scene.hub.host, str(scene.hub.port)),
            *("--name", name, "--color", "never"),
        ],
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "XDG_STATE_HOME": str(tmp_path)},
    )
    try:
        sender.await_joined(name)
        attack(sender)
        assert client.stdout is not None
        lines: list[str] = []
        while not lines or END not in lines[-1]:
            line = client.stdout.readline()
            assert line
            lines.append(line.decode().removesuffix("\n"))
        insist_are_clean(lines, f"{sender.name} >> ")
    finally:
        client.terminate()
        client.communicate()


def test_what_is_said_again_in_a_refusal(scene: Scene, sender: Speaker) -> None:
    """docs/protocol.md, "Words": cleaned, on one line, and short."""
    for text in ATTACKS.values():
        # One word, or the plain dialect would take the rest for a message.
        name = text.replace(" ", "_")
        sender.post("hi", f"@{name}")
        sender.post("hi", f"#{name}")
        sender.change_group("create", name)
        sender.change_group("members", name)
        sender.ask_history(f"#{name}")
    sender.post(END)
    sender.ask_users()
    refusals = 0
    while True:
        line = sender.wire.receive_line()
        assert line is not None
        text = line.decode()
        if text.startswith("{"):
            frame = json.loads(text)
            if frame["type"] == "users":
                break
            if frame["type"] in {"joined", "left"}:
                # Those of earlier cases may still be leaving.
                continue
            text = frame["text"]
        elif " online: " in text:
            break
        refusals += 1
        assert not FORBIDDEN.search(text), ascii(text)
        assert "\n" not in text
        assert len(text) < 300
    assert refusals >= 5 * len(ATTACKS)
    sender.expect_nothing()


def test_a_reason_and_a_list(scene: Scene) -> None:
    """docs/protocol.md, the frame `kicked`: a reason is one clean line."""
    reader, victim = scene.plain("reader"), scene.json("victim")
    scene.hub.type(f":kick {victim.name} \x1b[2Jbad\u202e\u2028[12:00:00] SERVER: hi")
    reader.await_kicked(victim.name, "bad [12:00:00] SERVER: hi")
    start = len(scene.hub.output)
    scene.hub.type(":list")
    scene.hub.await_output(re.compile(f"{reader.name}.*plain"))
    assert not any(map(FORBIDDEN.search, scene.hub.output[start:].splitlines()))
