"""The protocol by playbook: frames in, events and frames out, and no I/O."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from itertools import count, pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.client.fake_hub import NOON

from hubbub.client import (
    Acknowledged,
    BacklogFullError,
    ClientProtocol,
    Connected,
    Event,
    GroupChanged,
    GroupInfo,
    GroupsListed,
    HistoryPage,
    Joined,
    Kicked,
    Left,
    LimitsInfo,
    MembersListed,
    Message,
    NameRefused,
    ProtocolError,
    Reconnected,
    Refused,
    Renamed,
    Unconfirmed,
    UsersListed,
)
from hubbub.client.protocol import BACKLOG, Phase

TIME = datetime(2026, 1, 2, 12, tzinfo=UTC)
LIMITS = {"text": 4096, "line": 65536, "nonces": 128, "history": 100}


def wire(*frames: dict[str, Any]) -> bytes:
    return b"".join(json.dumps(frame).encode() + b"\n" for frame in frames)


def welcome(**changes: Any) -> dict[str, Any]:
    return {
        "type": "welcome",
        "name": "alice",
        "user": 1,
        "token": "j1.secret",
        "seq": 1,
        "server": {"name": "hubbub", "version": "0", "protocol": 1},
        "users": ["alice", "bob"],
        "groups": [],
        "limits": LIMITS,
        **changes,
    }


def message(seq: int, text: str = "hi", **changes: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "seq": seq,
        "time": NOON,
        "from": "bob",
        "to": "lobby",
        "text": text,
        **changes,
    }


def key(number: int) -> str:
    return f"key-{number:018}"


class Play:
    """A protocol and what it has sent."""

    def __init__(self, **options: Any) -> None:
        numbers, keys = count(1), count(1)
        self.protocol = ClientProtocol(
            "alice",
            new_nonce=lambda: f"n{next(numbers)}",
            new_key=lambda: key(next(keys)),
            client=None,
            **options,
        )

    def sent(self) -> list[dict[str, Any]]:
        lines = self.protocol.data_to_send().splitlines()
        return [json.loads(line) for line in lines]

    def gets(self, *frames: dict[str, Any]) -> list[Event]:
        return self.protocol.receive_data(wire(*frames))

    def joined(self, **changes: Any) -> Play:
        self.protocol.connection_made()
        self.sent()
        self.gets(welcome(**changes))
        return self

    def reconnects(self, **changes: Any) -> list[Event]:
        self.protocol.connection_lost()
        self.protocol.connection_made()
        self.sent()
        return self.gets(welcome(**changes))


# --- coming in -----------------------------------------------------------------------


def test_hello_is_the_first_frame() -> None:
    play = Play()
    assert play.sent() == []
    play.protocol.connection_made()
    hello = {"type": "hello", "name": "alice", "key": key(1), "attempt": 1}
    assert play.sent() == [hello]


def test_a_hello_without_an_answer_is_repeated_with_its_key() -> None:
    play = Play()
    for attempt in (1, 2, 3):
        play.protocol.connection_made()
        (hello,) = play.sent()
        assert (hello["key"], hello["attempt"]) == (key(1), attempt)
        play.protocol.connection_lost()
    play.protocol.connection_made()
    play.sent()
    play.gets(welcome())
    play.protocol.connection_lost()
    play.protocol.connection_made()
    (hello,) = play.sent()
    # Had the seat ended, one more of the same key would not be the first one's.
    assert (hello["key"], hello["attempt"]) == (key(2), 5)


def test_hello_tells_password_and_client() -> None:
    protocol = ClientProtocol("alice", password="secret")
    protocol.connection_made()
    hello = json.loads(protocol.data_to_send())
    assert hello["password"] == "secret"
    assert hello["client"].startswith("hubbub-python/")


def test_welcome_connects() -> None:
    play = Play()
    play.protocol.connection_made()
    play.sent()
    events = play.gets(welcome(groups=["tea"]))
    limits = LimitsInfo(4096, 65536, 128, 100)
    assert events == [Connected("alice", ("alice", "bob"), ("tea",), limits)]
    assert play.protocol.phase is Phase.JOINED


def test_nothing_is_sent_before_welcome() -> None:
    play = Play()
    play.protocol.send("early")
    play.protocol.connection_made()
    assert [frame["type"] for frame in play.sent()] == ["hello"]
    play.gets(welcome())
    assert play.sent() == [
        {"type": "send", "to": "lobby", "text": "early", "nonce": "n1"}
    ]


def test_a_refused_name_waits_for_another() -> None:
    play = Play()
    play.protocol.connection_made()
    play.sent()
    error = {"type": "error", "code": "name_taken", "text": "taken", "re": "hello"}
    assert play.gets(error) == [NameRefused("alice", "name_taken", "taken")]
    play.protocol.choose_name("carol")
    (hello,) = play.sent()
    assert (hello["type"], hello["name"]) == ("hello", "carol")
    assert play.protocol.name_refused is None


def test_a_name_chosen_offline_is_asked_for_on_connecting() -> None:
    play = Play()
    play.protocol.choose_name("carol")
    play.protocol.connection_made()
    (hello,) = play.sent()
    assert (hello["type"], hello["name"]) == ("hello", "carol")


def test_another_refusal_of_hello_is_of_nothing_in_particular() -> None:
    play = Play()
    play.protocol.connection_made()
    error = {"type": "error", "code": "too_many_users", "text": "full", "re": "hello"}
    assert play.gets(error) == [Refused("too_many_users", "full")]
    assert play.protocol.phase is Phase.GREETING


# --- saying --------------------------------------------------------------------------


def test_ones_own_nonce_acknowledges() -> None:
    play = Play().joined()
    assert play.protocol.send("hello") == "n1"
    assert play.sent() == [
        {"type": "send", "to": "lobby", "text": "hello", "nonce": "n1"}
    ]
    own = message(2, "hello", **{"from": "alice", "nonce": "n1"})
    assert play.gets(own) == [
        Message(2, TIME, "alice", "lobby", "hello", own=True, nonce="n1"),
        Acknowledged("n1", 2),
    ]
    assert play.protocol.pending == ()


def test_an_acknowledgement_that_comes_again_is_no_news() -> None:
    play = Play().joined()
    play.protocol.send("hello")
    play.sent()
    own = message(2, "hello", **{"from": "alice", "nonce": "n1"})
    play.gets(own)
    assert play.gets(own) == []


def test_a_seq_seen_before_still_acknowledges() -> None:
    """ "acknowledged again with the first `seq`", which has been seen."""
    play = Play().joined()
    play.gets(message(5))
    play.protocol.send("hello")
    play.sent()
    again = message(3, "hello", **{"from": "alice", "nonce": "n1"})
    assert play.gets(again) == [Acknowledged("n1", 3)]


def test_text_is_cleaned_before_it_is_sent() -> None:
    play = Play().joined()
    play.protocol.send("\x1b[31mred\x07\r\nnext\n")
    assert play.sent()[0]["text"] == "red\nnext"


@pytest.mark.parametrize("text", ["", "  ", "\n", "\x07\x1b[2J"])
def test_nothing_to_say_is_an_error(text: str) -> None:
    play = Play().joined()
    with pytest.raises(ValueError, match="nothing to send"):
        play.protocol.send(text)


@pytest.mark.parametrize("to", ["", "bob", "#", "@", "Lobby"])
def test_no_address_is_an_error(to: str) -> None:
    with pytest.raises(ValueError, match="no address"):
        Play().protocol.send("hi", to)


def test_the_limit_is_in_bytes() -> None:
    play = Play().joined(limits={**LIMITS, "text": 4})
    play.protocol.send("éé")
    with pytest.raises(ValueError, match="5 bytes, and this hub takes 4"):
        play.protocol.send("ééx")


def test_too_long_for_a_hub_met_later_is_refused_here() -> None:
    play = Play()
    play.protocol.send("too long")
    play.protocol.send("ok")
    play.protocol.users()
    play.protocol.connection_made()
    play.sent()
    events = play.gets(welcome(limits={**LIMITS, "text": 4}))
    refused = Refused(
        "text_too_long", "the message has 8 bytes, and this hub takes 4", "n1"
    )
    assert events[1:] == [refused]
    assert [frame["type"] for frame in play.sent()] == ["send", "users"]


def test_at_most_half_of_the_remembered_nonces_are_in_flight() -> None:
    play = Play().joined(limits={**LIMITS, "nonces": 4})
    for text in "abcde":
        play.protocol.send(text)
    assert [frame["text"] for frame in play.sent()] == ["a", "b"]
    assert play.sent() == []
    play.gets(message(2, "a", **{"from": "alice", "nonce": "n1"}))
    assert [frame["text"] for frame in play.sent()] == ["c"]


def test_a_refusal_names_the_message() -> None:
    play = Play().joined()
    play.protocol.send("hi", "@nobody")
    play.sent()
    error = {"type": "error", "code": "user_unknown", "text": "who?", "re": "n1"}
    assert play.gets(error) == [Refused("user_unknown", "who?", "n1")]
    assert play.protocol.pending == ()


def test_a_refusal_of_something_unknown_takes_nothing_out() -> None:
    play = Play().joined()
    play.protocol.send("hi")
    play.sent()
    error = {"type": "error", "code": "bad_frame", "text": "no", "re": "zzz"}
    assert play.gets(error) == [Refused("bad_frame", "no")]
    assert len(play.protocol.pending) == 1


def test_the_backlog_has_a_limit() -> None:
    play = Play()
    for _ in range(BACKLOG):
        play.protocol.send("x")
    with pytest.raises(BacklogFullError):
        play.protocol.send("x")


# --- asking --------------------------------------------------------------------------


def test_answers_name_their_request() -> None:
    play = Play().joined()
    asked = [
        play.protocol.users(),
        play.protocol.history("#tea", before=9, limit=2),
        play.protocol.group("list"),
        play.protocol.group("members", "tea"),
    ]
    assert asked == ["r1", "r2", "r3", "r4"]
    assert play.sent() == [
        {"type": "users"},
        {"type": "history", "of": "#tea", "before": 9, "limit": 2},
        {"type": "group", "action": "list"},
        {"type": "group", "action": "members", "name": "tea"},
    ]
    page = {"type": "history", "of": "#tea", "messages": [message(3)], "more": True}
    groups = [{"name": "tea", "members": 1, "joined": True}]
    assert play.gets(
        {"type": "users", "users": ["bob"]},
        page,
        {"type": "groups", "groups": groups},
        {"type": "members", "group": "tea", "members": ["alice"]},
    ) == [
        UsersListed("r1", ("bob",)),
        HistoryPage("r2", "#tea", (Message(3, TIME, "bob", "lobby", "hi"),), more=True),
        GroupsListed("r3", (GroupInfo("tea", 1, joined=True),)),
        MembersListed("r4", "tea", ("alice",)),
    ]
    assert play.protocol.pending == ()
    assert play.protocol.view.people == ("bob",)
    assert play.protocol.view.groups == ("tea",)


def test_an_answer_to_nothing_is_still_told() -> None:
    play = Play().joined()
    assert play.gets({"type": "users", "users": ["bob"]}) == [
        UsersListed(None, ("bob",))
    ]


def test_a_group_needs_a_name() -> None:
    with pytest.raises(ValueError, match="join needs a name"):
        Play().protocol.group("join")


def test_changes_of_groups_are_answered_by_events() -> None:
    play = Play().joined()
    for action in ("create", "join", "leave"):
        play.protocol.group(action, "Tea")
    play.sent()

    def group(seq: int, action: str) -> dict[str, Any]:
        head = {"type": "group", "seq": seq, "time": NOON, "action": action}
        return {**head, "group": "tea", "name": "alice", "you": True}

    events = play.gets(group(2, "created"), group(3, "joined"), group(4, "left"))
    assert [event.re for event in events if isinstance(event, GroupChanged)] == [
        "r1",
        "r2",
        "r3",
    ]
    assert play.protocol.pending == ()


def test_an_event_that_overtakes_a_refusal_finds_its_own_request() -> None:
    """ "Answers stand after the events of the turn in which they were asked"."""
    play = Play().joined()
    play.protocol.group("join", "nope")
    play.protocol.group("join", "tea")
    play.sent()
    joined = {"type": "group", "seq": 2, "time": NOON, "action": "joined"}
    error = {"type": "error", "code": "group_unknown", "text": "no", "re": "group"}
    events = play.gets({**joined, "group": "tea", "name": "alice", "you": True}, error)
    assert [getattr(event, "re", None) for event in events] == ["r2", "r1"]


@pytest.mark.parametrize(
    ("ask", "re"),
    [
        (lambda protocol: protocol.users(), "users"),
        (lambda protocol: protocol.history(), "history"),
        (lambda protocol: protocol.group("create", "x"), "group"),
    ],
)
def test_a_refusal_names_the_type(ask: Any, re: str) -> None:
    play = Play().joined()
    ask(play.protocol)
    play.sent()
    error = {"type": "error", "code": "some_code", "text": "no", "re": re}
    assert play.gets(error) == [Refused("some_code", "no", "r1")]


# --- events --------------------------------------------------------------------------


def test_events_change_who_is_here() -> None:
    play = Play().joined()
    head = {"time": NOON}
    events = play.gets(
        {"type": "joined", "seq": 2, **head, "name": "carol", "address": "1.2.3.4:5"},
        {"type": "left", "seq": 3, **head, "name": "bob", "reason": "quit"},
        {"type": "renamed", "seq": 4, **head, "from": "carol", "to": "dave"},
        {"type": "renamed", "seq": 5, **head, "from": "alice", "to": "al", "you": True},
        {"type": "kicked", "seq": 6, **head, "name": "dave", "by": "SERVER"},
        {"type": "joined", "seq": 7, **head, "name": "bob", "returned": True},
    )
    assert events == [
        Joined(2, TIME, "carol", "1.2.3.4:5", returned=False),
        Left(3, TIME, "bob", "quit"),
        Renamed(4, TIME, "carol", "dave", own=False),
        Renamed(5, TIME, "alice", "al", own=True),
        Kicked(6, TIME, "dave", "SERVER", None, own=False),
        Joined(7, TIME, "bob", None, returned=True),
    ]
    assert play.protocol.view.people == ("al", "bob")
    assert play.protocol.view.name == "al"


def test_events_change_ones_groups() -> None:
    play = Play().joined(groups=["a", "b"])
    head = {"type": "group", "time": NOON}
    play.gets(
        {**head, "seq": 2, "action": "created", "group": "c", "name": "alice"},
        {**head, "seq": 3, "action": "joined", "group": "b", "name": "bob"},
        {**head, "seq": 4, "action": "left", "group": "b", "name": "bob"},
        {**head, "seq": 5, "action": "left", "group": "a", "name": "alice"},
        {**head, "seq": 6, "action": "created", "group": "z", "name": "bob"},
    )
    assert ",".join(play.protocol.view.groups) == "b,c"
    play.gets({**head, "seq": 7, "action": "ended", "group": "b"})
    assert ",".join(play.protocol.view.groups) == "c"


def test_the_hubs_ping_is_answered() -> None:
    play = Play().joined()
    assert play.gets({"type": "ping", "id": "7"}, {"type": "pong"}) == []
    assert play.sent() == [{"type": "pong", "id": "7"}]


def test_our_ping_goes_out() -> None:
    play = Play().joined()
    play.protocol.ping()
    assert play.sent() == [{"type": "ping"}]


def test_bye_is_the_last_frame() -> None:
    play = Play().joined()
    play.protocol.send("last words")
    play.protocol.bye()
    assert [frame["type"] for frame in play.sent()] == ["send", "bye"]
    play.protocol.send("too late")
    assert play.sent() == []
    own = message(2, "last words", **{"from": "alice", "nonce": "n1"})
    assert Acknowledged("n1", 2) in play.gets(own)


def test_what_follows_the_hubs_bye_is_not_read() -> None:
    play = Play().joined()
    bye = {"type": "bye", "code": "kicked", "reason": "you were kicked"}
    assert play.gets(message(2), bye, message(3)) == [
        Message(2, TIME, "bob", "lobby", "hi")
    ]
    assert play.gets(message(4)) == []
    assert play.protocol.farewell is not None
    assert play.protocol.farewell.code == "kicked"


# --- coming back ---------------------------------------------------------------------


def test_hello_resumes_after_the_last_seq_seen() -> None:
    play = Play().joined()
    play.gets(message(7))
    assert play.protocol.connection_lost() == []
    play.protocol.connection_made()
    assert play.sent() == [
        {
            "type": "hello",
            "name": "alice",
            "resume": {"token": "j1.secret", "after": 7},
            "key": key(2),
            "attempt": 2,
        }
    ]


def test_what_was_seen_is_not_told_again() -> None:
    play = Play().joined()
    play.gets(message(7))
    play.reconnects(resumed=True, seq=5)
    assert play.gets(message(6), message(7), message(8)) == [
        Message(8, TIME, "bob", "lobby", "hi")
    ]


def test_the_unacknowledged_are_sent_again_first_with_their_nonces() -> None:
    play = Play().joined()
    play.protocol.send("one")
    play.protocol.send("two")
    play.sent()
    play.protocol.connection_lost()
    play.protocol.send("three")
    play.protocol.connection_made()
    play.sent()
    assert play.gets(welcome(resumed=True)) == [
        Reconnected("alice", ("alice", "bob"), (), resumed=True)
    ]
    sent = play.sent()
    assert [(frame["text"], frame["nonce"]) for frame in sent] == [
        ("one", "n1"),
        ("two", "n2"),
        ("three", "n3"),
    ]


def test_what_comes_back_while_catching_up_is_not_sent_again() -> None:
    play = Play().joined()
    play.protocol.send("one")
    play.sent()
    play.protocol.connection_lost()
    play.protocol.connection_made()
    play.sent()
    own = message(2, "one", **{"from": "alice", "nonce": "n1"})
    events = play.gets(welcome(resumed=True), own)
    assert events[-1] == Acknowledged("n1", 2)
    assert play.sent() == []


def test_without_the_seat_nothing_is_sent_again_blindly() -> None:
    play = Play().joined()
    play.protocol.send("sent", "#tea")
    play.sent()
    play.protocol.connection_lost()
    play.protocol.send("never sent")
    play.protocol.connection_made()
    play.sent()
    assert play.gets(welcome(seq=1)) == [
        Reconnected("alice", ("alice", "bob"), (), resumed=False),
        Unconfirmed("n1", "#tea", "sent"),
    ]
    assert [frame["text"] for frame in play.sent()] == ["never sent"]


def test_tried_once_stays_tried_through_a_second_loss() -> None:
    play = Play().joined()
    play.protocol.send("sent")
    play.sent()
    play.reconnects(resumed=True)
    # It was not handed over again before this connection went as well.
    assert Unconfirmed("n1", "lobby", "sent") in play.reconnects()


def test_questions_are_asked_again_and_changes_are_not() -> None:
    play = Play().joined()
    play.protocol.users()
    play.protocol.group("join", "tea")
    play.protocol.group("members", "tea")
    play.sent()
    assert play.protocol.connection_lost() == [Unconfirmed("r2", "#tea", "join")]
    play.protocol.connection_made()
    play.sent()
    play.gets(welcome(resumed=True))
    assert [frame["type"] for frame in play.sent()] == ["users", "group"]


def test_another_journal_starts_anew() -> None:
    """A hub without a disk was restarted: its `seq`s are other events."""
    play = Play().joined()
    play.gets(message(70))
    play.reconnects(token="j2.other", seq=3)
    assert play.gets(message(4)) == [Message(4, TIME, "bob", "lobby", "hi")]
    play.protocol.connection_lost()
    play.protocol.connection_made()
    assert play.sent()[0]["resume"] == {"token": "j2.other", "after": 4}


def test_a_gap_that_the_hub_leaves_is_accepted() -> None:
    play = Play().joined()
    play.reconnects(token="j1.other", seq=50)
    assert play.gets(message(50)) == []
    assert len(play.gets(message(51))) == 1


def test_a_half_line_of_the_old_connection_is_forgotten() -> None:
    play = Play().joined()
    play.protocol.receive_data(b'{"type":"mess')
    play.reconnects(resumed=True)
    assert play.gets(message(2)) == [Message(2, TIME, "bob", "lobby", "hi")]


# --- a hub that is none --------------------------------------------------------------


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
