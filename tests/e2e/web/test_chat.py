"""The page in a real browser: names, messages, groups, tabs and farewells."""

from __future__ import annotations

import re
from collections.abc import Callable

import pexpect
import pytest
from playwright.sync_api import BrowserContext, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import PATIENCE, Open

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]
Terminal = Callable[[HubProcess, str], pexpect.spawn]


@pytest.mark.parametrize("engine", ["loop", "threads"])
def test_two_browsers_and_a_terminal(
    hub: HubProcess, open_tab: Open, terminal: Terminal, engine: str
) -> None:
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    carol = terminal(hub, "carol")
    expect(alice.part("#people-count")).to_have_text("3")

    alice.say("hello from a browser")
    carol.expect("alice >> hello from a browser")
    bob.sees("hello from a browser")
    alice.stored("hello from a browser")

    carol.send("hello from a terminal\r")
    for tab in (alice, bob):
        tab.sees("hello from a terminal")

    alice.say(":group create tea")
    expect(alice.part("#title")).to_have_text("#tea")
    bob.say(":group join tea")
    expect(bob.part("#title")).to_have_text("#tea")
    carol.send(":group join tea\r")
    carol.expect("You joined #tea")
    alice.sees("bob and carol joined", within=".presence")
    expect(alice.part("#people-list .row-name")).to_have_text(["alice", "bob", "carol"])
    bob.say("cake?")
    carol.expect("#tea bob >> cake\\?")
    alice.sees("cake?")

    bob.say(":pm carol psst")
    carol.expect(r"\(PM\) bob >> psst")
    carol.send(":pm bob psst yourself\r")
    bob.sees("psst yourself")
    assert not any("psst" in text for text in alice.texts())

    carol.send(":quit\r")
    alice.go("Lobby")
    alice.sees("carol", within=".presence")
    expect(alice.part("#people-count")).to_have_text("2")


def test_a_taken_name_asks_again_with_one_that_is_free(
    hub: HubProcess, open_tab: Open, new_context: Callable[..., BrowserContext]
) -> None:
    """And the name is remembered, but each tab is a session with a seat of its own."""
    context = new_context()
    first = open_tab(hub, context=context)
    first.page.fill("#door-name", "my name")
    first.page.press("#door-name", "Enter")
    expect(first.part("#door-error")).to_contain_text("no spaces")
    first.join("alice")

    second = open_tab(hub, context=context)
    expect(second.part("#door-name")).to_have_value("alice")
    second.page.press("#door-name", "Enter")
    expect(second.part("#door-error")).to_contain_text("taken")
    expect(second.part("#door-name")).to_have_value("alice2")
    second.page.press("#door-name", "Enter")
    second.part("#app").wait_for()

    second.say("I am another")
    first.sees("I am another")
    first.page.reload()
    expect(first.part("#my-name")).to_have_text("alice")
    second.page.reload()
    expect(second.part("#my-name")).to_have_text("alice2")


def test_a_duplicated_tab_takes_no_seat_away(
    hub: HubProcess, open_tab: Open, new_context: Callable[..., BrowserContext]
) -> None:
    context = new_context()
    first = open_tab(hub, context=context).join("alice")
    stored = first.page.evaluate("JSON.stringify({...sessionStorage})")
    # What a browser does when it duplicates a tab: a copy of the storage.
    context.add_init_script(
        f"if (!sessionStorage.length) Object.assign(sessionStorage, {stored})"
    )
    second = open_tab(hub, context=context)
    expect(second.part("#door-name")).to_have_value("alice")
    first.say("still here")
    first.stored("still here")


def test_unread_mentions_and_the_line_above_what_is_new(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    alice = open_tab(hub).join("alice")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="seen")
    alice.sees("seen")
    bob.send(type="send", to="@alice", text="a secret")
    alice.part('#side [aria-label^="bob, 1 unread"]').click()
    alice.sees("a secret")

    bob.send(type="send", to="lobby", text="one")
    bob.send(type="send", to="lobby", text="two, @Alice")
    lobby = alice.part('#side [aria-label="Lobby, 2 unread, 1 for you"]')
    expect(lobby).to_be_visible(timeout=PATIENCE)
    expect(alice.page).to_have_title("(2) bob · hubbub")
    lobby.click()
    expect(alice.part("#messages > .new + .message")).to_contain_text("one")
    expect(alice.part(".message.mention")).to_contain_text("two, @Alice")
    expect(alice.page).to_have_title("Lobby · hubbub")


