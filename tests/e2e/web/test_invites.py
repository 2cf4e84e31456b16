"""Invitations in the page: made by who keeps order, and used by who has the link."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import zxingcpp
from playwright.sync_api import BrowserContext, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import Open, StartHub, Tab
from tests.e2e.web.test_access import PHONE, violations
from tests.unit.dialects.test_card import pixels

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]

CHOSEN = "correct horse"
CODE = r"[0-9a-z]{5}(?:-[0-9a-z]{5}){4}"


@pytest.fixture
def hub(start_hub: StartHub, tmp_path: Path) -> HubProcess:
    """A hub that lets in members only."""
    return start_hub("--members-only", "--data", str(tmp_path / "hub"))


def link_of(hub: HubProcess, lasting: str = "") -> str:
    """Have the console make a code; give its link."""
    known = len(hub.lines)
    hub.type(f":invite new {lasting}".rstrip())
    hub.wait_for(rf"#invite={CODE}$")
    while not (found := re.search(rf"http\S+#invite={CODE}", _since(hub, known))):
        hub.wait_for(rf"#invite={CODE}$")
    return found[0]


def _since(hub: HubProcess, known: int) -> str:
    return "\n".join(hub.lines[known:])


def register(tab: Tab, link: str, name: str) -> Tab:
    """Follow a link, and choose a name and a password."""
    tab.page.goto("about:blank")
    tab.page.goto(link)
    expect(tab.part("#door-title")).to_have_text("You are invited")
    tab.page.fill("#door-name", name)
    tab.page.fill("#door-password", CHOSEN)
    tab.page.press("#door-password", "Enter")
    tab.part("#app").wait_for()
    return tab


def moderator(hub: HubProcess, tab: Tab, name: str) -> Tab:
    """Come in by an invitation, and be made a moderator at the console."""
    register(tab, link_of(hub), name)
    hub.type(f":role {name} moderator")
    expect(tab.part("#my-role")).to_have_text("moderator")
    return tab


def test_a_link_leads_in(hub: HubProcess, open_tab: Open) -> None:
    """The code is nowhere to be seen; the name is one's own; a reload comes back."""
    link = link_of(hub)
    ann = open_tab(hub)
    register(ann, link, "ann")
    assert "invite" not in ann.page.url
    assert "#" not in ann.page.url
    ann.say("here I am")
    ann.stored("here I am")
    ann.page.reload()
    ann.sees("here I am")
    late = open_tab(hub)
    late.page.goto("about:blank")
    late.page.goto(link)
    late.page.fill("#door-name", "late")
    late.page.fill("#door-password", CHOSEN)
    late.page.press("#door-password", "Enter")
    expect(late.part("#door-error")).to_contain_text("That invitation is unknown")
    expect(late.part("#door-title")).to_have_text("Join the chat")
    # On another device the password is what one comes in with.
    late.page.fill("#door-name", "ann")
    late.page.fill("#door-password", CHOSEN)
    late.page.press("#door-password", "Enter")
    late.part("#app").wait_for()
    expect(late.part("#my-name")).to_have_text("ann")


def test_what_is_refused_can_be_mended(hub: HubProcess, open_tab: Open) -> None:
    """A password that is too short, then a name that is taken; then one is in."""
    link = link_of(hub, "for 1h")
    register(open_tab(hub), link, "ann")
    bob = open_tab(hub)
    bob.page.goto("about:blank")
    bob.page.goto(link)
    bob.page.fill("#door-name", "ann")
    bob.page.fill("#door-password", "short")
    bob.page.press("#door-password", "Enter")
    expect(bob.part("#door-error")).to_contain_text("8 characters")
    bob.page.fill("#door-password", CHOSEN)
    bob.page.press("#door-password", "Enter")
    expect(bob.part("#door-error")).to_contain_text("is taken")
    expect(bob.part("#door-name")).to_have_value("ann2")
    expect(bob.part("#door-title")).to_have_text("You are invited")
    bob.page.press("#door-name", "Enter")
    bob.part("#app").wait_for()
    expect(bob.part("#my-name")).to_have_text("ann2")


def test_a_link_opened_where_one_is_in(hub: HubProcess, open_tab: Open) -> None:
    """It is taken out of the address, and does nothing."""
    link = link_of(hub, "for 1h")
    ann = register(open_tab(hub), link, "ann")
    ann.page.evaluate("code => { location.hash = code }", link.partition("#")[2])
    expect(ann.part("#notice")).to_contain_text("You are in already")
    assert "invite" not in ann.page.url


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}])
def test_a_moderator_makes_a_link(
    hub: HubProcess, open_tab: Open, connect: Connect, size: dict[str, int]
) -> None:
    """A dialog with the link, a button that copies it, and a picture a camera reads."""
    touch = size is PHONE
    mona = open_tab(hub, viewport=size, has_touch=touch, reduced_motion="reduce")
    moderator(hub, mona, "mona")
    context: BrowserContext = mona.page.context
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    if touch:
        mona.part("#people-toggle").tap()
    mona.part("#invite").press("Enter")
    assert violations(mona) == "[]"
    mona.page.select_option("#invite-whom", label="anybody, for a day")
    mona.part("#invite-form button").click()
    expect(mona.part("#invite-text")).to_contain_text("For anybody until")
    link = mona.part("#invite-link").input_value()
    assert re.fullmatch(rf"http://127\.0\.0\.1:{hub.port}/#invite={CODE}", link)
    expect(mona.part("#invite-picture")).to_be_visible()
    assert violations(mona) == "[]"
    source = mona.part("#invite-picture").get_attribute("src")
    drawn = mona.page.evaluate("async (src) => (await fetch(src)).text()", source)
    assert [one.text for one in zxingcpp.read_barcodes(pixels(drawn))] == [link]
    wide = mona.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= size["width"]
    mona.part("#invite-copy").click()
    expect(mona.part("#invite-copy")).to_have_text("Copied")
    assert mona.page.evaluate("navigator.clipboard.readText()") == link
    mona.page.keyboard.press("Escape")
    # It was shown once.
    expect(mona.part("#invite-link")).to_have_value("")
    assert link.partition("=")[2] not in mona.page.content()
    bob = connect(hub)
    bob.say(f":invite {link.partition('=')[2]}")
    bob.read_until("NAME : ")
    bob.say("bob", CHOSEN)
    bob.read_until("Welcome bob")


def test_the_same_by_commands(hub: HubProcess, open_tab: Open) -> None:
    """The list, and the end of one."""
    mona = moderator(hub, open_tab(hub), "mona")
    mona.say(":invite new")
    expect(mona.part("#invite-text")).to_contain_text("For one person")
    mona.page.keyboard.press("Escape")
    mona.say(":invites")
    row = mona.sees("by mona", within="#order-list li").inner_text()
    mona.page.keyboard.press("Escape")
    mona.say(f":invite revoke {row.partition(',')[0]}")
    mona.sees("lets nobody in any more", within="#notice")
    mona.say(":invite bob")
    mona.sees("new [for 2d]|revoke <id>", within="#notice")
    hub.type(":role mona member")
    expect(mona.part("#invite")).to_be_hidden()
