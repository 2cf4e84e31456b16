"""Bytes that nobody should send, and that harm nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.conformance.scene import Scene

if TYPE_CHECKING:
    from tests.conformance.hub_process import HubProcess

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
