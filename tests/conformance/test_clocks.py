"""A wall clock that jumps: no order changes, nobody is closed, nothing comes twice."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from tests.conformance.hub_process import HubProcess
from tests.conformance.scene import Scene, each_kind
from tests.conformance.speakers.json_lines import JsonSpeaker

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conformance.speakers.speaker import Speaker

HOUR = 3_600 * 10**9
DAY = 24 * HOUR

JUMPS = {
    "an hour back": -HOUR,
    "an hour ahead": HOUR,
    "a day back": -DAY,
    "before 1970": -100 * 365 * DAY,
    "past year 9999": 9_000 * 365 * DAY,
}


class Clockwork:
    """A hub whose wall clock is set by hand; its journal outlives its processes."""

    def __init__(self, engine: str, folder: Path, running: ExitStack) -> None:
        self._engine = engine
        self._folder = folder
        self._running = running
        self._file = folder / "wrong-by"
        self.shift(0)

    def shift(self, nanoseconds: int) -> None:
        """Have the clock be wrong by so much from now on."""
        news = self._file.with_suffix(".new")
        news.write_text(str(nanoseconds))
        news.replace(self._file)

    def start(self) -> HubProcess:
        """Start the hub; the one before it has been stopped."""
        launcher = ("tests/conformance/shifted_clock.py", str(self._file))
        hub = HubProcess(self._engine, self._folder / "hub", launcher=launcher)
        return self._running.enter_context(hub)


@pytest.fixture
def clock(engine: str, tmp_path: Path) -> Iterator[Clockwork]:
    """Give a clock, and a hub that goes by it."""
    with ExitStack() as running:
        yield Clockwork(engine, tmp_path, running)


def converse(people: list[Speaker], word: str) -> list[str]:
    """Have each say something that all others hear; give what was said."""
    for speaker in people:
        speaker.say(f"{word} {speaker.kind}")
        for other in people:
            if other is not speaker:
                other.await_message(speaker.name, "lobby", f"{word} {speaker.kind}")
    return [f"{word} {speaker.kind}" for speaker in people]


@pytest.mark.timeout(60)
@pytest.mark.parametrize("jump", JUMPS.values(), ids=JUMPS)
def test_a_jump_harms_nobody(clock: Clockwork, jump: int) -> None:
    """docs/limits.md, "Waits": on a clock that never jumps. Both ways, and back."""
    scene = Scene(clock.start(), ("plain", "json", "websocket"))
    people = scene.people("alice", "bob", "carol")
    nameless = scene.speaker("json")
    away = scene.json("dora")
    for person in people:
        person.settle()
    away.drop()
    for person in people:
        person.await_left(away.name)
    said = converse(people, "before")
    for word, shift in (("after", jump), ("back", 0)):
        clock.shift(shift)
        said += converse(people, word)
    # An hour would be more than any wait; none of them is over.
    scene.expect_nothing_more()
    nameless.join(scene.name("nameless"))
    for person in people:
        person.await_joined(nameless.name)
    nameless.drop()
    for person in people:
        person.await_left(nameless.name)
    again = scene.json_speaker()
    again.resume(away.name, away.token, away.last_seq)
    again.await_resumed(away.name)
    missed = [again.hear() for _ in said]
    assert [getattr(one, "text", one) for one in missed] == said
    again.await_joined(nameless.name)
    again.await_left(nameless.name)
    for person in people:
        person.await_joined(away.name)
        texts = [message.text for message in person.history("lobby", len(said))]
        assert texts == said
    scene.expect_nothing_more()


@pytest.mark.timeout(60)
@each_kind
@pytest.mark.parametrize("jump", [HOUR, -HOUR], ids=["ahead", "back"])
def test_a_jump_across_a_restart(
    clock: Clockwork, kinds: tuple[str, ...], jump: int
) -> None:
    """docs/protocol.md: order is `seq`, also for a hub that woke up in another hour."""
    hub = clock.start()
    scene = Scene(hub, kinds)
    alice = scene.person("alice")
    alice.say("before")
    hub.stop()
    clock.shift(jump)
    scene = Scene(clock.start(), kinds)
    scene.know(alice.name)
    if isinstance(alice, JsonSpeaker) and alice.kind == "json":
        bob: Speaker = scene.json_speaker()
        assert isinstance(bob, JsonSpeaker)
        bob.resume(alice.name, alice.token, alice.last_seq)
        bob.await_resumed(alice.name)
    else:
        bob = scene.person("bob")
    bob.settle()
    bob.say("after")
    assert [message.text for message in bob.history()] == ["before", "after"]
