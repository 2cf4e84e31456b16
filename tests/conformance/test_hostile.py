"""Bytes that nobody should send, and that harm nobody."""

from __future__ import annotations

import contextlib
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.conformance.scene import Scene
from tests.conformance.speakers.words import Left, Said

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch
    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.wire import Wire

# What the dialects take notice of, so that random bytes get somewhere.
_TOKENS = st.sampled_from(
    [
        b"{",
        b'{"type":"hello","name":"x"}\n',
        b'{"type":"',
        b"\n",
        b"\r\n",
        b"\x00",
        b"\xff\xfb\x1f",
        b"\xff\xfa",
        b"\x16\x03\x01",
        b"GET ",
        b"NICK ",
        b":group send x ",
        b":pm x ",
        b":history @",
        b":users\n",
        b"\x1b[2J",
        b"\xf0\x9f",
        b"a" * 70_000,
        b"[" * 5_000,
    ]
)

_BYTES = st.lists(_TOKENS | st.binary(max_size=40), max_size=8).map(b"".join)


@pytest.mark.timeout(60)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.differing_executors],
)
@given(data=_BYTES)
@example(data=b"")
@example(data=b"\xff" * 1000)
@example(data=b"{" + b"\x00" * 1000 + b"\n")
@example(data=b"\n" * 5000)
@example(data=b'{"type":"hello","name":"x"}\n' * 5)
def test_any_bytes_lead_to_a_clean_close(hub: HubProcess, data: bytes) -> None:
    """design.md, "Rules": never a traceback, never another user's harm."""
    with hub.connect() as wire:
        wire.send_what_is_taken(data)
        wire.receive_all()
    assert_is_well(hub)


@pytest.mark.parametrize("ending", ["closed", "reset"])
@pytest.mark.parametrize("data", [b"", b"x", b"alice-half", b"{", b"GET", b"\x16"])
def test_a_connection_may_end_at_any_byte(
    hub: HubProcess, data: bytes, ending: str
) -> None:
    """design.md, "Rules": any bytes at all lead to a clean close."""
    wire = hub.connect()
    wire.send(data)
    if ending == "reset":
        wire.reset()
    else:
        wire.close()
    assert_is_well(hub)


def assert_is_well(hub: HubProcess) -> None:
    """Insist that two others can chat, and that nothing was written of a failure."""
    scene = Scene(hub, ("plain", "json"))
    alice, bob = scene.people("alice", "bob")
    alice.settle()
    bob.say("are you well?", f"@{alice.name}")
    told = alice.settle()
    assert [each.text for each in told if getattr(each, "who", "") == bob.name] == [  # type: ignore[union-attr]
        "are you well?"
    ]
    for person in (alice, bob):
        person.drop()
    scene.close()


# Each begins what another dialect would have to wait for the end of.
OPENINGS = (b"a", b'{"type":"hello","name":"', b"GET / HTTP/1.1\r\nX: ", b"", b"\x16")

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")


def is_cut(wire: Wire, data: bytes) -> bool:
    """Send some bytes; tell whether the hub has closed the connection."""
    try:
        wire.send(data)
    except OSError:
        return True
    return False


@pytest.mark.timeout(60)
def test_one_byte_after_the_other_holds_nothing(
    launch: Launch, kinds: tuple[str, ...]
) -> None:
    """docs/limits.md, `handshake_seconds`: counted from the connection on.

    Slowloris: connections that never are silent and never come to the point. Others
    chat meanwhile, which also sets the pace.
    """
    # However slow this machine is, nobody here is taken for unframed.
    limits = {"handshake_seconds": 1, "quiet_seconds": 8}
    hub = launch("--memory", "--rate-limit", "off", limits=limits)
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    slow = [hub.connect() for _ in range(6) for _ in OPENINGS]
    for number, wire in enumerate(slow):
        wire.send(OPENINGS[number % len(OPENINGS)])
    while slow:
        alice.say("still here", f"@{bob.name}")
        bob.await_message(alice.name, f"@{bob.name}", "still here")
        slow = [wire for wire in slow if not is_cut(wire, b"a")]
    scene.expect_nothing_more()


