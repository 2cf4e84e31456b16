"""The page for everyone: axe-core, the keyboard alone, a phone, a screen reader."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import Open, Tab

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]

PHONE = {"width": 320, "height": 568}


def violations(tab: Tab) -> str:
    """Say what axe-core finds wrong with the page as it is."""
    response = Axe().run(tab.page).response
    return json.dumps(
        [
            {"rule": one["id"], "at": [node["html"] for node in one["nodes"][:3]]}
            for one in response["violations"]
        ],
        indent=1,
    )


@pytest.mark.parametrize(
    ("scheme", "size"), [("light", PHONE), ("dark", {"width": 1440, "height": 900})]
)
def test_axe_finds_nothing(
    hub: HubProcess,
    open_tab: Open,
    connect: Connect,
    scheme: str,
    size: dict[str, int],
) -> None:
    """WCAG 2 A and AA and axe's good practice, on every view of the page."""
    alice = open_tab(hub, color_scheme=scheme, viewport=size, reduced_motion="reduce")
    assert violations(alice) == "[]"
    alice.page.press("#door-name", "Enter")
    assert violations(alice) == "[]"
    alice.join("alice")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="see https://example.org, @alice: `code`")
    bob.send(type="send", to="lobby", text="```\nx = 1\n```")
    bob.send(type="send", to="@alice", text="psst")
    alice.sees("x = 1")
    alice.say(":nothing")
    alice.part("#choices").wait_for(state="hidden")
    assert violations(alice) == "[]"
    alice.page.fill("#say", ":g")
    alice.page.press("#say", "ArrowDown")
    expect(alice.part("#choices")).to_be_visible()
    assert violations(alice) == "[]"
    alice.page.fill("#say", "")
    if size is PHONE:
        alice.part("#side-toggle").click()
        assert violations(alice) == "[]"
    alice.part("#browse").click()
    assert violations(alice) == "[]"
    alice.page.keyboard.press("Escape")
    alice.part("#account-open").click()
    assert violations(alice) == "[]"
    alice.page.keyboard.press("Escape")
    alice.part("#help-open").click()
    assert violations(alice) == "[]"


def test_the_keyboard_alone(hub: HubProcess, open_tab: Open, connect: Connect) -> None:
    """From the door to a group, a private conversation, help and out again."""
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    alice = open_tab(hub)
    press, write = alice.page.keyboard.press, alice.page.keyboard.type
    expect(alice.part("#door-name")).to_be_focused()
    write("alice")
    press("Enter")
    expect(alice.part("#say")).to_be_focused()

    write(":gr")
    press("Tab")
    write("cr")
    press("Tab")
    write("tea")
    press("Enter")
    expect(alice.part("#title")).to_have_text("#tea")
    write("hello tea")
    press("Enter")
    alice.stored("hello tea")

    write(":pm b")
    press("ArrowDown")
    press("Enter")
    write("hi")
    press("Enter")
    expect(alice.part("#title")).to_have_text("bob")
    bob.frames_until(type="message", text="hi")
    bob.send(type="send", to="lobby", text="news")
    expect(alice.part('#side [aria-label^="Lobby, 1 unread"]')).to_be_visible()
    press("Alt+Shift+ArrowDown")
    expect(alice.part("#title")).to_have_text("Lobby")
    press("Alt+ArrowDown")
    expect(alice.part("#title")).to_have_text("#tea")
    press("Alt+ArrowUp")

    write(":help")
    press("Enter")
    expect(alice.part("#help-dialog")).to_be_visible()
    press("Escape")
    expect(alice.part("#say")).to_be_focused()

    write(":users")
    press("Enter")
    press("ArrowDown")
    expect(alice.part("#people-list :focus")).to_have_text("bob")
    press("Enter")
    expect(alice.part("#title")).to_have_text("bob")
    alice.part("#timeline").focus()
    write("typed anywhere")
    expect(alice.part("#say")).to_have_value("typed anywhere")
    press("Control+a")
    write(":quit")
    press("Enter")
    expect(alice.part("#door-go")).to_be_focused()


def test_a_telephone(hub: HubProcess, open_tab: Open, connect: Connect) -> None:
    """320 pixels: nothing is cut off, and the panels are drawers."""
    bob = connect(hub)
    bob.send(type="hello", name="b" * 32)
    alice = open_tab(hub, viewport=PHONE, has_touch=True, is_mobile=True)
    alice.join("a" * 32)
    bob.send(type="send", to="lobby", text="x" * 300)
    bob.send(type="send", to="lobby", text="https://example.org/" + "long" * 40)
    alice.sees("https://example.org/long")
    width = "document.documentElement.scrollWidth"
    assert alice.page.evaluate(width) == PHONE["width"]
    scroller = "document.querySelector('#timeline')"
    assert alice.page.evaluate(f"{scroller}.scrollWidth <= {scroller}.clientWidth")

    expect(alice.part("#people")).not_to_be_in_viewport()
    alice.part("#people-toggle").tap()
    alice.part('#people [aria-label^="bbb"]').tap()
    expect(alice.part("#people")).not_to_be_in_viewport()
    expect(alice.part("#title")).to_have_text("b" * 32)
    alice.page.fill("#say", "by touch")
    alice.part("#send").tap()
    alice.stored("by touch")
    alice.part("#side-toggle").tap()
    alice.part("#rooms button").first.tap()
    expect(alice.part("#title")).to_have_text("Lobby")
    alice.part("#side-toggle").tap()
    alice.page.keyboard.press("Escape")
    expect(alice.part("#side")).not_to_be_in_viewport()


