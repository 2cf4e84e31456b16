"""Names, texts, links and group names that try to be more than text."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from tests.e2e.hub import HubProcess, Person
from tests.e2e.web.conftest import Open

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(60)]

Connect = Callable[[HubProcess], Person]

TEXTS = [
    "<script>window.pwned = 1</script>",
    "<img src=x onerror='window.pwned = 1'>",
    "<svg onload=window.pwned=1>",
    "`<img src=x onerror=window.pwned=1>`",
    "```\n</code></pre><script>window.pwned = 1</script>\n```",
    "javascript:window.pwned=1",
    "[click](javascript:window.pwned=1)",
    "data:text/html,<script>window.pwned=1</script>",
    'https://example.org/"onmouseover="window.pwned=1',
    "https://example.org/'><script>window.pwned=1</script>",
    "http://javascript:window.pwned=1@example.org/",
    "https://[",
    "HTTPS://EXAMPLE.ORG/x",
    "@<b>you</b> &lt;b&gt;&amp;&#60;",
    "{{constructor.constructor('window.pwned=1')()}}",
    "__proto__",
    "\u202eevil\u202c \u2066iso",
]
# As far as the hub lets them in: no < > : " / ( ) , ; and no spaces.
NAMES = [
    "__proto__",
    "constructor",
    "hasOwnProperty",
    "x'onclick='pwned",
    "&lt;b&gt",
    "${pwned}",
    "%3Cb%3E",
    "a\\b",
]


def test_nothing_but_text(hub: HubProcess, open_tab: Open, connect: Connect) -> None:
    alice = open_tab(hub).join("alice")
    names = []
    for number, name in enumerate(NAMES):
        person = connect(hub)
        person.send(type="hello", name=name)
        answer = person.read()
        if '"welcome"' not in answer:
            continue
        names.append(name)
        person.send(type="send", to="lobby", text=f"I am {number}")
        alice.sees(f"I am {number}")
        person.send(type="send", to="@alice", text=name)
        person.send(type="group", action="create", name=f"{name}-g")
        person.frames_until(type="group", you=True)
    assert len(names) >= 4, names
    eve = connect(hub)
    eve.send(type="hello", name="eve")
    for text in TEXTS:
        eve.send(type="send", to="lobby", text=text)
    eve.send(type="send", to="lobby", text="the end")
    alice.sees("the end")

    shown = alice.texts()
    assert "<script>window.pwned = 1</script>" in shown
    assert "<img src=x onerror=window.pwned=1>" in shown
    assert "@<b>you</b> &lt;b&gt;&amp;&#60;" in shown
    expect(alice.part("#people-list .row-name")).to_have_count(len(names) + 2)
    for name in names:
        alice.go(name)
        alice.sees(name, within="#title")
        alice.sees(name)
    alice.part("#browse").click()
    for name in names:
        alice.sees(f"#{name}-g", within=".group-name")
    assert alice.page.evaluate("window.pwned") is None
    # Whatever the page is made of is what its own scripts made.
    for selector in ("#messages script", "#messages img", "#messages svg", "[onclick]"):
        expect(alice.part(selector)).to_have_count(0)
    alice.page.keyboard.press("Escape")
    alice.go("Lobby")
    alice.sees("the end")
    links = alice.part("#messages a").evaluate_all("all => all.map(one => one.href)")
    assert links
    assert all(link.startswith(("http://", "https://")) for link in links), links
    assert not any('"' in link or "<" in link for link in links), links


def test_frames_that_mean_nothing_do_no_harm(hub: HubProcess, open_tab: Open) -> None:
    """A later hub says what this page does not know; a broken one says anything."""
    alice = open_tab(hub)

    def route(socket):  # type: ignore[no-untyped-def]
        server = socket.connect_to_server()

        def to_page(message: str) -> None:
            for noise in ("", "{", "null", "[]", "7", '{"type":"hologram","seq":1}'):
                socket.send(noise)
            socket.send(message)

        server.on_message(to_page)

    alice.page.route_web_socket("**/ws", route)
    alice.page.reload()
    alice.join("alice").say("still standing")
    alice.stored("still standing")


def test_the_page_runs_nothing_that_is_not_its_own(
    hub: HubProcess, open_tab: Open
) -> None:
    """No inline script or style, and nothing from another host."""
    alice = open_tab(hub)
    requests: list[str] = []
    alice.page.on("request", lambda request: requests.append(request.url))
    response = alice.page.reload()
    assert response is not None
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    alice.join("alice")
    origin = f"http://127.0.0.1:{hub.port}/"
    assert requests
    assert all(url.startswith(origin) for url in requests), requests
    refused = alice.page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.pwned = 1";
          document.body.append(script);
          return window.pwned;
        }"""
    )
    assert refused is None
    # The browser has said so, as it should.
    assert any("Content Security Policy" in problem for problem in alice.problems)
    alice.problems.clear()