def test_drafts_stay_with_their_conversations(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    alice = open_tab(hub).join("alice")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    alice.part('#people [aria-label^="bob"]').click()
    alice.page.fill("#say", "half a thou")
    alice.go("Lobby")
    expect(alice.part("#say")).to_have_value("")
    alice.page.reload()
    alice.go("bob")
    expect(alice.part("#say")).to_have_value("half a thou")


def test_several_lines_code_and_links(hub: HubProcess, open_tab: Open) -> None:
    alice = open_tab(hub).join("alice")
    alice.page.keyboard.type("first")
    alice.page.keyboard.press("Shift+Enter")
    alice.page.keyboard.type("second https://example.org/a_(b).")
    alice.page.keyboard.press("Enter")
    assert alice.sees("second").inner_text() == (
        "first\nsecond https://example.org/a_(b)."
    )
    link = alice.part(".body a")
    expect(link).to_have_attribute("href", "https://example.org/a_(b)")
    expect(link).to_have_attribute("rel", re.compile("noopener noreferrer"))
    alice.say("```\nif x < y:\n    pass\n```\nand `y > x`")
    expect(alice.part(".body pre")).to_have_text("if x < y:\n    pass")
    expect(alice.part(".body p code")).to_have_text("y > x")


def test_copying_gives_clean_text(hub: HubProcess, open_tab: Open) -> None:
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    alice.say("with `code`\nand a line")
    bob.sees("with code")
    bob.say("yes")
    alice.sees("yes")
    copied = alice.page.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("#messages"));
          const event = new ClipboardEvent("copy", {
            clipboardData: new DataTransfer(), bubbles: true, cancelable: true });
          document.querySelector(".message").dispatchEvent(event);
          return event.clipboardData.getData("text/plain");
        }"""
    )
    stamp = r"\[[^\]]+\]"
    pattern = rf"{stamp} alice: with `code`\nand a line\n{stamp} bob: yes"
    assert re.fullmatch(pattern, copied), copied


def test_what_the_hub_refuses_can_be_tried_again(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    alice = open_tab(hub).join("alice")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    alice.part('#people [aria-label^="bob"]').click()
    bob.send(type="bye")
    alice.sees("Not here", within="#subtitle")
    alice.say("are you there?")
    failed = alice.part(".message.failed")
    expect(failed).to_contain_text("Not sent")
    back = connect(hub)
    back.send(type="hello", name="bob")
    back.frames_until(type="welcome")
    alice.sees("Only the two", within="#subtitle")
    failed.get_by_role("button", name="Retry").click()
    alice.stored("are you there?")
    back.frames_until(type="message", text="are you there?")


def test_commands_explain_themselves(hub: HubProcess, open_tab: Open) -> None:
    alice = open_tab(hub).join("alice")
    alice.say(":usres")
    alice.sees("did you mean :users?", within="#notice")
    expect(alice.part("#say")).to_have_value(":usres")
    alice.say(":pm bob")
    alice.sees("write it as :pm <user> <message>", within="#notice")
    alice.say("x" * 5000)
    alice.sees("too long", within="#notice")
    alice.say(":help")
    expect(alice.part("#help-dialog")).to_be_visible()
    alice.page.keyboard.press("Escape")
    alice.say(":)")
    alice.stored(":)")


def test_the_one_who_is_kicked_is_told_and_can_join_again(
    hub: HubProcess, open_tab: Open
) -> None:
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    hub.type(":kick alice <b>enough</b>")
    expect(alice.part("#door-title")).to_have_text("You were removed")
    expect(alice.part("#door-text")).to_contain_text("<b>enough</b>")
    bob.sees("alice was removed", within=".presence")
    alice.page.reload()
    alice.join("alice")
    bob.sees("alice joined", within=".presence")


def test_leaving_gives_the_seat_up(hub: HubProcess, open_tab: Open) -> None:
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    alice.part("#quit").click()
    expect(alice.part("#door-title")).to_have_text("Goodbye")
    expect(bob.part("#people-count")).to_have_text("1")
    alice.part("#door-go").click()
    expect(alice.part("#app")).to_be_visible()
    expect(bob.part("#people-count")).to_have_text("2")


def test_a_name_that_needs_a_password(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    owner = connect(hub)
    owner.send(type="hello", name="alice")
    owner.send(type="account", action="register", password="correct horse")
    owner.frames_until(type="done")
    alice = open_tab(hub)
    alice.page.fill("#door-name", "alice")
    alice.page.press("#door-name", "Enter")
    expect(alice.part("#door-password")).to_be_focused()
    alice.page.fill("#door-password", "wrong horse")
    alice.page.press("#door-password", "Enter")
    expect(alice.part("#door-error")).to_contain_text("wrong")
    alice.page.fill("#door-password", "correct horse")
    alice.page.press("#door-password", "Enter")
    expect(alice.part("#my-name")).to_have_text("alice")
    owner.send(type="send", to="lobby", text="from the other device")
    alice.sees("from the other device")
    expect(alice.part(".message.own")).to_have_count(1)
    alice.page.reload()
    expect(alice.part("#my-name")).to_have_text("alice")


def test_making_a_name_ones_own(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    alice = open_tab(hub).join("alice")
    alice.part("#account-open").click()
    alice.page.fill("#account-new", "correct horse")
    alice.page.press("#account-new", "Enter")
    alice.sees("Your name is yours now", within="#notice")
    alice.say(":quit")
    alice.part("#door-title").filter(has_text="Goodbye").wait_for()
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="@alice", text="while you were away")
    bob.frames_until(type="message", text="while you were away")

    phone = open_tab(hub)
    phone.page.fill("#door-name", "alice")
    phone.page.press("#door-name", "Enter")
    phone.page.fill("#door-password", "correct horse")
    phone.page.press("#door-password", "Enter")
    phone.go("bob, 1 unread")
    phone.sees("while you were away")
    phone.say(":unregister")
    phone.page.fill("#account-old", "wrong horse")
    phone.page.press("#account-old", "Enter")
    phone.sees("wrong", within="#notice")
