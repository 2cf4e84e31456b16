"""The benchmark's listeners: what they make of bytes that arrive cut anywhere."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from bench.contestant import MARK, Seat, Step
from bench.ears import STAMP, WORDS, Arrival, Ear, Observer, Talker

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """A connection: the client's end, and the server's."""
    client, server = socket.socketpair()
    with client, server:
        client.setblocking(False)
        server.settimeout(10)
        yield client, server


def write(seat: Seat, text: bytes) -> bytes:
    return b"%d %b %b\n" % (len(text), seat.name.encode(), text)


def hear(ear: Ear | Observer, data: bytes, due: list[Talker]) -> int:
    return ear.hear(bytearray(data) + b"stale", len(data), due)


def test_a_talker_writes_its_credit_and_says_how_long_a_text_is(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    client, server = ends
    talker = Talker(7, client, write, Seat("ann"))
    talker.credit = 2
    talker.talk(123)
    text = MARK + b"00007:" + STAMP % 123 + WORDS
    line = b"%d ann %b\n" % (len(text), text)
    assert server.recv(4096) == line * 2
    assert (talker.credit, talker.written) == (0, 2)


@pytest.mark.parametrize("cut", range(1, 110))
def test_an_ear_counts_each_message_once_wherever_it_is_cut(
    cut: int, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    talker, other = (Talker(n, client, write, Seat("ann")) for n in (1, 2))
    for writes in (talker, other):
        writes.credit = 1
        writes.talk(0)
    data = server.recv(4096)
    assert len(data) == 110
    ear, due = Ear([talker]), list[Talker]()
    heard = hear(ear, data[:cut], due) + hear(ear, data[cut:], due)
    assert (heard, ear.latencies.total()) == (2, 2)
    assert (due, talker.credit, other.credit) == ([talker], 1, 0)


def test_an_observer_gives_credit_for_every_mark(
    ends: tuple[socket.socket, socket.socket],
) -> None:
    talker = Talker(1, ends[0], write, Seat("ann"))
    observer, due = Observer(talker), list[Talker]()
    assert hear(observer, b"a^b^c", due) == 2
    assert hear(observer, b"nothing", due) == 0
    assert hear(observer, b"^", due) == 1
    assert (due, talker.credit) == ([talker], 3)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_who_arrives_takes_one_step_after_the_other(
    size: int, ends: tuple[socket.socket, socket.socket]
) -> None:
    client, server = ends
    arrival = Arrival(client, [Step(b"NICK", b" 001 "), Step(b"JOIN", b" 366 ")])
    assert server.recv(100) == b"NICK"

    def hear_all(data: bytes) -> list[bool]:
        pieces = (data[at : at + size] for at in range(0, len(data), size))
        return [arrival.hear(bytearray(p) + b" 366 ", len(p)) for p in pieces]

    assert not any(hear_all(b":s 366 :s 001 x"))
    assert server.recv(100) == b"JOIN"
    assert hear_all(b"many names, then 366 ")[-1]
