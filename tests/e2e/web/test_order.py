"""The page and who keeps order: deleting, freezing, reports, private groups, menus."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import Open, Tab
from tests.e2e.web.test_access import PHONE, violations

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]


def moderator(hub: HubProcess, tab: Tab, name: str) -> Tab:
    """Come in, make the name one's own, and be made a moderator at the console."""
    tab.join(name).say(":register")
    tab.page.fill("#account-new", "correct horse")
    tab.part("#account-go").click()
    tab.sees("yours now", within="#notice")
    hub.type(f":role {name} moderator")
    tab.sees(f"{name} is now moderator", within=".presence")
    return tab


def choose(tab: Tab, text: str, item: str) -> None:
    """Choose something from the menu of a message, with the keyboard."""
    tab.part(".message").filter(has_text=text).locator(".more").focus()
    tab.page.keyboard.press("Enter")
    expect(tab.part("#menu [role=menuitem]").first).to_be_focused()
    tab.part("#menu").get_by_role("menuitem", name=item).focus()
    tab.page.keyboard.press("Enter")
    expect(tab.part("#menu")).to_be_hidden()


def test_a_deleted_message_is_gone_everywhere(hub: HubProcess, open_tab: Open) -> None:
    """On two screens at once, and after a reload."""
    mona = moderator(hub, open_tab(hub), "mona")
    bob = open_tab(hub).join("bob")
    bob.say("something rude")
    mona.sees("something rude")
    choose(mona, "something rude", "Delete the message")
    for tab in (mona, bob):
        tab.sees("Deleted by mona", within=".deleted")
        assert "something rude" not in tab.part("#messages").inner_text()
    bob.page.reload()
    bob.sees("Deleted by mona", within=".deleted")
    assert "something rude" not in bob.part("#messages").inner_text()


def test_a_frozen_room_says_why_nothing_can_be_written(
    hub: HubProcess, open_tab: Open
) -> None:
    """Until it is not; and whoever keeps order writes meanwhile."""
    mona = moderator(hub, open_tab(hub), "mona")
    bob = open_tab(hub).join("bob")
    mona.say(":freeze")
    expect(bob.part("#hindrance")).to_contain_text("frozen")
    expect(mona.part("#hindrance")).to_be_empty()
    bob.say("may I?")
    expect(bob.part("#say")).to_have_value("may I?")
    mona.say(":announce A break, until two")
    bob.sees("A break, until two", within=".message.announced .body")
    mona.say(":unfreeze")
    expect(bob.part("#hindrance")).to_be_empty()
    bob.page.press("#say", "Enter")
    mona.sees("may I?")
    mona.say(":mute bob")
    expect(bob.part("#hindrance")).to_contain_text("muted")
    mona.say(":unmute bob")
    expect(bob.part("#hindrance")).to_be_empty()


def test_who_comes_later_knows_how_things_stand(
    hub: HubProcess, open_tab: Open
) -> None:
    """A frozen lobby before anything is typed; the menus of a moderator at once."""
    mona = moderator(hub, open_tab(hub), "mona")
    mona.say(":freeze")
    bob = open_tab(hub).join("bob")
    expect(bob.part("#hindrance")).to_contain_text("frozen")
    expect(bob.part("#marks li")).to_have_text(["frozen"])
    mona.say(":unfreeze")
    expect(bob.part("#hindrance")).to_be_empty()
    expect(bob.part("#marks")).to_be_hidden()
    mona.say(":slow 5m")
    expect(bob.part("#marks li")).to_have_text(["slow, 300 s"])
    carol = open_tab(hub).join("carol")
    expect(carol.part("#hindrance")).to_contain_text("once in 300 s")
    bob.page.reload()
    expect(bob.part("#marks li")).to_have_text(["slow, 300 s"])

    phone = open_tab(hub)
    phone.page.fill("#door-name", "mona")
    phone.page.press("#door-name", "Enter")
    phone.page.fill("#door-password", "correct horse")
    phone.page.press("#door-password", "Enter")
    phone.part("#app").wait_for()
    expect(phone.part("#my-role")).to_have_text("moderator")
    expect(phone.part("#hindrance")).to_be_empty()
    phone.part('#people-list [aria-label="More about bob"]').press("Enter")
    expect(phone.part("#menu").get_by_role("menuitem", name="Kick")).to_be_visible()
    phone.page.keyboard.press("Escape")
    hub.type(":role mona member")
    expect(phone.part("#my-role")).to_be_empty()
    phone.part('#people-list [aria-label="More about bob"]').press("Enter")
    expect(phone.part("#menu [role=menuitem]")).to_have_count(2)


