"""The protocol by playbook: coming in and saying something."""

from __future__ import annotations

import json

import pytest
from tests.unit.client.play import LIMITS, TIME, Play, key, message, welcome

from hubbub.client import (
    Acknowledged,
    BacklogFullError,
    ClientProtocol,
    Connected,
    LimitsInfo,
    Message,
    NameRefused,
    Refused,
)
from hubbub.client.protocol import BACKLOG, Phase

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
