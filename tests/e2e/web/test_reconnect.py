"""A connection that breaks: nothing is missed, nothing is said twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import PATIENCE, Open, StartHub, Tab

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]


def test_a_killed_hub_that_comes_back(
    start_hub: StartHub, open_tab: Open, connect: Connect, tmp_path: Path
) -> None:
    """Name, groups and messages are as before; what was typed arrives once."""
    hub = start_hub("--data", str(tmp_path))
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    alice.say(":group create tea")
    bob.say(":group join tea")
    alice.sees("bob joined", within=".presence")
    bob.say("before")
    alice.sees("before")

    hub.kill()
    expect(alice.part("#banner")).to_contain_text("Trying again in")
    alice.say("typed while it was gone")
    expect(alice.part(".message.pending")).to_contain_text("waiting")
    bob.say("so was this")

    again = start_hub("--data", str(tmp_path), port=hub.port)
    for tab in (alice, bob):
        tab.hurry()
    alice.stored("typed while it was gone")
    bob.stored("so was this")
    for tab in (alice, bob):
        tab.sees("typed while it was gone")
        tab.sees("so was this")
        expect(tab.part("#banner")).to_be_hidden()
        texts = tab.texts()
        assert sorted(texts) == ["before", "so was this", "typed while it was gone"]
        expect(tab.part("#title")).to_have_text("#tea")
    reader = connect(again)
    reader.send(type="hello", name="reader")
    reader.send(type="group", action="join", name="tea")
    reader.send(type="history", of="#tea")
    page = reader.frames_until(type="history")[-1]
    assert len(page["messages"]) == 3


def test_what_waits_outlives_a_reload(
    start_hub: StartHub, open_tab: Open, tmp_path: Path
) -> None:
    """The hub is there, but for a while the page's connections do not reach it."""
    hub = start_hub("--data", str(tmp_path))
    alice = open_tab(hub)
    reachable = True

    def route(socket: WebSocketRoute) -> None:
        if reachable:
            socket.connect_to_server()
        else:
            socket.close()

    alice.page.route_web_socket("**/ws", route)
    alice.page.reload()
    alice.join("alice").say("before")
    alice.stored("before")
    reachable = False
    hub.kill()
    expect(alice.part("#banner")).to_be_visible()
    alice.say("not sent yet")
    start_hub("--data", str(tmp_path), port=hub.port)
    alice.page.reload()
    expect(alice.part(".message.pending")).to_contain_text("not sent yet")
    reachable = True
    alice.page.reload()
    alice.stored("not sent yet")
    expect(alice.part(".message .body")).to_have_text(["before", "not sent yet"])


def test_an_acknowledgement_that_was_lost(start_hub: StartHub, open_tab: Open) -> None:
    """It is sent again with its nonce, and stands once."""
    hub = start_hub("--memory")
    alice = open_tab(hub)
    # Eats the hub's answer to the first message, and then breaks the connection.
    alice.page.add_init_script(
        """
        const Real = WebSocket;
        let armed = true;
        window.WebSocket = class extends Real {
          set onmessage(listener) {
            super.onmessage = listener && ((event) => {
              if (armed && event.data.includes('"once only"')) {
                armed = false;
                this.onclose = this.onclose;
                Real.prototype.close.call(this);
              } else listener(event);
            });
          }
          get onmessage() { return super.onmessage; }
        };
        """
    )
    alice.page.reload()
    bob = open_tab(hub).join("bob")
    alice.join("alice")
    alice.say("once only")
    bob.sees("once only")
    alice.stored("once only")
    alice.say("and on")
    bob.sees("and on")
    for tab in (alice, bob):
        expect(tab.part(".message .body")).to_have_text(["once only", "and on"])


def test_another_journal_begins_anew(
    start_hub: StartHub, open_tab: Open, tmp_path: Path
) -> None:
    """What was seen has numbers that mean something else now."""
    hub = start_hub("--data", str(tmp_path / "one"))
    alice = open_tab(hub).join("alice")
    alice.say(":group create tea")
    alice.sees("Only members", within="#subtitle")
    alice.go("Lobby")
    alice.say("of the first journal")
    alice.stored("of the first journal")
    hub.kill()
    start_hub("--data", str(tmp_path / "two"), port=hub.port)
    alice.hurry()
    alice.sees("your groups were not kept", within="#notice")
    alice.say("of the second")
    alice.stored("of the second")
    expect(alice.part(".message .body")).to_have_text(["of the second"])