def test_a_group_says_how_it_stands(hub: HubProcess, open_tab: Open) -> None:
    """To who joins it, and to who comes back to it; a rank brings its menu."""
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    alice.say(":group create den")
    expect(alice.part("#marks li")).to_have_text(["owner"])
    alice.say(":group topic den Of lions")
    alice.say(":freeze #den")
    expect(alice.part("#marks li")).to_have_text(["frozen", "owner"])
    bob.say(":group join den")
    expect(bob.part("#subtitle")).to_have_text("Of lions")
    expect(bob.part("#marks li")).to_have_text(["frozen"])
    expect(bob.part("#hindrance")).to_contain_text("frozen")
    alice.say(":group mod den bob")
    expect(bob.part("#marks li")).to_have_text(["frozen", "mod"])
    expect(bob.part("#hindrance")).to_be_empty()
    bob.page.reload()
    expect(bob.part("#title")).to_have_text("#den")
    expect(bob.part("#subtitle")).to_have_text("Of lions")
    expect(bob.part("#marks li")).to_have_text(["frozen", "mod"])
    bob.part('#people-list [aria-label="More about alice"]').press("Enter")
    expect(bob.part("#menu").get_by_role("menuitem", name="Put out")).to_be_visible()


def test_a_report_reaches_a_moderator(
    hub: HubProcess, open_tab: Open, connect: Connect
) -> None:
    """From the menu of a message; the draft comes back after it."""
    mona = moderator(hub, open_tab(hub), "mona")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="buy now")
    alice = open_tab(hub).join("alice")
    alice.sees("buy now")
    alice.page.fill("#say", "a draft")
    choose(alice, "buy now", "Report")
    alice.page.keyboard.type("spam")
    alice.page.keyboard.press("Enter")
    expect(alice.part("#say")).to_have_value("a draft")
    expect(mona.part("#notice")).to_contain_text("alice reported")
    expect(mona.part("#notice")).to_contain_text("spam")
    mona.say(":reports")
    mona.sees("spam", within="#order-list li")


def test_a_private_group_by_invitation(hub: HubProcess, open_tab: Open) -> None:
    """A button to join it, its topic under its name, and a calm word at the end."""
    alice = open_tab(hub).join("alice")
    bob = open_tab(hub).join("bob")
    alice.say(":group create den private")
    expect(alice.part("#title")).to_have_text("#den")
    alice.say(":group topic den Of lions")
    expect(alice.part("#subtitle")).to_have_text("Of lions")
    alice.say(":group invite den bob")
    bob.sees("Invited to #den by alice", within="#invitations li")
    assert bob.part("#invitations").inner_text()
    bob.part("#invitations").get_by_role("button", name="Join #den").click()
    expect(bob.part("#title")).to_have_text("#den")
    expect(bob.part("#invitations li")).to_have_count(0)
    alice.say(":group kick den bob shedding")
    expect(bob.part("#title")).to_have_text("Lobby")
    expect(bob.part("#notice")).to_contain_text("You were removed from #den by alice")


@pytest.mark.parametrize("size", [PHONE, {"width": 1440, "height": 900}])
def test_axe_finds_nothing_on_the_menus(
    hub: HubProcess, open_tab: Open, connect: Connect, size: dict[str, int]
) -> None:
    """That of a message and that of a person, as a moderator has them."""
    touch = size is PHONE
    mona = open_tab(hub, viewport=size, has_touch=touch, reduced_motion="reduce")
    moderator(hub, mona, "mona")
    bob = connect(hub)
    bob.send(type="hello", name="bob")
    bob.send(type="send", to="lobby", text="hello")
    row = mona.sees("hello")
    row.hover()
    more = mona.part(".message").filter(has_text="hello").locator(".more")
    if touch:
        more.tap()
    else:
        more.click()
    expect(mona.part("#menu [role=menuitem]")).to_have_count(5)
    assert violations(mona) == "[]"
    mona.page.keyboard.press("Escape")
    expect(more).to_be_focused()
    if touch:
        mona.part("#people-toggle").tap()
    mona.part('#people-list [aria-label="More about bob"]').press("Enter")
    expect(mona.part("#menu [role=menuitem]")).to_have_count(5)
    assert violations(mona) == "[]"
    mona.page.keyboard.press("End")
    mona.page.keyboard.press("Enter")
    expect(mona.part("#say")).to_have_value(":ban bob ")