@on_linux
@pytest.mark.parametrize("ending", ["closed", "reset", "half"])
def test_a_flood_of_connections_leaves_nothing_behind(
    launch: Launch, kinds: tuple[str, ...], ending: str
) -> None:
    """docs/limits.md: those that stand are not touched, and no socket stays."""
    hub = launch("--memory", "--rate-limit", "off", limits={"handshake_seconds": 2})
    scene = Scene(hub, kinds)
    alice, bob = scene.people("alice", "bob")
    alice.settle()
    before = hub.descriptors
    for number in range(10):
        flood = [hub.connect() for _ in range(30)]
        alice.say(f"{number}", f"@{bob.name}")
        bob.await_message(alice.name, f"@{bob.name}", f"{number}")
        for wire in flood:
            is_cut(wire, OPENINGS[number % len(OPENINGS)])
            if ending == "reset":
                wire.reset()
            elif ending == "closed":
                wire.close()
            else:
                with contextlib.suppress(OSError):
                    wire.end_sending()
    # The loop may have opened one or two for itself.
    while hub.descriptors > before + 2:
        alice.say("are they gone?", f"@{bob.name}")
        bob.await_message(alice.name, f"@{bob.name}", "are they gone?")
    scene.expect_nothing_more()


@on_linux
@pytest.mark.timeout(60)
@pytest.mark.parametrize(
    "opening", [b"bob\n", b"{", b"", b"GET / HTTP/1.1\r\n", b"\xff"]
)
def test_what_has_no_end_is_not_held(launch: Launch, opening: bytes) -> None:
    """docs/limits.md, `line` and `http_head`: however long it goes on."""
    hub = launch("--memory")
    scene = Scene(hub, ("json",))
    alice = scene.json("alice")
    alice.settle()
    before = hub.memory
    for _ in range(4):
        wire = hub.connect()
        wire.send(opening)
        for _ in range(16):
            if is_cut(wire, b"x" * (1 << 20)):
                break
    alice.settle()
    assert hub.memory - before < 16 << 20


@pytest.mark.parametrize(
    "field",
    [
        '"id":"' + "x" * 60_000 + '"',
        '"id":' + "9" * 10_000,
        '"id":1e999999',
        '"id":' + "[" * 30_000,
        '"id":' + '{"a":' * 10_000,
        '"id":"\\ud800"',
        '"id":"\\u0000"',
        "\x00" * 100,
        '"' + "k" * 60_000 + '":1',
        ",".join(f'"k{number}":1' for number in range(5_000)),
    ],
    ids=lambda text: text[:12].replace("\x00", "0"),
)
def test_a_monstrous_frame_gets_one_short_answer(hub: HubProcess, field: str) -> None:
    """docs/protocol.md, `bad_frame`: deep, huge or broken JSON is refused."""
    with hub.connect() as wire:
        wire.send(b'{"type":"ping",' + field.encode() + b"}\n")
        line = wire.receive_line()
        assert line is not None
        assert len(line) < 500
        assert json.loads(line)["type"] in {"error", "pong"}
    assert_is_well(hub)


@on_linux
def test_the_kernel_looks_after_one_who_vanished(
    scene: Scene, kinds: tuple[str, ...]
) -> None:
    """docs/limits.md, `_KEEPALIVE`: a silent connection is probed within a minute.

    A peer without power sends nothing, not even an end. No test can pull a plug on the
    loopback, but the kernel tells of the timer that will find it.
    """
    alice = scene.person("alice")
    alice.settle()
    ours = f":{int(alice.wire.address.rpartition(':')[2]):04X}"
    theirs = f":{scene.hub.port:04X}"
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()]
    (timer,) = [
        row[5] for row in rows if row[1].endswith(theirs) and row[2].endswith(ours)
    ]
    kind, jiffies = timer.split(":")
    # 1 is a retransmission of what is not acknowledged yet, 2 is keepalive.
    assert kind in {"01", "02"}
    assert int(jiffies, 16) <= 60 * 100


def test_last_words_before_a_crash_are_heard_and_the_crash_seen(scene: Scene) -> None:
    """docs/protocol.md, the frame `left`: bytes and a reset that come at once."""
    alice = scene.person("alice")
    for number in range(5):
        bob = scene.person(f"bob{number}")
        bob.settle()
        bob.post("last words")
        bob.wire.reset()
        bob.is_here = False
        told = alice.hear()
        # A reset throws away what the hub has not read yet.
        if isinstance(told, Said):
            told = alice.hear()
        assert isinstance(told, Left)
        assert told.name == bob.name
