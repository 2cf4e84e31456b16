"""A connection that breaks: nothing is missed, nothing is said twice."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import WebSocketRoute, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import PATIENCE, Open, StartHub

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
