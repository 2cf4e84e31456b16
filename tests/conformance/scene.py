"""A scene: some people, each of some dialect, at one hub."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from tests.conformance.speakers.json_lines import JsonSpeaker
from tests.conformance.speakers.plain import PlainSpeaker
from tests.conformance.speakers.tls import TlsSpeaker
from tests.conformance.speakers.websocket import WebSocketSpeaker

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conformance.hub_process import HubProcess
    from tests.conformance.speakers.speaker import Speaker

SPEAKERS: dict[str, type[Speaker]] = {
    speaker.kind: speaker
    for speaker in (PlainSpeaker, JsonSpeaker, WebSocketSpeaker, TlsSpeaker)
}

ENGINES = ("loop", "threads")

MIXES = (
    *itertools.product(("plain", "json"), repeat=2),
    ("websocket", "plain"),
    ("json", "websocket"),
    ("tls", "json"),
)
"""Each kind with each that writes other bytes, itself among them, and in both places.

WebSocket carries the frames of JSON, so it meets each other kind once; what is said in
TLS is said by a plain speaker.
"""

each_kind = pytest.mark.parametrize(
    "kinds", [(kind,) for kind in SPEAKERS], ids="".join
)
"""For a case in which only one person's dialect matters."""


class Scene:
    """The people of one case. Their names and groups are theirs alone."""

    def __init__(self, hub: HubProcess, kinds: Iterable[str]) -> None:
        """Set an empty scene.

        Args:
            hub: Where it plays.
            kinds: The dialects of the people, in turn, over and over.
        """
        self.hub = hub
        self._kinds = itertools.cycle(kinds)
        self._names: set[str] = set()
        self._speakers: list[Speaker] = []

    def name(self, base: str) -> str:
        """Make a name for a person or a group that no other case has."""
        return self.know(f"{base}-{next(self.hub.tags)}")

    def know(self, name: str) -> str:
        """Count a name as one of this scene."""
        self._names.add(name)
        return name

    def speaker(
        self, kind: str | None = None, *, receive_buffer: int | None = None
    ) -> Speaker:
        """Connect somebody who has not given a name."""
        make = SPEAKERS[kind or next(self._kinds)]
        wire = self.hub.connect(make.wire_type, receive_buffer=receive_buffer)
        speaker = make(wire, lambda name: name not in self._names)
        self._speakers.append(speaker)
        return speaker

    def person(self, base: str, kind: str | None = None) -> Speaker:
        """Bring somebody in, and let all who are here take note."""
        return self._enter(self.speaker(kind), base)

    def people(self, *bases: str) -> list[Speaker]:
        """Bring several people in, one after the other."""
        return [self.person(base) for base in bases]

    def plain(self, base: str) -> PlainSpeaker:
        """Bring in a person at netcat."""
        speaker = self.person(base, "plain")
        assert isinstance(speaker, PlainSpeaker)
        return speaker

    def json(self, base: str) -> JsonSpeaker:
        """Bring in a program that speaks JSON."""
        speaker = self.person(base, "json")
        assert isinstance(speaker, JsonSpeaker)
        return speaker

    def websocket(self, base: str) -> WebSocketSpeaker:
        """Bring in a page."""
        speaker = self.person(base, "websocket")
        assert isinstance(speaker, WebSocketSpeaker)
        return speaker

    def json_speaker(self) -> JsonSpeaker:
        """Connect a program that has not given a name."""
        speaker = self.speaker("json")
        assert isinstance(speaker, JsonSpeaker)
        return speaker

    def plain_speaker(self) -> PlainSpeaker:
        """Connect a person at netcat who has not given a name."""
        speaker = self.speaker("plain")
        assert isinstance(speaker, PlainSpeaker)
        return speaker

    def group_of(self, *members: Speaker) -> str:
        """Make a group of people, and let all who are here take note."""
        group = self.name("tea")
        founder, *others = members
        founder.create_group(group)
        for person in self._here():
            if person is not founder:
                person.await_group("created", group, founder.name)
        for count, member in enumerate(others, 1):
            member.join_group(group)
            for earlier in members[:count]:
                earlier.await_group("joined", group, member.name)
        return group

    def expect_nothing_more(self) -> None:
        """Expect that nobody here was told anything that was not awaited."""
        for person in self._here():
            person.expect_nothing()

    def close(self) -> None:
        """Send everybody home, and insist that the hub took no harm."""
        for speaker in self._speakers:
            speaker.wire.close()
        self.hub.check()

    def _here(self) -> list[Speaker]:
        return [speaker for speaker in self._speakers if speaker.is_here]

    def _enter(self, speaker: Speaker, base: str) -> Speaker:
        present = self._here()
        speaker.join(self.name(base))
        for other in present:
            other.await_joined(speaker.name)
        return speaker
