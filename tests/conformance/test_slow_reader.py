"""A reader that falls behind: it loses nothing, and holds up nobody."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.words import Left, Said

if TYPE_CHECKING:
    from tests.conformance.conftest import Launch

# Together more than the kernel buffers for one connection at both of its ends.
COUNT = 1500
TEXT = "x" * 4000

LIMITS = {"outbox": 65_536, "rate": 0}


@pytest.mark.limit("outbox")
@pytest.mark.timeout(60)
@each_kind
@pytest.mark.parametrize("flags", [("--memory",), ()], ids=["memory", "disk"])
def test_who_stops_reading_gets_all_later(
    launch: Launch, kinds: tuple[str, ...], flags: tuple[str, ...]
) -> None:
    """design.md, "Rules": caught up from the journal when it has drained."""
    scene = Scene(launch(*flags, limits=LIMITS), kinds)
    slow = scene.speaker(receive_buffer=16_384)
    slow.join(scene.name("slow"))
    fast, talker = scene.person("fast"), scene.person("talker", "plain")
    for number in range(COUNT):
        talker.post(f"{number} {TEXT}")
    for number in range(COUNT):
        fast.await_message(talker.name, "lobby", f"{number} {TEXT}")
    # The fast one has seen it all while the slow one has read nothing at all.
    fast.say("all there?")
    for number in range(COUNT):
        slow.await_message(talker.name, "lobby", f"{number} {TEXT}")
    slow.await_message(fast.name, "lobby", "all there?")
    # And is live again.
    fast.say("now you are")
    slow.await_message(fast.name, "lobby", "now you are")
    slow.expect_nothing()


@pytest.mark.limit("drain_seconds")
@pytest.mark.timeout(60)
@each_kind
def test_who_never_reads_is_closed(launch: Launch, kinds: tuple[str, ...]) -> None:
    """design.md, "Rules": one that does not drain is closed with a reason."""
    limits = LIMITS | {"drain_seconds": 1}
    scene = Scene(launch("--memory", limits=limits), kinds)
    slow = scene.speaker(receive_buffer=16_384)
    slow.join(scene.name("slow"))
    fast, talker = scene.person("fast", "json"), scene.person("talker", "plain")

    def talk() -> None:
        for number in range(COUNT):
            talker.post(f"{number} {TEXT}")

    with ThreadPoolExecutor(1) as pool:
        talking = pool.submit(talk)
        while isinstance(told := fast.hear(), Said):
            pass
        assert told == Left(slow.name, "slow")
        talking.result()
    # Who does not read is not told why, but closed all the same; others may stay.
    fast.settle()
    fast.say("still here")


@pytest.mark.timeout(60)
def test_who_asks_and_never_reads_fills_nothing(launch: Launch) -> None:
    """design.md, "Rules": every buffer has a limit; answers wait in no memory."""
    scene = Scene(launch("--memory", limits=LIMITS), ("json",))
    greedy = scene.speaker("json", receive_buffer=16_384)
    greedy.join(scene.name("greedy"))
    alice = scene.json("alice")
    for number in range(100):
        alice.say(f"{number} {TEXT}")
    greedy.settle()
    for _ in range(60):
        greedy.ask_history("lobby", 100)
    bob = scene.speaker("json")
    bob.join(scene.name("bob"))
    alice.await_joined(bob.name)
    bob.say("still served")
    alice.await_message(bob.name, "lobby", "still served")
    pages = 0
    told = []
    for _ in range(62):
        happening = greedy.hear()
        told.append(type(happening).__name__)
        pages += told[-1] == "Page"
    assert pages == 60
