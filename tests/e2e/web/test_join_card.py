"""The card for a projector: address, QR code, and who is in."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Route, expect
from tests.e2e.hub import HubProcess
from tests.e2e.web.conftest import PATIENCE

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

    def about(route: Route) -> None:
        route.fulfill(json={"urls": ["http://192.0.2.7:5000/"], "users": users})

    page.route("**/about.json", about)
    page.route(
        "**/join.svg",
        lambda route: route.fulfill(body=CODE, content_type="image/svg+xml"),
    )
    page.goto(f"http://127.0.0.1:{hub.port}/join")
    expect(page.locator("#address")).to_have_text("http://192.0.2.7:5000")
    expect(page.locator("#terminal code")).to_have_text("nc 192.0.2.7 5000")
    expect(page.locator("#code")).to_be_visible()
    expect(page.locator("#names li")).to_have_text(["<b>eve", "alice", "Bob"])
    expect(page.locator("#count")).to_have_text("3 people are here")
    violations = Axe().run(page).response["violations"]
    assert not violations, violations

    users[:] = [f"person{number}" for number in range(75)]
    expect(page.locator("#count")).to_have_text("75 people are here", timeout=PATIENCE)
    expect(page.locator("#names li")).to_have_count(61)
    expect(page.locator("#names .rest")).to_have_text("and 15 more")
    users.clear()
    expect(page.locator("#count")).to_have_text("Nobody is here yet", timeout=PATIENCE)
    hub.kill()
    page.unroute("**/about.json")
    expect(page.locator("#away")).to_contain_text("not there", timeout=PATIENCE)
