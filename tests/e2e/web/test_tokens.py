"""Access tokens in the page: made, used with curl's own words, listed and revoked."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest
from playwright.sync_api import expect
from tests.e2e.web.conftest import Open, StartHub

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]


def test_a_program_speaks_for_a_person(start_hub: StartHub, open_tab: Open) -> None:
    """What was shown once lets a program in, until it is revoked."""
    hub = start_hub("--memory")
    ann = open_tab(hub)
    ann.join("ann").say(":register")
    ann.page.fill("#account-new", "correct horse")
    ann.page.press("#account-new", "Enter")
    ann.sees("Your name is yours now", within="#notice")
    ann.say(":token new post lobby for 2d")
    token = ann.sees("hub_", within="#order-list li:first-child").inner_text()
    ann.page.keyboard.press("Escape")
    expect(ann.part("#order-list li")).to_have_count(0)
    assert token not in ann.page.content()
    request = urllib.request.Request(
        f"http://127.0.0.1:{hub.port}/lobby",
        data=b"deploy done",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(request, timeout=10) as answer:
        assert answer.status == 201
    ann.sees("deploy done")
    ann.say(":tokens")
    row = ann.sees("to post lobby", within="#order-list li").inner_text()
    assert row.endswith(token[-4:])
    ann.page.keyboard.press("Escape")
    ann.say(f":token revoke {row.partition(' ')[0]}")
    ann.sees("That token is good no more", within="#notice")
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request, timeout=10)
