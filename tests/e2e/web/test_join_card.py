"""The card for a projector: address, QR code, and who is in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Route, expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import PATIENCE, StartHub

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

CODE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2" width="200">'
    '<path d="M0 0h1v1H0z"/></svg>'
)


def test_the_card_follows_who_comes_and_goes(
    hub: HubProcess, new_context: Callable[..., BrowserContext]
) -> None:
    """What the hub would say on a LAN is said here by the test: it has no LAN."""
    page = new_context(viewport={"width": 1280, "height": 720}).new_page()
    users = ["Bob", "alice", "<b>eve"]
    urls = ["http://192.0.2.7:5000/"]

    def about(route: Route) -> None:
        route.fulfill(json={"urls": urls, "users": users})

    page.route("**/about.json", about)
    page.route(
        "**/join.svg",
        lambda route: route.fulfill(body=CODE, content_type="image/svg+xml"),
    )
    page.goto(f"http://127.0.0.1:{hub.port}/join")
    expect(page.locator("#address")).to_have_text("http://192.0.2.7:5000")
    expect(page.locator("#closed")).to_be_hidden()
    expect(page.locator("#terminal code")).to_have_text("nc 192.0.2.7 5000")
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("#names li")).to_have_text(["<b>eve", "alice", "Bob"])
    expect(page.locator("#count")).to_have_text("3 people are here")
    violations = Axe().run(page).response["violations"]
    assert not violations, violations

    # However long the address is, it stands in one line beside the code.
    urls[:] = ["http://workshop.classroom.example.org:50000/"]
    address = page.locator("#address")
    expect(address).to_contain_text("workshop", timeout=PATIENCE)
    expect(page.locator("#code")).to_be_in_viewport(ratio=1)
    size = "one => [one.clientHeight, parseFloat(getComputedStyle(one).fontSize)]"
    height, letter = address.evaluate(size)
    assert height < 2 * letter

    users[:] = [f"person{number}" for number in range(75)]
    expect(page.locator("#count")).to_have_text("75 people are here", timeout=PATIENCE)
    expect(page.locator("#names li")).to_have_count(61)
    expect(page.locator("#names .rest")).to_have_text("and 15 more")
    users.clear()
    expect(page.locator("#count")).to_have_text("Nobody is here yet", timeout=PATIENCE)
    hub.kill()
    page.unroute("**/about.json")
    expect(page.locator("#away")).to_contain_text("not there", timeout=PATIENCE)


@pytest.mark.parametrize("closed", ["password", "members"])
def test_the_card_of_a_closed_hub_names_nobody(
    start_hub: StartHub,
    new_context: Callable[..., BrowserContext],
    connect: Callable[[HubProcess], Person],
    tmp_path: Path,
    closed: str,
) -> None:
    """The way in is for everybody to see; who is in, for those who are."""
    secret = tmp_path / "password"
    secret.write_text("correct horse\n")
    secret.chmod(0o600)
    if closed == "password":
        hub = start_hub("--memory", "--password-file", str(secret))
        person = connect(hub)
        person.send(type="hello", name="alice", password="correct horse")
        person.frames_until(type="welcome")
    else:
        hub = start_hub("--memory", "--members-only")
    page = new_context(viewport={"width": 1280, "height": 720}).new_page()
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(f"http://127.0.0.1:{hub.port}/join")
    expect(page.locator("#address")).to_have_text(f"http://127.0.0.1:{hub.port}")
    expect(page.locator("#terminal code")).to_have_text(f"nc 127.0.0.1 {hub.port}")
    with page.expect_response("**/about.json") as second:
        pass
    assert "users" not in second.value.json()
    expect(page.locator("#present")).to_be_hidden()
    expect(page.locator("#closed")).to_have_text("Whoever comes in needs a password.")
    expect(page.locator("#away")).to_be_empty()
    assert "alice" not in page.content()
    violations = Axe().run(page).response["violations"]
    assert not violations, violations
    assert not problems
