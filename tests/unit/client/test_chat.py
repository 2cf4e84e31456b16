"""Both chats, over a real socket: one suite, crossed with the two shells."""

from __future__ import annotations

import socket
import threading
from functools import partial

import pytest
from tests.unit.client.fake_hub import FakeHub
from tests.unit.client.loopback import LIMIT, Face, LoopbackHub, Start, free_port

from hubbub.client import (
    Acknowledged,
    Connected,
    Ended,
    EndedError,
    Message,
    NameRefused,
    RefusedError,
    SocketStep,
    UsersListed,
)
from hubbub.dialects.json_lines import frames
from hubbub.dialects.json_lines.frames import UsersRequest

# --- talking -------------------------------------------------------------------------


def test_saying_and_hearing(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    nonce = chat.call("send", "hello", wait=True)
    assert hub.hub.said == ["hello"]
    hub.do(lambda hub: hub.say("bob", "welcome"))
    heard = [e for e in chat.until(Message) if isinstance(e, Message)]
    assert (heard[-1].text, heard[-1].own, heard[-1].nonce) == ("hello", True, nonce)
    heard = chat.until(Message)
    assert (heard[-1].text, heard[-1].own) == ("welcome", False)


def test_saying_without_waiting(start: Start) -> None:
    chat = start()
    nonce = chat.call("send", "hello")
    assert chat.until(Acknowledged)[-1].re == nonce


def test_asking(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.call("create_group", "tea")
    assert chat.get("joined_groups") == ("tea",)
    chat.call("send", "hot", "#tea", wait=True)
    assert chat.call("users") == ("alice",)
    assert [group.name for group in chat.call("groups")] == ["tea"]
    assert chat.call("members", "tea") == ("alice",)
    page = chat.call("history", "#tea", limit=5)
    assert [message.text for message in page.messages] == ["hot"]
    chat.call("leave_group", "tea")
    assert chat.get("joined_groups") == ()
    with pytest.raises(RefusedError, match="no such group"):
        chat.call("join_group", "nope")
    assert chat.get("people") == ("alice",)
    assert chat.get("name") == "alice"
    assert chat.get("connected")
    assert chat.get("pending") == ()
    assert chat.get("ended") is None
    re = chat.call("ask", UsersRequest())
    chat.call("flush")
    assert chat.until(UsersListed)[-1].re == re


def test_a_refused_message(start: Start) -> None:
    chat = start()
    with pytest.raises(RefusedError, match="not in #tea"):
        chat.call("send", "hi", "#tea", wait=True)
    with pytest.raises(ValueError, match="nothing to send"):
        chat.call("send", "")


def test_many_at_once_all_arrive_in_order(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    texts = [f"{number} {'x' * 2000}" for number in range(400)]
    for text in texts:
        chat.call("send", text)
    chat.call("flush")
    assert hub.hub.said == texts


def test_a_thread_sends_while_another_receives(start: Start, hub: LoopbackHub) -> None:
    chat = start()

    def send() -> None:
        for number in range(100):
            chat.call("send", str(number))

    sender = threading.Thread(target=send)
    sender.start()
    numbers: list[str] = []
    while len(numbers) < 100:
        numbers += [e.text for e in chat.until(Message) if isinstance(e, Message)]
    sender.join(LIMIT)
    assert numbers == hub.hub.said == [str(number) for number in range(100)]


def test_ipv6(start: Start) -> None:
    try:
        server = LoopbackHub("::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    with server:
        start(host="::1", port=server.port).call("send", "hi", wait=True)
        assert server.hub.said == ["hi"]


def test_a_host_name(start: Start, hub: LoopbackHub) -> None:
    """`localhost` may be two addresses, of which only one has a hub."""
    start(host="localhost").call("send", "hi", wait=True)
    assert hub.hub.said == ["hi"]


# --- names ---------------------------------------------------------------------------


def test_a_taken_name_ends_it(start: Start) -> None:
    start().call("users")
    assert start().rest()[-1] == Ended("name_taken", "choose another name")


def test_a_taken_name_may_be_chosen_anew(start: Start) -> None:
    start().call("users")
    chat = start(ask_name=True)
    assert isinstance(chat.until(NameRefused)[-1], NameRefused)
    chat.call("choose_name", "bob")
    assert chat.until(Connected)[-1].name == "bob"


# --- leaving -------------------------------------------------------------------------


def test_leaving_the_block_waits_for_acknowledgements(
    start: Start, hub: LoopbackHub
) -> None:
    chat = start()

    def talk(chat: Face) -> None:
        for number in range(200):
            chat.call("send", str(number))

    chat.within(talk)
    assert hub.hub.said == [str(number) for number in range(200)]
    assert chat.rest()[-1] == Ended("quit", "goodbye")
    assert hub.hub.users == []


def test_leaving_the_block_tells_what_was_lost(start: Start) -> None:
    chat = start(port=free_port(), reconnect_for=0.1)
    with pytest.raises(EndedError):
        chat.within(lambda chat: chat.call("send", "into the void"))


def test_leaving_the_block_with_an_error_waits_for_nothing(start: Start) -> None:
    chat = start(port=free_port())

    def fail(chat: Face) -> None:
        chat.call("send", "never")
        raise KeyError

    with pytest.raises(KeyError):
        chat.within(fail)
    assert chat.get("ended") == Ended("quit", "goodbye")


def test_closing_while_connecting(start: Start) -> None:
    """To an address that answers nothing, as a network without a route back does."""
    with socket.create_server(("127.0.0.1", 0), backlog=1) as listener:
        port = listener.getsockname()[1]
        # With the queue of the listener full, further connections wait.
        fillers = [socket.socket() for _ in range(8)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        chat = start(port=port)
        chat.call("close")
        assert chat.rest() == [Ended("quit", "goodbye")]
        for filler in fillers:
            filler.close()


def test_closing_twice(start: Start) -> None:
    chat = start()
    chat.until(Connected)
    chat.call("close")
    chat.call("close")
    assert chat.rest()[-1] == Ended("quit", "goodbye")


# --- an inbox that nobody empties ----------------------------------------------------


def test_a_program_that_takes_nothing_makes_the_hub_wait(
    start: Start, hub: LoopbackHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    chat = start()
    chat.until(Connected)
    inbox = chat.chat._session.inbox
    monkeypatch.setattr(inbox, "_capacity", 3)
    for number in range(3):
        hub.do(partial(FakeHub.say, name="bob", text=str(number)))
    while not inbox.full:
        chat.get("pending")
    for number in range(3, 200):
        hub.do(partial(FakeHub.say, name="bob", text=str(number)))
    assert len(inbox) == 3
    texts = [chat.until(Message)[-1].text for _ in range(200)]
    assert texts == [str(number) for number in range(200)]


# --- watching ------------------------------------------------------------------------


def test_every_step_of_the_socket_can_be_watched(
    start: Start, hub: LoopbackHub
) -> None:
    steps: list[SocketStep] = []
    chat = start(trace=steps.append)
    chat.call("send", "hello", wait=True)
    chat.call("close")
    names = [step.step for step in steps]
    assert names[:4] == ["CREATE", "CONNECT", "SEND", "RECEIVE"]
    assert names[-1] == "CLOSE"
    peer = f"127.0.0.1:{hub.port}"
    assert {step.peer for step in steps} == {peer}
    assert len({step.fd for step in steps}) == 1
    assert str(steps[0]) == f"CREATE   fd={steps[0].fd} peer={peer}"
    assert str(steps[2]).endswith(f" {steps[2].size} bytes")


@pytest.mark.parametrize("fatal", ["CREATE", "CONNECT", "SEND", "RECEIVE"])
def test_a_watcher_that_fails_ends_it(
    start: Start, monkeypatch: pytest.MonkeyPatch, fatal: str
) -> None:
    """Nobody is left waiting, and no socket open."""
    monkeypatch.setattr(threading, "excepthook", lambda _args: None)

    def watch(step: SocketStep) -> None:
        if step.step == fatal:
            raise KeyError

    chat = start(trace=watch)
    assert chat.rest()[-1].code == "failed"
    with pytest.raises(EndedError):
        chat.call("users")
    # Only then the thread is done, and has told its error to the hook above.
    chat.call("close")


def test_times_out_of_range(start: Start) -> None:
    with pytest.raises(ValueError, match="between attempts"):
        start(reconnect_every=0)


def test_a_frame_that_is_none_does_no_harm(start: Start, hub: LoopbackHub) -> None:
    chat = start()
    chat.until(Connected)
    hub.write(b"\xff\xfe garbage\n" + frames.__name__.encode() + b"\n")
    assert chat.call("users") == ("alice",)