def test_what_comes_is_read_out_once(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    """A live region of its own, so that history that is scrolled to is not read out."""
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="long ago")
    bob.frames_until(type="message", text="long ago")
    alice = open_tab(hub).join("alice")
    alice.sees("long ago")
    bob.send(type="send", to="lobby", text="just now")
    expect(alice.part("#announcer")).to_have_text("bob: just now")
    bob.send(type="send", to="@alice", text="alone")
    expect(alice.part("#announcer")).to_have_text("bob in bob: alone")


def test_each_text_in_its_own_direction(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    bob = connect(hub)
    bob.send(type="hello", name="סבא")
    alice = open_tab(hub).join("alice")
    bob.send(type="send", to="lobby", text="שלום, alice!")
    bob.send(type="send", to="lobby", text="and left to right")
    direction = "one => getComputedStyle(one.querySelector('p')).direction"
    assert alice.sees("שלום").evaluate(direction) == "rtl"
    assert alice.sees("and left").evaluate(direction) == "ltr"


def test_a_page_that_is_written_from_the_right(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    """As a browser's translation into Arabic has it: all is mirrored but code."""
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    alice = open_tab(hub, viewport=PHONE, has_touch=True, is_mobile=True).join("alice")
    bob.send(type="send", to="lobby", text="hello")
    bob.send(type="send", to="lobby", text="```\nx = (1)\n```")
    saba = connect(hub)
    saba.send(type="hello", name="סבא")
    saba.frames_until(type="welcome")
    sides = {"ltr": "left", "rtl": "right"}
    for direction, side in sides.items():
        alice.page.evaluate(f"document.documentElement.dir = '{direction}'")
        # Names stand in a column, whichever way each is written.
        for name in ("bob", "סבא"):
            row = alice.part("#people-list .row-name").filter(has_text=name)
            assert row.evaluate("one => getComputedStyle(one).textAlign") == side
    alice.sees("hello")
    avatar = alice.part(".avatar").first.bounding_box()
    body = alice.part(".message .body").first.bounding_box()
    assert avatar is not None
    assert body is not None
    assert avatar["x"] >= body["x"] + body["width"]
    code = alice.sees("x = (1)").locator("pre")
    assert code.evaluate("one => getComputedStyle(one).direction") == "ltr"
    alice.part(".message .more").first.tap()
    expect(alice.part("#menu")).to_be_in_viewport(ratio=1)
    alice.page.keyboard.press("Escape")
    for panel, toggle in (("#side", "#side-toggle"), ("#people", "#people-toggle")):
        expect(alice.part(panel)).not_to_be_in_viewport()
        alice.part(toggle).tap()
        expect(alice.part(panel)).to_be_in_viewport(ratio=1)
        alice.page.keyboard.press("Escape")
        expect(alice.part(panel)).not_to_be_in_viewport()


def test_the_head_of_a_room_on_a_telephone(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    """All that is special about it stands there, and nothing covers anything."""
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="group", action="create", name="t" * 32, private=True)
    bob.send(type="group", action="topic", name="t" * 32, text="about " * 30)
    bob.send(type="admin", action="slow", to=f"#{'t' * 32}", seconds=3600)
    bob.send(type="admin", action="freeze", to=f"#{'t' * 32}")
    alice = open_tab(hub, viewport=PHONE, has_touch=True, is_mobile=True).join("alice")
    bob.send(type="group", action="invite", name="t" * 32, user="alice")
    alice.say(f":group join {'t' * 32}")
    bob.send(type="group", action="mod", name="t" * 32, user="alice")
    marks = ["frozen", "slow, 3600 s", "private", "mod"]
    expect(alice.part("#marks li")).to_have_text(marks)
    buttons = ("#side-toggle", "#leave-group", "#people-toggle")
    parts = [alice.part(one).bounding_box() for one in buttons]
    for mark in alice.part("#marks li").all():
        expect(mark).to_be_in_viewport(ratio=1)
        box = mark.bounding_box()
        assert box is not None
        for part in parts:
            assert part is not None
            beside = box["x"] + box["width"] <= part["x"] or (
                part["x"] + part["width"] <= box["x"]
            )
            below = box["y"] >= part["y"] + part["height"]
            assert beside or below, (box, part)
    assert violations(alice) == "[]"
