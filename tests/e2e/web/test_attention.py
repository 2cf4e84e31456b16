"""Calling somebody who looks elsewhere: notifications, and the count in the title.

The browser's own: it has been permitted, and shows them; another tab is in front. What
was shown is written down as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import Open, Tab

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]
NewContext = Callable[..., BrowserContext]

# Each notification of the page, with what became of it.
_RECORD = """
const Real = Notification;
window.notices = [];
window.Notification = class extends Real {
  constructor(title, options) {
    super(title, options);
    const notice = { title, body: options.body, tag: options.tag, state: "new" };
    window.notices.push(notice);
    window.lastNotice = this;
    this.addEventListener("show", () => { notice.state = "shown"; });
    this.addEventListener("close", () => { notice.state = "closed"; });
  }
};
"""


class Room:
    """Alice at the page, with another tab to look at; bob at a socket."""

    def __init__(self, hub: HubProcess, alice: Tab, bob: Person) -> None:
        """Let both in."""
        self.alice = alice
        alice.page.add_init_script(_RECORD)
        alice.page.reload()
        alice.join("alice")
        self._believe_nothing()
        self.elsewhere: Page = alice.page.context.new_page()
        self.elsewhere.goto(f"http://127.0.0.1:{hub.port}/about.json")
        self.bob = bob
        bob.send(type="hello", name="bob")
        alice.page.bring_to_front()
        alice.page.wait_for_function("() => document.hasFocus()")

    def _believe_nothing(self) -> None:
        """Playwright has every page believe that it is the one in front."""
        devtools = self.alice.page.context.new_cdp_session(self.alice.page)
        devtools.send("Emulation.setFocusEmulationEnabled", {"enabled": False})

    def notify(self, pressed: str = "true") -> None:
        """Switch notifications; the browser is asked for its permission meanwhile."""
        self.alice.part("#notify").click()
        expect(self.alice.part("#notify")).to_have_attribute("aria-pressed", pressed)

    def reload(self) -> None:
        self.alice.page.reload()
        self._believe_nothing()

    def look_away(self) -> None:
        self.elsewhere.bring_to_front()
        self.alice.page.wait_for_function("() => !document.hasFocus()")

    def look_back(self) -> None:
        self.alice.page.bring_to_front()
        self.alice.page.wait_for_function("() => document.hasFocus()")

    def says(self, text: str, to: str = "lobby") -> None:
        """Have bob say something, and wait until the page has it."""
        self.bob.send(type="send", to=to, text=text)
        self.alice.page.wait_for_function(
            "text => document.querySelector('#announcer').textContent.includes(text)",
            arg=text,
        )

    def notices(self, count: int) -> list[dict[str, Any]]:
        """Wait until so many were shown; give them."""
        self.alice.page.wait_for_function(
            "count => notices.length >= count && notices.at(-1)?.state !== 'new'",
            arg=count,
        )
        found: list[dict[str, Any]] = self.alice.page.evaluate("notices")
        assert len(found) == count, found
        return found


@pytest.fixture
def room(
    hub: HubProcess, open_tab: Open, new_context: NewContext, connect: Connect
) -> Room:
    """A room of two, in a browser that permits notifications."""
    context = new_context()
    origin = f"http://127.0.0.1:{hub.port}"
    context.grant_permissions(["notifications"], origin=origin)
    return Room(hub, open_tab(hub, context=context), connect(hub))


def test_a_private_message_and_a_mention_call(room: Room) -> None:
    """One for each, and none for what is said to everybody."""
    expect(room.alice.part("#notify")).to_have_attribute("aria-pressed", "false")
    room.notify()
    room.look_away()
    room.says("to everybody")
    room.says("psst", "@alice")
    (private,) = room.notices(1)
    assert private == {"title": "bob", "body": "psst", "tag": "@bob", "state": "shown"}
    room.says("are you there, @Alice?")
    mention = room.notices(2)[1]
    assert mention["title"] == "bob in Lobby"
    assert mention["body"] == "are you there, @Alice?"
    room.says("x" * 500, "@alice")
    long = room.notices(3)
    # The newest of a conversation takes the place of the one before.
    assert [one["state"] for one in long] == ["closed", "shown", "shown"]
    assert long[2]["body"] == "x" * 160


def test_a_click_leads_there(room: Room) -> None:
    room.notify()
    room.look_away()
    room.says("psst", "@alice")
    room.notices(1)
    expect(room.alice.part("#title")).to_have_text("Lobby")
    room.alice.page.evaluate("lastNotice.dispatchEvent(new Event('click'))")
    expect(room.alice.part("#title")).to_have_text("bob")
    assert room.alice.page.evaluate("notices[0].state") == "closed"


def test_who_looks_is_not_called(room: Room) -> None:
    """Nor who did not ask for it, nor who has switched it off."""
    room.look_away()
    room.says("unasked", "@alice")
    room.look_back()
    room.notify()
    room.says("seen", "@alice")
    room.says("seen as well, @alice")
    room.notify("false")
    room.look_away()
    room.says("switched off", "@alice")
    assert room.notices(0) == []


def test_the_wish_outlives_a_reload(room: Room) -> None:
    room.notify()
    room.reload()
    expect(room.alice.part("#notify")).to_have_attribute("aria-pressed", "true")
    room.look_away()
    room.says("psst", "@alice")
    assert room.notices(1)[0]["body"] == "psst"


def test_what_is_deleted_calls_no_more(room: Room) -> None:
    room.notify()
    room.look_away()
    room.says("take that back, @alice")
    assert room.notices(1)[0]["state"] == "shown"
    said = room.bob.frames_until(type="message", text="take that back, @alice")[-1]
    room.bob.send(type="admin", action="delete", message=said["seq"])
    room.alice.page.wait_for_function("() => notices[0].state === 'closed'")


def test_the_title_counts_while_nobody_looks(room: Room) -> None:
    """Also where notifications are not allowed; looking ends it."""
    expect(room.alice.page).to_have_title("Lobby · hubbub")
    room.says("seen")
    expect(room.alice.page).to_have_title("Lobby · hubbub")
    room.look_away()
    room.says("one")
    expect(room.alice.page).to_have_title("(1) Lobby · hubbub")
    room.says("two", "@alice")
    expect(room.alice.page).to_have_title("(2) Lobby · hubbub")
    for number in range(100):
        room.bob.send(type="send", to="lobby", text=f"more {number}")
    expect(room.alice.page).to_have_title("(99+) Lobby · hubbub")
    room.look_back()
    expect(room.alice.page).to_have_title("(1) Lobby · hubbub")
    room.alice.go("bob")
    expect(room.alice.page).to_have_title("bob · hubbub")


def test_a_browser_that_forbids(
    hub: HubProcess, open_tab: Open, new_context: NewContext
) -> None:
    """The button says so, and stays as it was."""
    alice = open_tab(hub, context=new_context()).join("alice")
    alice.page.evaluate(
        "Notification.requestPermission = () => Promise.resolve('denied')"
    )
    alice.part("#notify").click()
    alice.sees("does not allow notifications", within="#notice")
    expect(alice.part("#notify")).to_have_attribute("aria-pressed", "false")
