"""The protocol by playbook: a connection lost, and the next one."""

from __future__ import annotations

from tests.unit.client.play import TIME, Play, key, message, welcome

from hubbub.client import (
    Acknowledged,
    Message,
    Reconnected,
    Unconfirmed,
)


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
