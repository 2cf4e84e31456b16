"""Both chats over connections that are lost, refused or never made."""

from __future__ import annotations

import socket
import threading

import pytest
from tests.unit.client.loopback import LIMIT, Face, LoopbackHub, Start, free_port

from hubbub.client import (
    Connected,
    Disconnected,
    Ended,
    EndedError,
    Message,
    Reconnected,
    Retrying,
    UnconfirmedError,
)
from hubbub.dialects.json_lines.frames import UsersRequest


def test_a_cut_connection_comes_back(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.until(Connected)
    hub.cut()
    hub.do(lambda hub: hub.say("bob", "you missed this"))
    events = chat.until(Reconnected)
    assert isinstance(events[0], Disconnected)
    assert isinstance(events[1], Retrying)
    assert events[-1].resumed
    assert chat.until(Message)[-1].text == "you missed this"
    chat.call("send", "and I am back", wait=True)
    assert hub.hub.said == ["you missed this", "and I am back"]


def test_what_is_sent_while_away_arrives_once(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.until(Connected)
    for number in range(30):
        chat.call("send", str(number))
        if number % 5 == 0:
            hub.cut()
    chat.call("flush")
    assert hub.hub.said == [str(number) for number in range(30)]


def test_an_answer_survives_a_cut(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.until(Connected)
    hub.mute = True
    chat.call("ask", UsersRequest())
    hub.cut()
    hub.mute = False
    assert chat.call("users") == ("alice",)


def test_a_lost_seat_leaves_it_open(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.until(Connected)
    with hub.lock:
        hub.mute = True
    errors: list[Exception] = []

    def send() -> None:
        try:
            chat.call("send", "may stand or not", wait=True)
        except Exception as error:
            errors.append(error)

    sender = threading.Thread(target=send)
    sender.start()
    while not chat.get("pending"):
        pass
    # Pending is not yet sent; an unanswered ping is behind it in the stream.
    chat.call("ask", UsersRequest())
    with hub.lock:
        pass
    wait_until_idle(chat)
    hub.cut()
    with hub.lock:
        hub.hub.users.clear()
        hub.mute = False
    sender.join(LIMIT)
    assert [type(error) for error in errors] == [UnconfirmedError]


def wait_until_idle(chat: Face) -> None:
    """Wait until what was asked has been handed to the socket."""
    session = chat.chat._session
    outgoing = session.protocol._outgoing
    while len(outgoing._handed) < len(outgoing):
        chat.get("pending")


def test_nobody_listens_yet(start: Start, hub: LoopbackHub) -> None:
    port = free_port()
    chat = start(port=port)
    retrying = chat.until(Retrying)[-1]
    assert "refused" in retrying.reason.lower()
    assert not chat.get("connected")
    with socket.create_server(("127.0.0.1", port)) as listener:
        listener.settimeout(LIMIT)
        listener.accept()[0].close()


def test_it_gives_up_in_the_end(start: Start) -> None:
    chat = start(port=free_port(), reconnect_for=0.1)
    events = chat.rest()
    assert isinstance(events[0], Retrying)
    assert isinstance(events[-1], Ended)
    assert events[-1].code == "unreachable"
    with pytest.raises(EndedError):
        chat.call("send", "too late")
    with pytest.raises(EndedError):
        chat.call("receive")
    assert chat.get("ended") == events[-1]
    assert chat.rest() == []


def test_a_name_without_an_address(start: Start) -> None:
    chat = start(host="no.such.host.invalid", reconnect_for=0)
    assert "not found" in chat.rest()[-1].reason


def test_a_hub_that_resets(start: Start, hub: LoopbackHub) -> None:
    """A reset where a goodbye was due is an accident, and is tried again."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(LIMIT)
        chat = start(port=listener.getsockname()[1])
        for _ in range(2):
            sock, _ = listener.accept()
            # Unread bytes and a linger of 0 make the close a reset.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
            sock.close()
        assert isinstance(chat.until(Retrying)[-1], Retrying)


def test_a_kick_is_heard_while_writing(start: Start, hub: LoopbackHub) -> None:
    """The reason is in the socket although writing to it fails."""
    chat = start()
    chat.until(Connected)
    with hub.lock:
        hub.write(b'{"type":"bye","code":"kicked","reason":"you were kicked"}\n')
        hub.cut()
    for _ in range(100):
        try:
            chat.call("send", "x" * 4000)
        except EndedError:
            break
    assert chat.rest()[-1] == Ended("kicked", "you were kicked")