def test_a_silent_connection_is_found_when_the_network_changes(
    start_hub: StartHub, open_tab: Open
) -> None:
    """A laptop that slept, or another Wi-Fi: the old connection answers no more."""
    hub = start_hub("--memory")
    alice = open_tab(hub).join("alice")
    alice.say("here")
    alice.stored("here")
    hub.process.send_signal(signal.SIGSTOP)  # Connected, and silent.
    alice.page.evaluate("dispatchEvent(new Event('online'))")
    expect(alice.part("#banner")).to_be_visible(timeout=PATIENCE)
    hub.process.send_signal(signal.SIGCONT)
    expect(alice.part("#banner")).to_be_hidden(timeout=20_000)
    alice.say("still here")
    alice.stored("still here")
    expect(alice.part(".message .body")).to_have_text(["here", "still here"])


TRIES = 20


class Air:
    """What the page's connections travel through; it can be still for a while."""

    def __init__(self, alice: Tab) -> None:
        """Stand between the page and the hub from now on."""
        self.is_still = False
        alice.page.route_web_socket("**/ws", self._route)

    def _route(self, page: WebSocketRoute) -> None:
        hub = page.connect_to_server()
        still = False

        def to_page(text: str | bytes) -> None:
            nonlocal still
            # What was lost once stays lost: a connection has no holes.
            still = still or self.is_still
            if not still:
                page.send(text)

        def to_hub(text: str | bytes) -> None:
            nonlocal still
            still = still or self.is_still
            if not still:
                hub.send(text)

        hub.on_message(to_page)
        page.on_message(to_hub)


def test_a_machine_that_slept(
    start_hub: StartHub, open_tab: Open, connect: Connect
) -> None:
    """Its clock has jumped; what was said meanwhile comes in order, and once."""
    hub = start_hub("--memory")
    alice = open_tab(hub)
    alice.page.clock.install()
    air = Air(alice)
    alice.page.reload()
    alice.join("alice").say("before")
    alice.stored("before")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="awake")
    alice.sees("awake")
    air.is_still = True
    for number in range(5):
        bob.send(type="send", to="lobby", text=f"in the night {number}")
    bob.frames_until(type="message", text="in the night 4")
    expect(alice.part("#messages .body")).to_have_text(["before", "awake"])
    # Timers fire once after a sleep, and the time is another one.
    alice.page.clock.fast_forward("08:00:00")
    expect(alice.part("#banner")).to_be_visible()
    air.is_still = False
    alice.say("good morning")
    stored = alice.part(".message.stored").filter(has_text="good morning")
    # What the page tried while all was still, it has to wait for in vain first.
    for _ in range(TRIES):
        alice.page.clock.fast_forward(10_000)
        with suppress(AssertionError):
            expect(stored).to_be_visible(timeout=1_000)
            break
    expect(stored).to_be_visible()
    night = [f"in the night {number}" for number in range(5)]
    expect(alice.part("#messages .body")).to_have_text(
        ["before", "awake", *night, "good morning"]
    )
    expect(alice.part("#banner")).to_be_hidden()
    expect(alice.part("#my-name")).to_have_text("alice")


def test_a_network_that_goes_and_comes(
    start_hub: StartHub, open_tab: Open, connect: Connect
) -> None:
    """What the browser itself says: offline, then online. Nothing is lost or twice."""
    hub = start_hub("--memory")
    alice = open_tab(hub)
    air = Air(alice)
    # As in Firefox and Safari, which tell of no change from one network to another.
    alice.page.add_init_script(
        "Object.defineProperty(navigator, 'connection', { value: undefined })"
    )
    alice.page.reload()
    alice.join("alice").say("before")
    alice.stored("before")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.frames_until(type="welcome")
    air.is_still = True
    alice.page.context.set_offline(True)
    # It is told that the network has changed, asks the hub, and hears nothing.
    expect(alice.part("#banner")).to_contain_text("seems to be offline")
    bob.send(type="send", to="lobby", text="meanwhile")
    alice.say("typed in a tunnel")
    expect(alice.part(".message.pending")).to_contain_text("typed in a tunnel")
    air.is_still = False
    alice.page.context.set_offline(False)
    alice.stored("typed in a tunnel")
    expect(alice.part("#banner")).to_be_hidden()
    texts = ["before", "meanwhile", "typed in a tunnel"]
    expect(alice.part("#messages .body")).to_have_text(texts)
    bob.frames_until(type="message", text="typed in a tunnel")
    bob.send(type="history", of="lobby")
    page = bob.frames_until(type="history")[-1]
    assert [one["text"] for one in page["messages"]] == texts
