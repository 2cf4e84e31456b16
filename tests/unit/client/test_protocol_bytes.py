"""The protocol and bytes of any kind: from a hub, cut anywhere, and from no hub."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.client.fake_hub import NOON
from tests.unit.client.play import TIME, Play, message, welcome, wire

from hubbub.client import (
    Event,
    Message,
    ProtocolError,
)


@pytest.mark.parametrize(
    "line",
    [
        b"SSH-2.0-OpenSSH",
        b"[]",
        b'"type"',
        b"{}",
        b'{"type":5}',
        b'{"type":"message"}',
        b"\xff\xfe",
        b'{"type":"ping","id":"\xff"}',
        b'{"type":"pong","x":' + b"[" * 5000 + b"]" * 5000 + b"}",
        wire(message(2, time="yesterdayZ")).strip(),
        wire(message(2, time="2026-01-02T12:00:00Zx")).strip(),
        wire(welcome()).strip(),
    ],
)
def test_a_line_that_means_nothing_is_told_and_skipped(line: bytes) -> None:
    play = Play().joined()
    events = play.protocol.receive_data(line + b"\n" + wire(message(3)))
    assert isinstance(events[0], ProtocolError)
    assert events[1:] == [Message(3, TIME, "bob", "lobby", "hi")]


def test_an_unknown_type_is_news_from_the_future() -> None:
    play = Play().joined()
    assert play.gets({"type": "reaction", "seq": 5}, message(2)) == [
        Message(2, TIME, "bob", "lobby", "hi")
    ]


def test_unknown_fields_and_empty_lines_are_ignored() -> None:
    play = Play().joined()
    events = play.protocol.receive_data(b"\n \r\n" + wire(message(2, colour="red")))
    assert events == [Message(2, TIME, "bob", "lobby", "hi")]


def test_events_before_the_welcome_are_not_believed() -> None:
    play = Play()
    assert play.gets(message(2)) == []
    play.protocol.connection_made()
    assert play.gets(message(2)) == []


def test_a_line_over_the_limit_is_skipped_to_its_end() -> None:
    play = Play(max_line=1000).joined()
    long = wire(message(2, "x" * 2000))
    events = play.protocol.receive_data(long[:1500])
    assert events == [ProtocolError("a line of more than 1000 bytes")]
    assert play.protocol.receive_data(long[1500:1900]) == []
    assert play.protocol.receive_data(long[1900:] + wire(message(3))) == [
        Message(3, TIME, "bob", "lobby", "hi")
    ]
    assert play.protocol.receive_data(long) == events


def test_a_line_of_many_megabytes_takes_no_memory() -> None:
    play = Play().joined()
    for _ in range(64):
        play.protocol.receive_data(b"x" * (1 << 18))
    assert len(play.gets(message(2))) == 0
    assert len(play.gets(message(3))) == 1


SCRIPT = wire(
    welcome(),
    message(2, "zwölf ☕"),
    {"type": "ping"},
    {"type": "reaction"},
    {"type": "left", "seq": 3, "time": NOON, "name": "bob", "reason": "lost"},
    {"type": "users", "users": ["alice"]},
    {"type": "bye", "code": "shutdown", "reason": "the hub is shutting down"},
) + wire(message(4))


@given(st.lists(st.integers(0, len(SCRIPT)), max_size=12))
def test_any_split_of_the_bytes_is_the_same(cuts: list[int]) -> None:
    def play(pieces: list[bytes]) -> tuple[list[Event], bytes]:
        one = Play()
        one.protocol.connection_made()
        one.sent()
        events = [
            event for piece in pieces for event in one.protocol.receive_data(piece)
        ]
        return events, one.protocol.data_to_send()

    edges = [0, *sorted(cuts), len(SCRIPT)]
    pieces = [SCRIPT[a:b] for a, b in pairwise(edges)]
    assert play(pieces) == play([SCRIPT])


@given(st.lists(st.binary(max_size=200), max_size=5))
def test_any_bytes_at_all_raise_nothing(pieces: list[bytes]) -> None:
    play = Play()
    play.protocol.connection_made()
    play.sent()
    for piece in pieces:
        play.protocol.receive_data(piece)
    play.protocol.receive_data(wire(welcome()))
    for piece in pieces:
        play.protocol.receive_data(piece + b"\n")
    play.protocol.data_to_send()


_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=6,
)
_frames = st.builds(
    lambda base, key, value: {**base, key: value},
    st.sampled_from(
        [
            welcome(),
            message(2),
            message(3, nonce="n1"),
            {"type": "joined", "seq": 4, "time": NOON, "name": "x"},
            {"type": "renamed", "seq": 5, "time": NOON, "from": "alice", "to": "y"},
            {
                "type": "group",
                "seq": 6,
                "time": NOON,
                "action": "joined",
                "group": "tea",
                "name": "alice",
                "you": True,
            },
            {"type": "history", "of": "lobby", "messages": [message(1)], "more": False},
            {"type": "groups", "groups": [{"name": "tea", "members": 1}]},
            {"type": "error", "code": "x", "text": "y", "re": "group"},
            {"type": "bye", "code": "quit", "reason": "bye"},
        ]
    ),
    st.sampled_from(
        [
            "type",
            "seq",
            "time",
            "name",
            "from",
            "to",
            "text",
            "nonce",
            "token",
            "limits",
            "users",
            "groups",
            "group",
            "messages",
            "re",
            "you",
            "resumed",
            "code",
        ]
    ),
    _values,
)


@given(st.lists(_frames, max_size=8))
def test_any_frames_at_all_raise_nothing(frames: list[dict[str, Any]]) -> None:
    play = Play()
    play.protocol.send("hello")
    play.protocol.group("join", "tea")
    play.protocol.connection_made()
    play.sent()
    for frame in frames:
        play.gets(frame)
        play.protocol.data_to_send()
    play.protocol.connection_lost()
    play.protocol.connection_made()
    play.protocol.data_to_send()
