"""What is said arrives once and in order, wherever the connection is cut."""

from __future__ import annotations

from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.client.fake_hub import FakeHub

from hubbub.client import (
    Acknowledged,
    ClientProtocol,
    Event,
    Joined,
    Left,
    Message,
    Reconnected,
    Unconfirmed,
)
from hubbub.dialects.json_lines import frames

FIRST = [f"before {number}" for number in range(3)]
LATER = [f"after {number}" for number in range(3)]


class Talk:
    """A client and a hub, and a wire between them that can be cut at any byte."""

    def __init__(self, *, nonces: int = 128) -> None:
        numbers = count(1)
        self.hub = FakeHub(nonces=nonces)
        self.client = ClientProtocol("alice", new_nonce=lambda: f"n{next(numbers)}")
        self.events: list[Event] = []

    def connection(self, up: int | None = None, down: int | None = None) -> None:
        """Connect, and exchange until all is quiet or the wire is cut.

        Args:
            up: Bytes from the client that arrive; None for all.
            down: Bytes from the hub that arrive; None for all.
        """
        link = self.hub.connect()
        self.client.connection_made()
        left = [1 << 30 if limit is None else limit for limit in (up, down)]
        while not link.closed:
            out = self.client.data_to_send()
            link.receive(out[: left[0]])
            back = link.take()
            self.events += self.client.receive_data(back[: left[1]])
            cut = len(out) > left[0] or len(back) > left[1]
            left = [left[0] - len(out), left[1] - len(back)]
            if cut or not (out or back):
                break
        if up is not None or down is not None:
            self.events += self.client.connection_lost()
            link.lose()

    def check(self) -> None:
        """Everything stands once, in order, and was seen once, in order."""
        own = [text for text in self.hub.said if not text.startswith("bob")]
        assert own == [*FIRST, *LATER]
        assert self.client.pending == ()
        told = [e for e in self.events if isinstance(e, Message | Joined | Left)]
        seqs = [event.seq for event in told]
        assert seqs == sorted(set(seqs))
        # Everything that was said since the first welcome; of coming and going, one's
        # own is no news to some hubs, and is not compared.
        messages = [event.text for event in told if isinstance(event, Message)]
        assert messages == self.hub.said
        acknowledged = [e.re for e in self.events if isinstance(e, Acknowledged)]
        assert sorted(acknowledged) == [f"n{number}" for number in range(1, 7)]
        assert not [e for e in self.events if isinstance(e, Unconfirmed)]

    def play(self, cuts: list[tuple[int | None, int | None]]) -> None:
        """Say something before and after each cut."""
        # The first welcome arrives: before it there is no seat to come back to.
        self.connection(None, 1 << 20)
        for text in FIRST:
            self.client.send(text)
        self.hub.say("bob", "bob 1")
        for number, cut in enumerate(cuts):
            self.connection(*cut)
            self.hub.say("bob", f"bob away {number}")
        for text in LATER:
            self.client.send(text)
        self.connection()
        self.check()


# More than any one connection of the plays below has in either direction.
LONGEST = 1200


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cut_at_every_byte(direction: str) -> None:
    for size in range(LONGEST):
        Talk().play([(size, None) if direction == "up" else (None, size)])


@pytest.mark.parametrize("direction", ["up", "down"])
def test_a_cut_at_every_byte_before_the_first_welcome(direction: str) -> None:
    """The hub may have let the client in already, under a name that is taken now."""
    for size in range(LONGEST):
        talk = Talk()
        for text in (*FIRST, *LATER):
            talk.client.send(text)
        for _ in range(2):
            up, down = (size, None) if direction == "up" else (None, size)
            talk.connection(up, down)
        talk.connection()
        talk.check()
        assert [user.name for user in talk.hub.users] == ["alice"]


@given(
    st.lists(st.tuples(st.integers(0, LONGEST), st.integers(0, LONGEST)), max_size=5),
    st.sampled_from([2, 4, 128]),
)
def test_any_cuts_one_after_another(cuts: list[tuple[int, int]], nonces: int) -> None:
    Talk(nonces=nonces).play(list(cuts))


def test_when_the_seat_is_gone_nothing_is_said_twice() -> None:
    for size in range(LONGEST):
        talk = Talk()
        talk.connection(None, 1 << 20)
        for text in FIRST:
            talk.client.send(text)
        talk.connection(size, 300)
        talk.hub.forget_seats()
        for text in LATER:
            talk.client.send(text)
        talk.connection()
        said = talk.hub.said
        assert len(said) == len(set(said))
        assert said[-3:] == LATER
        unconfirmed = [e.text for e in talk.events if isinstance(e, Unconfirmed)]
        lost = [text for text in FIRST if text not in said]
        # Nothing is lost in silence.
        assert set(lost) <= set(unconfirmed)
        assert any(isinstance(e, Reconnected) and not e.resumed for e in talk.events)


def test_the_fake_hub_keeps_its_side() -> None:
    hub = FakeHub()
    link = hub.connect()
    link.receive(b'{"type":"hello","name":"alice"}\n')
    link.receive(b'{"type":"send","to":"lobby","text":"x","nonce":"1"}\n' * 2)
    assert hub.said == ["x"]
    assert link.take().count(b'"nonce":"1"') == 2
    assert isinstance(hub.events[0][0], frames.Joined)
